"""The rows of the project file: every SQL statement on document, ledger and cache stands here.

All functions work inside a transaction that the caller opened.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from subkit.errors import SchemaError, StaleError, StoreError
from subkit.model import digest
from subkit.model.content_digest import canonical_json
from subkit.store.database import MAX_VALUE
from subkit.store.ledger import COLUMNS, GENESIS, LedgerEntry, Transaction, seal
from subkit.store.rows import Part, cue_target, encode, summarised, track_target

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping

    from subkit.store.ledger import Act

__all__ = [
    "PAGE",
    "read_cached",
    "read_documents",
    "read_entries",
    "read_head",
    "read_latest",
    "read_revisions",
    "read_transactions",
    "write_cached",
    "write_changes",
]

PAGE = 500
"""Ledger entries read at once, so that no reader holds the file for long."""

_COLUMNS = ", ".join(f'"{name}"' for name in COLUMNS)
_ENTRIES = f"SELECT {_COLUMNS} FROM ledger WHERE "  # noqa: S608 - our own names
_APPEND = f"INSERT INTO ledger ({_COLUMNS}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608


def read_head(connection: sqlite3.Connection) -> tuple[int, str]:
    """Sequence and hash of the last entry."""
    query = "SELECT sequence, hash FROM ledger ORDER BY sequence DESC LIMIT 1"
    sequence, head = connection.execute(query).fetchone() or (0, GENESIS)
    return sequence, str(head)


def read_documents(connection: sqlite3.Connection) -> list[tuple[Any, Any]]:
    """Target and text of every row of the document."""
    return connection.execute("SELECT target, data FROM document ORDER BY target").fetchall()


def read_revisions(connection: sqlite3.Connection) -> dict[str, int]:
    """Target -> sequence of its last entry, of everything that was ever there."""
    query = "SELECT target, max(sequence) FROM ledger GROUP BY target"
    return dict(connection.execute(query))


def read_transactions(connection: sqlite3.Connection) -> list[Transaction]:
    """Every transaction of the ledger, in order."""
    query = """
        SELECT "transaction", min(sequence), actor, action, undoes,
            sum(target LIKE 'track:%' AND (before = 'null' OR after = 'null'))
        FROM ledger GROUP BY "transaction" ORDER BY "transaction"
    """  # actor, action and undoes are those of the row with the lowest sequence
    return [
        Transaction(
            number=number, actor=actor, action=action, undoes=undoes, tracks_changed=bool(tracks)
        )
        for number, _, actor, action, undoes, tracks in connection.execute(query)
    ]


def read_entries(
    connection: sqlite3.Connection,
    after: int,
    *,
    cue: str | None = None,
    track: str | None = None,
    limit: int = PAGE,
) -> list[tuple[Any, ...]]:
    """Up to ``limit`` rows of the ledger behind entry ``after``; a negative limit means all."""
    where, values = _filter(cue, track)
    query = f"{_ENTRIES}sequence > ?{where} ORDER BY sequence LIMIT ?"
    return connection.execute(query, (after, *values, limit)).fetchall()


def read_latest(
    connection: sqlite3.Connection, before: int, *, cue: str | None, track: str | None, limit: int
) -> list[tuple[Any, ...]]:
    """Up to ``limit`` rows of the ledger ahead of entry ``before``, the newest first."""
    where, values = _filter(cue, track)
    query = f"{_ENTRIES}sequence < ?{where} ORDER BY sequence DESC LIMIT ?"
    return connection.execute(query, (before, *values, limit)).fetchall()


def write_changes(
    connection: sqlite3.Connection,
    stored: Mapping[str, Part],
    parts: Mapping[str, Part],
    act: Act,
    *,
    noting: Collection[str] = (),
) -> list[LedgerEntry]:
    """Bring rows and ledger from ``stored`` to ``parts``; what is the same object costs nothing.

    Targets in ``noting`` get an entry also where they stay as they are.

    Raises:
        SchemaError: a part holds what no document can.
        StaleError: the transaction to go on with is not the last one.
    """
    gone = [target for target in stored if target not in parts]
    changed = [
        target
        for target, part in parts.items()
        if target in noting or ((old := stored.get(target)) is not part and old != part)
    ]
    sequence, previous = read_head(connection)
    if act.transaction not in {None, _last_transaction(connection)}:
        raise StaleError(
            f"Transaction {act.transaction} is over: another one followed it.",
            remedy="Begin a new one.",
        )
    transaction = act.transaction or sequence + 1
    entries: list[LedgerEntry] = []
    for target in (*gone, *changed):
        sequence += 1
        entry = seal(
            LedgerEntry,
            sequence=sequence,
            transaction=transaction,
            undoes=act.undoes,
            time=act.time,
            actor=act.actor,
            tool=act.tool,
            action=act.action,
            target=target,
            before=_last_state(connection, target),
            after=_replace(connection, target, parts.get(target)),
            previous=previous,
        )
        connection.execute(_APPEND, _entry_row(entry))
        entries.append(entry)
        previous = entry.hash
    return entries


def read_cached(connection: sqlite3.Connection, key: str) -> bytes | None:
    """The value under ``key``, if it is there and still what was stored."""
    query = "SELECT value, digest FROM cache WHERE key = ?"
    row = connection.execute(query, (key,)).fetchone()
    if row is None or not isinstance(row[0], bytes) or _seal_cached(key, row[0]) != row[1]:
        return None
    return row[0]


def write_cached(connection: sqlite3.Connection, results: Mapping[str, bytes]) -> None:
    """Store each value under its key, in place of what was there.

    Raises:
        StoreError: one is too large.
    """
    for key, value in results.items():
        if len(value) >= MAX_VALUE:
            raise StoreError(f"A result of {len(value)} bytes is too large to keep.", key=key)
    rows = [(key, value, _seal_cached(key, value)) for key, value in results.items()]
    connection.executemany("INSERT OR REPLACE INTO cache VALUES (?, ?, ?)", rows)


def _last_transaction(connection: sqlite3.Connection) -> int | None:
    query = 'SELECT "transaction" FROM ledger ORDER BY sequence DESC LIMIT 1'
    (number,) = connection.execute(query).fetchone() or (None,)
    return None if number is None else int(number)


def _last_state(connection: sqlite3.Connection, target: str) -> Any:
    query = "SELECT after FROM ledger WHERE target = ? ORDER BY sequence DESC LIMIT 1"
    row = connection.execute(query, (target,)).fetchone()
    try:
        return None if row is None else json.loads(row[0])
    except (TypeError, ValueError, RecursionError) as error:
        raise SchemaError(f"the last entry of {target} is not readable", path=target) from error


def _replace(connection: sqlite3.Connection, target: str, part: Part | None) -> Any:
    """Write or remove a row; returns what the ledger holds of it."""
    if part is None:
        connection.execute("DELETE FROM document WHERE target = ?", (target,))
        return None
    text = encode(target, part)
    connection.execute("INSERT OR REPLACE INTO document VALUES (?, ?)", (target, text))
    return summarised(target, json.loads(text))


def _filter(cue: str | None, track: str | None) -> tuple[str, tuple[str, ...]]:
    if cue is not None and track is not None:
        return " AND target = ?", (cue_target(track, cue),)
    if cue is not None:
        cues = " AND target > 'cue:' AND target < 'cue;'"  # ";" follows ":"
        return f"{cues} AND substr(target, instr(target, '/') + 1) = ?", (cue,)
    if track is not None:
        within = " AND (target = ? OR (target > ? AND target < ?))"  # "0" follows "/"
        return within, (track_target(track), f"cue:{track}/", f"cue:{track}0")
    return "", ()


def _entry_row(entry: LedgerEntry) -> tuple[Any, ...]:
    return tuple(
        canonical_json(getattr(entry, name))
        if name in {"before", "after"}
        else getattr(entry, name)
        for name in COLUMNS
    )


def _seal_cached(key: str, value: bytes) -> str:
    return digest(key, hashlib.sha256(value).hexdigest())
