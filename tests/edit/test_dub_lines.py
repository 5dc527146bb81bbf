"""Lines to be dubbed: characters, anchors that follow, loops, takes; and all of it undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from subkit.edit import (
    Hand,
    approve,
    find_character,
    merge,
    put_character,
    put_loops,
    redub,
    remove_character,
    retext,
    retime,
    set_take,
    split,
    standing,
)
from subkit.errors import ConflictError, InputError, NotFoundError
from subkit.model import (
    Anchor,
    AnchorKind,
    Character,
    DubLine,
    LineKind,
    Loop,
    OnScreen,
    Project,
    Purpose,
    Review,
    Span,
    TakeStatus,
    to_plain,
)
from subkit.store import ProjectFile
from subkit.store.undoing import undo_last
from subkit.store.versions import load_version
from tests.builders.stores import sample

HAND = Hand(actor="Kim", time="2026-01-01T00:00:00Z")
MARA = Character(id="mara", name="Mara", prefix="MAR")
IVO = Character(id="ivo", name="Ivo")


def dubbed() -> Project:
    """The sample, its English track a dubbing track: ``Line 1,`` has a word and a pause."""
    project = put_character(put_character(sample(), MARA), IVO)
    track = project.track("en")
    cues = tuple(
        replace(cue, dub=DubLine(character="mara"), review=Review(seen=True)) for cue in track.cues
    )
    start = cues[1].span.start
    anchors = (
        Anchor(kind=AnchorKind.WORD, offset=0, time=start, end=start + Fraction(1, 2)),
        Anchor(
            kind=AnchorKind.PAUSE,
            offset=8,
            time=start + Fraction(1, 2),
            end=start + 1,
            confidence=0.5,
        ),
        Anchor(kind=AnchorKind.MPB, offset=16, time=start + Fraction(3, 2)),
    )
    line = DubLine(character="mara", on_screen=OnScreen.OFF_ON, anchors=anchors)
    cues = (cues[0], replace(cues[1], dub=line), *cues[2:])
    return project.with_track(replace(track, purpose=Purpose.DUBBING, cues=cues))


def line(project: Project, cue: str = "c0001") -> DubLine:
    found = project.track("en").cue(cue).dub
    assert found is not None
    return found


def places(project: Project, cue: str = "c0001") -> list[tuple[str, int]]:
    return [(anchor.kind.value, anchor.offset) for anchor in line(project, cue).anchors]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectFile]:
    path = tmp_path / "film.subkit"
    with ProjectFile.create(path, dubbed(), actor="subkit") as file:
        yield file


def test_a_document_without_dubbing_says_nothing_of_it() -> None:
    plain = to_plain(sample())
    assert "characters" not in plain
    assert all("loops" not in t and "dub" not in t["cues"][0] for t in plain["tracks"])


def test_anchors_go_with_their_letters() -> None:
    assert places(dubbed()) == [("word", 0), ("pause", 8), ("mpb", 16)]
    longer = retext(dubbed(), "en", "c0001", ("So: Line 1,", "and one more."), HAND)
    assert places(longer) == [("word", 4), ("pause", 12), ("mpb", 20)]
    other = retext(dubbed(), "en", "c0001", ("和",), HAND)
    assert [kind for kind, _ in places(other)] == ["pause", "mpb"], "the picture still pauses"
    assert all(0 <= offset <= 1 for _, offset in places(other))


def test_a_line_that_moves_takes_its_anchors_along_and_one_that_is_cut_does_not() -> None:
    project = dubbed()
    old = project.track("en").cue("c0001").span
    rate = project.media.frame_grid
    later = Span(rate.time(72), rate.time(112))
    moved = line(retime(project, "en", "c0001", later, HAND))
    shift = later.start - old.start
    assert [a.time for a in moved.anchors] == [a.time + shift for a in line(project).anchors]
    assert moved.pauses[0].seconds == Fraction(1, 2)
    cut = line(retime(project, "en", "c0001", Span(old.start, rate.time(65)), HAND))
    assert [a.kind for a in cut.anchors] == [AnchorKind.WORD, AnchorKind.PAUSE]
    assert cut.pauses[0].end == rate.time(65)


def test_a_split_gives_each_half_its_anchors_and_a_join_puts_them_together() -> None:
    halves = split(dubbed(), "en", "c0001", (1, 0), HAND)
    assert places(halves) == [("word", 0)]
    assert places(halves, "c0001.2") == [("mpb", 8)], "the pause was before its in-time"
    inner = split(dubbed(), "en", "c0001", (1, 4), HAND)
    assert inner.track("en").cue("c0001").lines == ("Line 1,", "and")
    assert places(inner) == [("word", 0), ("pause", 8)]
    assert places(inner, "c0001.2") == [("mpb", 4)]
    track = dubbed().track("en")
    start = track.cues[1].span.start
    word = Anchor(kind=AnchorKind.WORD, offset=10, time=start, end=start + Fraction(1, 4))
    cue = replace(track.cues[1], dub=DubLine(character="mara", anchors=(word,)))
    cues = (track.cues[0], cue, *track.cues[2:])
    early = split(dubbed().with_track(replace(track, cues=cues)), "en", "c0001", (1, 4), HAND)
    assert (places(early), places(early, "c0001.2")) == ([("word", 10)], [])
    both = merge(halves, "en", "c0001", "c0001.2", HAND)
    assert places(both) == [("word", 0), ("mpb", 16)]


def test_an_approval_covers_the_line_and_not_its_recording() -> None:
    approved = approve(dubbed(), "en", "reviewer", HAND, cues=["c0001"])
    recorded = set_take(approved, "en", "c0001", TakeStatus.RECORDED)
    assert standing(recorded.track("en").cue("c0001"))
    assert line(recorded).take is TakeStatus.RECORDED
    other = replace(line(recorded), on_screen=OnScreen.ON)
    cue = replace(recorded.track("en").cue("c0001"), dub=other)
    assert not standing(cue)
    changed = redub(recorded, "en", "c0001", HAND, character="Ivo", reason="noise")
    assert line(changed).character == "ivo"
    assert not changed.track("en").cue("c0001").review.approvals


def test_characters_are_found_by_name_and_kept_while_they_speak() -> None:
    project = dubbed()
    assert find_character(project, "Ivo") == IVO
    with pytest.raises(NotFoundError, match="no character 'Bo'"):
        redub(project, "en", "c0001", HAND, character="Bo")
    with pytest.raises(InputError, match="already"):
        put_character(project, replace(IVO, name="Mara"))
    with pytest.raises(InputError, match="not a colour"):
        put_character(project, replace(IVO, colour="red"))
    for wrong in (
        replace(IVO, id=""),
        replace(IVO, name="  "),
        replace(IVO, name="I\nvo"),
        replace(IVO, note="x" * 2001),
    ):
        with pytest.raises(InputError, match=r"is not a name|too long for a character"):
            put_character(project, wrong)
    long = replace(IVO, note="x" * 2000)
    assert put_character(project, long).characters == (MARA, long)
    with pytest.raises(InputError, match="spoken by Mara"):
        remove_character(project, "mara")
    assert remove_character(project, "ivo").characters == (MARA,)


def test_loops_name_cues_that_are_there() -> None:
    loop = Loop(id="l1", span=Span(Fraction(0), Fraction(4)), name="1", cues=("c0000", "c0001"))
    assert put_loops(dubbed(), "en", [loop]).track("en").loops == (loop,)
    with pytest.raises(InputError, match="'c9'"):
        put_loops(dubbed(), "en", [replace(loop, cues=("c9",))])
    with pytest.raises(InputError, match="one id"):
        put_loops(dubbed(), "en", [loop, loop])


def test_all_of_it_is_stored_told_by_the_ledger_and_undone(store: ProjectFile) -> None:
    first = store.load()
    assert first == dubbed()
    loop = Loop(id="l1", span=Span(Fraction(0), Fraction(4)), name="1", cues=("c0000", "c0001"))
    steps = (
        redub(first, "en", "c0001", HAND, kind=LineKind.REACTION, note="softly"),
        put_character(first, replace(MARA, actor="Ana Ruiz", colour="#00ff7f")),
        put_loops(first, "en", [loop]),
    )
    for changed in steps:
        (entry,) = store.commit(changed, actor="Kim", action="dub")
        assert store.load() == changed
        assert load_version(store, entry.sequence) == changed
        undo_last(store, "Kim")
        assert store.load() == first
        undo_last(store, "Kim", again=True)
        assert store.load() == changed
        undo_last(store, "Kim")
    assert store.verify() is None


def test_an_undo_of_a_loop_that_somebody_moved_is_refused(store: ProjectFile) -> None:
    loop = Loop(id="l1", span=Span(Fraction(0), Fraction(4)), name="1", cues=("c0000",))
    store.commit(put_loops(store.load(), "en", [loop]), actor="Kim", action="loops")
    other = put_loops(store.load(), "en", [replace(loop, locked=True)])
    store.commit(other, actor="Lee", action="lock loop")
    with pytest.raises(ConflictError, match="loops of track 'en'"):
        undo_last(store, "Kim")
