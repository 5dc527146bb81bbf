"""A translator that follows a glossary by means of placeholders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.interfaces import Hypothesis, Retrying
from subkit.language import resolve_language
from subkit.model import TermKind
from subkit.terminology import Glossary, correct_particle
from subkit.translation.placeholders import (
    ENOUGH,
    Placeholder,
    Probed,
    find_placeholder,
    more_like,
    probe_placeholders,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from subkit.interfaces import ModelFacts, Translator
    from subkit.model import Term
    from subkit.terminology import Demand, Found

__all__ = ["ProtectedTranslator", "protect"]

ROUNDS = 3
"""How many different placeholders are tried for a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Masked:
    """A text with placeholders in place of its terms, and what each stands for."""

    text: str
    stands_for: tuple[tuple[Placeholder, Demand, int], ...]


class ProtectedTranslator:
    """A translator whose hypotheses keep the terms of a glossary where that can be had.

    A text whose terms already stand in one of the hypotheses costs nothing more. The others are
    translated again with a placeholder for each name, each form to be kept and, where the model
    copies opaque signs, each other term. A translation counts if every placeholder came back
    exactly as often as it was put in; then the asked forms take their places and Korean particles
    are set right. Where none comes back the plain translations stay. Which placeholders a model
    brings back is probed once for each direction.
    """

    def __init__(self, translator: Translator, terms: Iterable[Term]) -> None:
        """Hold ``translator`` to ``terms``."""
        self._translator = translator
        self._terms = tuple(terms)
        self._glossaries: dict[tuple[str, str], Glossary] = {}
        self._probed: dict[tuple[str, str], list[Probed]] = {}

    @property
    def model(self) -> ModelFacts:
        """The model in use."""
        return self._translator.model

    def check(self, source: str, target: str) -> None:
        """Return if the model knows this direction.

        Raises:
            PlanError: it does not.
        """
        self._translator.check(source, target)

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Up to ``alternatives`` hypotheses for each text, those that keep all terms first.

        Raises:
            EngineError: the engine failed.
        """

        def ask(some: Sequence[str], count: int) -> list[list[Hypothesis]]:
            return self._translator.translate(some, source, target, alternatives=count)

        return self._keeping(texts, source, target, alternatives, ask)

    def probed(self, source: str, target: str) -> list[Probed]:
        """How each placeholder fared in a direction, the best first; measured on the first call.

        Raises:
            EngineError: the engine failed.
        """
        key = (source, target)
        if key not in self._probed:
            self._probed[key] = probe_placeholders(self._translator, source, target)
        return self._probed[key]

    def _keeping(
        self,
        texts: Sequence[str],
        source: str,
        target: str,
        count: int,
        ask: Callable[[Sequence[str], int], list[list[Hypothesis]]],
    ) -> list[list[Hypothesis]]:
        glossary = self._glossary(source, target)
        answers = [list(found) for found in ask(texts, count)]
        open_ = [p for p, text in enumerate(texts) if not _any_keeps(glossary, text, answers[p])]
        for number in range(ROUNDS if open_ else 0):
            masked = {p: self._mask(texts[p], glossary, (source, target), number) for p in open_}
            tried = {p: mask for p, mask in masked.items() if mask is not None}
            if not tried:
                break
            again = ask([mask.text for mask in tried.values()], count)
            for (place, mask), found in zip(tried.items(), again, strict=True):
                filled = [h for hypothesis in found if (h := _fill(hypothesis, mask, target))]
                answers[place] = _distinct([*filled, *answers[place]])
            open_ = [p for p in tried if not _any_keeps(glossary, texts[p], answers[p])]
        return [
            _keeping_first(glossary, text, found)[: max(1, count)]
            for text, found in zip(texts, answers, strict=True)
        ]

    def _glossary(self, source: str, target: str) -> Glossary:
        key = (source, target)
        if key not in self._glossaries:
            self._glossaries[key] = Glossary(self._terms, source, target)
        return self._glossaries[key]

    def _mask(
        self, text: str, glossary: Glossary, key: tuple[str, str], number: int
    ) -> _Masked | None:
        """The text with placeholders, others in each round; ``None`` where nothing can stand."""
        found = [place for place in glossary.demands(text) if _can_be_put_in(place.key)]
        demands = list(dict.fromkeys(place.key for place in found))
        if not demands:
            return None
        fit = [p.placeholder for p in self.probed(*key) if p.share >= ENOUGH]
        chosen = _choose(demands, fit, text, number)
        if not chosen:
            return None
        places = [place for place in found if place.key in chosen]
        masked = _replaced(text, places, chosen, korean=resolve_language(key[0]).base == "ko")
        counts = {d: sum(place.key == d for place in places) for d in chosen}
        stands = tuple((chosen[d], d, counts[d]) for d in chosen)
        return _Masked(text=masked, stands_for=stands)


class _RetryingProtected(ProtectedTranslator):
    """The same over a translator that has another try to offer."""

    def retry(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """As :meth:`translate`, by the translator's other ways of decoding.

        Raises:
            EngineError: the engine failed.
        """
        translator = self._translator
        assert isinstance(translator, Retrying)

        def ask(some: Sequence[str], count: int) -> list[list[Hypothesis]]:
            return translator.retry(some, source, target, alternatives=count)

        return self._keeping(texts, source, target, alternatives, ask)


def protect(translator: Translator, terms: Sequence[Term]) -> Translator:
    """Make a translator follow ``terms``; return it unchanged if there are none."""
    if not terms:
        return translator
    kind = _RetryingProtected if isinstance(translator, Retrying) else ProtectedTranslator
    return kind(translator, terms)


def _keeps(glossary: Glossary, source: str, translation: str) -> bool:
    """Whether a translation has every asked form and none that is forbidden."""
    uses = glossary.uses(source, translation)
    return not any(use.is_missing or use.forbidden for use in uses)


def _any_keeps(glossary: Glossary, source: str, found: Iterable[Hypothesis]) -> bool:
    return any(_keeps(glossary, source, hypothesis.text) for hypothesis in found)


def _keeping_first(
    glossary: Glossary, source: str, found: Iterable[Hypothesis]
) -> list[Hypothesis]:
    return sorted(found, key=lambda hypothesis: not _keeps(glossary, source, hypothesis.text))


def _can_be_put_in(demand: Demand) -> bool:
    """Whether there is a form to put in the placeholder's place, and no person has to choose it."""
    return bool(demand.target) and demand.term.kind is not TermKind.CULTURAL


