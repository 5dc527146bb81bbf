"""The ledger: who changed what, when and with what, each entry chained to the one before."""

from __future__ import annotations

from dataclasses import dataclass, fields
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any, TypeVar

from subkit.errors import InputError
from subkit.model.content_digest import canonical_json, digest_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "COLUMNS",
    "GENESIS",
    "SEALED_1",
    "Act",
    "ChainEntry",
    "LedgerEntry",
    "Transaction",
    "WrittenEntry",
    "hash_of_columns",
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

    def brief(self) -> WrittenEntry:
        """Return the entry without what it holds of the thing itself."""
        return WrittenEntry(
            sequence=self.sequence,
            transaction=self.transaction,
            undoes=self.undoes,
            actor=self.actor,
            tool=self.tool,
            action=self.action,
            target=self.target,
            is_added=self.before is None,
            is_removed=self.after is None,
            hash=self.hash,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenEntry:
    """An entry of a project's ledger without the states of the thing: an act may write 50,000.

    Attributes:
        is_added: The thing was not there before.
        is_removed: It is gone.
    """

    sequence: int
    transaction: int
    undoes: int | None
    actor: str
    tool: str
    action: str
    target: str
    is_added: bool
    is_removed: bool
    hash: str


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

_STATES = frozenset({"before", "after"})
_SEALED = tuple(sorted(set(COLUMNS) - {"hash"}))
SEALED_1 = tuple(name for name in _SEALED if name not in {"transaction", "undoes"})
"""Columns that the hash of an entry of version 1 covers."""

Entry = TypeVar("Entry", bound=ChainEntry)


def seal(kind: type[Entry], **values: Any) -> Entry:
    """Return an entry of these fields with its hash; all but ``hash`` are needed."""
    return kind(**values, hash=digest_json(canonical_json(values)))


def hash_of_columns(values: Mapping[str, Any], names: Sequence[str] = _SEALED) -> str:
    """Return the hash of an entry from its columns, where ``before`` and ``after`` are JSON texts.

    Raises:
        TypeError: a column is neither text nor a whole number.
        UnicodeEncodeError: one is not text.
    """
    return digest_json("{" + ",".join([_column(name, values[name]) for name in names]) + "}")


def _column(name: str, value: Any) -> str:
    if name in _STATES or value is None:
        return f'"{name}":{"null" if value is None else value}'
    return f'"{name}":{value if type(value) is int else quoted(value)}'


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
