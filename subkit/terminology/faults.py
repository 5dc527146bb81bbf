"""Find mistakes in a glossary before any work starts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.errors import PlanError
from subkit.language import parse_language
from subkit.model import Severity, Term, TermKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["GlossaryFault", "check_terms"]

Direction = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryFault:
    """One thing that is wrong with a glossary or a register.

    Attributes:
        kind: Name of the check, for example ``"clash"``.
        severity: An error keeps work from starting.
        message: One sentence.
        place: Where, as a person looks for it: ``"line 3"``.
    """

    kind: str
    severity: Severity
    message: str
    place: str = ""


def check_terms(terms: Sequence[Term], places: Sequence[str] = ()) -> list[GlossaryFault]:
    """Every fault of a glossary.

    Errors: an entry without a source, or without a target where one must be (``empty``); a language
    that subkit does not know, or one for both sides (``language``); one source with two targets
    (``clash``); targets that are sources of the same direction and lead back (``cycle``); a form
    that is both asked for and forbidden (``forbidden``); a ``KEEP`` entry with another target
    (``keep``). Warnings: the same entry twice (``double``), a target that is itself the source of
    another entry (``chain``).

    Args:
        terms: The entries.
        places: Where each stands; by default ``entry 1`` and so on.
    """
    named = list(places) or [f"entry {number}" for number in range(1, len(terms) + 1)]
    faults = [
        GlossaryFault(kind=kind, severity=Severity.ERROR, message=message, place=place)
        for term, place in zip(terms, named, strict=True)
        for kind, message in _entry(term)
    ]
    faults += _clashes(terms, named)
    faults += _cycles(terms, named)
    return faults


def _entry(term: Term) -> Iterator[tuple[str, str]]:
    if not term.source.strip():
        yield "empty", "the source is empty"
    if not term.target.strip() and term.kind in (TermKind.TERM, TermKind.NAME):
        yield "empty", f"{term.source!r} has no target"
    if term.kind is TermKind.KEEP and term.target not in ("", term.source):
        yield "keep", f"{term.source!r} is not to be translated, yet its target is {term.target!r}"
    sides = (("source language", term.source_language), ("language", term.language))
    unknown = [message for name, tag in sides if (message := _unknown(name, tag))]
    yield from (("language", message) for message in unknown)
    if not unknown and term.source_language.casefold() == term.language.casefold():
        yield "language", f"{term.source!r} goes from {term.language} to {term.language}"
    fine = {form.casefold() for form in (term.target, *term.others) if form}
    for form in term.forbidden:
        if form.casefold() in fine:
            yield "forbidden", f"{form!r} is both asked for and forbidden"


def _unknown(name: str, tag: str) -> str:
    """What is wrong with a language; empty if it is known."""
    if not tag.strip():
        return f"the {name} is empty"
    try:
        parse_language(tag)
    except PlanError as error:
        return f"the {name} {tag!r} is not known. {error.remedy}".rstrip(". ")
    return ""


def _direction(term: Term) -> Direction:
    return term.source_language.casefold(), term.language.casefold()


def _clashes(terms: Sequence[Term], places: Sequence[str]) -> Iterator[GlossaryFault]:
    known: dict[tuple[Direction, str, bool], tuple[Term, str]] = {}
    for term, place in zip(terms, places, strict=True):
        if not term.source.strip():
            continue
        source = term.source if term.case_sensitive else term.source.casefold()
        first, where = known.setdefault(
            (_direction(term), source, term.case_sensitive), (term, place)
        )
        if first is term and where == place:
            continue
        if first.target != term.target:
            message = f"{term.source!r} is {term.target!r} here and {first.target!r} in {where}"
            yield GlossaryFault(kind="clash", severity=Severity.ERROR, message=message, place=place)
        else:
            message = f"{term.source!r} stands in {where} already"
            yield GlossaryFault(
                kind="double", severity=Severity.WARNING, message=message, place=place
            )


def _cycles(terms: Sequence[Term], places: Sequence[str]) -> Iterator[GlossaryFault]:
    """Entries whose target is the source of another one of the same direction."""
    by_direction: dict[Direction, dict[str, tuple[str, str]]] = defaultdict(dict)
    for term, place in zip(terms, places, strict=True):
        source, target = term.source.casefold().strip(), term.target.casefold().strip()
        if source and target and source != target:
            by_direction[_direction(term)].setdefault(source, (target, place))
    for leads in by_direction.values():
        done: set[str] = set()
        for start in leads:
            path: dict[str, None] = {}
            here = start
            while here in leads and here not in done and here not in path:
                path[here] = None
                here = leads[here][0]
            if here in path:
                ring = [*list(path)[list(path).index(here) :], here]
                yield GlossaryFault(
                    kind="cycle",
                    severity=Severity.ERROR,
                    message=f"entries lead in a circle: {_shown(ring)}",
                    place=leads[here][1],
                )
            elif len(path) > 1:
                yield GlossaryFault(
                    kind="chain",
                    severity=Severity.WARNING,
                    message=f"a target is a source too: {_shown([*path, here])}",
                    place=leads[start][1],
                )
            done.update(path)


def _shown(forms: Iterable[str]) -> str:
    listed = list(forms)
    return " → ".join(listed if len(listed) <= 8 else [*listed[:7], "…", listed[-1]])
