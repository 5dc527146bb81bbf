"""Korean particles follow the sound of the word before them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.errors import InputError
from subkit.terminology import (
    Ending,
    attach_particle,
    correct_particles,
    ending_of,
    resolve_particles,
)

PAIRS = [("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("이나", "나"), ("이라", "라")]


@pytest.mark.parametrize(
    ("word", "ending"),
    [
        ("휴고", "vowel"),
        ("철민", "consonant"),
        ("서울", "rieul"),
        ("“휴고”", "vowel"),
        ("철민(37)", "consonant"),
        ("0", "consonant"),
        ("1", "rieul"),
        ("2", "vowel"),
        ("3", "consonant"),
        ("10", "consonant"),
        ("1,000", "consonant"),
        ("2024", "vowel"),
        ("2018", "rieul"),
        ("1.5", "vowel"),
        ("7.0", "consonant"),
        ("50%", "vowel"),
        ("KBS", "vowel"),
        ("IBM", "consonant"),
        ("KTN", "consonant"),
        ("URL", "rieul"),
        ("Emma", "vowel"),
        ("Jane", "consonant"),
        ("Kim", "consonant"),
        ("Daniel", "rieul"),
        ("Michelle", "rieul"),
        ("Jack", "consonant"),
        ("David", "vowel"),
        ("Mike", "vowel"),
        ("Chloé", "vowel"),
        ("!!", None),
        ("", None),
        ("太郎", None),
    ],
)
def test_how_a_word_ends_when_it_is_read_aloud(word: str, ending: str | None) -> None:
    assert ending_of(word) == (None if ending is None else Ending(ending))


@pytest.mark.parametrize(
    ("word", "particle", "expected"),
    [
        ("휴고", "은", "휴고는"),
        ("철민", "는", "철민은"),
        ("서울", "으로", "서울로"),
        ("부산", "로", "부산으로"),
        ("휴고", "으로부터", "휴고로부터"),
        ("서울", "로서", "서울로서"),
        ("철민", "야", "철민아"),
        ("휴고", "아", "휴고야"),
        ("철민", "라고", "철민이라고"),
        ("7", "으로", "7로"),
        ("KBS", "을", "KBS를"),
        ("太郎", "은", "太郎은"),
    ],
)
def test_a_particle_is_attached_in_its_form(word: str, particle: str, expected: str) -> None:
    assert attach_particle(word, particle) == expected


def test_a_particle_with_one_form_is_refused() -> None:
    with pytest.raises(InputError, match="까지"):
        attach_particle("휴고", "까지")


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("빅톨는 어디 있어?", "빅톨은 어디 있어?"),
        ("빅톨로 가자.", "빅톨로 가자."),
        ("빅톨와는 달라.", "빅톨과는 달라."),
        ("빅톨가 빅톨를 봤어.", "빅톨이 빅톨을 봤어."),
        ("빅톨야, 이리 와!", "빅톨아, 이리 와!"),
        ("제발 도와줘, 빅톨야.", "제발 도와줘, 빅톨아."),
        ("그 사람은 빅톨야.", "그 사람은 빅톨이야."),
        ("저는 빅톨예요.", "저는 빅톨이에요."),
        ("빅톨였어요.", "빅톨이었어요."),
        ("빅톨라고 해요.", "빅톨이라고 해요."),
        ("빅톨한테 줘.", "빅톨한테 줘."),
        ("빅톨!", "빅톨!"),
        ("빅톨나 나나", "빅톨이나 나나"),
    ],
)
def test_particles_are_mended_after_a_word_was_put_in(given_text: str, expected: str) -> None:
    assert correct_particles(given_text, ["빅톨"]) == expected


def test_of_nested_words_each_keeps_its_particle() -> None:
    text = "김은 김민수은 민수을"
    assert correct_particles(text, ["민수", "김민수"]) == "김은 김민수는 민수를"


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("철민은(는) 서울(으)로 갔다", "철민은 서울로 갔다"),
        ("휴고이(가) 부산(으)로", "휴고가 부산으로"),
        ("휴고와(과) 철민과(와)", "휴고와 철민과"),
        ("철민(이)라면 10을(를)", "철민이라면 10을"),
        ("없음", "없음"),
    ],
)
def test_particles_written_both_ways_are_resolved(given_text: str, expected: str) -> None:
    assert resolve_particles(given_text) == expected


@given(
    st.text(
        alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=6
    )
)
def test_every_hangul_word_takes_one_form_of_each_pair(word: str) -> None:
    closed = ending_of(word) is not Ending.VOWEL
    for consonant, vowel in PAIRS:
        attached = attach_particle(word, vowel)
        assert attached == attach_particle(word, consonant)
        assert attached == word + (consonant if closed else vowel)


@given(st.text(max_size=60), st.text(max_size=6))
def test_any_text_is_taken(text: str, word: str) -> None:
    correct_particles(text, [word])
    resolve_particles(text)
    ending_of(text)


def test_mending_twice_changes_nothing_more() -> None:
    once = correct_particles("빅톨는 빅톨야. 빅톨와", ["빅톨"])
    assert correct_particles(once, ["빅톨"]) == once
