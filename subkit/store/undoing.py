"""Undo and redo stacks of a person, computed from the transactions of the ledger.

An undo is a transaction like all others; its column ``undoes`` names the one it took back, and to
redo is to undo an undo. So the stacks are the same after a restart, and in every program.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from subkit.edit import Change, take_back
from subkit.errors import NotFoundError
from subkit.model import Cue, from_plain, to_plain
from subkit.store.entry_view import split_target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.model import Project
    from subkit.store.ledger import Transaction, WrittenEntry
    from subkit.store.project import ProjectFile

__all__ = ["UndoStacks", "undo_last", "undone_action", "without_transaction"]

NOT_UNDONE = frozenset(
    {"create", "export without disclosure", "glossary", "media", "register", "seen"}
)
"""Actions that change no cue and no approval, or that happened and cannot be taken back."""


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
    changes = [
        Change(
            track=track, cue=cue, before=_today(entry.before, cue), after=_today(entry.after, cue)
        )
        for entry in store.entries_of(transaction.number)
        for track, cue in [split_target(entry.target)]
        if cue or not track
    ]
    return take_back(project, changes)


def _today(plain: Any, cue: str) -> Any:
    """What the ledger holds of a cue, with the fields that cues have today."""
    return to_plain(from_plain(Cue, plain)) if cue and plain is not None else plain
