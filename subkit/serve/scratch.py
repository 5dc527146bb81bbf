"""Scratch: a folder for uploads, bounded, and removed also after the server was killed."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from subkit.errors import StoreError
from subkit.serve.serve_errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Scratch"]

_SPARE = 256 << 20
"""Bytes that stay free on the disk: projects are written too."""

_PREFIX = "server-"


class Scratch:
    """A folder of one server for what is sent to it.

    The lock on it ends with the process, however that ends: the next server removes what is left.

    Args:
        parent: Where it is made, in a folder ``subkit-serve-USER`` that only this user can read.
        max_bytes: Most bytes of all uploads together.

    Raises:
        StoreError: the folder belongs to somebody else, or cannot be made.
    """

    def __init__(self, parent: Path, max_bytes: int) -> None:
        self._max = max_bytes
        self._used = 0
        home = _own_folder(parent)
        with FileLock(home / "lock"):
            _sweep(home)
            self.folder = home / f"{_PREFIX}{secrets.token_hex(8)}"
            self.folder.mkdir(mode=0o700)
            self._lock = FileLock(_lock_of(self.folder))
            self._lock.acquire()

    @contextmanager
    def place(self) -> Iterator[UploadPlace]:
        """Give a folder for one request; it is removed at the end, with all that is in it."""
        folder = self.folder / secrets.token_hex(8)
        folder.mkdir(mode=0o700)
        place = UploadPlace(self, folder)
        try:
            yield place
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._used -= place.size

    def take(self, size: int) -> None:
        """Count ``size`` more bytes.

        Raises:
            BusyError: they would not fit now.
        """
        free = shutil.disk_usage(self.folder).free if size > _CHUNK else _SPARE + size
        if self._used + size > self._max or size + _SPARE > free:
            raise BusyError("The server has no room for this file now.", seconds=30)
        self._used += size

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.release()
        _lock_of(self.folder).unlink(missing_ok=True)


_CHUNK = 1 << 20


class UploadPlace:
    """The folder of one request, and how many bytes were sent to it.

    Attributes:
        folder: The folder.
        size: Bytes that count.
    """

    def __init__(self, scratch: Scratch, folder: Path) -> None:
        self._scratch = scratch
        self.folder = folder
        self.size = 0

    def reserve(self, size: int) -> None:
        """Make sure that ``size`` bytes in all have room.

        Raises:
            BusyError: they would not fit now.
        """
        if size > self.size:
            self._scratch.take(size - self.size)
            self.size = size


def _own_folder(parent: Path) -> Path:
    user = os.getuid() if hasattr(os, "getuid") else "user"
    home = parent.absolute() / f"subkit-serve-{user}"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        facts = home.lstat()
    except OSError as error:
        raise StoreError(
            f"Uploads cannot be kept in {home}: {error.strerror or error}.",
            remedy="Name another folder with --scratch.",
        ) from error
    foreign = hasattr(os, "getuid") and (facts.st_uid != os.getuid() or facts.st_mode & 0o077)
    if not stat.S_ISDIR(facts.st_mode) or foreign:
        raise StoreError(
            f"{home} can be read or changed by somebody else, so no upload is kept in it.",
            remedy="Remove it, or name another folder with --scratch.",
        )
    return home


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + ".lock")


def _sweep(home: Path) -> None:
    """Remove what servers left that were killed."""
    for folder in home.glob(f"{_PREFIX}*"):
        if folder.suffix == ".lock":
            continue
        lock = FileLock(_lock_of(folder))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        _lock_of(folder).unlink(missing_ok=True)
