"""A subtitle file that was exported, edited elsewhere and came back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from subkit import edit
from subkit.errors import InputError
from subkit.exchange.edited_subtitles import match_cues, take_subtitles
from subkit.formats.srt import SrtReader, SrtWriter
from subkit.model import Cue, Feature, FrameRate, Mark, Media, Placement, Project, Span, Track

HAND = edit.Hand(actor="Kim", time="2026-11-30T12:00:00Z")
MEDIA = Media(
    path="film.mkv",
    digest="",
    duration=Fraction(600),
    frame_rate=FrameRate(Fraction(24000, 1001)),
)
TEXTS = ["Emma, somebody is following us.", "Please help me.", "Yes.", "Where?", "Yes.", "Go."]


def _cue(number: int, text: str, *, shift: int = 0) -> Cue:
    rate = MEDIA.frame_grid
    start, end = rate.time(100 * number + shift), rate.time(100 * number + 47 + shift)
    return Cue(id=f"c{number:04}", span=Span(start, end), lines=tuple(text.split("\n")))


PROJECT = Project(
    title="film",
    media=MEDIA,
    tracks=(Track(id="en", language="en", cues=tuple(_cue(n, t) for n, t in enumerate(TEXTS, 1))),),
)
TRACK = PROJECT.tracks[0]


def _exported(track: Track = TRACK) -> str:
    return SrtWriter().write(track, MEDIA).decode()


def _read(text: str) -> Track:
    return SrtReader().read(text.encode(), name="film.en.srt", language="en")[0]


def test_a_file_that_nobody_edited_changes_nothing_and_approvals_stay() -> None:
    approved = edit.approve(PROJECT, "en", "reviewer", HAND)
    done = take_subtitles(approved, approved.tracks[0], _read(_exported()), HAND)
    assert done.project is approved
    assert (done.edited, done.retimed, done.added, done.absent, done.refused) == ((),) * 5


def test_texts_and_times_come_back_and_the_rest_keeps_its_approval() -> None:
    approved = edit.approve(PROJECT, "en", "reviewer", HAND, cues=["c0001", "c0006"])
    text = _exported().replace("Please help me.", "Please,\nhelp me!")
    found = _read(text)
    later = replace(found.cues[3], span=Span(Fraction(18), Fraction(20)))
    found = replace(found, cues=(*found.cues[:3], later, *found.cues[4:]))
    done = take_subtitles(approved, approved.tracks[0], found, HAND)
    assert done.edited == ("en/c0002",)
    assert done.retimed == ("en/c0004",)
    track = done.project.tracks[0]
    assert track.cue("c0002").lines == ("Please,", "help me!")
    assert track.cue("c0002").alternatives[0].text == "Please help me."
    assert abs(track.cue("c0004").span.start - 18) < Fraction(1, 24)
    assert track.cue("c0001") == approved.tracks[0].cue("c0001")
    assert edit.standing(track.cue("c0006"))


def test_a_shifted_file_is_matched_by_its_texts() -> None:
    shifted = replace(TRACK, cues=tuple(_cue(n, t, shift=30) for n, t in enumerate(TEXTS, 1)))
    pairs = match_cues(TRACK.cues, _read(_exported(shifted)).cues)
    assert [(mine.id, other.id) for mine, other in pairs] == [
        (f"c{n:04}", str(n)) for n in range(1, 7)
    ]
    done = take_subtitles(PROJECT, TRACK, _read(_exported(shifted)), HAND)
    assert len(done.retimed) == 6
    assert done.project.tracks[0].cue("c0005").span == shifted.cues[4].span


def test_new_cues_are_added_and_missing_ones_listed_or_deleted_when_asked() -> None:
    blocks = _exported().split("\n\n")
    del blocks[3]
    blocks.append("9\n00:01:00,000 --> 00:01:02,000\nOne more.\n")
    found = _read("\n\n".join(blocks))
    done = take_subtitles(PROJECT, TRACK, found, HAND)
    assert done.absent == ("en/c0004",)
    assert len(done.added) == 1
    added = done.project.tracks[0].cues[-1]
    assert (added.lines, added.provenance and added.provenance.actor) == (("One more.",), "Kim")
    assert len(done.project.tracks[0].cues) == 7
    done = take_subtitles(PROJECT, TRACK, found, HAND, delete_absent=True)
    assert (done.deleted, done.absent) == (("en/c0004",), ())


def test_conflicts_are_listed_and_nothing_is_overwritten() -> None:
    project = edit.approve(PROJECT, "en", "reviewer", HAND, cues=["c0001"])
    project = edit.lock(project, "en", "c0002")
    project = edit.retext(project, "en", "c0006", ["Run."], HAND)
    text = _exported().replace("following", "behind").replace("Please", "Do")
    done = take_subtitles(project, project.tracks[0], _read(text), HAND)
    assert done.project is project
    assert [(r.cue, r.reason) for r in done.refused] == [
        ("c0001", "the cue was approved by Kim"),
        ("c0002", "the cue is locked"),
        ("c0006", "the file has an older text of the cue, which was changed meanwhile"),
    ]
    assert done.refused[0].text == "Emma, somebody is behind us."


def test_the_file_of_another_film_is_refused_whole() -> None:
    other = replace(TRACK, cues=tuple(_cue(n + 40, f"Line {n}.") for n in range(1, 7)))
    with pytest.raises(InputError, match="Only 0 of 6 cues of the file"):
        take_subtitles(PROJECT, TRACK, _read(_exported(other)), HAND)


def test_the_mark_of_demo_files_is_no_cue() -> None:
    mark = "0\n00:00:00,000 --> 00:00:03,000\n{\\an8}DEMO MODEL:\nnot a real transcript\n\n"
    done = take_subtitles(PROJECT, TRACK, _read(mark + _exported()), HAND)
    assert (done.project is PROJECT, done.added) == (True, ())


def _styled() -> tuple[Project, Track]:
    """A project with an italic name and a reading, and its track as a format without readings."""
    italic = Mark(start=0, end=4, feature=Feature.ITALIC)
    ruby = Mark(start=6, end=14, feature=Feature.RUBY, value="who")
    first = replace(TRACK.cues[0], marks=(italic, ruby))
    track = replace(TRACK, cues=(first, *TRACK.cues[1:]))
    written = replace(track, cues=(replace(first, marks=(italic,)), *TRACK.cues[1:]))
    return PROJECT.with_track(track), written


def _marks(project: Project) -> list[tuple[str, int, int]]:
    return [(m.feature.value, m.start, m.end) for m in project.tracks[0].cues[0].marks]


def test_looks_that_nobody_changed_in_the_file_keep_their_approval() -> None:
    project, written = _styled()
    approved = edit.approve(project, "en", "reviewer", HAND)
    done = take_subtitles(approved, approved.tracks[0], written, HAND, exported=written)
    assert done.project is approved


def test_marks_of_the_file_win_and_those_its_format_has_not_stay() -> None:
    project, written = _styled()
    bold = Mark(start=0, end=4, feature=Feature.BOLD)
    found = replace(written, cues=(replace(written.cues[0], marks=(bold,)), *written.cues[1:]))
    done = take_subtitles(project, project.tracks[0], found, HAND, exported=written)
    assert done.edited == ("en/c0001",)
    assert _marks(done.project) == [("bold", 0, 4), ("ruby", 6, 14)]


def test_a_text_edited_in_the_file_moves_the_marks_it_has_not() -> None:
    project, written = _styled()
    lines = ("Oh Emma, somebody is following us.",)
    italic = Mark(start=3, end=7, feature=Feature.ITALIC)
    cue = replace(written.cues[0], lines=lines, marks=(italic,))
    found = replace(written, cues=(cue, *written.cues[1:]))
    done = take_subtitles(project, project.tracks[0], found, HAND, exported=written)
    assert _marks(done.project) == [("italic", 3, 7), ("ruby", 9, 17)]


def test_places_and_marks_of_new_cues_come_with_the_file() -> None:
    project, written = _styled()
    top = Placement(vertical="top")
    italic = Mark(start=0, end=3, feature=Feature.ITALIC)
    added = replace(_cue(9, "New here."), marks=(italic,), placement=top)
    second = replace(written.cues[1], placement=top)
    found = replace(written, cues=(written.cues[0], second, *written.cues[2:], added))
    done = take_subtitles(project, project.tracks[0], found, HAND, exported=written)
    assert done.edited == ("en/c0002",)
    assert done.project.tracks[0].cues[1].placement == top
    assert done.project.tracks[0].cues[-1].marks == (italic,)
    assert done.project.tracks[0].cues[-1].placement == top
