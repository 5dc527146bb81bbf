from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.language import (
    FORBIDDEN,
    NEUTRAL,
    break_cost,
    break_points,
    is_sentence_end,
    normalize_spaces,
    parse_language,
    sentences,
)

LANGUAGES = ["en", "es", "ko", "fr", "de", "it", "pt", "nl", "ja", "zh", "th", "ar", "el", "und"]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        (
            'Mr. Smith left at 5 p.m. He said… well, nothing. "Really?" Yes.',
            "en",
            (
                "Mr. Smith left at 5 p.m.",
                "He said… well, nothing.",
                '"Really?"',
                "Yes.",
            ),
        ),
        ("J. R. Ewing is dead!", "en", ("J. R. Ewing is dead!",)),
        ("Wait... he knows him.", "en", ("Wait... he knows him.",)),
        ("Wait... The man.", "en", ("Wait...", "The man.")),
        ("¿Y la Sra. Gómez? ¡Se fue!", "es", ("¿Y la Sra. Gómez?", "¡Se fue!")),
        ("Am 3. Mai kam er z.B. nicht. Warum?", "de", ("Am 3. Mai kam er z.B. nicht.", "Warum?")),
        ("정말요? 몰랐어요. 네…", "ko", ("정말요?", "몰랐어요.", "네…")),
        ("今日は。「はい！」と言った", "ja", ("今日は。", "「はい！」", "と言った")),
        ("Τι λες; Ναι.", "el", ("Τι λες;", "Ναι.")),
        ("no punctuation at all", "en", ("no punctuation at all",)),
        ("", "en", ()),
        ("  ", "ja", ()),
    ],
)
def test_sentences(text: str, language: str, found: tuple[str, ...]) -> None:
    assert sentences(text, language) == found


@given(st.text(alphabet="aB .,?!…。「」\n\t'Mr5", max_size=60), st.sampled_from(LANGUAGES))
def test_sentences_joined_are_the_text(text: str, language: str) -> None:
    found = sentences(text, language)
    if parse_language(language).spaces:
        assert " ".join(found) == normalize_spaces(text)
    else:
        assert "".join(found).replace(" ", "") == normalize_spaces(text).replace(" ", "")
    assert all(found)


@pytest.mark.parametrize("word", ["end.", "end?!", 'end."', "end…", "끝.", "終。」", "ختم۔"])
def test_marks_that_end_a_sentence(word: str) -> None:
    assert is_sentence_end(word, "en")


def test_an_initial_does_not_end_a_sentence_before_a_name() -> None:
    assert not is_sentence_end("J.", "en", following="Edgar")
    assert is_sentence_end("I.", "en", following="Then")
    assert is_sentence_end("끝.", "ko", following="다음")


@pytest.mark.parametrize("word", ["Mr.", "end,", "end", "", '"', "end:"])
def test_marks_that_do_not(word: str) -> None:
    assert not is_sentence_end(word, "en")


# Each line: the better break | the worse break, as "left/right".
ORDER = [
    ("en", "over./Then", "then/himself"),
    ("en", "house,/where", "the/house"),
    ("en", "city/because", "because/he"),
    ("en", "book/about", "about/love"),
    ("en", "tomorrow/morning", "Peter/Smith"),
    ("en", "said/that", "don't/know"),
    ("en", "away/from", "I/know"),
    ("en", "hurt/badly", "hurt/himself"),
    ("en", "long/journey", "have/seen"),
    ("en", "him/before", "Mr./Smith"),
    ("en", "people/stayed", "40/km"),
    ("es", "ciudad/porque", "la/ciudad"),
    ("es", "casa/con", "no/quiero"),
    ("es", "hombre/tranquilo", "he/visto"),
    ("ko", "만났지만/이름을", "세/번"),
    ("ko", "사람을/만났다", "안/물어봤어"),
    ("ko", "사람을/만났다", "할/수"),
    ("ko", "학교에서/친구를", "아버지의/집"),
    ("ko", "때까지/옆에서", "잠들/때까지"),
    ("ko", "내려서/마을로", "온/세상이"),
    ("ko", "반대하더라도/나는", "나는/반대했다"),
    ("ko", "몰랐지만/그런데", "떠난/지"),
    ("ko", "누구인지/몰라도", "읽어/드릴게요"),
    ("ko", "보니/비가", "하러/갔다"),
    ("fr", "maison/où", "la/maison"),
    ("fr", "matin/pour", "ne/sais"),
    ("fr", "vraiment/fatigué", "sais/pas"),
    ("de", "Haus,/das", "das/Haus"),
    ("de", "gestern/mit", "mit/ihm"),
    ("it", "casa/perché", "della/casa"),
    ("pt", "casa/porque", "não/quero"),
]


@pytest.mark.parametrize(("language", "better", "worse"), ORDER)
def test_grammar_orders_breaks(language: str, better: str, worse: str) -> None:
    good = break_cost(*better.split("/"), language)
    bad = break_cost(*worse.split("/"), language)
    assert good < bad
    assert bad > NEUTRAL


@pytest.mark.parametrize(
    ("left", "right", "language"),
    [
        ("Quoi", "?", "fr"),
        ("¿", "Qué", "es"),
        ("-", "Hello", "en"),
        ("き", "ゃ", "ja"),
        ("た", "。", "ja"),
        ("「", "は", "ja"),
        ("เ", "ก", "th"),
        ("ก", "า", "th"),
        ("", "a", "en"),
    ],
)
def test_forbidden_breaks(left: str, right: str, language: str) -> None:
    assert break_cost(left, right, language) == FORBIDDEN


@pytest.mark.parametrize(
    ("text", "language", "pieces"),
    [
        ("two  words here", "en", ["two", "words", "here"]),
        ("두 번 다시", "ko", ["두", "번", "다시"]),
        ("Quoi\u202f? Rien", "fr", ["Quoi\u202f?", "Rien"]),
        ("「はい」、iPhone15を。", "ja", ["「は", "い」、", "iPhone15", "を。"]),
        ("チャンス", "ja", ["チャ", "ン", "ス"]),
        ("我不知道。", "zh", ["我", "不", "知", "道。"]),
        ("สวัสดี ครับผม", "th", ["สวัสดี", "ครับผม"]),
        ("", "ja", []),
    ],
)
def test_break_points(text: str, language: str, pieces: list[str]) -> None:
    points = [0, *break_points(text, language), len(text)]
    found = [text[a:b].strip(" ") for a, b in pairwise(points)]
    assert [piece for piece in found if piece] == pieces


@given(st.text(), st.text(), st.sampled_from(LANGUAGES))
def test_costs_stay_in_range(left: str, right: str, language: str) -> None:
    assert 0 <= break_cost(left, right, language) <= FORBIDDEN


@given(st.text(), st.sampled_from(LANGUAGES))
def test_break_points_ascend_inside_the_text(text: str, language: str) -> None:
    points = break_points(text, language)
    assert list(points) == sorted(set(points))
    assert all(0 < point < len(text) for point in points)


@pytest.mark.parametrize(
    ("before", "left", "right", "bound"),
    [
        ("", "come", "on", True),  # the particle stays with its verb
        ("hurry", "up", "the", False),  # and is no preposition
        ("come", "on", "he's", False),
        ("put", "on", "the", False),
        ("the", "on", "the", True),
    ],
)
def test_a_particle_stays_with_its_verb(before: str, left: str, right: str, *, bound: bool) -> None:
    assert (break_cost(left, right, "en", before=before) >= 10) is bound
