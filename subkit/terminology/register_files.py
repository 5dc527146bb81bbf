"""Register files: who speaks how to whom, as TOML or CSV."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from subkit.errors import FormatError, PlanError
from subkit.files.csv_tables import MAX_CELL, read_rows, write_rows
from subkit.files.data_files import parse_toml
from subkit.files.plain_text import Repairs, read_small_file
from subkit.language import parse_language
from subkit.model import Address, Severity
from subkit.terminology.faults import GlossaryFault
from subkit.terminology.glossary_files import refuse_faults
from subkit.terminology.speech_levels import level_named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["read_register", "write_register"]

COLUMNS = tuple(field.name for field in fields(Address))
_REQUIRED = ("language", "speaker", "level")
_ALIASES = {
    "lang": "language",
    "from": "speaker",
    "who": "speaker",
    "to": "addressee",
    "whom": "addressee",
    "register": "level",
    "address": "term",
    "cue": "start",
    "event": "reason",
    "note": "reason",
}
MAX_BYTES = 4 * 2**20


def read_register(path: Path) -> tuple[Address, ...]:
    """How people address each other, in the order of the file.

    TOML holds tables ``[[address]]`` with the fields of :class:`subkit.model.Address`, above them
    perhaps a ``language`` for all; CSV the same as columns. ``speaker`` and ``addressee`` may be
    ``*``, for anyone; the addressee may be left out.

    Raises:
        InputError: it cannot be read.
        FormatError: it is not such a file; all that is wrong is named with its place.
    """
    data = read_small_file(path, MAX_BYTES)
    if path.suffix.lower() == ".toml":
        rows = _from_toml(data, path.name)
    else:
        table = read_rows(
            data,
            path.name,
            columns=COLUMNS,
            required=_REQUIRED,
            aliases=_ALIASES,
            repairs=Repairs(),
        )
        rows = [(f"line {row.line}", dict(row.cells)) for row in table]
    faults: list[GlossaryFault] = []
    entries = [_address(cells, place, faults) for place, cells in rows]
    faults += _clashes(entries, [place for place, _ in rows])
    refuse_faults(path.name, faults, "Correct them; docs/terminology.md shows such a file.")
    return tuple(dict.fromkeys(entries))


def write_register(register: Sequence[Address]) -> bytes:
    """The CSV table that :func:`read_register` reads."""
    return write_rows(
        COLUMNS, [{name: getattr(entry, name) for name in COLUMNS} for entry in register]
    )


def _from_toml(data: bytes, name: str) -> list[tuple[str, dict[str, Any]]]:
    table = parse_toml(data, name)
    entries = table.get("address", [])
    unknown = sorted(set(table) - {"address", "language"})
    if unknown or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        what = f"unknown keys {unknown}" if unknown else "an address that is no table"
        raise FormatError(f"{name!r} has {what}.", remedy="Write tables [[address]].")
    common = {"language": table["language"]} if "language" in table else {}
    return [(f"entry {number}", {**common, **row}) for number, row in enumerate(entries, start=1)]


def _address(cells: dict[str, Any], place: str, faults: list[GlossaryFault]) -> Address:
    def wrong(kind: str, message: str) -> None:
        message = message.rstrip(". ")
        faults.append(
            GlossaryFault(kind=kind, severity=Severity.ERROR, message=message, place=place)
        )

    values = dict.fromkeys(COLUMNS, "") | {"addressee": "*"}
    for name, value in cells.items():
        if name not in COLUMNS:
            wrong("field", f"{name!r:.60} is not a field (known: {', '.join(COLUMNS)})")
        elif not isinstance(value, str) or len(value) > MAX_CELL:
            wrong("field", f"{name} is {value!r:.60}, not a short text")
        elif value.strip():
            values[name] = value.strip()
    if missing := [name for name in _REQUIRED if not values[name]]:
        wrong("empty", f"there is no {', '.join(missing)}")
        return Address(**values)
    try:
        values["language"] = parse_language(values["language"]).tag
        values["level"] = level_named(values["language"], values["level"])
    except PlanError as error:
        wrong("level", str(error))
    return Address(**values)


def _clashes(entries: Sequence[Address], places: Sequence[str]) -> list[GlossaryFault]:
    known: dict[tuple[str, ...], tuple[Address, str]] = {}
    faults = []
    for entry, place in zip(entries, places, strict=True):
        key = (entry.language, entry.speaker, entry.addressee, entry.start)
        first, where = known.setdefault(key, (entry, place))
        if (first.level, first.term) != (entry.level, entry.term):
            message = f"{entry.speaker} to {entry.addressee} is also said in {where}, otherwise"
            fault = GlossaryFault(
                kind="clash", severity=Severity.ERROR, message=message, place=place
            )
            faults.append(fault)
    return faults
