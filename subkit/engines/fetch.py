"""Fetch a known model: resumed, checked, and put in place whole or not at all."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from subkit.engines.catalogue import KnownModel, get_known
from subkit.engines.digests import digest_files
from subkit.engines.folders import lock_model, make_folder, publish_folder
from subkit.engines.hub import CONNECT_SECONDS, HubListing, download_file, list_repository
from subkit.engines.layout import PATTERNS, inspect_model
from subkit.engines.lockfile import LockEntry, compare_files, read_lock, write_entry
from subkit.engines.models import compare_published, describe_known
from subkit.engines.packages import join_model, package_status
from subkit.errors import EngineError
from subkit.interfaces import ModelFacts, Progress, Silent

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["fetch_model"]

_STAGE = "fetch"


def fetch_model(
    name: str,
    *,
    models_folder: Path,
    progress: Progress | None = None,
    endpoint: str | None = None,
    connect_seconds: float = CONNECT_SECONDS,
) -> ModelFacts:
    """Fetch a known model into ``models_folder/NAME``.

    A model whose packages are installed is joined from them; nothing is fetched then.

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
        connect_seconds: How long to wait for a connection; the hub's first answer may take five
            times as long.

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
    if not target.exists() and package_status(model).complete:
        join_model(model, models_folder=models_folder, progress=progress)
    with lock_model(models_folder, model.name):
        if not target.exists():
            if model.notice:
                progress.warn(model.notice)
            revision = _pinned_revision(model, models_folder)
            listing = list_repository(
                model.repository,
                revision,
                PATTERNS[model.kind],
                endpoint=endpoint,
                connect_seconds=connect_seconds,
            )
            _bring(model, listing, models_folder, progress, endpoint)
    return describe_known(model, target, models_folder)


def _pinned_revision(model: KnownModel, models_folder: Path) -> str | None:
    pinned = read_lock(models_folder).get(model.name)
    return model.revision or (pinned.revision if pinned else None)


def _bring(
    model: KnownModel,
    listing: HubListing,
    models_folder: Path,
    progress: Progress,
    endpoint: str | None,
) -> None:
    if model.revision and listing.revision != model.revision:
        message = (
            f"The hub answered with revision {listing.revision} of {model.repository}, "
            f"and {model.revision} is pinned."
        )
        raise EngineError(message, remedy="Try again later, or name a directory.")
    progress.warn(f"Fetching {model.name} from {model.repository} ({model.license}).")
    partial = models_folder / f".{model.name}.{listing.revision[:12]}.part"
    make_folder(partial)
    _download(listing, partial, progress, endpoint)
    inspect_model(partial, model.kind)
    entry = LockEntry(
        repository=model.repository,
        revision=listing.revision,
        files=digest_files(partial, fresh=True),
    )
    _check_pins(model, read_lock(models_folder).get(model.name), entry, partial)
    # The record comes first: a folder without it would be trusted as it is.
    write_entry(models_folder, model.name, entry)
    publish_folder(partial, models_folder / model.name)
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
    faults = compare_published(model, entry.files)
    if pinned is not None and pinned.revision == entry.revision:
        faults += compare_files(pinned, entry.files)
    if faults:
        shutil.rmtree(partial, ignore_errors=True)
        message = f"{model.repository} is not what was pinned: {' '.join(faults)}"
        raise EngineError(message, remedy="Do not use it; try again later or from another network.")


def _forget_others(models_folder: Path, name: str) -> None:
    for leftover in models_folder.glob(f".{name}.*.part"):
        shutil.rmtree(leftover, ignore_errors=True)
