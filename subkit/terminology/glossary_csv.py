"""Glossaries as CSV: one entry a row, columns by their names in the first row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.files.csv_tables import MAX_CELL, TableRow, read_rows, write_rows
from subkit.files.plain_text import Repairs
from subkit.model import Severity, Term, TermKind
from subkit.terminology.faults import GlossaryFault

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["COLUMNS", "read_csv", "write_csv"]

COLUMNS = (
    "source",
    "target",
    "source_language",
    "language",
    "kind",
    "others",
    "forbidden",
    "note",
    "case_sensitive",
)
_ALIASES = {
    "source_term": "source",
    "term": "source",
    "target_term": "target",
    "translation": "target",
    "source_lang": "source_language",
    "from": "source_language",
    "target_language": "language",
    "target_lang": "language",
    "lang": "language",
    "to": "language",
    "type": "kind",
    "synonyms": "others",
    "alternatives": "others",
    "not": "forbidden",
    "notes": "note",
    "comment": "note",
    "definition": "note",
    "case": "case_sensitive",
}
_KINDS = {
    "": TermKind.TERM,
    "do-not-translate": TermKind.KEEP,
    "dnt": TermKind.KEEP,
    **{kind.value: kind for kind in TermKind},
}
_YES = {"yes", "true", "1", "x", "y"}
_NO = {"", "no", "false", "0", "n"}

Read = tuple[list[Term], list[str], list[GlossaryFault], list[str]]
"""Terms, the place of each, what is wrong, and what was repaired."""


def read_csv(data: bytes, name: str) -> Read:
    """The entries of a table; ``others`` and ``forbidden`` hold forms with a bar between them.

    Raises:
        FormatError: no such table; line and column say where.
    """
    repairs = Repairs()
    rows = read_rows(
        data,
        name,
        columns=COLUMNS,
        required=("source", "target", "source_language", "language"),
        aliases=_ALIASES,
        repairs=repairs,
    )
    faults: list[GlossaryFault] = []
    terms = [_term(row, faults) for row in rows]
    return terms, [f"line {row.line}" for row in rows], faults, repairs.sentences()


def write_csv(terms: Sequence[Term]) -> bytes:
    """The table that :func:`read_csv` reads."""
    return write_rows(
        COLUMNS,
        [
            {
                "source": term.source,
                "target": term.target,
                "source_language": term.source_language,
                "language": term.language,
                "kind": term.kind.value,
                "others": "|".join(term.others),
                "forbidden": "|".join(term.forbidden),
                "note": term.note,
                "case_sensitive": "yes" if term.case_sensitive else "",
            }
            for term in terms
        ],
    )


def _term(row: TableRow, faults: list[GlossaryFault]) -> Term:
    place = f"line {row.line}"

    def wrong(kind: str, message: str) -> None:
        faults.append(
            GlossaryFault(kind=kind, severity=Severity.ERROR, message=message, place=place)
        )

    cells = row.cells
    for column, cell in cells.items():
        if len(cell) > MAX_CELL:
            wrong("length", f"{column} has {len(cell)} characters, more than {MAX_CELL}")
    kind = cells.get("kind", "").casefold()
    if kind not in _KINDS:
        known = ", ".join(kind.value for kind in TermKind)
        wrong("kind", f"the kind {kind!r:.60} is not known (known: {known})")
    case = cells.get("case_sensitive", "").casefold()
    if case not in _YES | _NO:
        wrong("case", f"case_sensitive is {case!r:.60}, neither yes nor no")
    source = cells.get("source", "")
    known_kind = _KINDS.get(kind, TermKind.TERM)
    return Term(
        source=source,
        target=cells.get("target", "") or (source if known_kind is TermKind.KEEP else ""),
        source_language=cells.get("source_language", ""),
        language=cells.get("language", ""),
        kind=known_kind,
        others=_listed(cells.get("others", "")),
        forbidden=_listed(cells.get("forbidden", "")),
        note=cells.get("note", ""),
        case_sensitive=case in _YES,
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for part in re.split(r"[|;]", cell) if (form := part.strip())))
