"""The ledger: who changed what, when and with what, each entry chained to the one before."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from subkit.errors import InputError
from subkit.model import digest

__all__ = ["COLUMNS", "GENESIS", "LedgerEntry", "require_names", "seal"]

GENESIS = "sha256:" + "0" * 64
"""What the first entry names as the hash before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One change of one thing.

    Attributes:
        sequence: 1 for the first entry, without gaps.
        time: ISO 8601 in UTC.
        actor: Who: a person, or ``"subkit"``.
        tool: Program that made the change.
        action: What was done, for example ``"create"``, ``"translate"``, ``"edit"``.
        target: ``"project"``, ``"transcript"``, ``"track:en"`` or ``"cue:en/c0001"``.
        before: The thing as plain data before the change; ``None`` where it is new.
        after: The thing after the change; ``None`` where it was removed. Cues and the project's
            head stand here whole. Of a track's cue order, and of a transcript's words and windows,
            only ``{"count", "digest"}`` is kept, the digest over the list as it is stored.
        previous: ``hash`` of the entry before, ``GENESIS`` at the start.
        hash: :func:`subkit.model.content_digest` of all the other fields as one object.
    """

    sequence: int
    time: str
    actor: str
    tool: str
    action: str
    target: str
    before: Any
    after: Any
    previous: str
    hash: str

    def computed(self) -> str:
        """The hash that this entry should have."""
        return digest({name: getattr(self, name) for name in COLUMNS if name != "hash"})


COLUMNS = tuple(field.name for field in fields(LedgerEntry))
"""Fields of an entry, which are also the columns of its table, in order."""


def seal(
    *,
    sequence: int,
    time: str,
    actor: str,
    tool: str,
    action: str,
    target: str,
    before: Any,
    after: Any,
    previous: str,
) -> LedgerEntry:
    """A new entry with its hash."""
    values = {
        "sequence": sequence,
        "time": time,
        "actor": actor,
        "tool": tool,
        "action": action,
        "target": target,
        "before": before,
        "after": after,
        "previous": previous,
    }
    return LedgerEntry(**values, hash=digest(values))


def require_names(**names: str) -> None:
    """Return if each name (actor, action, tool) is one that the ledger can hold.

    Raises:
        InputError: one is empty, or has characters that cannot be printed.
    """
    for name, value in names.items():
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise InputError(
                f"The ledger needs the {name} of a change as plain text, not {value!r:.60}.",
                remedy=f"Name the {name}.",
            )
