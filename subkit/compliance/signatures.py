"""Signatures under approvals: an Ed25519 key of the reviewer's own, in a file beside the project.

A signature names who signed which approvals, and the ledger that holds them. It shows what a chain
of hashes without a key cannot: that the ledger is still the one that the holder of the key saw.
Projects without signatures are as they always were.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from subkit.edit import standing
from subkit.errors import InputError, PluginError, SchemaError, StoreError
from subkit.files.data_files import parse_json
from subkit.files.regular_files import open_regular
from subkit.model import canonical, digest, from_plain, to_plain
from subkit.store import LedgerMark, ProjectFile, mark_of

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from subkit.model import Project, Track

__all__ = [
    "SIGNATURE",
    "Signature",
    "SignedApprovals",
    "is_signature",
    "make_key",
    "read_signature",
    "sign_approvals",
    "signature_bytes",
    "still_signed",
]

SIGNATURE = "signature.json"
"""Ends the name of a signature: ``film.Ana.signature.json``."""

SCHEMA = "urn:subkit:signature:1"
_KIND = "ed25519:"
_MAX_KEY = 1 << 14


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedApprovals:
    """Standing approvals of one person in one role, in one track.

    Attributes:
        track: Id of the track.
        role: In which role.
        cues: How many cues.
        digest: Over the cues' ids, the digests of what was approved in each, and when.
    """

    track: str
    role: str
    cues: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What one person signed, with which key.

    Attributes:
        schema: Of the file.
        title: Of the project.
        signer: The name under which the approvals stand.
        key: The public key, ``"ed25519:…"``.
        time: When, ISO 8601 in UTC.
        ledger: The ledger then.
        approvals: What is signed.
        signature: Over all the rest as canonical JSON, in base64.
    """

    schema: str = SCHEMA
    title: str
    signer: str
    key: str
    time: str
    ledger: LedgerMark
    approvals: tuple[SignedApprovals, ...]
    signature: str = ""

    @property
    def signed(self) -> bytes:
        """The bytes that the signature is over."""
        return canonical(replace(self, signature="")).encode()


def make_key(path: Path, passphrase: str = "") -> str:
    """Make a key file that nobody else may read; returns the public key.

    Args:
        path: The file; it must not be there.
        passphrase: Locks the key; empty leaves it open.

    Raises:
        PluginError: the package ``cryptography`` is not here.
        StoreError: the file is there already, or cannot be written.
    """
    _require_package()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        lock = serialization.BestAvailableEncryption(passphrase.encode())
    data = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(
            f"The key file {str(path)!r} cannot be made: {error.strerror}.",
            remedy="Name a file that is not there.",
            path=str(path),
        ) from error
    return _public(key)


def sign_approvals(
    store: ProjectFile, key: Path, *, by: str, time: str, passphrase: str = ""
) -> Signature:
    """Sign the approvals of one person that stand.

    Args:
        store: The project file; nothing in it is changed.
        key: The key file.
        by: The name under which the approvals stand.
        time: Now, ISO 8601 in UTC.
        passphrase: Of the key.

    Raises:
        PluginError: the package ``cryptography`` is not here.
        InputError: no key, another passphrase, or nothing is approved under that name.
    """
    private = _read_key(key, passphrase)
    project = store.load()
    approvals = tuple(found for track in project.tracks for found in _approvals(track, by))
    if not approvals:
        raise InputError(
            f"No approval by {by!r} stands in {project.title!r}.",
            remedy="Approve first, and sign under the same name.",
        )
    bare = Signature(
        title=project.title,
        signer=by,
        key=_public(private),
        time=time,
        ledger=mark_of(store),
        approvals=approvals,
    )
    return replace(bare, signature=base64.b64encode(private.sign(bare.signed)).decode())


def signature_bytes(signature: Signature) -> bytes:
    """Return the file of a signature."""
    return (json.dumps(to_plain(signature), ensure_ascii=False, indent=2) + "\n").encode()


def is_signature(data: bytes) -> bool:
    """Whether a file says of itself that it is a signature, whatever its name is."""
    return data.lstrip()[:1] == b"{" and SCHEMA.rpartition(":")[0].encode() in data[:_MAX_KEY]


def still_signed(project: Project, signature: Signature) -> tuple[SignedApprovals, ...]:
    """Return the approvals of a signature that stand as they were signed."""
    now = {one for track in project.tracks for one in _approvals(track, signature.signer)}
    return tuple(one for one in signature.approvals if one in now)


def read_signature(data: bytes, name: str) -> Signature:
    """Return the signature in a file, known to be right.

    Raises:
        PluginError: the package ``cryptography`` is not here.
        InputError: it is none, or not by that key.
    """
    try:
        found = from_plain(Signature, parse_json(data, name))
    except SchemaError as error:
        raise InputError(f"{name!r} is not a signature: {error.message}") from error
    _require_package()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        public = base64.b64decode(found.key.removeprefix(_KIND), validate=True)
        signature = base64.b64decode(found.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, found.signed)
    except (InvalidSignature, ValueError) as error:
        raise InputError(
            f"The signature in {name!r} is wrong: it was changed, or is not by its key.",
            remedy="Ask the signer for it again.",
        ) from error
    return found


def _approvals(track: Track, by: str) -> list[SignedApprovals]:
    """List the standing approvals of a person in a track, by role."""
    listed: dict[str, list[Any]] = {}
    for cue in track.cues:
        for approval in standing(cue):
            if approval.actor == by:
                told = [cue.id, approval.digest, approval.time]
                listed.setdefault(approval.role, []).append(told)
    return [
        SignedApprovals(track=track.id, role=role, cues=len(told), digest=digest(told))
        for role, told in sorted(listed.items())
    ]


def _read_key(path: Path, passphrase: str) -> Ed25519PrivateKey:
    _require_package()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        with open_regular(path) as file:
            open_to_others = os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077
            data = file.read(_MAX_KEY)
    except OSError as error:
        raise InputError(f"The key {str(path)!r} cannot be read: {error.strerror}.") from error
    if open_to_others:
        raise InputError(
            f"The key {str(path)!r} may be read by others.", remedy=f"chmod 600 {path.name}"
        )
    try:
        key = serialization.load_pem_private_key(data, passphrase.encode() or None)
    except TypeError as error:  # a passphrase too many or too few
        raise InputError(
            f"The key {str(path)!r} has {'no' if passphrase else 'a'} passphrase.",
            remedy="Give --passphrase only with a key that has one.",
        ) from error
    except ValueError as error:
        raise InputError(
            f"{str(path)!r} is not a key, or its passphrase is another one.",
            remedy="Make one with subkit sign key FILE.",
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(
            f"{str(path)!r} is no Ed25519 key.", remedy="Make one: subkit sign key FILE"
        )
    return key


def _public(key: Ed25519PrivateKey) -> str:
    return _KIND + base64.b64encode(key.public_key().public_bytes_raw()).decode()


def _require_package() -> None:
    from importlib.util import find_spec

    if find_spec("cryptography") is None:
        raise PluginError(
            "Signatures need the package cryptography.", remedy='Run: pip install "subkit[sign]"'
        )
