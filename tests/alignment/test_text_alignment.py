"""A text to its film: what is found, in which order, what is asked for, and what is not claimed."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from subkit.alignment import AskedText, GivenLine, GivenText, align_text
from subkit.alignment.text_passages import find_passages
from subkit.alignment.text_units import split_words, units_of
from subkit.model import Span, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

VOCABULARY = [f"{a}{b}{c}" for a in "bdfgkl" for b in "aeiou" for c in ("n", "st", "rm", "dle")]


def _story(count: int, seed: int = 1) -> list[str]:
    rng = random.Random(seed)
    return [rng.choice(VOCABULARY) for _ in range(count)]


def _spoken(words: Sequence[str], start: int = 0) -> list[Word]:
    """One word a second, half a second long."""
    return [
        Word(
            text=word,
            span=Span(Fraction(start + n), Fraction(2 * (start + n) + 1, 2)),
            confidence=0.9,
        )
        for n, word in enumerate(words)
    ]


class Listener:
    """Knows what is said in a film, one word a second, and answers as an aligner does."""

    def __init__(self, said: Sequence[str]) -> None:
        self.said = [word.casefold() for word in said]
        self.asked: list[AskedText] = []

    def __call__(self, texts: Sequence[AskedText]) -> list[tuple[Word, ...]]:
        self.asked += texts
        return [self._answer(text) for text in texts]

    def _answer(self, text: AskedText) -> tuple[Word, ...]:
        first = int(text.span.start + Fraction(1, 2))
        found, at = [], first
        for word in text.words:
            plain = word.casefold().strip(".,")
            near = self.said[at : at + 3]
            if plain in near:
                at += near.index(plain)
                span, sure = Span(Fraction(at), Fraction(2 * at + 1, 2)), 0.8
                at += 1
            else:
                span, sure = Span(Fraction(at), Fraction(at)), 0.0
            found.append(Word(text=word, span=span, confidence=sure))
        return tuple(found)


def _align(
    lines: Sequence[str], said: Sequence[str], heard: Sequence[Word] | None = None
) -> tuple[Listener, list[float | None]]:
    listener = Listener(said)
    text = GivenText(lines=tuple(GivenLine(text=line) for line in lines), language="en")
    found = align_text(
        text, _spoken(said) if heard is None else heard, Fraction(len(said)), listener
    )
    assert found.reasons == ()
    return listener, [None if w.span is None else float(w.span.start) for w in found.words]


def test_a_text_that_is_heard_as_written_needs_no_asking() -> None:
    said = _story(60)
    listener, times = _align([" ".join(said)], said)
    assert times == [float(n) for n in range(60)]
    assert listener.asked == []


def test_words_that_the_recogniser_got_wrong_are_asked_for() -> None:
    said = _story(60)
    heard = _spoken([*said[:30], "xyzzy", *said[31:]])
    listener, times = _align([" ".join(said)], said, heard)
    assert times == [float(n) for n in range(60)]
    assert listener.asked


def test_words_that_nobody_says_are_not_claimed() -> None:
    said = _story(60)
    text = [*said[:20], "plugh", "xyzzy", *said[20:40], "frotz", *said[41:]]
    _, times = _align([" ".join(text)], said)
    assert times[20:22] == [None, None]
    assert times[42] is None
    kept = [time for time in times if time is not None]
    assert kept == [float(n) for n in range(60) if n != 40]


def test_what_was_heard_stands_in_for_words_that_are_not_said() -> None:
    said = _story(60)
    text = [*said[:30], "plugh", *said[31:]]
    listener, times = _align([" ".join(text)], said)
    assert times[30] is None
    asked = [word.casefold() for one in listener.asked for word in one.words]
    assert asked.count("plugh") == 1
    assert said[30] in asked


def test_moved_passages_are_found_where_they_are_said() -> None:
    said = _story(120)
    order = [*range(80, 120), *range(40, 80), *range(40)]
    _, times = _align([" ".join(said[n] for n in order)], said)
    assert times == [float(n) for n in order]


def test_a_part_of_a_film_that_the_text_lacks_is_listed() -> None:
    said = _story(120)
    text = GivenText(lines=(GivenLine(text=" ".join([*said[:40], *said[70:]])),), language="en")
    found = align_text(text, _spoken(said), Fraction(120), Listener(said))
    assert found.found == 90
    (speech,) = found.unlisted
    assert speech.text == " ".join(said[40:70])
    assert speech.span.start == 40


def test_unspoken_stretches_are_listed() -> None:
    said = _story(80)
    text = GivenText(
        lines=(GivenLine(text=" ".join([*said[:40], "plugh xyzzy frotz", *said[40:]])),),
        language="en",
    )
    found = align_text(text, _spoken(said), Fraction(80), Listener(said))
    assert found.unspoken() == [(40, 43)]
    assert found.share == pytest.approx(80 / 83)


@pytest.mark.parametrize(
    ("lines", "heard", "reason"),
    [
        ([], _story(30), "no words"),
        (["…", "—"], _story(30), "no words"),
        (["Somebody is following us."], [], "No speech"),
        ([" ".join(_story(60, 2))], [word[::-1] for word in _story(60)], "No passage"),
    ],
)
def test_what_cannot_be_aligned_has_a_reason(
    lines: list[str], heard: list[str], reason: str
) -> None:
    text = GivenText(lines=tuple(GivenLine(text=line) for line in lines), language="en")
    found = align_text(text, _spoken(heard), Fraction(99), Listener(heard))
    assert found.found == 0
    assert reason in found.reasons[0]


def test_little_of_a_text_is_told_to_be_little() -> None:
    said = _story(12)
    text = GivenText(
        lines=(GivenLine(text=" ".join([*said, *(w[::-1] for w in _story(300, 3))])),),
        language="en",
    )
    found = align_text(text, _spoken(said), Fraction(12), Listener(said))
    assert found.found == 12
    assert found.reasons == ("Only 12 of 312 words were found.",)


def test_chance_is_no_passage() -> None:
    rng = random.Random(5)
    words = [f"w{int(3000 * rng.random() ** 2)}" for _ in range(8000)]
    assert find_passages(words[:4000], words[4000:]) == []


def test_passages_overlap_on_neither_side() -> None:
    said = _story(400)
    order = [*range(100, 200), *range(100), *range(150, 400)]
    passages = find_passages([said[n] for n in order], said)
    for side in ("given", "heard"):
        spans = sorted(getattr(one, side) for one in passages)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Well — yes, Mr. O'Neil!", "en", ["Well —", "yes,", "Mr.", "O'Neil!"]),
        ("¿Qué? «Sí»", "es", ["¿Qué?", "«Sí»"]),
        ("- Nein.", "de", ["Nein."]),
        ("「はい。」OK", "ja", ["「は", "い。」", "OK"]),
        ("누군가 있어.", "ko", ["누군가", "있어."]),
    ],
)
def test_a_text_is_split_into_words_that_can_be_said(
    text: str, language: str, words: list[str]
) -> None:
    assert split_words(text, language) == words


def test_units_are_without_case_marks_and_accents_and_korean_ones_are_syllables() -> None:
    assert [unit.key for unit in units_of(["Élan-vital,", "DON’T"], "fr")] == [
        "elan", "vital", "dont",
    ]  # fmt: skip
    assert [unit.key for unit in units_of(["누군가", "OK!"], "ko")] == ["누", "군", "가", "ok"]


def test_words_are_asked_for_in_sentence_case() -> None:
    text = GivenText(
        lines=(GivenLine(text="BOBBY RIPPED IT"), GivenLine(text="mary said I. she went")),
        language="en",
    )
    forms = text.forms(text.words())
    assert forms == ["Bobby", "ripped", "it", "mary", "said", "I.", "She", "went"]
