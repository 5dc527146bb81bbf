"""Files appear whole or not at all: temporary name, fsync, then one atomic step to the real name.

``kill -9`` at any point leaves the target as it was, or complete; at worst a ``.subkit-….part``
stays behind. Nothing that exists is replaced unless the caller says so, also not in a race.
"""

from __future__ import annotations

import errno
import os
import secrets
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import StoreError
from subkit.files.regular_files import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "is_folder",
    "is_project_file",
    "place",
    "publish",
    "publish_all",
    "require_name",
    "staged",
    "sync_folder",
    "write_failure",
]

_SQLITE = b"SQLite format 3\0"

_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_FLAGS |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def publish(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write ``data`` to ``path`` atomically and durably.

    Args:
        path: The file to be; its folder must exist.
        data: All of its bytes.
        overwrite: Replace what is there; otherwise an existing file is an error.

    Raises:
        StoreError: the file exists, the folder is missing or not writable, the disk is full.
            Nothing of the attempt is left.
    """
    publish_all({path: data}, overwrite=overwrite)


def publish_all(files: Mapping[Path, bytes], *, overwrite: bool = False) -> None:
    """Write several files: every target is checked and every byte on disk before any appears.

    Args:
        files: The bytes of each path.
        overwrite: Replace what is there; otherwise one existing file stops all.

    Raises:
        StoreError: as in :func:`publish`. Before the first file appears nothing has changed; should
            a later one be refused after that (a file that another process made meanwhile), the
            message names those already written.
    """
    for path in files:
        _check(path, overwrite=overwrite)
    _refuse_twins(files)
    staged: list[tuple[Path, Path]] = []
    done: list[str] = []
    try:
        for path, data in files.items():
            temporary = path.parent / f".subkit-{secrets.token_hex(8)}.part"
            staged.append((temporary, path))
            _write(temporary, path, data)
        for temporary, path in staged:
            try:
                place(temporary, path, overwrite=overwrite)
            except StoreError as error:
                if not done:
                    raise
                note = f"{error.remedy} Already written: {', '.join(done)}.".lstrip()
                raise error.with_remedy(note) from error
            done.append(path.name)
    finally:
        for temporary, _ in staged:
            with suppress(OSError):
                temporary.unlink()
    for folder in {path.parent for path in files}:
        sync_folder(folder)


@contextmanager
def staged(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Give the name of a draft that another program writes; it becomes ``path`` at the end.

    Args:
        path: The file to be; its folder must exist.
        overwrite: Replace what is there; otherwise an existing file is an error, told at once.

    Raises:
        StoreError: as in :func:`publish`. Nothing of the draft is left, whatever stops the work.
    """
    _check(path, overwrite=overwrite)
    temporary = path.parent / f".subkit-{secrets.token_hex(8)}.part"
    try:
        yield temporary
        try:
            descriptor = os.open(temporary, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise write_failure(path, error) from error
        place(temporary, path, overwrite=overwrite)
    finally:
        with suppress(OSError):
            temporary.unlink()
    sync_folder(path.parent)


def place(temporary: Path, path: Path, *, overwrite: bool = False) -> None:
    """Give a finished file its real name in one step; ``temporary`` may stay as a second name.

    Raises:
        StoreError: ``path`` exists and may not be replaced, or the folder refuses.
    """
    try:
        if overwrite:
            temporary.replace(path)
        elif sys.platform == "win32":
            temporary.rename(path)  # refuses an existing target there
        else:
            _link(temporary, path)
    except OSError as error:
        raise write_failure(path, error) from error


def sync_folder(folder: Path) -> None:
    """Make names in ``folder`` survive a power cut, where the system can."""
    if sys.platform == "win32":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:  # a folder one may write to but not list
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise write_failure(folder, error) from error
    finally:
        os.close(descriptor)


def write_failure(path: Path, error: OSError) -> StoreError:
    """The sentence for ``error``, met while writing ``path``."""
    if isinstance(error, FileExistsError):
        return StoreError(
            f"{path} already exists.",
            remedy="Choose another name, or allow overwriting (-y).",
            path=str(path),
        )
    reason, remedy = (error.strerror or str(error)).lower(), "Choose another folder."
    if error.errno in _FULL:
        reason, remedy = "the disk is full", "Free some space, or choose another disk."
    elif error.errno == errno.EFBIG:
        reason, remedy = "the file is larger than this system allows", "Raise the limit."
    elif error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        reason, remedy = "the folder is not writable", "Choose a folder that you may write to."
    elif isinstance(error, (FileNotFoundError, NotADirectoryError)):
        reason, remedy = f"there is no folder {path.parent}", "Make the folder first."
    elif isinstance(error, IsADirectoryError):
        reason, remedy = "it is a folder", "Choose the name of a file."
    return StoreError(f"{path} cannot be written: {reason}.", remedy=remedy, path=str(path))


def require_name(path: Path, *, spare: int = 0) -> None:
    """Return if a file can have this name, and another one that is longer by ``spare`` bytes.

    Raises:
        StoreError: it is too long for its folder.
    """
    longest = _longest_name(path.parent) - spare
    name = path.name
    length = (
        len(name.encode("utf-16-le")) // 2 if sys.platform == "win32" else len(os.fsencode(name))
    )
    if length > longest:
        raise StoreError(
            f"The name {name!r} is too long: it has {length} bytes, and {longest} are the most.",
            remedy="Choose a shorter name.",
            path=str(path),
        )


def _longest_name(folder: Path) -> int:
    try:
        return os.pathconf(folder, "PC_NAME_MAX")
    except (OSError, ValueError, AttributeError):  # no such folder yet, or Windows
        return 255


def is_folder(path: Path) -> bool:
    """Whether there is a folder of that name; an impossible name is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_project_file(path: Path) -> bool:
    """Whether a file is a project, by its name and by how it begins."""
    try:
        with open_regular(path) as file:
            return path.suffix.lower() == ".subkit" and file.read(len(_SQLITE)) == _SQLITE
    except (OSError, ValueError):
        return False


def _check(path: Path, *, overwrite: bool) -> None:
    if not path.name or "\0" in str(path):
        raise StoreError(f"{str(path)!r} is not the name of a file.", path=str(path))
    require_name(path)
    if not is_folder(path.parent):
        raise write_failure(path, FileNotFoundError(errno.ENOENT, "no such folder"))
    if is_folder(path):
        raise write_failure(path, IsADirectoryError(errno.EISDIR, "is a folder"))
    if not overwrite and os.path.lexists(path):
        raise write_failure(path, FileExistsError(errno.EEXIST, "exists"))
    if overwrite and is_project_file(path):
        raise StoreError(
            f"{str(path)!r} is a project, and nothing is written over one.",
            remedy="Choose another name.",
            path=str(path),
        )
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise write_failure(path, PermissionError(errno.EACCES, "not writable"))


def _refuse_twins(files: Mapping[Path, bytes]) -> None:
    seen: dict[Path, Path] = {}
    for path in files:
        real = path.parent.resolve() / path.name
        if real in seen:
            raise StoreError(
                f"{path} and {seen[real]} are the same file.",
                remedy="Give each output its own name.",
                path=str(path),
            )
        seen[real] = path


def _write(temporary: Path, path: Path, data: bytes) -> None:
    try:
        descriptor = os.open(temporary, _FLAGS, 0o666)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise write_failure(path, error) from error


def _link(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        # No hard links on this file system (exFAT, some network shares): reserve the name first.
        os.close(os.open(path, _FLAGS, 0o666))
        temporary.replace(path)
