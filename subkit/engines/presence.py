"""Known models that can be used without network access, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from subkit.engines.catalogue import known_models
from subkit.engines.lockfile import read_lock
from subkit.engines.models import find_cached
from subkit.engines.packages import package_status

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.engines.catalogue import KnownModel
    from subkit.engines.lockfile import LockEntry

__all__ = ["PresentModel", "Source", "find_present"]


class Source(Enum):
    """Where a model that is present comes from."""

    FETCHED = "fetched"
    CACHE = "hub cache"
    PACKAGES = "packages"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentModel:
    """A known model that needs no network.

    Attributes:
        model: Its row of the catalogue.
        source: Where it comes from.
        directory: Where it lies; ``None`` until the first use joins it from its packages.
    """

    model: KnownModel
    source: Source
    directory: Path | None


def find_present(models_folder: Path, kind: str | None = None) -> dict[str, PresentModel]:
    """Return the known models that are present, by name; reads no weights and writes nothing.

    Raises:
        EngineError: The lock file is damaged.
        StoreError: The models folder cannot be read.
    """
    entries = read_lock(models_folder)
    found = (_find(model, entries, models_folder) for model in known_models(kind))
    return {present.model.name: present for present in found if present is not None}


def _find(
    model: KnownModel, entries: dict[str, LockEntry], models_folder: Path
) -> PresentModel | None:
    entry, directory = entries.get(model.name), models_folder / model.name
    if entry is not None and (directory / "model.bin").is_file():
        source = Source.PACKAGES if entry.packages else Source.FETCHED
        return PresentModel(model=model, source=source, directory=directory)
    cached = find_cached(model)
    if cached is not None:
        return PresentModel(model=model, source=Source.CACHE, directory=cached)
    if package_status(model).complete:
        return PresentModel(model=model, source=Source.PACKAGES, directory=None)
    return None
