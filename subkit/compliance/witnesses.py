"""Where a ledger was noted: disclosures, copies of the project, heads that were printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subkit.compliance.disclosure import MAX_SIDECAR, SIDECAR, sidecar_ledger
from subkit.compliance.signatures import SIGNATURE, is_signature, read_signature
from subkit.errors import InputError
from subkit.files.data_files import parse_json
from subkit.files.regular_files import open_regular
from subkit.model import from_plain
from subkit.store import LedgerMark, ProjectFile, mark_of
from subkit.store.ledger_marks import parse_mark

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_mark"]

_SQLITE = b"SQLite format 3\0"


def read_mark(path: Path) -> LedgerMark:
    """Return what a file says of a project's ledger.

    The file is a disclosure, an export with its disclosure beside it, a signature, an earlier copy
    of the project, or what ``subkit verify`` printed, as text or as JSON.

    Raises:
        InputError: it cannot be read, says nothing of a ledger, or was changed.
        StoreError: it is a project that cannot be read.
    """
    data = _read(path)
    if data.startswith(_SQLITE):
        with ProjectFile.open(path, writable=False) as store:
            return mark_of(store)
    stem = path.name.removesuffix(path.suffix)
    beside = path.with_name(f"{stem}.{SIDECAR}")
    if path.name.endswith(SIGNATURE) or is_signature(data):
        return read_signature(data, str(path)).ledger
    if path.name.endswith(SIDECAR):
        found = sidecar_ledger(data, str(path))
    elif beside.is_file():
        found = sidecar_ledger(_read(beside), str(beside))
    else:
        found = _printed(data)
    if found is None:
        raise InputError(
            f"{str(path)!r} says nothing of a ledger.",
            remedy="Give a disclosure, an export beside one, or a head that was printed.",
        )
    return found


def _read(path: Path) -> bytes:
    try:
        with open_regular(path) as file:
            return file.read(MAX_SIDECAR + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{str(path)!r} cannot be read: {reason}.") from error


def _printed(data: bytes) -> LedgerMark | None:
    """Read a mark from what ``subkit verify`` printed; ``None`` if there is none."""
    try:
        plain: Any = parse_json(data, "")
        return from_plain(LedgerMark, {name: plain[name] for name in ("entries", "first", "head")})
    except (InputError, KeyError, TypeError):
        return parse_mark(data.decode("utf-8", "replace"))
