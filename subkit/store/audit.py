"""Check whether a project file agrees with its ledger.

The chain shows every entry that was changed, removed from the middle or put in between, and every
row of the document that differs from what the ledger last said of it. Entries cut from the end,
with their rows, leave a shorter true story: that shows only against a head that was kept elsewhere.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from subkit.errors import DamagedError, SchemaError
from subkit.model.content_digest import canonical_json
from subkit.store.database import integrity
from subkit.store.ledger import COLUMNS, GENESIS, SEALED_1, LedgerEntry, hash_of_columns
from subkit.store.rows import decode, require_named, require_whole, summary
from subkit.store.tables import (
    PAGE,
    read_audit_entries,
    read_departures,
    read_document_page,
    read_heads,
    read_targets,
)
from subkit.store.version_1 import FirstTransactions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

__all__ = ["Audit", "Fault", "audit_project", "read_entry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The first thing wrong with a project file.

    Attributes:
        message: One sentence that says what.
        sequence: The ledger entry at fault, or the one that a row departs from.
        target: The part of the document concerned, for example ``"cue:en/c0001"``.
        entry: The entry itself, where it could be read.
    """

    message: str
    sequence: int | None = None
    target: str | None = None
    entry: LedgerEntry | None = None


def audit_project(
    connection: sqlite3.Connection, reading: Callable[[], AbstractContextManager[None]]
) -> Fault | None:
    """Return the first fault of a project file; ``reading`` begins and ends a read of it.

    Ledger and document are read a page at a time, so that nobody waits for the end of it, and so
    that memory does not grow with them.
    """
    audit = Audit()
    try:
        with reading():
            if problem := integrity(connection, quick=False):
                return Fault(message=f"The file is damaged: {' '.join(problem.split())}.")
        full = True
        while full:
            with reading():
                rows = read_audit_entries(connection, audit.sequence)
            if fault := audit.follow(rows):
                return fault
            full = len(rows) == PAGE
        if not audit.sequence:
            return Fault(message="The ledger is empty.")
        if fault := _unreadable_row(connection, reading):
            return fault
        with reading():  # what was added meanwhile, and the state it left
            rows = read_audit_entries(connection, audit.sequence, limit=-1)
            return audit.follow(rows) or _departure(connection)
    except DamagedError as error:
        return Fault(message=error.message)


_NOT_UTF_8 = re.compile("[\udc80-\udcff]")
_KINDS: dict[str, Any] = {"sequence": int, "transaction": int, "undoes": (int, type(None))}
"""The columns of an entry that are not text."""


class Audit:
    """Walks the ledger from its start."""

    def __init__(self) -> None:
        self.sequence = 0
        self._hash = GENESIS
        self._first: FirstTransactions | None = FirstTransactions()

    def follow(self, rows: Iterable[tuple[Any, ...]]) -> Fault | None:
        """Take the next rows of the ledger, in order; the first bad one stops it."""
        for row in rows:
            if fault := self._step(row):
                return fault
        return None

    def _step(self, row: tuple[Any, ...]) -> Fault | None:
        *columns, follows = row
        values = dict(zip(COLUMNS, columns, strict=True))
        if reason := self._reason(values, follows=bool(follows)):
            return _entry_fault(values, reason)
        self.sequence, self._hash = values["sequence"], values["hash"]
        return None

    def _reason(self, values: dict[str, Any], *, follows: bool) -> str:
        """Say what is wrong with the next entry; empty for nothing.

        What it holds of the thing is not parsed: its hash covers the text, and where the text ends
        is certain, since ``before`` is letter by letter what an earlier entry left.
        """
        place = self.sequence + 1
        if values["sequence"] != place:
            return _type_fault(values) or f"entry {place} is missing"
        if values["previous"] != self._hash:
            return _type_fault(values) or "it does not follow from the entry before"
        try:
            wrong = self._seal_fault(values)
        except (TypeError, UnicodeEncodeError):
            wrong = "it is not readable"
        if wrong:
            return _type_fault(values) or wrong
        if not follows:
            return f"it starts from another {values['target']} than the entries before left"
        return ""

    def _seal_fault(self, values: dict[str, Any]) -> str:
        """Say what is wrong with an entry's hash; empty for nothing.

        The first entries of an upgraded project were sealed without their transaction. What they
        have for it now is what the upgrade finds in them; after the first other entry, all have it.
        """
        if self._first is not None and hash_of_columns(values, SEALED_1) == values["hash"]:
            names = ("sequence", "time", "actor", "tool", "action")
            found = self._first.next(*(values[name] for name in names))
            told = (values["transaction"], values["undoes"])
            wrong = "it is put into another transaction than it was made in"
            return "" if told == found else wrong
        self._first = None
        same = hash_of_columns(values) == values["hash"]
        return "" if same else "its content does not match its hash"


