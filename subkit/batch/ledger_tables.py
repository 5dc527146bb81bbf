"""The tables of a batch's ledger, and how its file is opened."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from subkit.errors import SchemaError, StoreError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["APPLICATION_ID", "VERSION", "ledger_failure", "open_database"]

APPLICATION_ID = 0x73756262
"""``subb``: tells a ledger from every other SQLite file."""
VERSION = 1

_BUSY_SECONDS = 30.0

_TABLES = """
CREATE TABLE batch (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);
CREATE TABLE title (
    number INTEGER PRIMARY KEY NOT NULL,
    id TEXT NOT NULL UNIQUE,
    job TEXT NOT NULL,
    facts TEXT NOT NULL,
    state TEXT NOT NULL,
    priority INTEGER NOT NULL,
    deadline TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT '',
    token INTEGER NOT NULL DEFAULT 0,
    boot TEXT NOT NULL DEFAULT '',
    until REAL NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    kills INTEGER NOT NULL DEFAULT 0,
    failure TEXT NOT NULL DEFAULT '',
    result TEXT NOT NULL DEFAULT ''
);
CREATE INDEX title_waiting ON title (priority DESC, deadline, number) WHERE state = 'waiting';
CREATE INDEX title_running ON title (until) WHERE state = 'running';
CREATE INDEX title_delayed ON title (until) WHERE state = 'delayed';
CREATE TABLE output (
    title INTEGER NOT NULL REFERENCES title (number),
    path TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (title, path)
) WITHOUT ROWID;
CREATE TABLE stage (
    title INTEGER NOT NULL REFERENCES title (number),
    name TEXT NOT NULL,
    seconds REAL NOT NULL,
    PRIMARY KEY (title, name)
) WITHOUT ROWID;
CREATE TABLE event (
    number INTEGER PRIMARY KEY NOT NULL,
    time TEXT NOT NULL,
    title INTEGER,
    what TEXT NOT NULL,
    detail TEXT NOT NULL
);
"""


def open_database(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """Return a connection to a ledger; ``create`` makes its tables where the file is new.

    Raises:
        StoreError: it cannot be opened, or is no ledger.
        SchemaError: it was made by a newer subkit.
    """
    mode = "rwc" if create else "rw"
    try:
        base = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
        )
    except sqlite3.Error as error:
        raise ledger_failure(path, error) from error
    try:
        for setting in ("trusted_schema = OFF", "mmap_size = 0", "foreign_keys = ON"):
            base.execute(f"PRAGMA {setting}")
        _require_ours(base, path, create=create)
        # A finished title that a power cut takes back would be done again: wait for the disk.
        base.execute("PRAGMA synchronous = FULL")
    except BaseException as error:
        base.close()
        if isinstance(error, sqlite3.Error):
            raise ledger_failure(path, error) from error
        raise
    return base


def _require_ours(base: sqlite3.Connection, path: Path, *, create: bool) -> None:
    if create:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("BEGIN IMMEDIATE")  # two runners may begin at the same moment
        try:
            if base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
                for statement in _TABLES.split(";\n"):
                    base.execute(statement)
                base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                base.execute(f"PRAGMA user_version = {VERSION}")
            base.execute("COMMIT")
        except BaseException:
            base.execute("ROLLBACK")
            raise
    (identity,) = base.execute("PRAGMA application_id").fetchone()
    (version,) = base.execute("PRAGMA user_version").fetchone()
    if identity != APPLICATION_ID:
        raise StoreError(
            f"{str(path)!r} is not the ledger of a batch.",
            remedy="Name the output folder of a batch.",
        )
    if version != VERSION:
        raise SchemaError(
            f"{str(path)!r} has version {version} of the ledger; this subkit reads {VERSION}.",
            remedy="Finish the batch with the subkit that began it, or begin a new one with -o.",
        )


def ledger_failure(path: Path, error: sqlite3.Error) -> StoreError:
    """Return the sentence for what SQLite says of a ledger."""
    reason, text = "it cannot be opened", str(error)
    if "full" in text or "disk I/O" in text:
        reason = "the disk is full or fails"
    elif "locked" in text:
        reason = "another process holds it"
    elif "readonly" in text:
        reason = "it may not be written"
    elif "not a database" in text or "malformed" in text:
        reason = "it is damaged, or no ledger"
    return StoreError(
        f"The ledger {str(path)!r} cannot be used: {reason}.",
        remedy="Make room or put it back from a copy; what is published stays as it is.",
        path=str(path),
    )
