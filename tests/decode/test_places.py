"""Times in samples and in the media: there and back is the same."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.decode.places import in_media, in_samples
from subkit.interfaces import SpeechWindow
from subkit.model import Span

layouts = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), min_size=1, max_size=8)


def window_of(layout: list[tuple[int, int]], start: int = 70) -> SpeechWindow:
    """A window of stretches of sound, each followed by a pause, in tenths of a second."""
    parts, at = [], start
    for sound, pause in layout:
        parts.append(Span(Fraction(at, 10), Fraction(at + sound, 10)))
        at += sound + pause
    seconds = sum(part.duration for part in parts)
    return SpeechWindow(
        index=0,
        span=Span(parts[0].start, parts[-1].end),
        samples=np.zeros(round(seconds * 16_000), np.float32),
        digest="",
        parts=tuple(parts) if len(parts) > 1 else (),
    )


@given(layout=layouts, data=st.data())
def test_a_stretch_inside_a_part_comes_back(
    layout: list[tuple[int, int]], data: st.DataObject
) -> None:
    window = window_of(layout)
    part = data.draw(st.sampled_from(window.parts or (window.span,)))
    first, last = sorted(data.draw(st.tuples(st.integers(0, 100), st.integers(0, 100))))
    if first == last:
        return
    span = Span(
        part.start + part.duration * first / 100,
        part.start + part.duration * last / 100,
    )
    (place,) = in_samples((span,), window)
    (found,) = in_media([place], window)
    assert found == pytest.approx(
        (float(span.start - window.span.start), float(span.end - window.span.start)), abs=1e-6
    )


@given(layout=layouts, start=st.integers(0, 500), length=st.integers(1, 500))
def test_of_a_stretch_over_pauses_only_what_is_in_the_samples_is_left(
    layout: list[tuple[int, int]], start: int, length: int
) -> None:
    window = window_of(layout)
    span = Span(Fraction(start, 10), Fraction(start + length, 10))
    places = in_samples((span,), window)
    size = window.samples.size / 16_000
    kept = sum(
        max(Fraction(0), min(part.end, span.end) - max(part.start, span.start))
        for part in window.parts or (window.span,)
    )
    assert sum(b - a for a, b in places) == pytest.approx(float(kept), abs=1e-6)
    assert all(-1e-9 <= a < b <= size + 1e-6 for a, b in places)
    assert all(b <= c + 1e-9 for (_, b), (c, _) in pairwise(places))


def test_a_word_over_a_pause_lies_where_most_of_it_is() -> None:
    window = window_of([(20, 80), (30, 10)])
    assert in_media([(1.5, 2.1), (1.9, 2.6)], window) == [
        pytest.approx((1.5, 2.0)),
        pytest.approx((10.0, 10.6)),
    ]
