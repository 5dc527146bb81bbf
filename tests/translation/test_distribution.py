from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.language import join_words
from subkit.model import Cue, Profile, Span
from subkit.translation import distribute
from tests.work import work

PROFILE = Profile(id="test", language="en")
JAPANESE = Profile(id="test", language="ja", max_cpl=13, counting="half-width")


def cues(*shapes: tuple[int, str]) -> list[Cue]:
    made, at = [], 0
    for number, (length, text) in enumerate(shapes):
        made.append(
            Cue(id=str(number), span=Span(Fraction(at), Fraction(at + length)), lines=(text,))
        )
        at += length
    return made


def given_back(text: str, *shapes: tuple[int, str], language: str = "es") -> list[str]:
    profile = JAPANESE if language == "ja" else PROFILE
    parts = distribute(
        text, cues(*shapes), profile=profile, language=language, break_lines=lambda part: (part,)
    )
    return [" ".join(lines) for lines in parts]


def test_one_cue_takes_all() -> None:
    assert given_back("Hay doce hombres.", (2, "x")) == ["Hay doce hombres."]


def test_words_go_by_the_share_of_the_source() -> None:
    text = "uno dos tres cuatro cinco seis siete ocho"
    assert given_back(text, (2, "a" * 10), (2, "a" * 10)) == [
        "uno dos tres cuatro",
        "cinco seis siete ocho",
    ]
    short, long = given_back(text, (1, "a" * 5), (4, "a" * 20))
    assert len(short) < len(long) / 2


def test_a_break_at_a_clause_is_worth_some_balance() -> None:
    found = given_back(
        "Cuando llegues a la casa, llama al viejo profesor.", (2, "a" * 20), (2, "a" * 24)
    )
    assert found == ["Cuando llegues a la casa,", "llama al viejo profesor."]


def test_no_article_is_left_behind() -> None:
    first, second = given_back("El hombre espera en el jardín.", (2, "a" * 20), (1, "a" * 10))
    assert second == "en el jardín."
    assert first == "El hombre espera"


def test_a_sentence_goes_where_its_source_stood() -> None:
    assert given_back("No. Vamos a la casa del viejo.", (1, "No."), (3, "We go to the house.")) == [
        "No.",
        "Vamos a la casa del viejo.",
    ]


def test_writing_without_spaces() -> None:
    parts = given_back(
        "庭に男の人が十二人います。", (2, "in the garden"), (2, "twelve men"), language="ja"
    )
    assert "".join(parts) == "庭に男の人が十二人います。"
    assert all(parts)


def test_fewer_words_than_cues_repeat_nothing() -> None:
    parts = given_back("Sí, claro.", (1, "Yes"), (1, "of"), (1, "course"))
    assert sorted(map(bool, parts)) == [False, True, True]
    assert " ".join(filter(None, parts)) == "Sí, claro."


def test_no_text_is_no_lines() -> None:
    assert given_back("  ", (1, "a"), (1, "b")) == ["", ""]
    assert distribute("a", [], profile=PROFILE, language="es", break_lines=lambda p: (p,)) == ()


WORDS = st.lists(
    st.sampled_from(["el", "hombre", "espera,", "en", "la", "casa.", "¿Qué", "12", "-", "Ana"]),
    max_size=70,
)
SIX = [(2, "abc")] * 6
SHAPES = st.lists(st.tuples(st.integers(0, 6), st.text("ab ", max_size=60)), min_size=1, max_size=7)


@given(WORDS, SHAPES)
def test_words_come_once_and_in_order_and_no_cue_is_left_out(
    words: list[str], shapes: list[tuple[int, str]]
) -> None:
    parts = given_back(" ".join(words), *shapes)
    assert len(parts) == len(shapes)
    assert " ".join(filter(None, parts)).split() == words
    if len(words) >= len(shapes):
        assert all(parts)
    else:
        assert sum(map(bool, parts)) == len(words)


@given(st.text("庭に男の人が、十二人います。カー「」ABC ", max_size=80), SHAPES)
def test_characters_come_once_and_in_order(text: str, shapes: list[tuple[int, str]]) -> None:
    parts = given_back(text, *shapes, language="ja")
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize("language", ["es", "ja"])
def test_the_work_of_giving_back_grows_with_the_text_alone(language: str) -> None:
    word = "庭に男の人がいます。" if language == "ja" else "casa"

    def distribute(words: int) -> list[str]:
        return given_back(join_words([word] * words, language), *SIX, language=language)

    assert all(distribute(2000))
    assert work(lambda: distribute(2000)) < 5 * work(lambda: distribute(500))
