"""The project file: one SQLite file with the document, its ledger and the stage cache."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import DamagedError, SchemaError, StaleError, StoreError
from subkit.model import Project
from subkit.model.clock import utc_now
from subkit.store.audit import Fault, audit_project, read_entry
from subkit.store.database import create_schema, open_connection, transaction
from subkit.store.ledger import Act, LedgerEntry, Transaction, WrittenEntry, require_names
from subkit.store.location import discard, existing, fresh, hidden
from subkit.store.lock import Lock
from subkit.store.publication import place, sync_folder
from subkit.store.rows import PROJECT, Part, decode, join, require_known, split
from subkit.store.tables import (
    PAGE,
    read_cached,
    read_documents,
    read_entries,
    read_head,
    read_latest,
    read_revisions,
    read_transactions,
    write_cached,
    write_changes,
)
from subkit.store.upgrade import connect_current

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterator, Mapping
    from types import TracebackType

__all__ = ["ProjectFile"]


class ProjectFile:
    """An open project file; made by :meth:`create` or :meth:`open`, closed as a context manager.

    A writable one holds the project's lock until it is closed: one writer, any number of readers.
    Every method may be called from any thread. Not to be carried across ``fork``.

    Attributes:
        path: The file, as given.
    """

    path: Path

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        lock: Lock | None,
        now: Callable[[], str],
    ) -> None:
        self.path = path
        self._connection = connection
        self._lock = lock
        self._now = now
        self._guard = threading.RLock()
        self._known: tuple[str, dict[str, Part]] | None = None
        self._closed = False

    @classmethod
    def create(
        cls, path: Path, project: Project, *, actor: str, now: Callable[[], str] = utc_now
    ) -> ProjectFile:
        """Write a new project file that holds ``project``, and open it for writing.

        The file appears in one step, complete with its first ledger entries (action ``create``).

        Args:
            path: The file to be; it must not exist.
            project: Its first document.
            actor: Who makes it, for the ledger.
            now: The clock, ISO 8601 in UTC.

        Raises:
            StoreError: the file exists, or its folder does not let it be written.
            SchemaError: ``project`` holds what no document can.
        """
        path = Path(path)
        real = fresh(path)
        lock = Lock(real)
        try:
            known = cls._build(real, project, lock, actor=actor, now=now)
            file = cls(path, connect_current(real, writable=True), lock, now)
        except BaseException:
            lock.release()
            raise
        file._known = known
        return file

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        writable: bool = True,
        now: Callable[[], str] = utc_now,
        purpose: str = "",
    ) -> ProjectFile:
        """Open a project file that exists.

        Args:
            path: The file.
            writable: Take the project's lock, to commit; readers need none.
            purpose: What for, told to whoever wants to write meanwhile.
            now: The clock, ISO 8601 in UTC.

        Raises:
            StoreError: the file is missing, not a project, damaged or not accessible.
            LockedError: another process has it open for writing.
            SchemaError: a newer subkit wrote it.
        """
        path = Path(path)
        real = existing(path, writable=writable)
        lock = Lock(real, purpose) if writable else None
        try:
            return cls(path, connect_current(real, writable=writable), lock, now)
        except BaseException:
            if lock is not None:
                lock.release()
            raise

    @classmethod
    def _build(
        cls,
        real: Path,
        project: Project,
        lock: Lock,
        *,
        actor: str,
        now: Callable[[], str],
    ) -> tuple[str, dict[str, Part]] | None:
        """Make the file under another name, then give it its own in one step."""
        # The lock keeps the name ours, so what a killed process left of it can go.
        draft_path = hidden(real, ".new")
        discard(draft_path)
        try:
            with cls(real, open_connection(draft_path, mode="rwc"), None, now) as draft:
                with draft._transaction(write=True):
                    create_schema(draft._connection)
                draft._lock = lock
                draft.commit(project, actor=actor, action="create")
                draft._lock = None
            place(draft_path, real)
        finally:
            with suppress(StoreError):
                discard(draft_path)
        sync_folder(real.parent)
        return draft._known

    def load(self) -> Project:
        """The current document.

        Raises:
            StoreError: the file is damaged; :meth:`verify` says where.
        """
        with self._transaction(write=False):
            return join(self._stored_parts())

    def commit(
        self,
        project: Project,
        *,
        actor: str,
        action: str,
        tool: str = "subkit",
        expected: str | None = None,
        noting: Collection[str] = (),
        time: str | None = None,
        transaction: int | None = None,
        undoes: int | None = None,
    ) -> list[WrittenEntry]:
        """Make ``project`` the current document: one ledger entry for each thing that changed.

        Rows and entries go in one transaction, on disk when this returns; nothing changed, no
        entry. What is the same object as in the last load or commit is not looked at again, so an
        edit costs what it changes.

        Args:
            project: The whole new document.
            actor: Who changed it.
            action: What was done, for example ``"edit"``.
            tool: Program that did it.
            expected: :meth:`head` that ``project`` was made from; ``None`` means whatever is there.
            noting: Targets that get an entry also unchanged: what was done is of them.
            time: When, as :meth:`now` gave it to what was changed; ``None`` means now.
            transaction: The last one, to go on with it; ``None`` begins one.
            undoes: The transaction that this commit takes back.

        Raises:
            StaleError: the file has moved on from ``expected``, or from ``transaction``; nothing
                was written.
            SchemaError: ``project`` holds what no document can; nothing was written.
            StoreError: the file is open for reading only, or could not be written.
        """
        self._require_writable()
        require_names(actor=actor, action=action, tool=tool)
        act = Act(
            time=time or self.now(),
            actor=actor,
            tool=tool,
            action=action,
            transaction=transaction,
            undoes=undoes,
        )
        parts = split(project)
        with self._guard:
            with self._transaction(write=True):
                number, head = read_head(self._connection)
                if expected not in {None, head}:
                    raise self._moved_on()
                stored = self._stored_parts() if number else {}
                entries = write_changes(self._connection, stored, parts, act, noting=noting)
            self._known = (entries[-1].hash if entries else head, parts)
        return entries

    def head(self) -> str:
        """Hash of the last ledger entry: it names the state of the document."""
        with self._transaction(write=False):
            return read_head(self._connection)[1]

    def revisions(self) -> dict[str, int]:
        """The last ledger entry of each thing, by target (see :class:`LedgerEntry`)."""
        with self._transaction(write=False):
            return read_revisions(self._connection)

    def now(self) -> str:
        """The time by this file's clock: one reading for an edit and its ledger entries."""
        return self._now()

    def transactions(self) -> list[Transaction]:
        """What each act of a person or a stage changed together, in order."""
        with self._transaction(write=False):
            return read_transactions(self._connection)

    def entries_of(self, transaction: int) -> list[LedgerEntry]:
        """The entries of a transaction, in order."""
        following = self.ledger(after=transaction - 1)
        return list(takewhile(lambda entry: entry.transaction == transaction, following))

    def ledger(
        self, cue: str | None = None, track: str | None = None, *, after: int = 0
    ) -> Iterator[LedgerEntry]:
        """The entries in order, of all or of one thing; the file is not held while you iterate.

        Args:
            cue: Only entries of cues with this id, in ``track`` or in any.
            track: Only entries of this track: its head, and its cues.
            after: Only entries behind this one.

        Raises:
            StoreError: an entry is damaged; :meth:`verify` says where.
        """
        last, full = after, True
        while full:
            with self._transaction(write=False):
                rows = read_entries(self._connection, last, cue=cue, track=track)
            entries = self._entries(rows)
            yield from entries
            full = len(rows) == PAGE
            last = entries[-1].sequence if entries else last

    def latest(
        self,
        cue: str | None = None,
        track: str | None = None,
        *,
        before: int = 1 << 62,
        limit: int = 100,
    ) -> tuple[list[LedgerEntry], bool]:
        """The newest entries, newest first, and whether there are older ones.

        Args:
            cue: As in :meth:`ledger`.
            track: Likewise.
            before: Only entries ahead of this one.
            limit: How many at most.

        Raises:
            StoreError: an entry is damaged; :meth:`verify` says where.
        """
        with self._transaction(write=False):
            rows = read_latest(self._connection, before, cue=cue, track=track, limit=limit + 1)
        return self._entries(rows[:limit]), len(rows) > limit

    def verify(self) -> Fault | None:
        """The first fault of the file, ``None`` if it is whole.

        Checks SQLite's own structure, the chain of hashes from the first entry to the last, that
        each entry starts from what the one before left, and that every row of the document is what
        its last entry says (long lists by recomputed digest).
        """
        return audit_project(self._connection, lambda: self._transaction(write=False))

    def cached(self, key: str) -> bytes | None:
        """What :meth:`remember` stored under ``key``; damaged values count as not there."""
        with self._transaction(write=False):
            return read_cached(self._connection, key)

    def remember(self, key: str, value: bytes) -> None:
        """Store the result of a stage; see :meth:`remember_all`."""
        self.remember_all({key: value})

    def remember_all(self, results: Mapping[str, bytes]) -> None:
        """Store results of stages by key, durably, all or none; the same key again replaces.

        Raises:
            StoreError: the file is open for reading only, or could not be written.
        """
        self._require_writable()
        with self._transaction(write=True):
            write_cached(self._connection, results)

    def pristine(self) -> bool:
        """Whether the file holds nothing beyond what :meth:`create` wrote: no edit, no result."""
        with self._transaction(write=False):
            query = "SELECT 1 FROM ledger WHERE action <> 'create' UNION ALL SELECT 1 FROM cache"
            return self._connection.execute(query).fetchone() is None

    def close(self) -> None:
        """Close the file and give its lock back; a second call does nothing."""
        with self._guard:
            self._closed = True
            self._connection.close()
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> ProjectFile:  # noqa: PYI034 - typing.Self came with Python 3.11
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[None]:
        with self._guard:
            if self._closed:
                raise StoreError(f"{self.path} is closed.", path=str(self.path))
            with transaction(self._connection, self.path, write=write):
                yield

    def _stored_parts(self) -> dict[str, Part]:
        """Return the parts in the file, from memory while it is unchanged; inside a transaction."""
        head = read_head(self._connection)[1]
        if self._known is None or self._known[0] != head:
            rows = read_documents(self._connection)
            require_known(str(dict(rows).get(PROJECT)), str(self.path))
            try:
                parts = {target: decode(target, text) for target, text in rows}
                join(parts)
            except (SchemaError, TypeError, AttributeError) as error:
                raise self._damaged(str(error)) from error
            self._known = (head, parts)
        return self._known[1]

    def _entries(self, rows: list[tuple[Any, ...]]) -> list[LedgerEntry]:
        try:
            return [read_entry(row) for row in rows]
        except SchemaError as error:
            raise self._damaged(f"a ledger entry is bad: {error.message}.") from error

    def _require_writable(self) -> None:
        if self._lock is None:
            raise StoreError(
                f"{self.path} is open for reading only.",
                remedy="Open it for writing.",
                path=str(self.path),
            )

    def _moved_on(self) -> StaleError:
        return StaleError(
            f"{self.path} was changed since it was read.",
            remedy="Read it again and repeat the change.",
            path=str(self.path),
        )

    def _damaged(self, detail: str) -> DamagedError:
        return DamagedError(
            f"{self.path} is damaged: {detail}",
            remedy="Run `subkit verify` on it; restore a copy, or start again from the media.",
            path=str(self.path),
        )
