"""Syllables by rule, against words counted by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.language import count_syllables, measured_tempo, speech_rate, speech_seconds
from subkit.model import Span, Word

COUNTED = {
    "en": "Where is the key? 4|beautiful 3|table 2|little apples 4|station 2|He walked home 3|"
    "I loved it 3|idea 3|created 3|wanted 2|science 2|reality 4|people 2|something 2|boxes 2|"
    "makes takes 2|everything is fine 5|quiet 2|the lion 3|family 3|chocolate 3|horses 2|area 3|"
    "museum 3|radio 3|being 2|going 2|every 2|Mr. Brown 2|business 2|different 3|sometimes 2|"
    "likely 2|movement 2|12 1|At 10:30 4|1,000 men 4|don't 1|a 1| 0|... 0",
    "es": "¿Dónde está la llave? 7|El viejo espera en el jardín 10|país 2|ciudad 2|guerra 2|"
    "queso 2|río 2|canción 2|poeta 3|aéreo 4|Hay doce hombres 5|día 2|bueno 2|leer 2|"
    "1984 11|1000 1",
    "ko": "열쇠가 어디에 있어? 8|12시 3|1984년 7|10 1|11 2",
    "ja": "きょう 2|がっこう 4|コーヒー 4",
    "zh": "花园里有十二个人 8|12个人 4",
    "fr": "le monde 2|ils parlent 2|une table 2|je suis là 3|rue 1|beaucoup 2|80 3",
    "de": "Haus 1|Familie 4|die Straße 3|bauen 2|21 4",
    "pt": "país 2|quero água 4",
    "it": "famiglia 3|paese 3|buongiorno 3",
    "ru": "молоко 3|здравствуйте 3",
    "hi": "नमस्ते 3",
    "ar": "كتاب 2|مرحبا 3",
}


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        (language, *line.rsplit(" ", 1))
        for language, lines in COUNTED.items()
        for line in lines.split("|")
    ],
)
def test_counted_by_hand(language: str, text: str, count: str) -> None:
    assert count_syllables(text, language) == int(count)


@given(st.text(max_size=60), st.sampled_from([*COUNTED, "ar", "th", "und"]))
def test_any_text_has_a_count(text: str, language: str) -> None:
    assert count_syllables(text, language) >= 0


@given(st.integers(0, 10**12), st.sampled_from([*COUNTED]))
def test_every_number_can_be_said(number: int, language: str) -> None:
    assert 1 <= count_syllables(str(number), language) <= 50


@pytest.mark.parametrize("language", [*COUNTED])
def test_a_number_too_long_to_be_said_is_said_digit_by_digit(language: str) -> None:
    assert count_syllables("7" * 5000, language) >= 5000


def test_time_follows_from_the_rate() -> None:
    text = "Where is the key?"
    assert speech_rate("en-GB") == 6.19
    assert speech_seconds(text, "en") == pytest.approx(4 / 6.19)
    assert 5 < speech_rate("sw") < 8


def _said(text: str, seconds: Fraction, language: str | None = None) -> list[Word]:
    """The words of a text, one after the other in that time."""
    words = text.split()
    each = seconds / len(words)
    return [
        Word(
            text=word,
            span=Span(each * n, each * (n + 1)),
            confidence=1.0,
            speaker="a",
            language=language,
        )
        for n, word in enumerate(words)
    ]


def test_tempo_is_against_the_rate_of_each_words_language() -> None:
    text = "la casa de la abuela " * 6  # 48 syllables
    usual = Fraction(48 * 100, 782)
    assert measured_tempo(_said(text, usual), "es") == pytest.approx(1)
    assert measured_tempo(_said(text, usual / Fraction(9, 8)), "es") == pytest.approx(9 / 8)
    assert measured_tempo(_said(text, usual, "es"), "en") == pytest.approx(1)


def test_tempo_is_bounded_and_needs_five_seconds() -> None:
    text = "la casa de la abuela " * 5
    assert measured_tempo(_said(text, Fraction(30)), "es") == pytest.approx(2 / 3)
    assert measured_tempo(_said(text * 4, Fraction(6)), "es") == pytest.approx(3 / 2)
    assert measured_tempo(_said(text, Fraction(9, 2)), "es") is None
    assert measured_tempo(_said("... !", Fraction(9)), "es") is None
    assert measured_tempo([], "es") is None
