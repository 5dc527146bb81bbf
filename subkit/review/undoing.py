"""What a reviewer can undo and do again: two stacks that the ledger itself tells.

An undo is an entry like all others; its action names the first entry of what it took back, so the
stacks are the same after a restart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Deed", "Stacks", "deeds"]

NOT_UNDONE = frozenset({"seen", "create"})
"""Looking at a cue cannot be taken back."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One transaction of the ledger: its entries stand from ``first`` to ``last``."""

    actor: str
    action: str
    first: int
    last: int


@dataclass
class Stacks:
    """What one person can undo, and do again; the last is next."""

    undo: list[Deed] = field(default_factory=list)
    redo: list[Deed] = field(default_factory=list)

    def add(self, deed: Deed) -> None:
        """Take the next deed of this person."""
        verb, _, number = deed.action.partition(" ")
        if deed.action in NOT_UNDONE:
            return
        if verb == "undo" and number.isdecimal():
            self.undo = [known for known in self.undo if known.first != int(number)]
            self.redo.append(deed)
        elif verb == "redo" and number.isdecimal():
            self.redo = [known for known in self.redo if known.first != int(number)]
            self.undo.append(deed)
        else:
            self.redo.clear()
            self.undo.append(deed)


def deeds(rows: Iterable[tuple[int, str, str, str]]) -> list[Deed]:
    """Transactions from rows of sequence, time, actor and action, in order.

    Entries of one transaction follow each other and have the same time to the microsecond; no two
    transactions do, since each waits for the disk.
    """
    found: list[Deed] = []
    last: tuple[str, str, str] | None = None
    for sequence, time, actor, action in rows:
        if (time, actor, action) == last and found[-1].last == sequence - 1:
            found[-1] = Deed(actor, action, found[-1].first, sequence)
        else:
            found.append(Deed(actor, action, sequence, sequence))
        last = (time, actor, action)
    return found
