"""Shot rules on frames: the numbers of the guides, and laws over any cuts."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.model import FrameRate, ShotRules
from subkit.timing.cuts import Cuts, ShotFault, cuts_of, shot_faults, snap_in, snap_out

FILM = FrameRate(Fraction(24000, 1001))


def at_24(*frames: int) -> Cuts:
    """Cuts at these frames under the default rules."""
    return cuts_of([FILM.time(frame) for frame in frames], ShotRules(), FILM)


@pytest.mark.parametrize(
    ("rate", "frames"),
    [
        (Fraction(24000, 1001), (12, 7, 12, 12, 12)),
        (Fraction(24), (12, 7, 12, 12, 12)),
        (Fraction(25), (13, 7, 13, 13, 13)),
        (Fraction(30000, 1001), (15, 9, 15, 15, 15)),
        (Fraction(60), (30, 18, 30, 30, 30)),
    ],
)
def test_half_a_second_in_frames(rate: Fraction, frames: tuple[int, ...]) -> None:
    cuts = cuts_of([], ShotRules(), FrameRate(rate))
    measured = (cuts.in_after, cuts.in_before, cuts.in_clear, cuts.out_before, cuts.out_after)
    assert measured == frames
    assert cuts.gap == 2


@pytest.mark.parametrize(
    ("frame", "wanted"),
    [
        (1000, 1000),
        (1001, 1000),
        (1012, 1000),
        (1013, 1013),
        (999, 1000),
        (993, 1000),
        (992, 988),
        (989, 988),
        (988, 988),
        (987, 987),
    ],
)
def test_an_in_time_near_a_cut(frame: int, wanted: int) -> None:
    assert snap_in(frame, at_24(1000)) == wanted


@pytest.mark.parametrize(
    ("frame", "wanted"),
    [
        (987, 987),
        (988, 998),
        (997, 998),
        (998, 998),
        (999, 998),
        (1000, 998),
        (1001, 998),
        (1011, 998),
        (1012, 1012),
    ],
)
def test_an_out_time_near_a_cut(frame: int, wanted: int) -> None:
    assert snap_out(frame, at_24(1000)) == wanted


def test_an_out_time_stays_where_speech_crosses_the_cut() -> None:
    cuts = at_24(1000)
    assert snap_out(1009, cuts, spoken=1008) == 1009
    assert snap_out(1009, cuts, spoken=1007) == 998
    assert snap_out(1009, cuts, spoken=990) == 998
    # On the cut itself nobody has read on.
    assert snap_out(1000, cuts, spoken=1000) == 998


def test_between_two_cuts() -> None:
    cuts = at_24(1000, 1010)
    assert snap_in(1004, cuts) == 1000
    assert snap_in(1005, cuts) == 1000
    assert snap_in(1006, cuts) == 1010
    assert snap_out(1004, cuts) == 998
    assert snap_out(1006, cuts) == 1008
    assert snap_out(1006, cuts, spoken=995) == 998
    assert snap_out(1003, cuts, spoken=1009) == 1008


def test_a_fault_names_edge_cut_and_remedy() -> None:
    assert shot_faults(1003, 1099, at_24(1000, 1100)) == (
        ShotFault("in", 1003, 1000, 1000),
        ShotFault("out", 1099, 1100, 1098),
    )
    assert shot_faults(1000, 1098, at_24(1000, 1100)) == ()


def test_the_beginning_of_the_programme_is_no_cut() -> None:
    assert at_24(0, 50).frames == (50,)


FRAMES = st.integers(0, 120)
RULES = st.builds(
    Cuts,
    frames=st.just(()),
    in_after=st.integers(0, 30),
    in_before=st.integers(0, 30),
    in_clear=st.integers(0, 30),
    out_before=st.integers(0, 30),
    out_after=st.integers(0, 30),
    gap=st.integers(0, 6),
)


@st.composite
def any_cuts(draw: st.DrawFn) -> Cuts:
    rules = draw(RULES)
    shots = [Fraction(frame) for frame in draw(st.lists(FRAMES, max_size=8))]
    amounts = [rules.in_after, rules.in_before, rules.in_clear, rules.out_before, rules.out_after]
    of_rules = ShotRules(
        **dict(
            zip(
                ("in_after", "in_before", "in_clear", "out_before", "out_after"),
                map(Fraction, amounts),
                strict=True,
            )
        ),
        gap_frames=rules.gap,
    )
    return cuts_of(shots, of_rules, FrameRate(Fraction(1)))


@given(any_cuts())
def test_cuts_leave_room_for_an_out_time_between_them(cuts: Cuts) -> None:
    assert all(after - before > cuts.gap for before, after in pairwise(cuts.frames))
    assert all(frame > 0 for frame in cuts.frames)


@given(FRAMES, any_cuts())
def test_snapping_an_in_time_again_changes_nothing(frame: int, cuts: Cuts) -> None:
    once = snap_in(frame, cuts)
    assert snap_in(once, cuts) == once
    assert abs(once - frame) <= max(cuts.in_after, cuts.in_before, cuts.in_clear + cuts.in_after)


@given(FRAMES, any_cuts(), st.one_of(st.none(), FRAMES))
def test_snapping_an_out_time_again_changes_nothing(
    frame: int, cuts: Cuts, spoken: int | None
) -> None:
    once = snap_out(frame, cuts, spoken=spoken)
    assert snap_out(once, cuts, spoken=spoken) == once
    assert shot_faults(snap_in(frame, cuts), once, cuts, spoken=spoken) == ()
