"""A track held to shot changes: what snapping does, and what it never breaks."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.model import FrameRate, ShotRules
from subkit.timing.cuts import Cuts, cuts_of, shot_faults
from subkit.timing.snapping import Bounds, Times, snap_cues

FILM = FrameRate(Fraction(24))
BOUNDS = Bounds(shortest=20, longest=168, gap=2, chain=12)


def at(*frames: int) -> Cuts:
    """Cuts under the default rules at 24 frames a second."""
    return cuts_of([Fraction(frame, 24) for frame in frames], ShotRules(), FILM)


def test_a_pair_around_a_cut_parts_at_the_cut() -> None:
    assert snap_cues([(40, 97), (103, 150)], at(100), BOUNDS) == [(40, 98), (100, 150)]
    speech = [(40, 90), (103, 140)]
    assert snap_cues([(40, 102), (104, 150)], at(100), BOUNDS, speech=speech)[0] == (40, 98)


def test_chained_cues_before_a_cut_move_to_it_together() -> None:
    speech = [(40, 92), (95, 140)]
    found = snap_cues([(40, 93), (95, 150)], at(100), BOUNDS, speech=speech)
    assert found == [(40, 98), (100, 150)]


def test_speech_that_crosses_a_cut_keeps_its_cue() -> None:
    speech = [(40, 109), (112, 150)]
    cues = [(40, 110), (112, 160)]
    assert snap_cues(cues, at(100), BOUNDS, speech=speech)[0] == (40, 110)


def test_a_cue_is_not_pulled_onto_a_cut_that_the_one_before_crosses() -> None:
    speech = [(40, 109), (111, 150)]
    (_, out), (start, _) = snap_cues([(40, 109), (111, 160)], at(100), BOUNDS, speech=speech)
    assert (out, start) == (109, 111)


def test_a_text_never_flashes_over_a_cut() -> None:
    speech = [(40, 88)]
    assert snap_cues([(40, 103)], at(100), BOUNDS, speech=speech) == [(40, 98)]


def test_a_cue_that_could_not_be_read_stays_until_its_speech_ends() -> None:
    speech = [(40, 104)]
    assert snap_cues([(40, 106)], at(100), BOUNDS, speech=speech, reading=[58]) == [(40, 98)]
    assert snap_cues([(40, 106)], at(100), BOUNDS, speech=speech, reading=[59]) == [(40, 106)]


def test_speech_that_ends_at_the_cut_is_not_pushed_behind_it() -> None:
    speech = [(94, 99)]
    (times,) = snap_cues([(94, 114)], at(100), BOUNDS, speech=speech)
    assert times[0] < 100


def test_a_cue_is_not_made_too_short() -> None:
    # 18 frames would be left before the cut: the finding says so, the text can be read.
    assert snap_cues([(80, 104)], at(100), BOUNDS, speech=[(80, 96)]) == [(80, 104)]


def test_the_programme_ends_where_it_ends() -> None:
    bounds = Bounds(shortest=20, longest=168, gap=2, chain=12, end=95)
    assert snap_cues([(40, 94)], at(100), bounds) == [(40, 94)]


def test_no_cuts_change_nothing() -> None:
    assert snap_cues([(10, 30), (33, 60)], at(), BOUNDS) == [(10, 30), (33, 60)]
    assert snap_cues([], at(5), BOUNDS) == []


@st.composite
def tracks(draw: st.DrawFn) -> tuple[list[Times], list[Times]]:
    """Cues in order with the least gap, and where in them, more or less, is their speech."""
    cues: list[Times] = []
    speech: list[Times] = []
    clock = draw(st.integers(0, 30))
    for _ in range(draw(st.integers(0, 8))):
        length = draw(st.integers(1, 90))
        cues.append((clock, clock + length))
        first = clock + draw(st.integers(-3, 6))
        speech.append((max(0, first), max(0, first) + draw(st.integers(0, length + 6))))
        clock += length + 2 + draw(st.sampled_from([0, 0, 1, 5, 10, 30]))
    return cues, speech


CUTS = st.lists(st.integers(0, 700), max_size=14).map(lambda frames: at(*frames))


def worth(cues: list[Times], cuts: Cuts, speech: list[Times] | None) -> int:
    """Faults of all cues, two each, and gaps left open."""
    spoken = [None] * len(cues) if speech is None else [last for _, last in speech]
    faults = [shot_faults(*cue, cuts, spoken=last) for cue, last in zip(cues, spoken, strict=True)]
    gaps = [after - out for (_, out), (after, _) in pairwise(cues)]
    return 2 * sum(map(len, faults)) + sum(2 < gap < 12 for gap in gaps)


@settings(max_examples=300)
@given(tracks(), CUTS, st.booleans(), st.sampled_from([None, 300]))
def test_snapping_keeps_what_holds_and_ends(
    track: tuple[list[Times], list[Times]], cuts: Cuts, knows: bool, end: int | None
) -> None:
    cues, said = track
    speech = said if knows else None
    bounds = Bounds(shortest=20, longest=168, gap=2, chain=12, end=end)
    found = snap_cues(cues, cuts, bounds, speech=speech)
    assert len(found) == len(cues)
    for (start, out), (old_start, old_out) in zip(found, cues, strict=True):
        assert 0 <= start < out
        assert out - start >= min(20, old_out - old_start)
        assert out - start <= max(168, old_out - old_start)
        assert end is None or out <= max(end, old_out)
    for (_, out), (following, _) in pairwise(found):
        assert following - out >= 2
    assert worth(found, cuts, speech) <= worth(cues, cuts, speech)
    assert snap_cues(found, cuts, bounds, speech=speech) == found
    assert snap_cues(cues, cuts, bounds, speech=speech) == found


@settings(max_examples=150)
@given(tracks(), CUTS)
def test_a_cue_stays_with_its_speech(track: tuple[list[Times], list[Times]], cuts: Cuts) -> None:
    cues, speech = track
    found = snap_cues(cues, cuts, BOUNDS, speech=speech)
    for (start, out), (old_start, old_out), (first, last) in zip(found, cues, speech, strict=True):
        assert start <= max(old_start, first + cuts.in_before)
        assert start >= min(old_start, first - max(cuts.in_after, cuts.in_clear))
        assert out >= min(old_out, last - cuts.in_before - cuts.gap)
        for cut in cuts.frames:
            if start == cut > old_start:
                assert last - cut >= cut - first
