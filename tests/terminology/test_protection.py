"""A translator held to a glossary: placeholders that come back, and none where they do not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from subkit.engines import ScriptedTranslator, TranslatorOptions, find_model, open_translator
from subkit.interfaces import Hypothesis, Retrying, Translator
from subkit.model import Term, TermKind
from subkit.translation import Placeholder, ProtectedTranslator, probe_placeholders, protect
from subkit.translation.placeholders import find_placeholder

if TYPE_CHECKING:
    from collections.abc import Sequence


def make_term(source: str, target: str, pair: str = "en-ko", kind: str = "name") -> Term:
    a, b = pair.split("-")
    return Term(source=source, target=target, source_language=a, language=b, kind=TermKind(kind))


class Copying(ScriptedTranslator):
    """Knows one sentence and copies what stands in it, signs too; or spoils signs."""

    def __init__(self, spoil: str = "") -> None:
        super().__init__()
        self.spoil = spoil

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        self.calls += 1
        self.texts += texts
        return [[Hypothesis(text=self._say(text), score=-0.2)] for text in texts]

    def _say(self, text: str) -> str:
        said = re.sub(r"^(\S+), go to (\S+), \1!$", r"\1야, \2로 가, \1!", text)
        if self.spoil == "drops":
            return re.sub(r"X\d+|__\d+__|ZX\d+|[<\[{@]\d+[>\]}]?", "", said)
        return f"{said} {said}" if self.spoil == "doubles" else said


@pytest.fixture(scope="module")
def demo_translator() -> Translator:
    facts = find_model("demo", "translator", models_folder=Path("none"), offline=True)
    return open_translator(facts, TranslatorOptions(device="cpu", threads=1))


def test_without_terms_there_is_nothing_to_hold_to() -> None:
    plain = ScriptedTranslator()
    assert protect(plain, ()) is plain
    held = protect(plain, (make_term("x", "y", "de-fr"),))
    assert held.translate(["Hugo!"], "en", "ko")[0][0].text == "[ko] Hugo!"
    assert plain.calls == 1, "no term of this direction: nothing is probed"


def test_what_is_right_already_costs_nothing_more() -> None:
    plain = ScriptedTranslator({"Hugo!": ["누구!", "휴고!"]})
    held = protect(plain, (make_term("Hugo", "휴고"),))
    found = held.translate(["Hugo!", "Nobody."], "en", "ko", alternatives=2)
    assert [h.text for h in found[0]] == ["휴고!", "누구!"], "the one with the term first"
    assert plain.calls == 1


def test_signs_are_put_in_and_taken_out_with_their_particles() -> None:
    plain = Copying()
    held = protect(plain, (make_term("harbor", "항구", kind="term"), make_term("Hugo", "빅톨")))
    (found,) = held.translate(["Hugo, go to harbor, Hugo!"], "en", "ko")
    assert found[0].text == "빅톨아, 항구로 가, 빅톨!"
    assert "X1, go to X2, X1!" in plain.texts


@pytest.mark.parametrize("spoil", ["drops", "doubles"])
def test_signs_that_do_not_come_back_once_leave_the_plain_translation(spoil: str) -> None:
    plain = Copying(spoil)
    held = ProtectedTranslator(plain, (make_term("boat", "배", kind="term"),))
    before = plain.translate(["The boat."], "en", "ko")
    assert held.translate(["The boat."], "en", "ko") == before
    names = [probed for probed in held.probed("en", "ko") if not probed.placeholder.is_name]
    assert all(probed.survived == 0 for probed in names)


def test_cultural_terms_are_left_to_people() -> None:
    plain = Copying()
    held = protect(plain, (make_term("hyung", "형", kind="cultural"),))
    assert held.translate(["hyung!"], "en", "ko")[0][0].text == "hyung!"


def test_a_placeholder_is_a_word_of_its_own() -> None:
    sign = Placeholder(source="X1", targets=("X1",))
    assert find_placeholder("X1은 X1, X12 aX1 X1한테", sign, "ko") == [(0, 2), (4, 6), (16, 18)]
    name = Placeholder(source="Lucas", targets=("루카스",), is_name=True)
    assert find_placeholder("루카스는 루카스네집 루카스", name, "ko") == [(0, 3), (11, 14)]
    assert find_placeholder("ルーカスは", Placeholder(source="", targets=("ルーカス",)), "ja")


def test_another_try_is_offered_where_the_translator_has_one() -> None:
    class Again(Copying):
        def retry(
            self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
        ) -> list[list[Hypothesis]]:
            return [[Hypothesis(text="빅톨!", score=-0.5)] for _ in texts]

    terms = (make_term("Hugo", "빅톨"),)
    assert not isinstance(protect(Copying(), terms), Retrying)
    held = protect(Again(), terms)
    assert isinstance(held, Retrying)
    assert held.retry(["Hugo!"], "en", "ko")[0][0].text == "빅톨!"


def test_the_demo_model_brings_back_names_and_no_signs(demo_translator: Translator) -> None:
    for direction in (("en", "ko"), ("en", "es"), ("ko", "en")):
        probed = probe_placeholders(demo_translator, *direction)
        assert probed[0].placeholder.is_name
        assert probed[0].share >= 0.75
        assert max(p.share for p in probed if not p.placeholder.is_name) < 0.5


LINES = ["Put the diary down, Hugo.", "Please help me, Hugo.", "Good night, Hugo."]


@pytest.mark.parametrize(
    ("target", "wanted", "before", "after"),
    [
        ("ko", "위고", "제발 도와줘, 휴고.", "제발 도와줘, 위고."),
        ("es", "Hugón", "Por favor, ayúdame, Hugo.", "Por favor, ayúdame, Hugón."),
    ],
)
def test_the_demo_model_says_a_name_as_the_glossary_has_it(
    demo_translator: Translator, target: str, wanted: str, before: str, after: str
) -> None:
    held = protect(demo_translator, (make_term("Hugo", wanted, f"en-{target}"),))
    plain = demo_translator.translate(LINES, "en", target)
    found = held.translate(LINES, "en", target)
    assert plain[1][0].text == before
    assert found[1][0].text == after
    assert all(wanted in hypotheses[0].text for hypotheses in found)


def test_the_demo_model_is_given_a_name_it_does_not_know(demo_translator: Translator) -> None:
    line = "Zoltan is waiting in the station."
    held = protect(demo_translator, (make_term("Zoltan", "졸탄"),))
    assert "졸탄" not in demo_translator.translate([line], "en", "ko")[0][0].text
    assert held.translate([line], "en", "ko")[0][0].text == "졸탄은 역에서 기다리고 있어."
