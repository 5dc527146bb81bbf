"""Terms in running text: whole words, any case and inflection, longest first."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.model import Term, TermKind
from subkit.terminology import (
    Form,
    FormIndex,
    Glossary,
    glossary_preference,
    longest,
    terms_for,
)
from tests.work import work


class Unit:
    cues = ("c1",)
    language = "en"


def make_term(
    source: str,
    target: str = "x",
    *,
    pair: str = "en-ko",
    kind: TermKind = TermKind.TERM,
    others: tuple[str, ...] = (),
    forbidden: tuple[str, ...] = (),
    case_sensitive: bool = False,
) -> Term:
    a, b = pair.split("-")
    return Term(
        source=source,
        target=target,
        source_language=a,
        language=b,
        kind=kind,
        others=others,
        forbidden=forbidden,
        case_sensitive=case_sensitive,
    )


def places(language: str, text: str, *forms: str) -> list[str]:
    """What is found of ``forms`` in ``text``, as it stands there."""
    index = FormIndex([Form(text=form, key=form) for form in forms], language)
    return [text[found.start : found.end] for found in longest(index.find(text))]


@pytest.mark.parametrize(
    ("language", "form", "text", "expected"),
    [
        ("en", "wolf", "Wolves, a WOLF and the wolf's den", ["Wolves", "WOLF", "wolf"]),
        ("en", "wolf", "wolfram werewolf wolf-like", ["wolf"]),
        ("en", "don", "I don't. Don, don’t!", ["Don"]),
        ("en", "ferry", "two ferries", ["ferries"]),
        ("en", "New York", "new\nyork", ["new\nyork"]),
        ("es", "niño bueno", "las niñas buenas", ["niñas buenas"]),
        ("es", "luz", "las luces", ["luces"]),
        ("es", "capitán", "La capitana y los capitanes", ["capitana", "capitanes"]),
        ("fr", "hôtel", "l'hôtel, l’HÔTEL, les hôtels", ["hôtel", "HÔTEL", "hôtels"]),
        ("fr", "cheval", "des chevaux", ["chevaux"]),
        ("fr", "hôtel", "l'ho\u0302tel", ["ho\u0302tel"]),
        ("de", "Haus", "in den Häusern des Hauses", ["Häusern", "Hauses"]),
        ("ko", "선장", "선장님께서는 선장이 선장한테도 선장이에요", ["선장"] * 4),
        ("ko", "형", "형이 형광등을 형에게", ["형", "형"]),
        ("ko", "정", "정말 정을 정원", ["정"]),
        ("ja", "先輩", "田中先輩は来た", ["先輩"]),
        ("ja", "ユーゴ", "ユーゴとユーゴスラビア", ["ユーゴ"]),
        ("zh", "北京", "我在北京大学", ["北京"]),
        ("ru", "волк", "Волк и волкодав", ["Волк"]),
    ],
)
def test_a_form_is_found_as_whole_words_in_its_inflections(
    language: str, form: str, text: str, expected: list[str]
) -> None:
    assert places(language, text, form) == expected


def test_of_terms_that_overlap_the_longest_counts() -> None:
    text = "The New York Times of New York"
    assert places("en", text, "New York", "York", "New York Times") == [
        "New York Times",
        "New York",
    ]


def test_forms_that_share_a_spelling_are_not_taken_for_each_other() -> None:
    index = FormIndex([Form(text="may", key="may"), Form(text="mays", key="mays")], "en")
    assert {found.key for found in index.find("may")} == {"may"}
    assert {found.key for found in index.find("mays")} == {"may", "mays"}


def test_case_matters_where_it_is_said_to() -> None:
    exact = Glossary([make_term("May", "5월", case_sensitive=True)], "en", "ko")
    assert [d.start for d in exact.demands("May may MAY")] == [0]
    name = Glossary([make_term("Will", "윌", kind=TermKind.NAME)], "en", "ko")
    assert [d.start for d in name.demands("Will you will it, Will?")] == [0, 18]
    assert len(name.demands("where is will now")) == 1, "a text without capitals says nothing"


def test_a_full_name_is_found_by_each_of_its_names() -> None:
    glossary = Glossary([make_term("Hugo Marten", "휴고 마르텐", kind=TermKind.NAME)], "en", "ko")
    found = glossary.demands("Hugo Marten! Hugo's boat. Marten?")
    assert [(f.key.source, f.key.target) for f in found] == [
        ("Hugo Marten", "휴고 마르텐"),
        ("Hugo", "휴고"),
        ("Marten", "마르텐"),
    ]
    own = Glossary([*glossary.terms, make_term("Hugo", "위고", kind=TermKind.NAME)], "en", "ko")
    assert own.demands("Hugo!")[0].key.target == "위고"


def test_what_became_of_a_term() -> None:
    glossary = Glossary(
        [make_term("brother", "형", others=("형님",), forbidden=("브라더", "형제"))], "en", "ko"
    )

    def use(translation: str) -> tuple[str, tuple[str, ...]]:
        (found,) = glossary.uses("My brothers, my brother!", translation)
        return found.found, found.forbidden

    assert use("형은 어디 있어?") == ("형", ())
    assert use("형님!") == ("형님", ()), "the longer of two accepted forms"
    assert use("형씨가") == ("형", ()), "an honorific on the accepted form"
    assert use("형제는 어디 있어?") == ("", ("형제",))
    assert use("브라더가 형한테") == ("형", ("브라더",))
    assert glossary.uses("Nobody.", "형제") == []


def test_the_glossary_ranks_hypotheses() -> None:
    terms = [make_term("brother", "형", forbidden=("브라더",))]
    penalty = glossary_preference(lambda language: Glossary(terms, language, "ko"))
    assert penalty(Unit(), "My brother!", "형!") == 0
    missing = penalty(Unit(), "My brother!", "누구!")
    assert 0 < missing < penalty(Unit(), "My brother!", "브라더!")
    assert penalty(Unit(), "Nobody.", "브라더!") == 0


def test_a_regional_entry_goes_before_a_general_one() -> None:
    general, regional = make_term("car", "coche", pair="en-es"), make_term("car", "carro")
    regional = Term(source="car", target="carro", source_language="en", language="es-419")
    assert [t.target for t in terms_for([general, regional], "en-GB", "es-419")] == ["carro"]
    assert [t.target for t in terms_for([general, regional], "en", "es-ES")] == ["coche"]
    assert terms_for([general], "es", "en") == ()
    assert terms_for([make_term("a", pair="en-zh")], "en", "zh-Hant") == ()


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=8))
def test_any_text_and_any_forms_are_taken(text: str, forms: list[str]) -> None:
    for language in ("en", "ko", "ja", "de", "th"):
        index = FormIndex([Form(text=form, key=form) for form in forms], language)
        found = index.find(text)
        assert all(0 <= f.start < f.end <= len(text) for f in found)
        kept = longest(found)
        assert all(a.end <= b.start for a, b in pairwise(kept))


@given(
    st.sampled_from(["en", "es", "fr", "de", "ko", "ja"]),
    st.from_regex(r"[a-z]{2,9}", fullmatch=True),
)
@settings(max_examples=50)
def test_a_word_is_found_in_itself_and_not_inside_a_longer_one(language: str, word: str) -> None:
    assert places(language, f"({word})", word) == [word]
    assert places(language, f"q{word}q", word) == []


def test_the_work_grows_with_the_text_alone() -> None:
    index = FormIndex([Form(text=f"word{n} of the thing", key=n) for n in range(3000)], "en")

    def find(times: int) -> int:
        return work(lambda: index.find("word7 of the thing of the word of " * times))

    assert find(800) < 5 * find(200)


def test_a_forbidden_form_is_no_reason_to_say_something_else() -> None:
    """Scores of the demo model for one sentence: what avoids the form speaks of another place."""
    terms = [make_term("harbor", "부두", forbidden=("항구",))]
    penalty = glossary_preference(lambda language: Glossary(terms, language, "ko"))
    source = "I left the diary in the harbor."
    scores = {
        "나는 일기장을 부두에 두고 왔어.": -0.9,
        "나는 일기장을 항구에 두고 왔어.": -0.04,
        "나는 일기장을 식당에 두고 왔어.": -0.88,
    }
    ranked = sorted(scores, key=lambda text: penalty(Unit(), source, text) - scores[text])
    assert ranked == list(scores)
