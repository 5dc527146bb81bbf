"""Tracks carried to a new cut by edit lists: every time goes where its frame is, or is told."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.alignment import (
    CutMap,
    EditEvent,
    EditList,
    Fate,
    SharedPassage,
    carried_cue,
    conform_project,
    map_edits,
    old_cut_as_source,
)
from subkit.edit import Hand, approve, lock, standing
from subkit.errors import CueLockedError
from subkit.model import (
    Anchor,
    AnchorKind,
    Cue,
    DubLine,
    FrameRate,
    Loop,
    Media,
    Omission,
    Project,
    Span,
)
from tests.builders.stores import sample

FRAMES = FrameRate(Fraction(24))
HAND = Hand(actor="Kim", time="2026-01-01T00:00:00Z")


def span(start: float, end: float) -> Span:
    return Span(Fraction(start).limit_denominator(1000), Fraction(end).limit_denominator(1000))


def passage(
    old: tuple[float, float], new: tuple[float, float], *, proven: bool = True
) -> SharedPassage:
    return SharedPassage(old=span(*old), new=span(*new), proven=proven)


def cue(start: float, end: float) -> Cue:
    return Cue(id="c1", span=span(start, end), lines=("Come in.",))


def event(
    taken: tuple[float, float], record: tuple[float, float], source: str = "A", effect: str = ""
) -> EditEvent:
    return EditEvent(
        place="line 1", source=source, taken=span(*taken), record=span(*record), effect=effect
    )


def edit(*events: EditEvent) -> EditList:
    return EditList(name="cut.edl", events=events, duration=max(e.record.end for e in events))


CUT = CutMap(  # 10 to 20 taken out, 30 to 40 before 20 to 30, five seconds more at 25
    passages=(
        passage((0, 10), (0, 10)),
        passage((30, 40), (10, 20)),
        passage((20, 25), (20, 25)),
        passage((25, 30), (30, 35)),
    ),
    duration=Fraction(35),
)


@pytest.mark.parametrize(
    ("old", "new", "fate"),
    [
        ((1, 3), (1, 3), None),
        ((31, 33), (11, 13), None),
        ((12, 15), None, Fate.GONE),
        ((9, 12), (9, 10), Fate.PARTLY),
        ((18, 22), (20, 22), Fate.PARTLY),
        ((24, 28), (30, 33), Fate.SPLIT),
        ((20, 25), (20, 25), None),
        ((10, 20), None, Fate.GONE),
    ],
)
def test_a_cue_goes_where_its_frames_are_and_what_was_cut_is_told(
    old: tuple[float, float], new: tuple[float, float] | None, fate: Fate | None
) -> None:
    carried, told = carried_cue(cue(*old), CUT, FRAMES)
    assert (None if carried is None else carried.span, told) == (new and span(*new), fate)


def test_what_the_new_cut_has_twice_stands_in_the_first_place_and_is_told() -> None:
    cuts = CutMap(
        passages=(passage((0, 10), (5, 15)), passage((0, 10), (20, 30))), duration=Fraction(30)
    )
    carried, told = carried_cue(cue(1, 2), cuts, FRAMES)
    assert carried is not None
    assert (carried.span, told) == (span(6, 7), Fate.REPEATED)
    assert cuts.times(Fraction(1)) == (Fraction(6), Fraction(21))


def test_what_nothing_proves_is_told() -> None:
    cuts = CutMap(passages=(passage((0, 10), (0, 10), proven=False),), duration=Fraction(10))
    assert carried_cue(cue(1, 2), cuts, FRAMES)[1] is Fate.UNPROVEN


def test_another_speed_changes_lengths_and_says_so_where_a_frame_is_to_be_seen() -> None:
    cuts = CutMap(passages=(passage((0, 100), (0, 96)),), duration=Fraction(96))
    short, long = carried_cue(cue(10, 11), cuts, FRAMES), carried_cue(cue(10, 15), cuts, FRAMES)
    assert short[1] is None
    assert long[1] is Fate.DURATION
    assert long[0] is not None
    assert float(long[0].span.start) == pytest.approx(9.6, abs=1 / 48)


def test_ends_within_the_slack_of_a_map_are_not_cut() -> None:
    cuts = CutMap(
        passages=(passage((0, 9.95), (0, 9.95)),), duration=Fraction(12), slack=Fraction(1, 12)
    )
    assert carried_cue(cue(8, 10), cuts, FRAMES)[1] is None
    assert carried_cue(cue(8, 10.2), cuts, FRAMES)[1] is Fate.PARTLY


@given(
    cuts=st.lists(st.integers(1, 2000), min_size=2, max_size=9, unique=True).map(sorted),
    order=st.randoms(use_true_random=False),
    first=st.integers(0, 2000),
    length=st.integers(1, 90),
)
def test_any_order_of_the_pieces_of_a_film(
    cuts: list[int], order: object, first: int, length: int
) -> None:
    """Counted frame by frame: where each frame of the old cut is in the new one."""
    edges = [0, *cuts, 2100]
    pieces = list(pairwise(edges))
    order.shuffle(pieces)  # type: ignore[attr-defined]
    pieces = pieces[: max(1, len(pieces) - 1)]
    events, place, at = [], dict[int, int](), 0
    for low, high in pieces:
        events.append(
            EditEvent(
                place="x",
                source="A",
                taken=Span(FRAMES.time(low), FRAMES.time(high)),
                record=Span(FRAMES.time(at), FRAMES.time(at + high - low)),
            )
        )
        place.update({frame: at + frame - low for frame in range(low, high)})
        at += high - low
    new = EditList(name="n", events=tuple(events), duration=FRAMES.time(at))
    old = old_cut_as_source(new, start=Fraction(0), duration=FRAMES.time(2100))
    last = min(first + length, 2100)
    carried, fate = carried_cue(
        Cue(id="c", span=Span(FRAMES.time(first), FRAMES.time(last)), lines=("x",)),
        map_edits(old, new),
        FRAMES,
    )
    there = [place[frame] for frame in range(first, last) if frame in place]
    if not there:
        assert (carried, fate) == (None, Fate.GONE)
        return
    assert carried is not None
    whole = len(there) == last - first and there == list(range(there[0], there[0] + len(there)))
    assert (fate is None) == whole
    frames = range(FRAMES.frame(carried.span.start), FRAMES.frame(carried.span.end))
    assert set(frames) <= set(there)


def test_two_edits_of_the_same_reels_are_held_against_each_other() -> None:
    old = edit(event((100, 110), (0, 10)), event((50, 60), (10, 20), "B"))
    new = edit(event((52, 60), (0, 8), "B"), event((100, 105), (8, 13)))
    cuts = map_edits(old, new)
    assert cuts.reasons == ()
    assert [(p.old, p.new) for p in cuts.passages] == [
        (span(12, 20), span(0, 8)),
        (span(0, 5), span(8, 13)),
    ]


def test_an_edit_of_other_reels_is_refused_and_names_them() -> None:
    cuts = map_edits(edit(event((0, 10), (0, 10))), edit(event((0, 10), (0, 10), "OTHER")))
    assert "'OTHER'" in cuts.reasons[0]
    assert cuts.share == 0


def test_effects_are_not_followed_and_each_is_told() -> None:
    new = edit(event((0, 10), (0, 10)), event((10, 12), (10, 14), effect="time warp"))
    cuts = map_edits(old_cut_as_source(new, start=Fraction(0), duration=Fraction(60)), new)
    assert [p.new for p in cuts.passages] == [span(0, 10)]
    assert "time warp of 'A'" in " ".join(cuts.notes)
    assert cuts.fresh() == (span(10, 14),)


def dubbed(project: Project) -> Project:
    """The sample with anchors and a loop in its English track, and an omission."""
    track = project.track("en")
    cues = tuple(
        replace(
            one, dub=DubLine(anchors=(Anchor(kind=AnchorKind.MPB, offset=0, time=one.span.start),))
        )
        for one in track.cues
    )
    loop = Loop(id="l", span=Span(cues[0].span.start, cues[1].span.end), name="1",
                cues=(cues[0].id, cues[1].id), locked=True)  # fmt: skip
    project = project.with_track(replace(track, cues=cues, loops=(loop,)))
    omission = Omission(span=span(5, 6), reason="music", actor="Kim", time=HAND.time)
    return replace(project, omissions=(omission,), shots=(Fraction(1), Fraction(4)))


def moved(project: Project, by: int) -> CutMap:
    length = project.media.duration
    return CutMap(
        passages=(
            SharedPassage(old=Span(Fraction(0), length), new=Span(Fraction(by), length + by)),
        ),
        duration=length + by,
    )


def test_all_that_has_times_moves_together_and_approvals_stay() -> None:
    project = approve(dubbed(sample()), "en", "reviewer", HAND)
    media = replace(project.media, duration=project.media.duration + 10)
    done = conform_project(project, moved(project, 10), media)
    rate = project.media.frame_grid
    for before, after in zip(project.track("en").cues, done.project.track("en").cues, strict=True):
        assert after.span == Span(
            *(rate.snap(t + 10) for t in (before.span.start, before.span.end))
        )
        assert len(standing(after)) == len(standing(before)) == 1
        assert before.dub is not None
        assert after.dub is not None
        assert after.dub.anchors[0].time == pytest.approx(
            before.dub.anchors[0].time + 10, abs=1 / 24
        )
    assert (done.kept, done.rows) == (4, ())
    (loop,) = done.project.track("en").loops
    assert loop.locked
    assert loop.span.start == done.project.track("en").cues[0].span.start
    words = done.project.transcript
    assert words is not None
    assert words.words[0].span == span(10, 11)
    assert done.project.omissions[0].span == span(15, 16)
    assert done.project.shots is not None
    assert len(done.project.shots) == 3, "the two that there were, and the new first frame"
    assert done.fresh == (span(0, 10),)
    assert done.project.media == media


def test_cues_that_lost_something_lose_their_approval_and_are_listed() -> None:
    project = approve(sample(), "en", "reviewer", HAND)
    first = project.track("en").cues[0]
    cut = first.span.duration / 2
    length = project.media.duration
    cuts = CutMap(
        passages=(SharedPassage(old=Span(cut, length), new=Span(Fraction(0), length - cut)),),
        duration=length - cut,
    )
    done = conform_project(project, cuts, project.media)
    assert {(row.track, row.cue, row.fate) for row in done.rows} == {
        ("en", first.id, Fate.PARTLY), ("ko", first.id, Fate.PARTLY),
    }  # fmt: skip
    assert [row.approved for row in done.rows] == [True, False]
    assert not standing(done.project.track("en").cues[0])
    assert done.counts() == {"partly cut": 2}


def test_a_locked_cue_is_never_moved_in_silence() -> None:
    project = lock(sample(), "en", "c0001")
    with pytest.raises(CueLockedError, match="'c0001' is locked"):
        conform_project(project, moved(project, 10), project.media)
    same = conform_project(project, moved(project, 0), project.media)
    assert same.project.track("en") == project.track("en")


def test_the_frames_of_the_new_cut_are_those_that_cues_stand_on() -> None:
    project = sample()
    media = Media(path="n", digest="", duration=Fraction(600), frame_rate=FrameRate(Fraction(25)))
    done = conform_project(project, moved(project, 1), media)
    for one in done.project.track("en").cues:
        assert (one.span.start * 25).denominator == (one.span.end * 25).denominator == 1
