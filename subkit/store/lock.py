"""One writer at a time: an advisory lock of the operating system on a file beside the project.

The kernel gives the lock back when its holder ends, also by ``kill -9``. It lies on its own file
``.NAME.lock``: closing a second descriptor of the project file would drop SQLite's own locks.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from subkit.errors import LockedError, StoreError
from subkit.store.location import hidden

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Lock"]

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_LOCKED_BYTE = 1 << 30
"""Windows locks bytes against reading, so the lock lies far behind the process id."""
_TOLD = 200
"""Letters of a purpose that are written and told."""


class Lock:
    """The right to write to one project file, held from the start until :meth:`release`.

    Args:
        path: The project file, symbolic links resolved.
        purpose: What it is held for, in a few words, for whoever is refused.

    Raises:
        LockedError: somebody else has it; ``pid`` is their process id, where known.
        StoreError: the lock file cannot be made.
    """

    def __init__(self, path: Path, purpose: str = "") -> None:
        self._path = hidden(path, ".lock")
        while True:
            descriptor = _open(self._path, path)
            if not _try_lock(descriptor):
                holder, doing = _read_holder(descriptor)
                os.close(descriptor)
                raise _refusal(path, holder, doing)
            if _is_current(descriptor, self._path):
                break
            os.close(descriptor)  # its last holder took the name away meanwhile
        self._descriptor: int | None = descriptor
        with suppress(OSError):  # a courtesy for messages; the lock holds without it
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n{purpose[:_TOLD]}\n".encode())

    def release(self) -> None:
        """Give the lock back; a second call does nothing."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        if sys.platform != "win32":
            with suppress(OSError):
                self._path.unlink()  # while still locked: who waits on the old file notices
        os.close(descriptor)


def _open(lock: Path, path: Path) -> int:
    try:
        return os.open(lock, _FLAGS, 0o666)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(
            f"{path} cannot be opened for writing: {lock.name} cannot be made ({reason}).",
            remedy="Copy the project to a folder that you may write to.",
            path=str(path),
        ) from error


def _try_lock(descriptor: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(descriptor, 0, os.SEEK_SET)
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_current(descriptor: int, lock: Path) -> bool:
    if sys.platform == "win32":
        return True
    try:
        return os.path.samestat(os.fstat(descriptor), lock.lstat())
    except FileNotFoundError:
        return False


def _read_holder(descriptor: int) -> tuple[int | None, str]:
    """Read the process id and purpose of the holder, as far as they are known."""
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        pid, _, purpose = (
            os.read(descriptor, 4 * _TOLD + 40).decode("utf-8", "replace").partition("\n")
        )
        purpose = purpose.strip()
        return int(pid), purpose if purpose.isprintable() else ""
    except (OSError, ValueError):
        return None, ""


def _refusal(path: Path, holder: int | None, doing: str) -> LockedError:
    who = "another process"
    if holder == os.getpid():
        who = "this process already"
    elif holder is not None:
        who = f"process {holder} ({doing})" if doing else f"process {holder}"
    return LockedError(
        f"{path} is open for writing in {who}.",
        remedy="Wait until that is done, or close it there.",
        path=str(path),
        pid=holder,
    )
