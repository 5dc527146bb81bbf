"""Glossary files: which format a file is in, and everything that is wrong with it at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.errors import FormatError, InputError, PlanError
from subkit.formats.glossary_csv import read_csv, write_csv
from subkit.formats.glossary_tbx import read_tbx, write_tbx
from subkit.language import parse_language
from subkit.model import Severity, Term
from subkit.terminology import Fault, check_terms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = [
    "GLOSSARY_EXTENSIONS",
    "GlossaryFile",
    "inspect_glossary",
    "read_glossary",
    "read_small_file",
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
    faults: tuple[Fault, ...]
    repairs: tuple[str, ...] = ()


def inspect_glossary(path: Path) -> GlossaryFile:
    """Read a glossary, whatever is wrong with its entries.

    Raises:
        InputError: it cannot be read.
        FormatError: it is neither CSV nor TBX; line and column say where.
        PlanError: its name has neither's extension.
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
    terms, places, faults, repairs = (read_tbx if is_xml else read_csv)(data, path.name)
    terms = [_canonical(term) for term in terms]
    faults = sorted([*faults, *check_terms(terms, places)], key=_line)
    return GlossaryFile(terms=tuple(terms), faults=tuple(faults), repairs=tuple(repairs))


def read_glossary(path: Path) -> tuple[Term, ...]:
    """The entries of a glossary without errors, none of them twice.

    Raises:
        FormatError: it has errors; the message names each with its line.
    """
    file = inspect_glossary(path)
    refuse_faults(path.name, file.faults, "Mend them; `subkit glossary check` shows all.")
    return tuple(dict.fromkeys(file.terms))


def refuse_faults(name: str, faults: Sequence[Fault], remedy: str) -> None:
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


def read_small_file(path: Path, limit: int) -> bytes:
    """The bytes of a file.

    Raises:
        InputError: it cannot be read, or has more than ``limit`` bytes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{str(path)!r} cannot be read: {reason}.") from error
    if len(data) > limit:
        raise InputError(f"{str(path)!r} has more than {limit} bytes.")
    return data


def _canonical(term: Term) -> Term:
    return replace(term, source_language=_tag(term.source_language), language=_tag(term.language))


def _tag(language: str) -> str:
    """The canonical tag, or what was written where nobody knows it: the check says so."""
    try:
        return parse_language(language).tag
    except PlanError:
        return language


def _line(fault: Fault) -> int:
    number = fault.place.rpartition(" ")[2]
    return int(number) if number.isdecimal() else 0
