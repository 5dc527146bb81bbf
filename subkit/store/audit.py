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
from subkit.store.ledger import COLUMNS, GENESIS, LedgerEntry
from subkit.store.rows import Part, decode, join, summarised
from subkit.store.tables import PAGE, read_documents, read_entries
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

    The ledger is read a page at a time, so that nobody waits for the end of it.
    """
    audit = Audit()
    try:
        with reading():
            if problem := integrity(connection, quick=False):
                return Fault(message=f"The file is damaged: {' '.join(problem.split())}.")
        full = True
        while full:
            with reading():
                rows = read_entries(connection, audit.sequence)
            if fault := audit.follow(rows):
                return fault
            full = len(rows) == PAGE
        with reading():  # what was added meanwhile, and the state it left
            rows = read_entries(connection, audit.sequence, limit=-1)
            documents = read_documents(connection)
    except DamagedError as error:
        return Fault(message=error.message)
    return audit.follow(rows) or audit.compare(documents)


_NOT_UTF_8 = re.compile("[\udc80-\udcff]")
_KINDS: dict[str, Any] = {"sequence": int, "transaction": int, "undoes": (int, type(None))}
"""The columns of an entry that are not text."""


class Audit:
    """Walks the ledger from its start, then compares the document with it."""

    def __init__(self) -> None:
        self.sequence = 0
        self._hash = GENESIS
        self._states: dict[str, tuple[int, str]] = {}
        self._first: FirstTransactions | None = FirstTransactions()

    def follow(self, rows: Iterable[tuple[Any, ...]]) -> Fault | None:
        """Take the next rows of the ledger, in order; the first bad one stops it."""
        for row in rows:
            if fault := self._step(row):
                return fault
        return None

    def compare(self, documents: Iterable[tuple[Any, Any]]) -> Fault | None:
        """Compare all rows of the document, once the whole ledger was followed."""
        if not self.sequence:
            return Fault(message="The ledger is empty.")
        parts = {}
        expected = {name: state for name, state in self._states.items() if state[1] != "null"}
        for target, text in documents:
            sequence, after = expected.pop(target, (None, ""))
            if sequence is None:
                name = target if _is_text(target) else ascii(target)
                return Fault(message=f"{name} stands in no ledger entry.", target=name)
            part, reason = _read_row(target, text, after)
            if part is None:
                message = f"{target} is not what ledger entry {sequence} says it is{reason}."
                return Fault(message=message, sequence=sequence, target=target)
            parts[target] = part
        for target, (sequence, _) in sorted(expected.items()):
            message = f"{target} is gone, though ledger entry {sequence} has it."
            return Fault(message=message, sequence=sequence, target=target)
        return _join_fault(parts)

    def _step(self, row: tuple[Any, ...]) -> Fault | None:
        place, values = self.sequence + 1, dict(zip(COLUMNS, row, strict=True))
        entry, reason = None, ""
        target = values["target"] if _is_text(values["target"]) else None
        try:
            entry = read_entry(row)
            if entry.sequence != place:
                reason = f"entry {place} is missing"
            elif entry.previous != self._hash:
                reason = "it does not follow from the entry before"
            elif wrong := self._seal_fault(entry):
                reason = wrong
            elif values["before"] != self._states.get(entry.target, (0, "null"))[1]:
                reason = f"it starts from another {entry.target} than the entries before left"
        except SchemaError as error:
            reason = f"it is not readable: {error}"
        if entry is None or reason:
            return Fault(
                message=f"Ledger entry {values['sequence']} is bad: {reason}.",
                sequence=values["sequence"],
                target=target,
                entry=entry,
            )
        self.sequence, self._hash = place, entry.hash
        self._states[entry.target] = (place, values["after"])
        return None

    def _seal_fault(self, entry: LedgerEntry) -> str:
        """What is wrong with an entry's hash.

        The first entries of an upgraded project were sealed without their transaction. What they
        have for it now is what the upgrade finds in them; after the first other entry, all have it.
        """
        if self._first is not None and entry.computed_without_transaction() == entry.hash:
            found = self._first.next(
                entry.sequence, entry.time, entry.actor, entry.tool, entry.action
            )
            told = (entry.transaction, entry.undoes)
            return "" if told == found else "it is put into another transaction than it was made in"
        self._first = None
        return "" if entry.computed() == entry.hash else "its content does not match its hash"


def read_entry(row: tuple[Any, ...]) -> LedgerEntry:
    """The entry that a row of the ledger holds.

    Raises:
        SchemaError: a column is not of its type, or JSON that we did not write.
    """
    values = dict(zip(COLUMNS, row, strict=True))
    for name, value in values.items():
        if not isinstance(value, _KINDS.get(name, str)):
            raise SchemaError(f"{name} is not of its type", path=name)
        if isinstance(value, str) and not _is_text(value):
            raise SchemaError(f"{name} is not text", path=name)
    for name in ("before", "after"):
        try:
            plain = json.loads(values[name])
            same = canonical_json(plain) == values[name]
        except (ValueError, RecursionError) as error:
            raise SchemaError(f"{name} is not JSON", path=name) from error
        if not same:
            raise SchemaError(f"{name} is not as it was written", path=name)
        values[name] = plain
    return LedgerEntry(**values)


def _read_row(target: str, text: str, after: str) -> tuple[Part | None, str]:
    """The part in a row of the document if the ledger says the same, else why not."""
    try:
        part = decode(target, text)
    except (SchemaError, TypeError, AttributeError) as error:
        return None, f" ({str(error).rstrip('.')})"
    # Compared as it is written, not as this version would write it: a later one has more fields.
    plain = json.loads(text)
    same = canonical_json(plain) == text
    same = same and canonical_json(summarised(target, plain)) == after
    return (part, "") if same else (None, "")


def _join_fault(parts: dict[str, Part]) -> Fault | None:
    try:
        join(parts)
    except SchemaError as error:
        return Fault(message=error.message, target=error.path or None)
    return None


def _is_text(value: object) -> bool:
    """Whether SQLite gave text, and all of it was UTF-8."""
    return isinstance(value, str) and not _NOT_UTF_8.search(value)
