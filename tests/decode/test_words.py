from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.decode.onset import Activity
from subkit.decode.places import in_media
from subkit.decode.timestamps import Piece
from subkit.decode.words import TimedWord, _glued, _within_pieces, finish_words
from subkit.interfaces import SpeechWindow
from subkit.model import Span

NOTHING_TOLD = Activity(())


def window_of(*parts: Span) -> SpeechWindow:
    seconds = sum(part.duration for part in parts)
    return SpeechWindow(
        index=0,
        span=Span(parts[0].start, parts[-1].end),
        samples=np.zeros(round(seconds * 16_000), np.float32),
        digest="",
        parts=parts if len(parts) > 1 else (),
    )


def word(text: str, start: float, end: float, tokens: int = 1, sure: float = 0.5) -> TimedWord:
    return TimedWord(text, start, end, sure, tokens)


def test_parts_without_a_space_belong_to_the_word_before() -> None:
    found = _glued([word(" It", 0, 1), word(" 3", 1, 2, 1, 0.2), word(".5", 2, 3, 3, 1.0)])
    assert [one.text for one in found] == [" It", " 3.5"]
    assert (found[1].start, found[1].end) == (1, 3)
    assert found[1].probability == pytest.approx(0.8)


def test_words_stay_near_the_timestamps_of_their_piece() -> None:
    words = [word(" a", 0.0, 2.0), word(" b", 2.0, 5.0), word(" c", 5.0, 9.0)]
    pieces = [Piece((1, 2), 1.5, 3.0), Piece((3,), 8.0, None)]
    found = _within_pieces(words, pieces)
    assert [(one.start, one.end) for one in found] == [(1.3, 2.0), (2.0, 3.2), (7.8, 9.0)]


def test_timestamps_that_contradict_the_alignment_are_left() -> None:
    words = [word(" a", 0.0, 1.0)]
    assert _within_pieces(words, [Piece((1,), 4.0, 5.0)]) == words


@given(
    times=st.lists(st.tuples(st.floats(-1, 12), st.floats(-1, 3)), max_size=30),
    start=st.integers(0, 10**9),
    length=st.integers(0, 16_000 * 10),
)
def test_times_are_in_order_on_milliseconds_and_inside(
    times: list[tuple[float, float]], start: int, length: int
) -> None:
    window = Span(Fraction(start, 16_000), Fraction(start + length, 16_000))
    words = [word(f" w{i}", begin, begin + long) for i, (begin, long) in enumerate(times)]
    found = finish_words(words, window_of(window), NOTHING_TOLD, "en")
    assert len(found) == len(words)
    at = window.start
    for one in found:
        assert window.start <= at <= one.span.start <= one.span.end <= window.end
        at = one.span.end
        if length >= 16_000:
            assert one.span.duration >= Fraction(20, 1000)
            assert (one.span.start * 1000).denominator == 1


def test_times_are_those_of_the_media() -> None:
    window = Span(Fraction(7200), Fraction(7210))
    (found,) = finish_words([word(" Hola,", 1.2344, 1.6)], window_of(window), NOTHING_TOLD, "es")
    assert found.text == "Hola,"
    assert found.span == Span(Fraction(7201234, 1000), Fraction(7201600, 1000))
    assert found.language == "es"
    assert found.confidence == 0.5


def test_blank_words_are_left_out() -> None:
    window = Span(Fraction(0), Fraction(10))
    assert finish_words([word(" ", 1, 2)], window_of(window), NOTHING_TOLD, "en") == ()


def test_words_after_a_shortened_pause_are_where_they_were_said() -> None:
    """Two seconds of sound from 100 s on, then three from 110 s on, then one from 120 s on."""
    window = window_of(
        *(Span(Fraction(a), Fraction(b)) for a, b in ((100, 102), (110, 113), (120, 121)))
    )
    words = [
        word(" a", 0.5, 2.0),
        word(" b", 2.0, 2.4),  # begins where the second part does
        word(" c", 2.5, 5.2),  # most of it lies in the second part
        word(" d", 4.9, 5.6),  # and of this in the third
        word(" e", 5.9, 6.3),  # over the end
    ]
    found = finish_words(words, window, NOTHING_TOLD, "en")
    assert [(float(one.span.start), float(one.span.end)) for one in found] == [
        (100.5, 102.0),
        (110.0, 110.4),
        (110.5, 113.0),
        (120.0, 120.6),
        (120.9, 121.0),
    ]


@given(
    lengths=st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), min_size=1, max_size=8),
    times=st.lists(st.tuples(st.floats(0, 40), st.floats(0, 3)), max_size=20),
)
def test_no_word_reaches_over_a_shortened_pause(
    lengths: list[tuple[int, int]], times: list[tuple[float, float]]
) -> None:
    parts, at = [], 0
    for sound, pause in lengths:
        parts.append(Span(Fraction(at, 10), Fraction(at + sound, 10)))
        at += sound + pause
    found = in_media([(start, start + long) for start, long in times], window_of(*parts))
    for start, end in found:
        assert start <= end
        if len(parts) > 1:
            assert any(
                part.start - Fraction(1, 10**6) <= start and end <= part.end + Fraction(1, 10**6)
                for part in parts
            )
