"""Glossary files: which format a file is in, and everything that is wrong with it at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.errors import FormatError, PlanError
from subkit.files.encodings import recode_beside
from subkit.files.plain_text import Repairs, read_small_file
from subkit.language import parse_language
from subkit.model import Severity, Term
from subkit.terminology.faults import GlossaryFault, check_terms
from subkit.terminology.glossary_csv import read_csv, write_csv
from subkit.terminology.glossary_tbx import read_tbx, write_tbx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = [
    "GLOSSARY_EXTENSIONS",
    "GlossaryFile",
    "inspect_glossary",
    "read_glossary",
    "refuse_faults",
    "write_glossary",
]

GLOSSARY_EXTENSIONS = ("csv", "tsv", "txt", "tbx", "xml")
MAX_BYTES = 32 * 2**20
_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryFile:
    """What a glossary file holds.

    Attributes:
        terms: Its entries, languages in canonical form where they are known.
        faults: What is wrong with it, in order of the file's lines.
        repairs: What was set right while reading, one sentence each.
    """

    terms: tuple[Term, ...]
    faults: tuple[GlossaryFault, ...]
    repairs: tuple[str, ...] = ()


def inspect_glossary(path: Path, encoding: str | None = None) -> GlossaryFile:
    """Read a glossary, whatever is wrong with its entries.

    Args:
        path: CSV or TBX.
        encoding: Of a CSV that is not UTF-8; ``None`` judges it from its bytes.

    Raises:
        InputError: it cannot be read.
        FormatError: it is neither CSV nor TBX; line and column say where.
        PlanError: its name has neither's extension, or there is no such encoding.
    """
    extension = path.suffix.lower().lstrip(".")
    if extension not in GLOSSARY_EXTENSIONS:
        raise PlanError(
            f"{path.name!r} is not a glossary subkit can read.",
            remedy=f"Give a file that ends in: {', '.join(GLOSSARY_EXTENSIONS)}.",
        )
    data = read_small_file(path, MAX_BYTES)
    is_xml = extension in ("tbx", "xml") or data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(
        b"<"
    )
    mended = Repairs()
    if not is_xml:  # XML says its own
        data = recode_beside(data, encoding, mended)
    terms, places, faults, repairs = (read_tbx if is_xml else read_csv)(data, path.name)
    repairs = [*mended.sentences(), *repairs]
    terms = [_canonical(term) for term in terms]
    faults = sorted([*faults, *check_terms(terms, places)], key=_line)
    return GlossaryFile(terms=tuple(terms), faults=tuple(faults), repairs=tuple(repairs))


def read_glossary(path: Path, encoding: str | None = None) -> tuple[Term, ...]:
    """The entries of a glossary without errors, none of them twice; see :func:`inspect_glossary`.

    Raises:
        FormatError: it has errors; the message names each with its line.
    """
    file = inspect_glossary(path, encoding)
    refuse_faults(path.name, file.faults, "Correct them; `subkit glossary check` shows all.")
    return tuple(dict.fromkeys(file.terms))


def refuse_faults(name: str, faults: Sequence[GlossaryFault], remedy: str) -> None:
    """Return if none of ``faults`` is an error.

    Raises:
        FormatError: some are; the message names the first twenty with their places.
    """
    errors = sorted((f for f in faults if f.severity is Severity.ERROR), key=_line)
    if not errors:
        return
    listed = "; ".join(f"{fault.place}: {fault.message}" for fault in errors[:_SHOWN])
    more = f"; and {len(errors) - _SHOWN} more" if len(errors) > _SHOWN else ""
    count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
    raise FormatError(
        f"{name!r} has {count}: {listed}{more}.",
        remedy=remedy,
        line=_line(errors[0]),
        column=1,
        faults=[(fault.place, fault.kind, fault.message) for fault in errors],
    )


def write_glossary(terms: Sequence[Term], extension: str) -> bytes:
    """The bytes of a glossary file: CSV, or TBX for ``tbx`` and ``xml``.

    Raises:
        PlanError: no such format.
    """
    name = extension.lower().lstrip(".")
    if name not in GLOSSARY_EXTENSIONS:
        known = ", ".join(GLOSSARY_EXTENSIONS)
        raise PlanError(
            f"subkit does not write glossaries as {extension!r}.", remedy=f"It can: {known}."
        )
    return write_tbx(terms) if name in ("tbx", "xml") else write_csv(terms)


def _canonical(term: Term) -> Term:
    return replace(term, source_language=_tag(term.source_language), language=_tag(term.language))


def _tag(language: str) -> str:
    """Return the canonical tag, or an unknown one as it was written; the check reports it."""
    try:
        return parse_language(language).tag
    except PlanError:
        return language


def _line(fault: GlossaryFault) -> int:
    number = fault.place.rpartition(" ")[2]
    return int(number) if number.isdecimal() else 0
