"""The models folder: make it, lock one model of it, and move whole models into it."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from subkit.errors import LockedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["lock_model", "make_folder", "publish_folder"]


def make_folder(folder: Path) -> None:
    """Make the models folder.

    Raises:
        StoreError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f'The models folder "{folder}" cannot be made: {error.strerror or error}.'
        raise StoreError(message, remedy="Name another one with --models-folder.") from error


@contextmanager
def lock_model(models_folder: Path, name: str, *, wait_seconds: float = 0) -> Iterator[None]:
    """Be the only process that writes this model.

    Args:
        models_folder: Where models are kept.
        name: The model, or a file beside the models.
        wait_seconds: How long to wait for another process to finish.

    Raises:
        LockedError: Another process still writes it.
        StoreError: The folder cannot be written.
    """
    # filelock comes with huggingface_hub, which guards its own cache with it.
    from filelock import FileLock, Timeout

    lock = FileLock(models_folder / f".{name}.lock")
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        message = f'Another process is writing "{name}" into "{models_folder}".'
        raise LockedError(message, remedy="Wait until it has finished.") from error
    except OSError as error:
        message = f'The models folder "{models_folder}" cannot be written: {error.strerror}.'
        raise StoreError(message, remedy="Name another one with --models-folder.") from error
    try:
        yield
    finally:
        lock.release()


def publish_folder(partial: Path, target: Path) -> None:
    """Give a finished folder its name, in one step that survives a power cut.

    Raises:
        StoreError: The disk failed, or something has that name.
    """
    try:
        _sync(partial)
        partial.rename(target)
        _sync(target.parent)
    except OSError as error:
        message = f'The model cannot be put in place in "{target.parent}": {error.strerror}.'
        raise StoreError(message, remedy="Check free space and permissions.") from error


def _sync(folder: Path) -> None:
    """Write the folder's entries to the disk; Windows opens no folders and needs no such step."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
