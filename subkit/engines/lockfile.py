"""``models.lock.json``: where each model came from, and the digest of each of its files."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.engines.folders import lock_model
from subkit.errors import EngineError, StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LOCK_NAME", "LockEntry", "compare_files", "read_lock", "write_entry"]

LOCK_NAME = "models.lock.json"
_SCHEMA = 1
_WAIT_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LockEntry:
    """What was fetched or joined under a name.

    Attributes:
        repository: Hub repository.
        revision: Commit of it.
        files: Sha256 of each file, by name.
        packages: Packages that it was joined from, ``name==version``; empty where it was fetched.
    """

    repository: str
    revision: str
    files: Mapping[str, str]
    packages: tuple[str, ...] = ()


def read_lock(models_folder: Path) -> dict[str, LockEntry]:
    """All entries by model name; empty where nothing was fetched yet.

    Raises:
        EngineError: The file is damaged. It is never passed over: it holds what later loads are
            checked against.
        StoreError: This user may not read it.
    """
    path = models_folder / LOCK_NAME
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        message = f'The models folder "{models_folder}" cannot be read: {error.strerror}.'
        raise StoreError(message, remedy="Name another one with --models-folder.") from error
    except (ValueError, RecursionError) as error:
        raise _damaged(path, str(error)) from error
    try:
        return {name: _entry(row) for name, row in data["models"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, "it has not the shape that subkit writes") from error


def write_entry(models_folder: Path, name: str, entry: LockEntry) -> None:
    """Add or replace one entry, atomically.

    Raises:
        EngineError: The file that is there is damaged.
        StoreError: The file cannot be written.
        LockedError: Another process has been writing it for long.
    """
    # Each model has its own lock, so two processes may record two models at once.
    with lock_model(models_folder, LOCK_NAME, wait_seconds=_WAIT_SECONDS):
        entries = read_lock(models_folder) | {name: entry}
        rows = {key: _row(value) for key, value in sorted(entries.items())}
        text = json.dumps({"schema": _SCHEMA, "models": rows}, indent=2, ensure_ascii=False)
        _publish(models_folder / LOCK_NAME, f"{text}\n".encode())


def compare_files(entry: LockEntry, found: Mapping[str, str]) -> list[str]:
    """How the files found differ from the entry, one sentence each."""
    faults = []
    for name, digest in sorted(entry.files.items()):
        if name not in found:
            faults.append(f"{name} is missing.")
        elif found[name] != digest:
            faults.append(f"{name} has changed: sha256 {found[name]}, recorded {digest}.")
    faults += [f"{name} was not fetched with it." for name in sorted(set(found) - set(entry.files))]
    return faults


def _row(entry: LockEntry) -> dict[str, Any]:
    return {
        "repository": entry.repository,
        "revision": entry.revision,
        **({"packages": list(entry.packages)} if entry.packages else {}),
        "files": dict(sorted(entry.files.items())),
    }


def _entry(row: Any) -> LockEntry:
    return LockEntry(
        repository=str(row["repository"]),
        revision=str(row["revision"]),
        files={str(name): str(digest) for name, digest in row["files"].items()},
        packages=tuple(map(str, row.get("packages", ()))),
    )


def _publish(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        message = f'"{path}" cannot be written: {error.strerror or error}.'
        raise StoreError(message, remedy="Check free space and permissions.") from error


def _damaged(path: Path, why: str) -> EngineError:
    message = f'The lock file "{path}" is damaged: {why}.'
    remedy = "Remove it and fetch the models again, so that they are recorded anew."
    return EngineError(message, remedy=remedy, path=str(path))