_STATES = ("before", "after")


def require_columns(values: dict[str, Any]) -> None:
    """Return if each column of an entry is of its type.

    Raises:
        SchemaError: one is not.
    """
    for name, value in values.items():
        if not isinstance(value, _KINDS.get(name, str)):
            raise SchemaError(f"{name} is not of its type", path=name)
        if isinstance(value, str) and not _is_text(value):
            raise SchemaError(f"{name} is not text", path=name)


def _type_fault(values: dict[str, Any]) -> str:
    try:
        require_columns(values)
    except SchemaError as error:
        return f"it is not readable: {error}"
    return ""


def read_entry(row: tuple[Any, ...]) -> LedgerEntry:
    """The entry that a row of the ledger holds.

    Raises:
        SchemaError: a column is not of its type, or JSON that we did not write.
    """
    values = dict(zip(COLUMNS, row, strict=True))
    require_columns(values)
    states = {name: _parsed(values, name) for name in _STATES}
    return LedgerEntry(**{**values, **states})


def _parsed(values: dict[str, Any], name: str) -> Any:
    try:
        plain = json.loads(values[name])
        same = canonical_json(plain) == values[name]
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"{name} is not JSON", path=name) from error
    if not same:
        raise SchemaError(f"{name} is not as it was written", path=name)
    return plain


def _entry_fault(values: dict[str, Any], reason: str) -> Fault:
    try:
        entry = read_entry(tuple(values.values()))
    except SchemaError:
        entry = None
    return Fault(
        message=f"Ledger entry {values['sequence']} is bad: {reason}.",
        sequence=values["sequence"],
        target=values["target"] if _is_text(values["target"]) else None,
        entry=entry,
    )


def _unreadable_row(
    connection: sqlite3.Connection, reading: Callable[[], AbstractContextManager[None]]
) -> Fault | None:
    """Return the fault of the first row that cannot be read as a part of a document."""
    last, full = 0, True
    while full:
        with reading():
            rows = read_document_page(connection, last)
        for number, target, text, sequence in rows:
            last = number
            if sequence is None:
                return _unknown(target)
            try:
                require_named(target, decode(target, text))
            except (SchemaError, TypeError, AttributeError) as error:
                return _departed(target, sequence, f" ({str(error).rstrip('.')})")
        full = len(rows) == PAGE
    return None


def _departure(connection: sqlite3.Connection) -> Fault | None:
    """Return the first row that differs from its last ledger entry, or does not fit the rest."""
    for target, sequence, text, after in read_departures(connection):
        if sequence is None:
            return _unknown(target)
        if text is None:
            message = f"{target} is gone, though ledger entry {sequence} has it."
            return Fault(message=message, sequence=sequence, target=target)
        if not _is_same(target, text, after):
            return _departed(target, sequence)
    try:
        heads = {target: decode(target, text) for target, text in read_heads(connection)}
        require_whole(heads, read_targets(connection))
    except SchemaError as error:
        return Fault(message=error.message, target=error.path or None)
    return None


def _is_same(target: str, text: str, after: str) -> bool:
    """Return whether a row with long lists matches the ledger and is written as it should be."""
    try:
        plain = json.loads(text)
        return canonical_json(plain) == text and summary(target, text) == after
    except (SchemaError, ValueError, TypeError, AttributeError, RecursionError):
        return False


def _unknown(target: object) -> Fault:
    name = str(target) if _is_text(target) else ascii(target)
    return Fault(message=f"{name} stands in no ledger entry.", target=name)


def _departed(target: str, sequence: int, reason: str = "") -> Fault:
    message = f"{target} is not what ledger entry {sequence} says it is{reason}."
    return Fault(message=message, sequence=sequence, target=target)


def _is_text(value: object) -> bool:
    """Return whether SQLite gave text, and all of it was UTF-8."""
    return isinstance(value, str) and not _NOT_UTF_8.search(value)
