"""Undo and redo stacks of a person, computed from the transactions of the ledger.

An undo is a transaction like all others; its column ``undoes`` names the one it took back, and to
redo is to undo an undo. So the stacks are the same after a restart, and in every program.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from subkit.edit import Change, take_back
from subkit.errors import NotFoundError
from subkit.model import Cue, from_plain, to_plain
from subkit.store.entry_view import split_target
from subkit.store.kept_transcripts import kept_transcript
from subkit.store.rows import TRANSCRIPT
from subkit.store.tables import PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.model import Project
    from subkit.store.ledger import LedgerEntry, Transaction, WrittenEntry
    from subkit.store.project import ProjectFile

__all__ = ["UndoStacks", "undo_last", "undone_action", "without_transaction"]

NOT_UNDONE = frozenset(
    {"create", "export without disclosure", "glossary", "media", "register", "seen"}
)
"""Actions that change no cue and no approval, or that happened and cannot be taken back."""


_WORDS = ("words", "windows", "voice")
"""What an act changes of a transcript that carries a document to another edit."""


@dataclass
class UndoStacks:
    """What one person can undo, and do again; the last is next."""

    undo: list[Transaction] = field(default_factory=list)
    redo: list[Transaction] = field(default_factory=list)

    @classmethod
    def of(cls, transactions: Iterable[Transaction], actor: str) -> UndoStacks:
        """Return the stacks of one person, whichever programs they used."""
        stacks = cls()
        for transaction in transactions:
            if transaction.actor == actor:
                stacks.add(transaction)
        return stacks

    def add(self, transaction: Transaction) -> None:
        """Take the next transaction of this person."""
        if transaction.action in NOT_UNDONE or transaction.tracks_changed:
            return
        for taken, given in ((self.undo, self.redo), (self.redo, self.undo)):
            if any(known.number == transaction.undoes for known in taken):
                taken[:] = [known for known in taken if known.number != transaction.undoes]
                given.append(transaction)
                return
        self.undo.append(transaction)
        if transaction.undoes is None:
            self.redo.clear()

    def next(self, *, again: bool = False) -> Transaction:
        """Return what an undo takes back, or what a redo does.

        Raises:
            NotFoundError: there is nothing.
        """
        stack, verb = (self.redo, "redo") if again else (self.undo, "undo")
        if not stack:
            raise NotFoundError(f"There is nothing to {verb}.")
        return stack[-1]


def undo_last(
    store: ProjectFile, actor: str, *, again: bool = False, tool: str = "subkit"
) -> list[WrittenEntry]:
    """Undo what a person did last in a project, or do again what they undid last.

    Args:
        store: The project file, open for writing.
        actor: Who.
        again: Redo.
        tool: The program in which they ask for it.

    Returns:
        The entries of the undo; none where everything is already as it was.

    Raises:
        NotFoundError: there is nothing to undo.
        ConflictError: somebody changed the same since.
        StaleError: another program wrote to the project meanwhile.
    """
    head, project = store.head(), store.load()
    transaction = UndoStacks.of(store.transactions(), actor).next(again=again)
    return store.commit(
        without_transaction(store, project, transaction),
        actor=actor,
        action="redo" if again else "undo",
        tool=tool,
        expected=head,
        undoes=transaction.number,
    )


def undone_action(store: ProjectFile, transaction: Transaction) -> str:
    """Return the action of the edit that an undo takes back, or a redo does again."""
    action, number, undoes = transaction.action, transaction.number, transaction.undoes
    while undoes is not None and undoes < number:
        entry = next(store.ledger(after=undoes - 1))
        action, number, undoes = entry.action, entry.transaction, entry.undoes
    return action


def without_transaction(store: ProjectFile, project: Project, transaction: Transaction) -> Project:
    """Return the project without what a transaction did to it.

    Raises:
        ConflictError: somebody changed the same since.
    """
    restored = take_back(project, _Changes(store, transaction))
    return _with_words(store, restored, transaction)


def _with_words(store: ProjectFile, project: Project, transaction: Transaction) -> Project:
    """Bring back the transcript from before a transaction, where that changed its words."""
    first = store.ledger(after=transaction.number - 1)
    entries = takewhile(lambda entry: entry.transaction == transaction.number, first)
    entry = next((entry for entry in entries if entry.target == TRANSCRIPT), None)
    if entry is None or entry.before is None or entry.after is None:
        return project
    if all(entry.before.get(name) == entry.after.get(name) for name in _WORDS):
        return project
    before = kept_transcript(store, entry.before)  # labelling of speakers keeps none
    return project if before is None else replace(project, transcript=before)


class _Changes:
    """Reads the changes of a transaction a page at a time: they may be all cues of a long title."""

    def __init__(self, store: ProjectFile, transaction: Transaction) -> None:
        self._store, self._number = store, transaction.number

    def __iter__(self) -> Iterator[Change]:
        yield from map(_change, self._store.entries_of(self._number))

    def __reversed__(self) -> Iterator[Change]:
        before, more = 1 << 62, True
        while more:
            entries, more = self._store.latest(before=before, limit=PAGE)
            for entry in entries:
                if entry.transaction < self._number:
                    return
                if entry.transaction == self._number:
                    yield _change(entry)
                before = entry.sequence


def _change(entry: LedgerEntry) -> Change:
    track, cue = split_target(entry.target)
    return Change(
        track=track, cue=cue, before=_today(entry.before, cue), after=_today(entry.after, cue)
    )


def _today(plain: Any, cue: str) -> Any:
    """Return a cue's state from the ledger with the fields that cues have today."""
    return to_plain(from_plain(Cue, plain)) if cue and plain is not None else plain
