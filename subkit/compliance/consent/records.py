"""The records of a register: grants, withdrawals and uses, in order of entry."""

from __future__ import annotations

from dataclasses import dataclass

from subkit.compliance.consent.grants import Grant, VoiceRequest, Withdrawal
from subkit.errors import InputError
from subkit.store.ledger import GENESIS, ChainEntry

__all__ = ["Register", "VoiceUse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceUse:
    """A use that was made of a voice under a grant; ``made`` says of what, ``time`` when."""

    grant: str
    request: VoiceRequest
    made: str
    by: str
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What a register holds.

    Attributes:
        grants: In the order in which they were added.
        withdrawals: Likewise.
        uses: The use log, likewise.
        entries: All of it as it stands in the file.
    """

    grants: tuple[Grant, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    uses: tuple[VoiceUse, ...] = ()
    entries: tuple[ChainEntry, ...] = ()

    @property
    def head(self) -> str:
        """Return the hash of the last entry; a copy elsewhere proves that nothing was cut off."""
        return self.entries[-1].hash if self.entries else GENESIS

    def grant(self, name: str) -> Grant:
        """The grant of that id.

        Raises:
            InputError: there is none.
        """
        for grant in self.grants:
            if grant.id == name:
                return grant
        known = ", ".join(grant.id for grant in self.grants) or "none yet"
        raise InputError(f"There is no grant {name!r:.60}.", remedy=f"There are: {known}.")
