"""Text as it is compared, worked out by hand."""

from __future__ import annotations

import pytest

from benchmarks.speech.normal import tokens, tokens_of_words
from benchmarks.speech.spelled import (
    english_number,
    english_ordinal,
    german_number,
    korean_number,
)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (42, "forty two"),
        (100, "one hundred"),
        (2_005, "two thousand five"),
        (1_200_030, "one million two hundred thousand thirty"),
    ],
)
def test_english_numbers(value: int, said: str) -> None:
    assert " ".join(english_number(value)) == said


def test_english_years_and_ordinals() -> None:
    assert " ".join(english_number(1813, year=True)) == "eighteen thirteen"
    assert " ".join(english_number(1905, year=True)) == "nineteen oh five"
    assert " ".join(english_number(1900, year=True)) == "nineteen hundred"
    assert " ".join(english_number(2016, year=True)) == "two thousand sixteen"
    assert [" ".join(english_ordinal(n)) for n in (1, 12, 20, 21)] == [
        "first",
        "twelfth",
        "twentieth",
        "twenty first",
    ]


def test_german_and_korean_numbers() -> None:
    assert [german_number(n) for n in (0, 1, 17, 21, 30, 101)] == [
        *("null", "eins", "siebzehn", "einundzwanzig", "dreissig", "einhunderteins")
    ]
    assert german_number(1_200) == "eintausendzweihundert"
    assert german_number(1813, year=True) == "achtzehnhundertdreizehn"
    assert [korean_number(n) for n in (0, 7, 10, 26, 110, 2016, 16_000, 100_000_000)] == [
        *("영", "칠", "십", "이십육", "백십", "이천십육", "만육천", "일억")
    ]
    assert [korean_number(n, native=True) for n in (3, 20, 21)] == ["세", "스무", "스물한"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "Mr. Hale's honour, realised in 1455!", "mister hales honor realized in 14 55"),
        ("en", "I'm sure he won't;", "i am sure he will not"),
        ("en", "It’s 3.5% OK", "it is three point five percent okay"),
        ("en", "'Tis the 20th, um, of 1,200", "it is the twentieth of one thousand two hundred"),
        ("en", "She'd have said so at 6 a.m.", "she would have said so at six AM"),
        ("de", "Die Straße, 21 Häuser, geht's?", "die strasse einundzwanzig häuser gehts"),
        ("de", "V.a. in Asien, z. B. Dr. Wu", "vor allem in asien zum beispiel doktor wu"),
        ("de", "1.200 %, anno 1813", "eintausendzweihundert prozent anno achtzehnhundertdreizehn"),
        ("ko", "5월 17일 기준, 20명이", "오월 십칠일 기준 스무 명이"),
        ("ko", "26.7개, 16,000명 PT 3번째", "이십육쩜칠 개 만육천명 피티 세 번째"),
    ],
)  # fmt: skip
def test_two_ways_to_write_the_same_are_the_same(language: str, one: str, other: str) -> None:
    assert tokens(one, language) == tokens(other, language)


def test_what_sounds_different_stays_different() -> None:
    assert tokens("Helstone's", "en") != tokens("Helstone is", "en")
    assert tokens("schon", "de") != tokens("schön", "de")
    assert tokens("네", "ko") != tokens("내", "ko")
    assert tokens("four hour sour", "en") == ("four", "hour", "sour")


def test_korean_counts_syllables_and_a_mixed_film_both() -> None:
    assert tokens("안녕 하세요.", "ko") == ("안", "녕", "하", "세", "요")
    assert tokens("It's 日本 oder 한국", "mixed") == ("its", "日", "本", "oder", "한", "국")


def test_tokens_know_the_word_they_are_from() -> None:
    assert tokens_of_words([" I'm", " in", " 1813", "."], "en") == (
        ["i", "am", "in", "eighteen", "thirteen"],
        [0, 0, 1, 2, 2],
    )