def _choose(
    demands: list[Demand], fit: list[Placeholder], text: str, number: int
) -> dict[Demand, Placeholder]:
    """A placeholder for each term that can have one, none twice, others in each round."""
    opaque = [p for p in fit if not p.is_name]
    names = [p for p in fit if p.is_name and p.source not in text]
    if opaque and number < len(opaque):
        signs = more_like(opaque[number], len(demands))
        return dict(zip(demands, signs, strict=True))
    number -= len(opaque)
    people = [d for d in demands if d.term.kind in (TermKind.NAME, TermKind.KEEP)]
    if len(people) > len(names) or number >= len(names):
        return {}
    turned = [*names[number:], *names[:number]]
    return dict(zip(people, turned, strict=False))


def _replaced(
    text: str, places: list[Found[Demand]], chosen: dict[Demand, Placeholder], *, korean: bool
) -> str:
    for place in reversed(places):
        form = chosen[place.key].source
        text = text[: place.start] + form + text[place.end :]
        if korean:
            text = correct_particle(text, place.start, place.start + len(form))
    return text


def _fill(hypothesis: Hypothesis, masked: _Masked, target: str) -> Hypothesis | None:
    """The hypothesis with the asked forms put in; ``None`` if a placeholder went astray."""
    text = hypothesis.text
    places: list[tuple[int, int, str]] = []
    for placeholder, demand, count in masked.stands_for:
        found = find_placeholder(text, placeholder, target)
        if len(found) != count:
            return None
        places += [(start, end, demand.target) for start, end in found]
    korean = resolve_language(target).base == "ko"
    for start, end, form in sorted(places, reverse=True):
        text = text[:start] + form + text[end:]
        if korean:
            text = correct_particle(text, start, start + len(form))
    return Hypothesis(text=text, score=hypothesis.score)


def _distinct(hypotheses: Iterable[Hypothesis]) -> list[Hypothesis]:
    return list({h.text: h for h in reversed(list(hypotheses))}.values())[::-1]
