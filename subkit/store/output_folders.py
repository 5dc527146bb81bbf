"""Output folders: checked before the work starts, created when there is something to write."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import StoreError
from subkit.store.publication import is_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["made_folder", "require_writable"]


def require_writable(folder: Path) -> None:
    """Return if results can be written to a folder, or to one that can be made there.

    Raises:
        StoreError: something else has its name, or this user may not write there.
    """
    folder = folder.absolute()
    there = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), folder)
    if not is_folder(there):
        raise StoreError(
            f"{str(folder)!r} cannot be a folder for results: {str(there)!r} is not a folder.",
            remedy="Name another with -o.",
            path=str(folder),
        )
    effective = os.access in os.supports_effective_ids
    if not os.access(there, os.W_OK | os.X_OK, effective_ids=effective):
        raise StoreError(
            f"The folder {str(there)!r} cannot be written to.",
            remedy="Name another with -o.",
            path=str(folder),
        )


@contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """A folder to write to, made with those above it if it is not there.

    What was made goes again if the work fails and has left nothing in it.

    Raises:
        StoreError: it cannot be made.
    """
    missing = [path for path in (folder, *folder.parents) if not os.path.lexists(path)]
    require_writable(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {str(folder)!r} cannot be made: {error.strerror}.",
            remedy="Name another with -o.",
            path=str(folder),
        ) from error
    try:
        yield
    except BaseException:
        for path in missing:
            with suppress(OSError):  # somebody put something in it
                path.rmdir()
        raise
