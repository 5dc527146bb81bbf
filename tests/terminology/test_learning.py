"""Proposals from texts that were made to hold them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.model import Term
from subkit.terminology import learn_terms
from subkit.terminology.learning import log_likelihood

LINES = [
    ("{} is here.", "{}는 여기 있어."),
    ("I saw {} in the harbor.", "항구에서 {}를 봤어."),
    ("Where is {}?", "{}는 어디 있어?"),
    ("Please help me, {}.", "제발 도와줘, {}."),
    ("{} left the harbor.", "{}는 항구를 떠났어."),
]
NAMES = {"Hugo": "휴고", "Emma": "엠마", "Captain Blake": "블레이크 선장", "Zoe": "조이"}


def make_pairs(wrong: str = "") -> list[tuple[str, str]]:
    draw = random.Random(1)
    pairs = []
    for number in range(120):
        name, (en, ko) = draw.choice(list(NAMES)), draw.choice(LINES)
        target = wrong if wrong and name == "Hugo" and number % 3 == 0 else NAMES[name]
        pairs.append((en.format(name), ko.format(target)))
    return pairs


def test_names_and_terms_are_found_with_their_renderings() -> None:
    found = {p.term.source: p for p in learn_terms(make_pairs(), "en", "ko")}
    assert {name: found[name].term.target for name in NAMES} == NAMES
    assert {found[name].term.kind.value for name in NAMES} == {"name"}
    assert found["harbor"].term.target == "항구"
    assert found["harbor"].term.kind.value == "term"
    assert all(len(p.renderings) == 1 for p in found.values())
    assert "Blake" not in found, "it never comes without its rank"


def test_a_second_rendering_is_listed_with_its_count() -> None:
    found = {p.term.source: p for p in learn_terms(make_pairs("위고"), "en", "ko")}
    (first, second) = found["Hugo"].renderings
    assert (first[0], second[0]) == ("휴고", "위고")
    assert first[1] + second[1] == found["Hugo"].count


def test_what_is_known_is_not_proposed_again() -> None:
    known = [Term(source="hugo", target="x", source_language="en", language="ko")]
    assert "Hugo" not in {p.term.source for p in learn_terms(make_pairs(), "en", "ko", known=known)}


def test_japanese_is_learned_from_characters() -> None:
    draw = random.Random(2)
    pairs = []
    for _ in range(60):
        en, ja = draw.choice([("Hugo", "ユーゴ"), ("the harbor", "港湾"), ("my sister", "姉貴")])
        pairs.append((f"Do you know {en}?", f"あなたは{ja}を知っていますか？"))
    found = {p.term.source: p.term.target for p in learn_terms(pairs, "en", "ja")}
    assert found["Hugo"] == "ユーゴ"
    assert found["harbor"] == "港湾"


def test_texts_without_anything_in_common_propose_nothing() -> None:
    draw = random.Random(3)
    words = [chr(97 + n) * 4 for n in range(20)]
    pairs = [(draw.choice(words), draw.choice(words).upper()) for _ in range(80)]
    assert learn_terms(pairs, "en", "es") == []
    assert learn_terms([], "en", "ko") == []


@pytest.mark.parametrize(
    ("cells", "expected"), [((10, 10, 10, 1000), 112.0), ((1, 10, 100, 1000), 0.0)]
)
def test_the_likelihood_ratio_is_dunnings(
    cells: tuple[int, int, int, int], expected: float
) -> None:
    assert log_likelihood(*cells) == pytest.approx(expected, abs=0.01)


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), max_size=8))
def test_any_texts_are_taken(pairs: list[tuple[str, str]]) -> None:
    for direction in (("en", "ko"), ("ko", "ja"), ("de", "th")):
        learn_terms(pairs * 3, *direction)
