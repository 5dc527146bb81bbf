"""Models that come as Python packages: find the parts, join them, check them.

The packages hold data. They are found by their metadata and never imported: no code in them runs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.engines.folders import lock_model, make_folder, publish_folder
from subkit.engines.layout import inspect_model
from subkit.engines.lockfile import LockEntry, write_entry
from subkit.errors import EngineError, ModelNotFound, StoreError
from subkit.interfaces import Progress, Silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from subkit.engines.catalogue import KnownModel, ModelPackage

__all__ = ["PackageStatus", "join_model", "package_status"]

_STAGE = "join"
_BLOCK = 1 << 20
_WAIT_SECONDS = 120
"""How long to wait for another process that joins the same model; it takes seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageStatus:
    """What is installed of the packages of a model.

    Attributes:
        complete: All of them are, with all their files.
        fault: What is missing, one sentence; empty where all or none of them are installed.
        remedy: The command that installs what is missing.
    """

    complete: bool = False
    fault: str = ""
    remedy: str = ""


def package_status(model: KnownModel) -> PackageStatus:
    """Return what is installed of the packages of a model; reads no weights."""
    versions = {package.name: _version(package) for package in model.packages}
    if not any(versions.values()):
        return PackageStatus()
    missing = [package.name for package in model.packages if not versions[package.name]]
    others = [p for p in model.packages if versions[p.name] not in {"", p.version}]
    broken = [path for package in model.packages for path in _broken(package)]
    fault = again = ""
    if missing:
        fault = f'The model "{model.name}" is half installed: {" and ".join(missing)} missing.'
    elif others:
        found = " and ".join(f"{package.name} {versions[package.name]}" for package in others)
        wanted = " and ".join(package.requirement for package in others)
        fault = f'The model "{model.name}" cannot be joined from {found}: it needs {wanted}.'
    elif broken:
        fault = f'The packages of the model "{model.name}" are not whole: "{broken[0]}" is missing.'
        again = "--force-reinstall "
    remedy = f"Run: {_install(model, again)}" if fault else ""
    return PackageStatus(complete=not fault, fault=fault, remedy=remedy)


def join_model(model: KnownModel, *, models_folder: Path, progress: Progress | None = None) -> bool:
    """Join the packages of a model into ``models_folder/NAME``.

    Files are written into a hidden folder, checked against the published digests, and the folder
    gets its name when all of them are on the disk. A process that is killed leaves a hidden folder
    that the next join removes. No network is used.

    Args:
        model: A known model.
        models_folder: Where models are kept; made if missing.
        progress: Hears stage ``"join"`` in bytes.

    Returns:
        Whether the model is there now. False where none of its packages are installed.

    Raises:
        ModelNotFound: Some of the packages are missing, or are of another version.
        EngineError: The files are not the published ones.
        LockedError: Another process has been joining it for minutes.
        StoreError: The disk failed.
    """
    status = package_status(model)
    if status.fault:
        raise ModelNotFound(status.fault, remedy=status.remedy, name=model.name)
    if not status.complete:
        return False
    make_folder(models_folder)
    target = models_folder / model.name
    with lock_model(models_folder, model.name, wait_seconds=_WAIT_SECONDS):
        if not target.is_dir():  # else another process joined it while this one waited
            partial = models_folder / f".{model.name}.joined.part"
            shutil.rmtree(partial, ignore_errors=True)
            try:
                _join(model, partial, target, progress or Silent())
            finally:
                shutil.rmtree(partial, ignore_errors=True)
    return True


def _join(model: KnownModel, partial: Path, target: Path, progress: Progress) -> None:
    parts = _parts(model)
    total = sum(part.stat().st_size for paths in parts.values() for part in paths)
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress.advance(_STAGE, float(done))

    make_folder(partial)
    progress.begin(_STAGE, float(total), "B")
    try:
        digests = {name: _copy(paths, partial / name, advance) for name, paths in parts.items()}
    finally:
        progress.end(_STAGE)
    _check(model, digests)
    inspect_model(partial, model.kind)
    entry = LockEntry(
        repository=model.repository,
        revision=model.revision or "",
        files=digests,
        packages=tuple(package.requirement for package in model.packages),
    )
    # The record comes first: a folder without it would be trusted as it is.
    write_entry(target.parent, model.name, entry)
    publish_folder(partial, target)


def _parts(model: KnownModel) -> dict[str, list[Path]]:
    """Return the parts of each file of the model, in order."""
    parts: dict[str, list[Path]] = {}
    for package in model.packages:
        for name, path in _paths(package).items():
            parts.setdefault(name, []).append(path)
    return parts


def _copy(parts: Sequence[Path], target: Path, advance: Callable[[int], None]) -> str:
    """Write the parts one after the other and return the sha256 of the whole."""
    running = hashlib.sha256()
    try:
        with target.open("wb") as stream:
            for part in parts:
                for block in _blocks(part):
                    stream.write(block)
                    running.update(block)
                    advance(len(block))
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        message = f'"{target}" cannot be written: {error.strerror or error}.'
        raise StoreError(message, remedy="Check free space and permissions.") from error
    return running.hexdigest()


def _blocks(part: Path) -> Iterator[bytes]:
    try:
        with part.open("rb") as stream:
            while block := stream.read(_BLOCK):
                yield block
    except OSError as error:
        message = f'"{part}" cannot be read: {error.strerror or error}.'
        raise EngineError(message, remedy="Install its package again.") from error


def _check(model: KnownModel, digests: Mapping[str, str]) -> None:
    published = model.published
    for name, digest in digests.items():
        if digest != published.get(name):
            message = (
                f'The packages of the model "{model.name}" do not hold its published files: '
                f"{name} has sha256 {digest}, and {published.get(name, 'none')} is published."
            )
            remedy = f"Run: {_install(model, '--force-reinstall ')}"
            raise EngineError(message, remedy=remedy, file=name)


def _broken(package: ModelPackage) -> list[Path]:
    """Return the files that the package should hold and does not, if it is installed."""
    if not _version(package):
        return []
    return [path for path in _paths(package).values() if not path.is_file()]


def _paths(package: ModelPackage) -> dict[str, Path]:
    """Return where the package's files lie, by the file of the model that they belong to."""
    installed = distribution(package.name)
    return {
        name: Path(str(installed.locate_file(f"{package.folder}/{file}")))
        for name, file in package.files.items()
    }


def _version(package: ModelPackage) -> str:
    """Return the installed version; empty where the package is not installed."""
    try:
        return distribution(package.name).version or ""
    except (PackageNotFoundError, KeyError, TypeError):  # the last two: leftovers of a package
        return ""


def _install(model: KnownModel, options: str = "") -> str:
    return model.install_command.replace("pip install ", f"pip install {options}", 1)
