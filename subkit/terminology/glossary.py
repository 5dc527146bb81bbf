"""The terms for one direction: find them in a source text and check its translation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from subkit.language import resolve_language
from subkit.model import Term, TermKind
from subkit.terminology.matching import Form, FormIndex, Found, longest

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Demand", "Glossary", "Use", "terms_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What one form in the source asks of its translation.

    Attributes:
        term: The entry.
        source: The form in the source: the whole entry, or one of the names of a full name.
        target: The form to write; empty where the reviewer decides.
        accepted: All forms that are fine, ``target`` first.
    """

    term: Term
    source: str
    target: str
    accepted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A term in a source text, and what became of it.

    Attributes:
        demand: What is asked.
        found: An accepted form that stands in the translation; empty if none does.
        forbidden: Forbidden forms that stand there.
    """

    demand: Demand
    found: str
    forbidden: tuple[str, ...]

    @property
    def is_missing(self) -> bool:
        """Whether a form is required and the text has none."""
        return bool(self.demand.accepted) and not self.found


class Glossary:
    """The terms of one direction, indexed.

    Terms are found longest first; of a full name in as many words as its target each name alone is
    found too (given name to given name), unless it has an entry of its own.
    """

    def __init__(self, terms: Iterable[Term], source: str, target: str) -> None:
        """Index those of ``terms`` that go from ``source`` to ``target`` (BCP 47)."""
        self.terms = terms_for(terms, source, target)
        self._target = target
        demands = [_demand(term) for term in self.terms]
        whole = {demand.source.casefold() for demand in demands}
        parts = [
            part
            for demand in demands
            for part in _parts(demand)
            if part.source.casefold() not in whole
        ]
        self._sources: FormIndex[Demand] = FormIndex(
            [_form(demand) for demand in (*demands, *parts)], source
        )
        self._targets: dict[Demand, FormIndex[tuple[str, bool]]] = {}

    def demands(self, text: str) -> list[Found[Demand]]:
        """The terms in a source text, one after the other."""
        return longest(self._sources.find(text)) if self.terms else []

    def uses(self, source: str, translation: str) -> list[Use]:
        """What a translation makes of each term in its source, each term once, in order."""
        asked = dict.fromkeys(found.key for found in self.demands(source))
        return [self.use(demand, translation) for demand in asked]

    def use(self, demand: Demand, translation: str) -> Use:
        """What a translation makes of one term."""
        found = longest(self._index(demand).find(translation))
        accepted = [place for place in found if place.key[1]]
        forbidden = [place.key[0] for place in found if not place.key[1]]
        return Use(
            demand=demand,
            found=accepted[0].key[0] if accepted else "",
            forbidden=tuple(dict.fromkeys(forbidden)),
        )

    def _index(self, demand: Demand) -> FormIndex[tuple[str, bool]]:
        """Accepted and forbidden forms of the target together: the longer of two that overlap."""
        if demand not in self._targets:
            term = demand.term
            exact = term.case_sensitive
            names = term.kind in (TermKind.NAME, TermKind.KEEP)
            forms = [
                Form(text=text, key=(text, fine), exact_case=exact, inflects=not (names and fine))
                for texts, fine in ((demand.accepted, True), (term.forbidden, False))
                for text in texts
            ]
            self._targets[demand] = FormIndex(forms, self._target)
        return self._targets[demand]


def terms_for(terms: Iterable[Term], source: str, target: str) -> tuple[Term, ...]:
    """The terms that hold from ``source`` to ``target``; a regional entry before a general one.

    An entry in ``es`` holds for ``es-419``; one in ``es-419`` holds for it alone.
    """
    chosen: dict[tuple[str, bool], Term] = {}
    for term in terms:
        if not (_holds(term.source_language, source) and _holds(term.language, target)):
            continue
        key = (term.source if term.case_sensitive else term.source.casefold(), term.case_sensitive)
        known = chosen.get(key)
        if known is None or len(term.language) > len(known.language):
            chosen[key] = term
    return tuple(chosen.values())


@lru_cache(maxsize=1024)
def _holds(asked: str, given: str) -> bool:
    ours, theirs = resolve_language(asked), resolve_language(given)
    if ours.base != theirs.base or ours.base == "und":
        return asked.casefold() == given.casefold()
    return ours.script == theirs.script and ours.region in ("", theirs.region)


def _demand(term: Term) -> Demand:
    target = term.target or (term.source if term.kind is TermKind.KEEP else "")
    accepted = tuple(dict.fromkeys(filter(None, (target, *term.others))))
    return Demand(term=term, source=term.source, target=target, accepted=accepted)


def _parts(demand: Demand) -> list[Demand]:
    """The names in a full name, where source and target have as many."""
    source, target = demand.source.split(), demand.target.split()
    if demand.term.kind is not TermKind.NAME or len(source) < 2 or len(source) != len(target):
        return []
    return [
        Demand(term=demand.term, source=a, target=b, accepted=(b, *demand.accepted))
        for a, b in zip(source, target, strict=True)
        if len(a) > 1 and a[:1].isalpha() and a[:1] == a[:1].upper()
    ]


def _form(demand: Demand) -> Form[Demand]:
    kind = demand.term.kind
    return Form(
        text=demand.source,
        key=demand,
        exact_case=demand.term.case_sensitive,
        capital=kind is TermKind.NAME,
        inflects=kind not in (TermKind.NAME, TermKind.KEEP),
    )
