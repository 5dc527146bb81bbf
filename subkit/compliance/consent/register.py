"""The register file: append-only JSON lines, each with the hash of the one before.

A grant, a withdrawal and a use are entries like the ledger's. The file is replaced as a whole in
one step, under a lock, so a crash leaves the old register or the new one. A changed, removed or
inserted line is found when it is read, and then nothing is permitted; entries cut from the end show
only against a head that was kept elsewhere.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from subkit.compliance.consent.decision import Decision, permits
from subkit.compliance.consent.grants import Grant, VoiceRequest, Withdrawal
from subkit.compliance.consent.records import Register, VoiceUse
from subkit.errors import ApprovalError, DamagedError, InputError, SchemaError, StoreError
from subkit.files.regular_files import open_regular
from subkit.model import canonical, from_plain, to_plain
from subkit.store import publish
from subkit.store.ledger import GENESIS, ChainEntry, require_names, seal
from subkit.store.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["add_grant", "load_register", "record_use", "withdraw_grant"]

_MAX_BYTES = 64 * 2**20
_GRANT, _WITHDRAW, _USE = "grant", "withdraw", "use"
_FIELDS = tuple(field.name for field in fields(ChainEntry))


def load_register(path: Path) -> Register:
    """Read a register and check it from the first entry to the last.

    Raises:
        InputError: it cannot be read, or is too large.
        StoreError: an entry was changed, is missing or does not follow; nothing of it is used.
    """
    try:
        with open_regular(path) as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {error.strerror}.",
            remedy="Begin a register with subkit consent add.",
        ) from error
    return _parse(data, str(path))


def _parse(data: bytes, name: str) -> Register:
    if len(data) > _MAX_BYTES:
        raise InputError(
            f"{name!r} is larger than 64 MiB, too large for a register.",
            remedy="Name the register.",
        )
    if data and not data.endswith(b"\n"):
        raise _damaged(name, "its last line is not whole")
    entries: list[ChainEntry] = []
    grants: dict[str, Grant] = {}
    withdrawals: list[Withdrawal] = []
    uses: list[VoiceUse] = []
    for number, line in enumerate(data.splitlines(), start=1):
        previous = entries[-1].hash if entries else GENESIS
        try:
            entry = _entry(line, number, previous)
            if entry.action == _GRANT:
                grant = from_plain(Grant, entry.after)
                if grants.setdefault(grant.id, grant) is not grant:
                    raise SchemaError(f"grant {grant.id!r} is there twice")
            elif entry.action == _WITHDRAW:
                withdrawals.append(from_plain(Withdrawal, entry.after))
            else:
                uses.append(from_plain(VoiceUse, entry.after))
        except (SchemaError, InputError) as error:
            raise _damaged(name, f"entry {number}: {error.message.rstrip('.')}") from error
        entries.append(entry)
    return Register(
        grants=tuple(grants.values()),
        withdrawals=tuple(withdrawals),
        uses=tuple(uses),
        entries=tuple(entries),
    )


def _entry(line: bytes, number: int, previous: str) -> ChainEntry:
    try:
        plain: Any = json.loads(line.decode())
        entry = ChainEntry(**{name: plain[name] for name in _FIELDS})
        same = line.decode() == canonical({n: getattr(entry, n) for n in _FIELDS})
        sealed = entry.computed() == entry.hash
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SchemaError("it is not an entry") from error
    if entry.sequence != number or entry.previous != previous:
        raise SchemaError("it does not follow from the entry before")
    if not same or not sealed or entry.action not in {_GRANT, _WITHDRAW, _USE}:
        raise SchemaError("its content does not match its hash")
    return entry


def _damaged(name: str, detail: str) -> DamagedError:
    return DamagedError(
        f"The register {name!r} was changed outside subkit: {detail}.",
        remedy="Restore a copy; until then it permits nothing.",
    )


def add_grant(path: Path, grant: Grant, *, by: str, time: str) -> Register:
    """Add a grant; the register is begun if it is not there.

    Raises:
        InputError: there is a grant of that id, or ``by`` is no name.
        StoreError: the register is damaged or cannot be written.
        LockedError: another process is writing to it.
    """
    with _Writing(path, begin=True) as writing:
        if any(known.id == grant.id for known in writing.register.grants):
            raise InputError(
                f"There is a grant {grant.id!r} already.",
                remedy="Give the new one an id of its own; withdraw the old one if it is over.",
            )
        return writing.add(_GRANT, grant.id, grant, by=by, time=time)


def withdraw_grant(path: Path, withdrawal: Withdrawal, *, by: str, time: str) -> Register:
    """Take a grant back.

    Raises:
        InputError: there is no such grant, or ``by`` is no name.
        StoreError: the register is damaged or cannot be written.
        LockedError: another process is writing to it.
    """
    with _Writing(path) as writing:
        writing.register.grant(withdrawal.grant)
        return writing.add(_WITHDRAW, withdrawal.grant, withdrawal, by=by, time=time)


def record_use(path: Path, request: VoiceRequest, *, made: str, by: str, time: str) -> Decision:
    """Decide on a use and, where it is permitted, note it before it is made.

    Args:
        path: The register.
        request: The use.
        made: What is made of it: a file's name, a loop, a digest.
        by: Who uses the voice.
        time: Now, ISO 8601 in UTC.

    Raises:
        ApprovalError: it is not permitted; nothing is noted.
        InputError: ``by`` or ``made`` is no plain text.
        StoreError: the register is damaged or cannot be written.
        LockedError: another process is writing to it.
    """
    with _Writing(path) as writing:
        decision = permits(writing.register, request)
        if not decision.permitted or decision.grant is None:
            raise ApprovalError(
                f"The voice {request.voice!r} may not be used: {decision.reason}",
                remedy="Ask the performer for a grant that covers it.",
            )
        require_names(made=made)
        use = VoiceUse(grant=decision.grant, request=request, made=made, by=by, time=time)
        writing.add(_USE, decision.grant, use, by=by, time=time)
        return decision


class _Writing:
    """A register held for one addition: locked, read and checked."""

    def __init__(self, path: Path, *, begin: bool = False) -> None:
        self._path = path
        self._begin = begin
        self.register = Register()

    def __enter__(self) -> _Writing:  # noqa: PYI034 - typing.Self came with Python 3.11
        if not self._path.parent.is_dir():
            raise StoreError(
                f"There is no folder {str(self._path.parent)!r}.", remedy="Make it first."
            )
        self._lock = Lock(self._path.resolve())
        try:
            if not self._begin or self._path.exists():
                self.register = load_register(self._path)
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def add(
        self, action: str, grant: str, value: Grant | Withdrawal | VoiceUse, *, by: str, time: str
    ) -> Register:
        """Write the register with one entry more."""
        require_names(by=by)
        entry = seal(
            ChainEntry,
            sequence=len(self.register.entries) + 1,
            time=time,
            actor=by,
            tool="subkit",
            action=action,
            target=f"grant:{grant}",
            before=None,
            after=to_plain(value),
            previous=self.register.head,
        )
        lines = b"".join(_lines((*self.register.entries, entry)))
        register = _parse(lines, str(self._path))  # what is written can be read again
        publish(self._path.resolve(), lines, overwrite=True)
        return register


def _lines(entries: tuple[ChainEntry, ...]) -> Iterator[bytes]:
    for entry in entries:
        yield canonical({name: getattr(entry, name) for name in _FIELDS}).encode() + b"\n"
