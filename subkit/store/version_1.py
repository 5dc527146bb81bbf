"""Projects of version 1: which entries of their ledger belong together.

Version 1 had no columns for it. Entries of one transaction follow each other with the same time,
actor, tool and action, and an undo named in its action what it took back (``"undo 21"``).
"""

from __future__ import annotations

from subkit.model import small_number

__all__ = ["FirstTransactions"]

_UNDOING = ("undo", "redo")


class FirstTransactions:
    """Transaction and undone transaction of each entry, given one after the other."""

    def __init__(self) -> None:
        self._last: tuple[int, object] = (0, None)
        self._transaction = 0

    def next(
        self, sequence: int, time: object, actor: object, tool: object, action: object
    ) -> tuple[int, int | None]:
        """Return what the columns ``transaction`` and ``undoes`` hold of the next entry."""
        act = (time, actor, tool, action)
        if self._last != (sequence - 1, act):
            self._transaction = sequence
        self._last = (sequence, act)
        verb, _, number = str(action).partition(" ")
        undoes = small_number(number) or 0 if verb in _UNDOING else 0
        return self._transaction, undoes if 0 < undoes < sequence else None
