"""Words of a known text: each has a time, those nobody says are unlikely, letters move edges."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from subkit.decode.onset import Activity
from subkit.decode.words import TimedWord, finish_words
from subkit.engines.cards import read_decoding
from subkit.interfaces import SpeechWindow
from subkit.model import Span

WORDS = (TimedWord("a", 0.5, 1.0, 0.9, 1), TimedWord("gatekeeper", 1.0, 1.5, 0.9, 1))


def _edges(language: str, by_letters: tuple[int, ...]) -> list[float]:
    window = SpeechWindow(
        index=0,
        span=Span(Fraction(0), Fraction(3)),
        samples=np.zeros(48_000, np.float32),
        digest="",
    )
    words = finish_words(WORDS, window, Activity(()), language, by_letters=by_letters)
    return [float(words[0].span.end), float(words[1].span.start)]


def test_the_time_between_two_words_moves_by_their_letters() -> None:
    assert _edges("en", ()) == [1.0, 1.0]
    assert _edges("en", (10, -20, -50)) == pytest.approx([0.76, 0.76])


def test_a_word_keeps_half_of_its_length() -> None:
    assert _edges("en", (200, -200, -200)) == pytest.approx([0.75, 0.75])
    assert _edges("en", (0, 200, 200)) == pytest.approx([1.25, 1.25])


def test_letters_of_other_scripts_move_nothing() -> None:
    assert _edges("ko", (10, -20, -50)) == [1.0, 1.0]


@pytest.mark.parametrize("given", [[1, 2], [1, 2, 3.5], [1, 2, 900], "abc", [True, 1, 2], None])
def test_a_card_with_other_numbers_moves_nothing(given: object) -> None:
    assert read_decoding({"decoding": {"letters_ms": given}}, "").letters_ms == ()


def test_a_card_says_how_letters_move_edges() -> None:
    assert read_decoding({"decoding": {"letters_ms": [1, -2, 3]}}, "").letters_ms == (1, -2, 3)
