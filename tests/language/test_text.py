from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.errors import PlanError
from subkit.language import clusters, half_units, join_words, normalize_spaces, script_of, width


@pytest.mark.parametrize(
    ("text", "characters", "half_width"),
    [
        ("", "0", "0"),
        ("Hello.", "6", "3"),
        ("안녕하세요, Bob!", "11", "8"),
        ("日本語。", "4", "4"),
        ("ｶﾅ", "2", "1"),
        ("Ａ１", "2", "2"),
        ("é", "1", "1/2"),
        ("e\u0301", "1", "1/2"),
        ("हिन्दी", "3", "3/2"),
        ("\u1112\u1161\u11ab", "1", "1"),
        ("👍🏽", "1", "1"),
        ("👩\u200d👩\u200d👧", "1", "1"),
        ("❤\ufe0f", "1", "1/2"),
        ("🇰🇷🇪🇸", "2", "2"),
        ("a\u200bb\u202e", "2", "1"),
        ("…“”", "3", "3/2"),
    ],
)
def test_width(text: str, characters: str, half_width: str) -> None:
    assert width(text, "characters") == Fraction(characters)
    assert width(text, "half-width") == Fraction(half_width)


def test_an_unknown_counting_is_refused() -> None:
    with pytest.raises(PlanError, match="pixels"):
        width("a", "pixels")


@given(st.text(), st.text(), st.sampled_from(["characters", "half-width"]))
def test_joining_never_widens(a: str, b: str, counting: str) -> None:
    assert half_units(a + b, counting) <= half_units(a, counting) + half_units(b, counting)


@given(st.text())
def test_clusters_are_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Hello", "Latn"),
        ("私はabcへ行く", "Jpan"),
        ("안녕 漢字", "Kore"),
        ("中文字幕", "Hani"),
        ("Привет, Bob", "Cyrl"),
        ("สวัสดี", "Thai"),
        ("שלום", "Hebr"),
        ("123 … ♪", "Zyyy"),
        ("", "Zyyy"),
    ],
)
def test_script(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("words", "language", "text"),
    [
        (["Hello", ",", "Bob", "!"], "en", "Hello, Bob!"),
        (["¿", "Qué", "?"], "es", "¿Qué?"),
        (["두", "번", "다시"], "ko", "두 번 다시"),
        (["今日", "は", "、", "いい", "天気", "。"], "ja", "今日は、いい天気。"),
        (["我", "用", "iPhone", "16", "拍", "的"], "zh", "我用iPhone 16拍的"),
        (["「", "はい", "」"], "ja", "「はい」"),
        ([" สวัสดี", "ครับ", " ผม"], "th", "สวัสดีครับ ผม"),
        (["", " ", "a"], "en", "a"),
        ([], "en", ""),
    ],
)
def test_words_are_joined_as_the_language_writes(
    words: list[str], language: str, text: str
) -> None:
    assert join_words(words, language) == text


def test_no_break_spaces_are_kept() -> None:
    assert normalize_spaces("  Quoi\u202f?\n\t Rien. ") == "Quoi\u202f? Rien."
