"""Projects of older versions: upgraded when they are opened to write, with a copy kept beside them.

The upgrade is one transaction of SQLite: killed at any point it leaves the old project or the new
one. Hashes stay as they were, and with them every head that somebody noted. A reader changes
nothing: it reads a private copy in today's shape.
"""

from __future__ import annotations

import filecmp
import logging
import os
import secrets
import shutil
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from subkit.errors import StoreError
from subkit.store.database import (
    TABLES,
    VERSION,
    configure,
    connect,
    stored_version,
    transaction,
    translated,
)
from subkit.store.publication import place, sync_folder, write_failure
from subkit.store.version_1 import FirstTransactions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["connect_current"]

_LOG = logging.getLogger(__name__)
_KEPT = ("time", "actor", "tool", "action", "target", "before", "after", "previous", "hash")


def connect_current(path: Path, *, writable: bool) -> sqlite3.Connection:
    """A connection to the project at ``path`` with tables of today.

    To write, the caller holds the project's lock.

    Raises:
        StoreError: not a project, damaged, not accessible, or there is no room to upgrade it; then
            the project is as it was.
        SchemaError: written by a newer subkit.
    """
    connection = connect(path, writable=writable)
    version = stored_version(connection)
    if version == VERSION or (TABLES[version] == TABLES[VERSION] and not writable):
        return connection
    try:
        if not writable:
            return _private_copy(connection, path)
    finally:
        connection.close()
    # A second descriptor, once closed, drops SQLite's locks: the copy is made with none open.
    copy, is_new = _keep_copy(path, version)
    connection = connect(path, writable=True)
    try:
        _upgrade(connection, path)
    except BaseException:
        connection.close()
        if is_new:
            copy.unlink(missing_ok=True)
        raise
    _LOG.warning("%s was upgraded; as it was it is kept as %s", path.name, copy.name)
    return connection


def _keep_copy(path: Path, version: int) -> tuple[Path, bool]:
    """Copy the project to a free name beside it; also return whether the copy is new."""
    temporary = path.with_name(f".subkit-{secrets.token_hex(8)}.part")
    try:
        shutil.copyfile(path, temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        for name in _copy_names(path.name, version):
            copy = path.with_name(name)
            if os.path.lexists(copy):
                # An upgrade that was killed has made it: one copy of the same bytes is enough.
                if copy.is_file() and filecmp.cmp(path, copy, shallow=False):
                    return copy, False
                continue
            with suppress(OSError):
                shutil.copymode(path, temporary)
            place(temporary, copy)
            sync_folder(path.parent)
            return copy, True
    except OSError as error:
        reason = write_failure(temporary, error).message.rpartition(": ")[2]
        raise StoreError(
            f"{path} is of an older version and cannot be upgraded: no copy of it can be kept"
            f" beside it, {reason}",
            remedy="Make room for it, or copy the project to a folder that you may write to.",
            path=str(path),
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink()
    raise AssertionError("names are without end")


def _copy_names(name: str, version: int) -> Iterator[str]:
    yield f"{name}.v{version}.bak"
    number = 2
    while True:
        yield f"{name}.v{version}-{number}.bak"
        number += 1


def _private_copy(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    with translated(path):
        copy = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        try:
            connection.backup(copy)
            configure(copy)
            _upgrade(copy, path)
            copy.execute("PRAGMA query_only = ON")
        except BaseException:
            copy.close()
            raise
    return copy


def _upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """Bring tables and version of a project to those of today."""
    with transaction(connection, path, write=True):
        if stored_version(connection) == 1:
            _add_transactions(connection)
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _add_transactions(connection: sqlite3.Connection) -> None:
    """Give the ledger its columns ``transaction`` and ``undoes``, and the entries their values."""
    objects = connection.execute(
        "SELECT type, name FROM sqlite_master WHERE type IN ('index', 'trigger')"
        " AND sql IS NOT NULL"
    )
    for kind, name in objects.fetchall():
        connection.execute(f"DROP {kind} {name}")
    connection.execute("ALTER TABLE ledger RENAME TO ledger_1")
    for statement in TABLES[2]:
        if " ledger" in statement:
            connection.execute(statement)
    columns = ", ".join(_KEPT)
    connection.executemany(
        f'INSERT INTO ledger (sequence, "transaction", undoes, {columns})'  # noqa: S608
        f" SELECT sequence, ?, ?, {columns} FROM ledger_1 WHERE sequence = ?",
        _transactions(connection),
    )
    connection.execute("DROP TABLE ledger_1")


def _transactions(connection: sqlite3.Connection) -> Iterator[tuple[int, int | None, int]]:
    first = FirstTransactions()
    query = "SELECT sequence, time, actor, tool, action FROM ledger_1 ORDER BY sequence"
    for row in connection.execute(query):
        yield (*first.next(*row), row[0])
