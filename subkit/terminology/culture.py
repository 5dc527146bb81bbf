"""Starter lists of cultural terms, to be taken into a glossary by whoever wants them."""

from __future__ import annotations

from subkit.errors import PlanError
from subkit.language import parse_language
from subkit.language.data_tables import read_table
from subkit.model import Term, TermKind

__all__ = ["CULTURE_LANGUAGES", "cultural_terms"]

CULTURE_LANGUAGES = ("ko",)
"""Languages with a list."""


def cultural_terms(source_language: str, language: str) -> tuple[Term, ...]:
    """The cultural terms of a language with notes for a reviewer; their targets are left open.

    Raises:
        PlanError: there is no list for that language, or a language is unknown.
    """
    base, target = parse_language(source_language).base, parse_language(language).tag
    if base not in CULTURE_LANGUAGES:
        raise PlanError(
            f"There is no list of cultural terms for {source_language!r}.",
            remedy=f"There is one for: {', '.join(CULTURE_LANGUAGES)}.",
        )
    rows = read_table(f"culture_{base}", "subkit.terminology")["term"]
    return tuple(
        Term(
            source=row["source"],
            target="",
            source_language=base,
            language=target,
            kind=TermKind.CULTURAL,
            note=row["note"],
        )
        for row in rows
    )
