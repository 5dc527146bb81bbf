"""Overlapping cues, one after the other."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.errors import FormatError
from subkit.formats.overlap_splitting import one_at_a_time
from subkit.model import Cue, Placement, Span, Track
from subkit.model.styling import Feature, Mark


def cue(name: str, start: int, end: int, **more: object) -> Cue:
    span = Span(Fraction(start), Fraction(end))
    return Cue(id=name, span=span, lines=(name,), **more)  # type: ignore[arg-type]


def track(*cues: Cue) -> Track:
    return Track(id="en", language="en", cues=cues)


def shown(made: Track) -> list[tuple[int, int, tuple[str, ...]]]:
    return [(int(c.span.start), int(c.span.end), c.lines) for c in made.cues]


def test_cues_apart_stay_as_they_are() -> None:
    whole = track(cue("a", 0, 2), cue("b", 2, 4))
    made, cut = one_at_a_time(whole)
    assert made == whole
    assert cut == ()


def test_time_is_cut_where_a_cue_begins_or_ends() -> None:
    made, cut = one_at_a_time(track(cue("a", 0, 4), cue("b", 2, 6), cue("c", 8, 9)))
    assert shown(made) == [(0, 2, ("a",)), (2, 4, ("a", "b")), (4, 6, ("b",)), (8, 9, ("c",))]
    assert cut == ("a", "b")


def test_what_stands_at_the_top_comes_first_with_its_marks() -> None:
    mark = Mark(start=0, end=1, feature=Feature.ITALIC)
    top = cue("b", 1, 2, placement=Placement(vertical="top"), marks=(mark,))
    below = cue("a", 0, 3, marks=(mark,))
    made, _ = one_at_a_time(track(below, top))
    assert made.cues[1].lines == ("b", "a")
    assert {(m.start, m.end) for m in made.cues[1].marks} <= {(0, 1), (2, 3), (0, 3)}


def test_more_at_once_than_a_picture_holds_is_refused() -> None:
    with pytest.raises(FormatError, match="20 at once"):
        one_at_a_time(track(*(cue(str(n), 0, 10) for n in range(30))))


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8)), max_size=12))
def test_every_cue_is_shown_at_each_of_its_moments_and_no_two_overlap(
    places: list[tuple[int, int]],
) -> None:
    cues = [cue(f"c{n}", start, start + long) for n, (start, long) in enumerate(places)]
    made, _ = one_at_a_time(track(*cues))
    moments = {
        (t, line) for start, end, lines in shown(made) for line in lines for t in range(start, end)
    }
    assert moments == {
        (t, f"c{n}") for n, (s, long) in enumerate(places) for t in range(s, s + long)
    }
    ends = [Fraction(0), *(c.span.end for c in made.cues)]
    assert all(c.span.start >= end for c, end in zip(made.cues, ends, strict=False))
