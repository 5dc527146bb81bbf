"""The SQLite file beneath a project: its schema, its settings, and its failures in words."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from subkit.errors import DamagedError, LockedError, SchemaError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "MAX_VALUE",
    "TABLES",
    "VERSION",
    "configure",
    "connect",
    "create_schema",
    "integrity",
    "open_connection",
    "read_failure",
    "stored_version",
    "transaction",
    "translated",
]

APPLICATION_ID = 0x7375626B
"""``subk``: tells a project from every other SQLite file (``file(1)`` shows it)."""

VERSION = 3
"""Of the file; an older one is upgraded (:mod:`subkit.store.upgrade`), a newer one refused.

2 has the tables of 3; its documents have no dubbing.
"""

MAX_VALUE = 256 * 1024 * 1024
"""Largest text or blob in bytes; the words of a ten-hour film take a twentieth of it."""

_BUSY_SECONDS = 10.0
_DOCUMENT = "CREATE TABLE document (target TEXT PRIMARY KEY NOT NULL, data TEXT NOT NULL)"
_CACHE = (
    "CREATE TABLE cache (key TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL, digest TEXT NOT NULL)"
)
_LEDGER_1 = """CREATE TABLE ledger (
    sequence INTEGER PRIMARY KEY NOT NULL,
    time TEXT NOT NULL,
    actor TEXT NOT NULL,
    tool TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
)"""
_LEDGER = _LEDGER_1.replace(
    "    time",
    """    "transaction" INTEGER NOT NULL,
    undoes INTEGER,
    time""",
    1,
)
_GUARDS = (
    "CREATE INDEX ledger_by_target ON ledger (target, sequence)",
    """CREATE TRIGGER ledger_never_changes BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER ledger_never_shrinks BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
)
_TABLES = (_DOCUMENT, _LEDGER, *_GUARDS, _CACHE)
TABLES = {1: (_DOCUMENT, _LEDGER_1, *_GUARDS, _CACHE), 2: _TABLES, 3: _TABLES}
"""Every statement that made a project's tables, by version."""

_SETTINGS = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA mmap_size = 0",  # a file cut short under a map would end the process
    # FULL, and the folder too: without it a power cut may bring the journal's name back, and with
    # it undo a commit that was already acknowledged.
    "PRAGMA synchronous = EXTRA",
)
_DAMAGED = ("malformed", "corrupt", "unsupported file format")


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """A connection to the project at ``path``, checked to be one of ours and whole.

    Its tables may be of an older version: :func:`subkit.store.upgrade.connect_current` sees to it.
    A reader opens for writing too, where it may: only so can SQLite take back the half of a commit
    that a killed writer left. ``query_only`` keeps it from changing anything else.

    Raises:
        StoreError: not a project, damaged, or not accessible.
        SchemaError: written by a newer subkit.
    """
    connection = open_connection(path, mode="rw")
    try:
        with translated(path):
            _check_identity(connection, path)
            _check_length(connection, path)
            if problem := integrity(connection, quick=True):
                raise _damage(path, problem)
            connection.execute(
                "PRAGMA journal_mode = DELETE" if writable else "PRAGMA query_only = ON"
            )
    except BaseException:
        connection.close()
        raise
    return connection


def open_connection(path: Path, *, mode: str) -> sqlite3.Connection:
    """A connection with our settings; ``mode`` is SQLite's: ``"rw"``, or ``"rwc"`` to create."""
    with translated(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,  # the caller's lock keeps threads apart
        )
        try:
            configure(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def configure(connection: sqlite3.Connection) -> None:
    """Set a connection to what a project needs, and to what a hostile file may not do."""
    if sys.version_info >= (3, 11):
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    if sys.version_info >= (3, 12):
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)  # noqa: FBT003
    for setting in _SETTINGS:
        connection.execute(setting)
    # Bytes that are not UTF-8 must not stop a check half-way: they fail it, by name.
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")


def create_schema(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty file; inside a transaction."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    for statement in TABLES[VERSION]:
        connection.execute(statement)


def stored_version(connection: sqlite3.Connection) -> int:
    """Return the version of the tables in a project file."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def integrity(connection: sqlite3.Connection, *, quick: bool) -> str:
    """What SQLite finds wrong with its own structure, empty for nothing."""
    check = "PRAGMA quick_check(1)" if quick else "PRAGMA integrity_check(1)"
    (found,) = connection.execute(check).fetchone()
    return "" if found == "ok" else str(found)


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path, *, write: bool) -> Iterator[None]:
    """All of the block or nothing; a reader sees one state throughout.

    Raises:
        StoreError: SQLite failed; nothing of the block is in the file.
    """
    with translated(path):
        try:
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            yield
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                with suppress(sqlite3.Error):  # SQLite undoes it anyway when the file is next read
                    connection.execute("ROLLBACK")


def read_failure(path: Path, error: sqlite3.Error) -> StoreError:
    """The sentence for ``error``, met while using the project at ``path``."""
    text = str(error).lower()
    if "not a database" in text:
        return _stranger(path)
    if any(word in text for word in _DAMAGED):
        return _damage(path, str(error))
    if "disk is full" in text or "disk i/o error" in text:
        reason = "the disk is full" if "full" in text else "the disk reports an error"
        return StoreError(
            f"{path} cannot be written: {reason}; nothing of the last change was kept.",
            remedy="Free some space, or check the disk, and try again.",
            path=str(path),
        )
    if "locked" in text:
        return LockedError(
            f"{path} is in use by another program.", remedy="Close it there.", path=str(path)
        )
    if "readonly" in text or "unable to open" in text:
        return StoreError(
            f"{path} cannot be opened: this user may not read it, or not write to it.",
            remedy="Check its permissions and those of its folder.",
            path=str(path),
        )
    return StoreError(f"{path} cannot be used: {error}.", path=str(path))


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise SQLite's errors in the block as ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise read_failure(path, error) from error
    except UnicodeDecodeError as error:  # SQLite quotes broken bytes in its own message
        raise _damage(path, "its tables are not readable") from error


def _check_identity(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    version = stored_version(connection)
    found = connection.execute(
        "SELECT sql FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'"
    )
    tables = sorted(str(sql) for (sql,) in found)
    if application != APPLICATION_ID:
        raise _stranger(path)
    if version > VERSION:
        raise SchemaError(
            f"{path} is of project version {version}; this subkit reads up to {VERSION}.",
            remedy="Update subkit.",
            path=str(path),
            version=version,
        )
    # Only our own tables: a foreign view or trigger could answer in their place.
    if tables != sorted(TABLES.get(version, ())):
        raise _damage(path, "its tables are not those of a project")


def _check_length(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file whose end is missing: SQLite would read a cut within the last page as zeros."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    if path.stat().st_size < pages * size:
        raise _damage(path, "its end is missing")


def _stranger(path: Path) -> DamagedError:
    return DamagedError(
        f"{path} is not a subkit project.",
        remedy="Give a .subkit file that subkit wrote.",
        path=str(path),
    )


def _damage(path: Path, detail: str) -> DamagedError:
    return DamagedError(
        f"{path} is damaged: {' '.join(detail.split())}.",
        remedy="Restore a copy, or start again from the media.",
        path=str(path),
    )
