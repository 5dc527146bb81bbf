"""Check the path of a project file before anything is opened or created."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path

from subkit.errors import StoreError
from subkit.store.publication import is_folder, require_name

__all__ = ["discard", "existing", "fresh", "hidden"]

_COMPANIONS = ("-journal", "-wal", "-shm")
"""Files that SQLite takes as the unfinished business of the database of that name."""

_ROOM = max(map(len, _COMPANIONS))


def hidden(path: Path, ending: str) -> Path:
    """The hidden file beside ``path`` that belongs to it: ``.film.subkit.lock``.

    Where that name would be too long, also for what SQLite keeps beside it, a digest stands in it.
    """
    beside = path.with_name(f".{path.name}{ending}")
    try:
        require_name(beside, spare=_ROOM)
    except StoreError:
        name = hashlib.sha256(os.fsencode(path.name)).hexdigest()[:32]
        return path.with_name(f".{name}{ending}")
    return beside


def existing(path: Path, *, writable: bool) -> Path:
    """``path`` with symbolic links resolved, known to be a file that this user may open.

    Raises:
        StoreError: it is missing, no file, not permitted, or its name leaves no room for a journal.
    """
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreError(
            f"There is no project {path}.",
            remedy="Check the name, or make one with `subkit run` or `subkit transcribe`.",
            path=str(path),
        ) from error
    except (OSError, RuntimeError, ValueError) as error:  # also a loop of links, a NUL in the name
        raise StoreError(f"{path!s} cannot be opened: {error}.", path=str(path)) from error
    require_name(real, spare=_ROOM if writable else 0)
    if not stat.S_ISREG(mode):
        raise StoreError(f"{path} is not a file.", remedy="Give a .subkit file.", path=str(path))
    if not os.access(real, os.R_OK | (os.W_OK if writable else 0)):
        raise StoreError(
            f"{path} may not be {'written' if writable else 'read'} by this user.",
            remedy="Change its permissions, or work on a copy.",
            path=str(path),
        )
    return real


def fresh(path: Path) -> Path:
    """``path`` with its folder resolved, known to be free for a new project.

    Raises:
        StoreError: something has that name, it is too long, or there is no such folder.
    """
    if not path.name or "\0" in str(path):
        raise StoreError(f"{str(path)!r} is not the name of a file.", path=str(path))
    require_name(path, spare=_ROOM)
    if not is_folder(path.parent):
        raise StoreError(
            f"{path} cannot be written: there is no folder {path.parent}.",
            remedy="Make the folder first.",
            path=str(path),
        )
    if os.path.lexists(path):
        raise StoreError(
            f"{path} already exists.",
            remedy="Open it, or choose another name.",
            path=str(path),
        )
    for suffix in _COMPANIONS:
        leftover = path.with_name(path.name + suffix)
        if os.path.lexists(leftover):  # SQLite would play it into the new file
            raise StoreError(
                f"{leftover} is left over from another project of this name.",
                remedy="Move it away together with the project it belongs to.",
                path=str(leftover),
            )
    return path.parent.resolve() / path.name


def discard(draft: Path) -> None:
    """Remove an unfinished project and what SQLite keeps beside it; missing files are fine.

    Raises:
        StoreError: the folder does not let it be removed.
    """
    # The journal goes last to be made and first to go: alone it could be taken for a new draft's.
    for suffix in (*_COMPANIONS, ""):
        with suppress(FileNotFoundError):
            try:
                draft.with_name(draft.name + suffix).unlink()
            except PermissionError as error:
                raise StoreError(
                    f"{draft} cannot be removed: the folder is not writable.",
                    remedy="Choose a folder that you may write to.",
                    path=str(draft),
                ) from error
