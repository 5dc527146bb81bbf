"""The rows of the project file: every SQL statement on document, ledger and cache stands here.

All functions work inside a transaction that the caller opened.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from subkit.errors import SchemaError, StaleError, StoreError
from subkit.model import digest
from subkit.store.database import MAX_VALUE
from subkit.store.ledger import COLUMNS, GENESIS, Transaction, WrittenEntry, hash_of_columns
from subkit.store.rows import Part, cue_target, encode, summary, track_target

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping

    from subkit.store.ledger import Act

__all__ = [
    "PAGE",
    "read_audit_entries",
    "read_cached",
    "read_departures",
    "read_document_page",
    "read_documents",
    "read_entries",
    "read_head",
    "read_heads",
    "read_latest",
    "read_revisions",
    "read_targets",
    "read_transactions",
    "write_cached",
    "write_changes",
]

PAGE = 500
"""Ledger entries read at once, so that no reader holds the file for long; likewise written."""

_NULL = "null"
"""What the ledger holds of a thing that is not there."""

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


def read_audit_entries(
    connection: sqlite3.Connection, after: int, *, limit: int = PAGE
) -> list[tuple[Any, ...]]:
    """Rows as :func:`read_entries` gives them, and whether each starts from what the last left."""
    query = f"""
        SELECT {_COLUMNS}, before IS coalesce((
            SELECT earlier.after FROM ledger AS earlier
            WHERE earlier.target = ledger.target AND earlier.sequence < ledger.sequence
            ORDER BY earlier.sequence DESC LIMIT 1
        ), '{_NULL}')
        FROM ledger WHERE sequence > ? ORDER BY sequence LIMIT ?
    """  # noqa: S608 - our own names
    return connection.execute(query, (after, limit)).fetchall()


def read_document_page(
    connection: sqlite3.Connection, after: int
) -> list[tuple[int, Any, Any, int | None]]:
    """Number, target and text of the next rows of the document, and the last entry of each."""
    query = """
        SELECT rowid, target, data,
            (SELECT max(sequence) FROM ledger WHERE ledger.target = document.target)
        FROM document WHERE rowid > ? ORDER BY rowid LIMIT ?
    """
    return connection.execute(query, (after, PAGE)).fetchall()


def read_departures(
    connection: sqlite3.Connection,
) -> list[tuple[Any, int | None, Any, Any]]:
    """Rows that are not letter by letter what their last entry holds: target, entry, both texts.

    So are all rows with long lists, of which the ledger holds a digest. No text: the row is gone.
    """
    query = f"""
        SELECT document.target, last.sequence, document.data, last.after
        FROM document LEFT JOIN ledger AS last ON last.sequence =
            (SELECT max(sequence) FROM ledger WHERE ledger.target = document.target)
        WHERE document.data IS NOT last.after
        UNION ALL
        SELECT last.target, last.sequence, NULL, last.after FROM ledger AS last
        WHERE last.after <> '{_NULL}'
            AND NOT EXISTS (SELECT 1 FROM document WHERE document.target = last.target)
            AND NOT EXISTS (
                SELECT 1 FROM ledger AS later
                WHERE later.target = last.target AND later.sequence > last.sequence
            )
        ORDER BY 1
    """  # noqa: S608 - our own names
    return connection.execute(query).fetchall()


def read_heads(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Target and text of the heads of the project and of its tracks."""
    query = "SELECT target, data FROM document WHERE target = 'project' OR target LIKE 'track:%'"
    return connection.execute(query).fetchall()


def read_targets(connection: sqlite3.Connection) -> set[str]:
    """The targets of all rows of the document."""
    return {str(target) for (target,) in connection.execute("SELECT target FROM document")}


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
) -> list[WrittenEntry]:
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
    chain = _Chain(act, sequence, previous)
    targets = [*gone, *changed]
    for first in range(0, len(targets), PAGE):
        page = targets[first : first + PAGE]
        rows = [(target, encode(target, parts[target])) for target in page if target in parts]
        texts = dict(rows)
        entries = []
        for target in page:
            after = summary(target, texts[target]) if target in texts else _NULL
            entries.append(chain.add(target, _last_state(connection, target), after))
        lost = [(target,) for target in page if target not in texts]
        connection.executemany("DELETE FROM document WHERE target = ?", lost)
        connection.executemany("INSERT OR REPLACE INTO document VALUES (?, ?)", rows)
        connection.executemany(_APPEND, entries)
    return chain.written


class _Chain:
    """Makes the entries of one commit, and seals each with the columns that are written."""

    def __init__(self, act: Act, sequence: int, previous: str) -> None:
        self.written: list[WrittenEntry] = []
        self._act, self._sequence, self._previous = act, sequence, previous
        self._transaction = act.transaction or sequence + 1

    def add(self, target: str, before: str, after: str) -> tuple[Any, ...]:
        """Return the row of the next entry."""
        act = self._act
        values = {
            "sequence": self._sequence + 1,
            "transaction": self._transaction,
            "undoes": act.undoes,
            "time": act.time,
            "actor": act.actor,
            "tool": act.tool,
            "action": act.action,
            "target": target,
            "before": before,
            "after": after,
            "previous": self._previous,
        }
        values["hash"] = hash_of_columns(values)
        entry = WrittenEntry(
            sequence=self._sequence + 1,
            transaction=self._transaction,
            undoes=act.undoes,
            actor=act.actor,
            tool=act.tool,
            action=act.action,
            target=target,
            is_added=before == _NULL,
            is_removed=after == _NULL,
            hash=str(values["hash"]),
        )
        self.written.append(entry)
        self._sequence, self._previous = entry.sequence, entry.hash
        return tuple(values[name] for name in COLUMNS)


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


def _last_state(connection: sqlite3.Connection, target: str) -> str:
    """Return the state of a thing after its last entry, as text."""
    query = "SELECT after FROM ledger WHERE target = ? ORDER BY sequence DESC LIMIT 1"
    (text,) = connection.execute(query, (target,)).fetchone() or (_NULL,)
    if text != _NULL and not (isinstance(text, str) and text[:1] + text[-1:] == "{}"):
        raise SchemaError(f"the last entry of {target} is not readable", path=target)
    return str(text)


def _filter(cue: str | None, track: str | None) -> tuple[str, tuple[str, ...]]:
    cue, track = _searchable(cue), _searchable(track)
    if cue is not None and track is not None:
        return " AND target = ?", (cue_target(track, cue),)
    if cue is not None:
        cues = " AND target > 'cue:' AND target < 'cue;'"  # ";" follows ":"
        return f"{cues} AND substr(target, instr(target, '/') + 1) = ?", (cue,)
    if track is not None:
        within = " AND (target = ? OR (target > ? AND target < ?))"  # "0" follows "/"
        return within, (track_target(track), f"cue:{track}/", f"cue:{track}0")
    return "", ()


def _searchable(name: str | None) -> str | None:
    """Return a name that SQLite accepts: half a character becomes a question mark."""
    return None if name is None else name.encode("utf-8", "replace").decode()


def _seal_cached(key: str, value: bytes) -> str:
    return digest(key, hashlib.sha256(value).hexdigest())
