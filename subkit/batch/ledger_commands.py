"""What a person orders of a batch: that titles are tried again, that runners pause or end."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from subkit.batch.ledger_contents import LedgerContent
from subkit.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

__all__ = ["AGAIN", "LedgerCommands"]

AGAIN = (
    "UPDATE title SET state = 'waiting', attempts = 0, kills = 0, until = 0 "
    "WHERE id = ? AND state <> 'running'"
)
"""Puts a title back among those that wait, unless a runner has it."""


class LedgerCommands(LedgerContent):
    """The orders that a ledger takes; each is one transaction."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[Any]:
        """Return a transaction of the database."""

    def retry(self, ids: Sequence[str] = ()) -> list[str]:
        """Put titles in quarantine or with a delay back among those that wait; return their ids.

        Args:
            ids: Which; none means all in quarantine.

        Raises:
            PlanError: one is not in the batch, or has not failed.
        """
        with self._writing() as base:
            found = base.execute("SELECT id, state FROM title").fetchall()
            states = dict(found)
            for one in ids:
                if states.get(one) not in {"quarantined", "delayed"}:
                    what = f"is {states[one]}" if one in states else "is not in the batch"
                    raise PlanError(
                        f"The title {one!r} {what}: there is nothing to try again.",
                        remedy="See subkit batch status for those in quarantine.",
                    )
            again = list(ids) or [one for one, state in found if state == "quarantined"]
            base.executemany(AGAIN, [(one,) for one in again])
        return again

    def reopen(self, ids: Sequence[str]) -> None:
        """Put titles that are done back among those that wait: their files are gone."""
        with self._writing() as base:
            base.executemany(AGAIN, [(one,) for one in ids])

    def set_mode(self, mode: str) -> None:
        """Set what :meth:`mode` returns, for all runners."""
        with self._writing() as base:
            base.execute(
                "INSERT INTO batch (key, value) VALUES ('mode', ?) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (mode,),
            )
