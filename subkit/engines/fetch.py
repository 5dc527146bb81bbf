"""Fetch a known model: resumed, checked, and put in place whole or not at all."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from subkit.engines.catalogue import KnownModel, get_known
from subkit.engines.digests import digest_files
from subkit.engines.hub import HubListing, download_file, list_repository
from subkit.engines.layout import PATTERNS, inspect_model
from subkit.engines.lockfile import LockEntry, compare_files, read_lock, write_entry
from subkit.engines.models import describe_known
from subkit.errors import EngineError, LockedError, StoreError
from subkit.interfaces import ModelFacts, Progress, Silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["alone", "fetch_model", "make_folder"]

_STAGE = "fetch"


def fetch_model(
    name: str,
    *,
    models_folder: Path,
    progress: Progress | None = None,
    endpoint: str | None = None,
) -> ModelFacts:
    """Fetch a known model into ``models_folder/NAME``.

    Files come into a hidden folder first and go on from where an earlier try stopped. Each is
    checked against the digest that the hub keeps for it, and against the lock file where the model
    was fetched before. The folder gets its name only when all of that is done, so a half-fetched
    model is never seen. A model that is there already is checked and left alone.

    Args:
        name: Name in the catalogue.
        models_folder: Where models are kept; made if missing.
        progress: Hears stage ``"fetch"`` in bytes.
        endpoint: Base address of the hub; ``None`` leaves it to ``huggingface_hub`` (which honours
            ``HF_ENDPOINT``).

    Raises:
        ModelNotFound: No such name.
        EngineError: The hub failed, or what came is not what was pinned.
        LockedError: Another process is fetching this model.
        StoreError: The disk failed.
    """
    model = get_known(name)
    progress = progress or Silent()
    target = models_folder / model.name
    make_folder(models_folder)
    with alone(models_folder, model.name):
        if not target.exists():
            if model.notice:
                progress.warn(model.notice)
            pinned = read_lock(models_folder).get(model.name)
            _bring(model, pinned, models_folder, progress, endpoint)
    return describe_known(model, target, models_folder)


def _bring(
    model: KnownModel,
    pinned: LockEntry | None,
    models_folder: Path,
    progress: Progress,
    endpoint: str | None,
) -> None:
    revision = model.revision or (pinned.revision if pinned else None)
    listing = list_repository(model.repository, revision, PATTERNS[model.kind], endpoint=endpoint)
    if model.revision and listing.revision != model.revision:
        message = (
            f"The hub answered with revision {listing.revision} of {model.repository}, "
            f"and {model.revision} is pinned."
        )
        raise EngineError(message, remedy="Try again later, or name a directory.")
    partial = models_folder / f".{model.name}.{listing.revision[:12]}.part"
    make_folder(partial)
    _download(listing, partial, progress, endpoint)
    inspect_model(partial, model.kind)
    entry = LockEntry(
        repository=model.repository,
        revision=listing.revision,
        files=digest_files(partial, fresh=True),
    )
    _check_pins(model, pinned, entry, partial)
    # The record comes first: a folder without it would be trusted as it is.
    write_entry(models_folder, model.name, entry)
    try:
        partial.rename(models_folder / model.name)
    except OSError as error:
        message = f'The model cannot be put in place in "{models_folder}": {error.strerror}.'
        raise StoreError(message, remedy="Check free space and permissions.") from error
    _forget_others(models_folder, model.name)


def _download(listing: HubListing, partial: Path, progress: Progress, endpoint: str | None) -> None:
    sizes = [file.size for file in listing.files]
    total = None if None in sizes else float(sum(size or 0 for size in sizes))
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress.advance(_STAGE, float(done))

    progress.begin(_STAGE, total, "B")
    try:
        for file in listing.files:
            download_file(listing, file, partial / file.name, advance=advance, endpoint=endpoint)
    finally:
        progress.end(_STAGE)


def _check_pins(
    model: KnownModel, pinned: LockEntry | None, entry: LockEntry, partial: Path
) -> None:
    faults = []
    if model.weights_sha256 and entry.files.get("model.bin") != model.weights_sha256:
        faults.append(f"model.bin has sha256 {entry.files.get('model.bin')}.")
    if pinned is not None and pinned.revision == entry.revision:
        faults += compare_files(pinned, entry.files)
    if faults:
        shutil.rmtree(partial, ignore_errors=True)
        message = f"{model.repository} is not what was pinned: {' '.join(faults)}"
        raise EngineError(message, remedy="Do not use it; try again later or from another network.")


def _forget_others(models_folder: Path, name: str) -> None:
    for leftover in models_folder.glob(f".{name}.*.part"):
        shutil.rmtree(leftover, ignore_errors=True)


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
def alone(models_folder: Path, name: str) -> Iterator[None]:
    """Be the only process that makes this model.

    Raises:
        LockedError: Another one does.
        StoreError: The folder cannot be written.
    """
    # filelock comes with huggingface_hub, which guards its own cache with it.
    from filelock import FileLock, Timeout

    lock = FileLock(models_folder / f".{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        message = f'Another process is fetching "{name}" into "{models_folder}".'
        raise LockedError(message, remedy="Wait until it has finished.") from error
    except OSError as error:
        message = f'The models folder "{models_folder}" cannot be written: {error.strerror}.'
        raise StoreError(message, remedy="Name another one with --models-folder.") from error
    try:
        yield
    finally:
        lock.release()
