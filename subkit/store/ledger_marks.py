"""What is noted of a ledger elsewhere, and whether the ledger still is the one that was noted.

A chain without a key proves that nobody changed a part of it. Who holds the file can write the
whole chain anew, and it verifies. Only a mark that lies where they cannot change it, as in a
disclosure that went out, shows that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subkit.store.project import ProjectFile

__all__ = ["LedgerMark", "departure", "mark_of", "parse_mark"]

_HASH = r"sha256:[0-9a-f]{64}"
_TOLD = re.compile(rf"(?:\b(\d{{1,15}}) entries, (?:first ({_HASH}), )?head )?({_HASH})")


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerMark:
    """A ledger at one time.

    Attributes:
        entries: How many it had; ``None`` where only the head was noted.
        first: Hash of its first entry, likewise.
        head: Hash of its last one.
    """

    entries: int | None = None
    first: str | None = None
    head: str


def mark_of(store: ProjectFile) -> LedgerMark:
    """Return the mark of a project's ledger as it is now.

    Raises:
        StoreError: an entry is damaged.
    """
    (last, *_), _ = store.latest(limit=1)
    return LedgerMark(entries=last.sequence, first=_hash_at(store, 1), head=last.hash)


def parse_mark(text: str) -> LedgerMark | None:
    """Return the mark in what ``subkit verify`` printed, or in a head alone; ``None`` if none."""
    found = _TOLD.search(text)
    if found is None:
        return None
    entries, first, head = found.groups()
    return LedgerMark(entries=int(entries) if entries else None, first=first, head=head)


def departure(store: ProjectFile, mark: LedgerMark) -> str:
    """Return how a ledger departs from what was noted of it; empty if it goes on from there.

    The ledger itself is known to be whole (:meth:`ProjectFile.verify`). What was rewritten is told
    from what was cut, as far as the mark says enough.
    """
    now = mark_of(store)
    assert now.entries is not None
    if mark.first is not None and mark.first != now.first:
        return "The ledger was rewritten from its first entry on, or is another project's."
    if mark.entries is None:
        if any(entry.hash == mark.head for entry in store.ledger()):
            return ""
        return f"The ledger does not contain {mark.head}: it was rewritten, or cut from its end."
    if mark.entries > now.entries:
        return (
            f"The ledger was cut from its end: {mark.entries} entries were noted, {now.entries} are"
            " left."
        )
    if _hash_at(store, mark.entries) != mark.head:
        return f"The ledger was rewritten: entry {mark.entries} is not the one that was noted."
    return ""


def _hash_at(store: ProjectFile, sequence: int) -> str | None:
    entries, _ = store.latest(before=sequence + 1, limit=1)
    return entries[0].hash if entries and entries[0].sequence == sequence else None
