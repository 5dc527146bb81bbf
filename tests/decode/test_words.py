from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.decode.onset import Activity
from subkit.decode.timestamps import Piece
from subkit.decode.words import TimedWord, _glued, _within_pieces, finish_words
from subkit.model import Span

NOTHING_TOLD = Activity(())


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
    found = finish_words(words, window, NOTHING_TOLD, "en")
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
    (found,) = finish_words([word(" Hola,", 1.2344, 1.6)], window, NOTHING_TOLD, "es")
    assert found.text == "Hola,"
    assert found.span == Span(Fraction(7201234, 1000), Fraction(7201600, 1000))
    assert found.language == "es"
    assert found.confidence == 0.5


def test_blank_words_are_left_out() -> None:
    window = Span(Fraction(0), Fraction(10))
    assert finish_words([word(" ", 1, 2)], window, NOTHING_TOLD, "en") == ()
