"""The ledger: who changed what, when and with what, each entry chained to the one before."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeVar

from subkit.errors import InputError
from subkit.model.content_digest import canonical_json, digest_json

__all__ = [
    "COLUMNS",
    "GENESIS",
    "Act",
    "ChainEntry",
    "LedgerEntry",
    "Transaction",
    "require_names",
    "seal",
]

GENESIS = "sha256:" + "0" * 64
"""What the first entry names as the hash before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainEntry:
    """One link of a chain of hashes: who did what to one thing.

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
        """Return the hash that this entry should have."""
        return _hash_of(self, type(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry(ChainEntry):
    """An entry of a project's ledger: one change of one thing, as part of a transaction.

    Attributes:
        transaction: What one act of a person or a stage changed has one number: the ``sequence``
            of its first entry. Entries of one transaction follow each other.
        undoes: The transaction that this one takes back; to redo is to take an undo back.
    """

    transaction: int
    undoes: int | None = None

    def computed_without_transaction(self) -> str:
        """Return the hash of the entry as projects of version 1 sealed it."""
        return _hash_of(self, ChainEntry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What the entries of one commit have in common; see :class:`LedgerEntry`.

    Attributes:
        transaction: The one that the commit is a further part of; ``None`` begins one.
    """

    time: str
    actor: str
    tool: str
    action: str
    transaction: int | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """What one act of a person, or one stage, changed together.

    Attributes:
        number: ``transaction`` of its entries.
        actor: Who.
        action: What was done, as its first entry tells it.
        undoes: The transaction that it took back.
        tracks_changed: Whether whole tracks came or went.
    """

    number: int
    actor: str
    action: str
    undoes: int | None = None
    tracks_changed: bool = False


COLUMNS = tuple(field.name for field in fields(LedgerEntry))
"""Fields of an entry, which are also the columns of its table."""

Entry = TypeVar("Entry", bound=ChainEntry)


def seal(kind: type[Entry], **values: Any) -> Entry:
    """Return an entry of these fields with its hash; all but ``hash`` are needed."""
    return kind(**values, hash=digest_json(canonical_json(values)))


def _hash_of(entry: ChainEntry, kind: type[ChainEntry]) -> str:
    names = (field.name for field in fields(kind) if field.name != "hash")
    return digest_json(canonical_json({name: getattr(entry, name) for name in names}))


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
