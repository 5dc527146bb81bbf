from __future__ import annotations

from fractions import Fraction

import pytest

from subkit.decode.switching import mark_switches
from subkit.model import Span, Word


def languages(text: str, language: str, heard: tuple[str, ...] = ()) -> list[str]:
    words = [
        Word(text=one, span=Span(Fraction(i), Fraction(i + 1)), language=language)
        for i, one in enumerate(text.split())
    ]
    marked = mark_switches(words, language, heard)
    assert [word.text for word in marked] == text.split()
    return [word.language or "" for word in marked]


@pytest.mark.parametrize(
    ("text", "language", "heard", "found"),
    [
        ("he said 안녕하세요 and left", "en", ("en", "ko"), "en en ko en en"),
        ("he said 안녕하세요 3 times", "en", (), "en en ko en en"),
        ("да this is it", "en", ("en", "uk", "ru"), "uk en en en"),
        ("да this is it", "en", ("en",), "ru en en en"),
        ("오늘 TV 봤어 그 Netflix 말이야", "ko", ("ko", "en"), "ko ko ko ko ko ko"),
        ("그가 see you tomorrow 했어", "ko", ("ko", "es"), "ko es es es ko"),
        ("東京 は とても 大きい", "ja", ("ja", "zh"), "ja ja ja ja"),
        ("我 说 ありがとう", "zh", ("zh", "ja"), "zh zh ja"),
        ("大韓民國 만세", "ko", ("ko", "zh"), "ko ko"),
        ("señor, ¿qué tal? 10 €", "es", ("en",), "es es es es es"),
        ("ગુજરાતી word", "en", ("en",), "und-Gujr en"),
    ],
)
def test_words_in_another_script_have_its_language(
    text: str, language: str, heard: tuple[str, ...], found: str
) -> None:
    assert languages(text, language, heard) == found.split()


def test_an_unknown_language_marks_nothing() -> None:
    assert languages("안녕 you", "und") == ["und", "und"]
