"""What comes back from the stage: edits of lines, and nothing taken away that was only left out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from subkit.edit import Hand, approve, lock
from subkit.errors import InputError
from subkit.exchange import Import
from subkit.exchange.dub_files import (
    DubReply,
    DubScript,
    read_dub_file,
    take_dub,
    write_dub_file,
)
from subkit.exchange.dub_files.dub_scripts import FEATURES
from subkit.interfaces.file_contents import ReadRequest
from subkit.model import (
    Anchor,
    AnchorKind,
    Character,
    Cue,
    LineKind,
    Media,
    OnScreen,
    Project,
    Purpose,
    TakeStatus,
    Track,
)
from tests.exchange.dub_files.dub_builders import HUGO, MARA, RATE, line, original, script, word

HAND = Hand(actor="Kim", time="2026-12-01T10:00:00Z")
PAUSE = Anchor(kind=AnchorKind.PAUSE, offset=4, time=Fraction(2), end=Fraction(5, 2))
LINES = (
    line("d1", 24, 60, "one two", anchors=(word(0, 1.1), PAUSE), alternate="uno"),
    line("d2", 100, 140, "three", character="hugo", note="softly"),
    line("d3", 200, 240, "four"),
)
ALL = frozenset(FEATURES)


def film(*cues: Cue) -> Project:
    media = Media(path="/film.mkv", digest="", duration=Fraction(60), frame_rate=RATE)
    track = script(*(cues or LINES)).track
    return Project(title="Film", media=media, tracks=(track,), characters=(MARA, HUGO))


def take(
    project: Project, what: DubScript, carries: frozenset[str] = ALL, track: str = ""
) -> Import:
    return take_dub(project, DubReply(script=what, carries=carries), HAND, track=track)


def changed(at: int, **said: object) -> DubScript:
    """The lines as sent, one of them changed: fields of the cue, or of its ``dub``."""
    cues = list(LINES)
    dub = cues[at].dub
    assert dub is not None
    of_dub = {name: value for name, value in said.items() if hasattr(dub, name)}
    of_cue = {name: value for name, value in said.items() if name not in of_dub}
    cues[at] = replace(cues[at], dub=replace(dub, **of_dub), **of_cue)  # type: ignore[arg-type]
    return script(*cues)


def test_what_came_back_as_it_was_changes_nothing() -> None:
    project = film()
    done = take(project, script(*LINES))
    assert done.project == project
    assert (*done.edited, *done.added, *done.refused, *done.absent) == ()


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("on_screen", OnScreen.OFF),
        ("kind", LineKind.BREATH),
        ("alternate", "eins"),
        ("note", "louder"),
        ("reason", "noise"),
        ("character", "hugo"),
        ("anchors", (word(0, 1.4), PAUSE)),
    ],
)
def test_what_a_line_says_otherwise_is_taken(said: str, value: object) -> None:
    done = take(film(), changed(0, **{said: value}))
    dub = done.project.track("ko.dubbing").cue("d1").dub
    assert getattr(dub, said) == value
    assert done.edited == ("ko.dubbing/d1",)


def test_a_time_that_only_was_written_is_the_same() -> None:
    near = (replace(word(0, 1.1), time=Fraction(11004, 10000)), PAUSE)
    assert not take(film(), changed(0, anchors=near)).edited


def test_what_a_format_does_not_hold_or_a_file_leaves_out_stays() -> None:
    bare = changed(0, alternate="", anchors=(), note="", kind=LineKind.SONG)
    done = take(film(), bare, ALL - {"kind"})
    assert done.project == film()


def test_text_and_times_come_with_the_rest() -> None:
    moved = replace(LINES[2].span, end=RATE.time(250))
    done = take(film(), changed(2, lines=("five",), span=moved, on_screen=OnScreen.ON_OFF))
    cue = done.project.track("ko.dubbing").cue("d3")
    assert (cue.text, cue.span, cue.dub and cue.dub.on_screen) == ("five", moved, OnScreen.ON_OFF)
    assert done.edited == ("ko.dubbing/d3",)
    assert done.retimed == ("ko.dubbing/d3",)


def test_a_locked_or_approved_line_stays_and_is_listed_but_may_be_recorded() -> None:
    project = lock(film(), "ko.dubbing", "d1")
    project = approve(project, "ko.dubbing", "d2", HAND)
    first = changed(0, note="louder", take=TakeStatus.RECORDED).track.cues[0]
    second = changed(1, note="louder").track.cues[1]
    done = take(project, script(first, second, LINES[2]))
    track = done.project.track("ko.dubbing")
    notes = [cue.dub.note for cue in track.cues if cue.dub is not None]
    assert notes == ["", "softly", ""]
    assert [one.reason for one in done.refused] == [
        "the line is locked, so its note stays",
        "the line is approved by Kim, so its note stays",
    ]
    assert track.cues[0].dub is not None
    assert track.cues[0].dub.take is TakeStatus.RECORDED


def test_a_line_that_the_stage_added_is_a_line_of_its_character() -> None:
    fresh = line("x", 300, 320, "ha!", character="hugo", kind=LineKind.REACTION)
    done = take(film(), script(*LINES, fresh))
    (name,) = done.added
    cue = done.project.track("ko.dubbing").cue(name.rpartition("/")[2])
    assert cue.dub is not None
    assert (cue.text, cue.dub.character, cue.dub.kind) == ("ha!", "hugo", LineKind.REACTION)


def test_a_line_that_is_not_in_the_file_is_listed_and_stays() -> None:
    done = take(film(), script(*LINES[:2]))
    assert done.absent == ("ko.dubbing/d3",)
    assert len(done.project.track("ko.dubbing").cues) == 3


def test_characters_are_known_by_id_or_name_and_new_ones_added() -> None:
    cast = (
        replace(MARA, actor="Lee"),
        replace(HUGO, id="c7", actor="Park"),
        Character(id="c9", name="Waiter"),
    )
    cues = (LINES[0], replace(LINES[1], dub=replace(LINES[1].dub, character="c7")), LINES[2])  # type: ignore[type-var]
    sent = replace(script(*cues), characters=cast)
    done = take(film(), sent)
    found = {one.id: (one.name, one.actor) for one in done.project.characters}
    assert found == {"mara": ("Mara", "Lee"), "hugo": ("휴고", "Park"), "c9": ("Waiter", "")}
    assert not done.edited


def test_two_characters_of_one_name_are_refused_by_name() -> None:
    sent = replace(script(*LINES), characters=(MARA, HUGO, replace(MARA, id="hugo")))
    done = take(film(), sent)
    assert "Mara" in done.refused[0].reason


def test_loops_are_taken_but_no_locked_one_away() -> None:
    project = film()
    (locked,) = project.track("ko.dubbing").loops
    both = replace(locked, id="l2", name="2", cues=("d2", "d3"), locked=False)
    sent = script(*LINES)
    more = replace(sent, track=replace(sent.track, loops=(locked, both)))
    done = take(project, more)
    assert [loop.cues for loop in done.project.track("ko.dubbing").loops] == [
        ("d1",),
        ("d2", "d3"),
    ]
    without = replace(sent, track=replace(sent.track, loops=(both,)))
    refused = take(project, without)
    assert refused.project.track("ko.dubbing").loops == (locked,)
    assert "locked loop" in refused.refused[0].reason


def test_a_script_in_a_new_language_becomes_a_track_tied_to_its_original() -> None:
    project = replace(film(), tracks=(original(*LINES),))
    done = take(project, script(*LINES, source=original(*LINES)))
    track = done.project.track("ko.dubbing")
    assert track.source == "en.dubbing"
    assert track.purpose is Purpose.DUBBING
    assert [cue.sources for cue in track.cues] == [("d1",), ("d2",), ("d3",)]
    assert track.cues[0].provenance is not None
    assert track.cues[0].provenance.tool == "subkit dub import"
    assert done.added == tuple(f"ko.dubbing/{cue.id}" for cue in LINES)


def test_the_script_of_another_film_is_refused() -> None:
    other = script(*(line(f"x{n}", 400 + 50 * n, 420 + 50 * n, "no") for n in range(5)))
    with pytest.raises(InputError, match="Only 0 of 5"):
        take(film(), other)


def test_a_track_of_subtitles_is_none_to_be_dubbed() -> None:
    subtitles = Track(id="ja", language="ja", cues=())
    project = film().with_track(subtitles)
    with pytest.raises(InputError, match="not to be dubbed"):
        take(project, script(*LINES), track="ja")


def test_a_sign_that_a_format_could_not_hold_is_not_taken_away() -> None:
    early = Anchor(kind=AnchorKind.MPB, offset=0, time=Fraction(1, 2))
    cue = line("d1", 24, 60, "one", anchors=(early, replace(early, time=Fraction(3, 2))))
    project = film(cue)
    written = write_dub_file(script(cue), "detx")
    assert [loss.what for loss in written.losses if loss.feature == "signs"]
    reply = read_dub_file(written.data, ReadRequest(name="a.detx", rate=RATE), "detx")
    done = take_dub(project, reply, HAND)
    assert done.project.tracks[0].cues == project.tracks[0].cues
