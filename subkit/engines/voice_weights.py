"""Weights of the voice encoder: found in the models folder or an installed package, or fetched.

They come inside the package Resemblyzer (Apache-2.0). To install that would bring torch, librosa
and a compiler's worth of others, none of which is used; so its wheel is fetched by pip without its
dependencies, the one file is taken out, and its digest is compared. No code of it runs.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from subkit.engines.folders import lock_model, make_folder, publish_folder
from subkit.errors import EngineError, ModelNotFound, StoreError
from subkit.interfaces import Progress, Silent
from subkit.processes import tethered

__all__ = ["VOICE_ENCODER", "fetch_voice_weights", "find_voice_weights", "require_voice_weights"]

VOICE_ENCODER = "voice-encoder"
"""Name of the encoder in the models folder, and in ``subkit models fetch``."""

_PACKAGE, _VERSION = "Resemblyzer", "0.1.4"
_FILE = "pretrained.pt"
_INSIDE = f"resemblyzer/{_FILE}"
_SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
_BYTES = 17_090_379
_SECONDS = 300
_WAIT_SECONDS = 60
_FETCH = f"subkit models fetch {VOICE_ENCODER}"
_STAGE = "fetch"


def find_voice_weights(models_folder: Path) -> Path | None:
    """Return where the weights lie, in the models folder or an installed package; else ``None``.

    Raises:
        EngineError: what lies in the models folder is something else.
    """
    path = models_folder / VOICE_ENCODER / _FILE
    if path.is_file():
        if _digest(path) != _SHA256:
            raise EngineError(
                f'"{path}" is not the voice encoder that was fetched.',
                remedy=f"Remove that folder and run: {_FETCH}",
                path=str(path),
            )
        return path
    try:
        installed = Path(str(distribution(_PACKAGE).locate_file(_INSIDE)))
    except PackageNotFoundError:
        return None
    return installed if installed.is_file() and _digest(installed) == _SHA256 else None


def require_voice_weights(
    models_folder: Path, *, offline: bool = False, progress: Progress | None = None
) -> Path:
    """Return where the weights lie; they are fetched now if they are not here.

    Raises:
        ModelNotFound: they are not here, and cannot be fetched.
        EngineError: what is here, or came, is something else.
        StoreError: the disk failed.
    """
    found = find_voice_weights(models_folder)
    if found is not None:
        return found
    if offline:
        raise ModelNotFound(
            "The voice encoder (17 MB), by which speakers are told apart, is not on this machine.",
            remedy=f"With a network, run: {_FETCH} - or take --speakers channel or ixml.",
            model=VOICE_ENCODER,
        )
    return fetch_voice_weights(models_folder, progress=progress)


def fetch_voice_weights(models_folder: Path, *, progress: Progress | None = None) -> Path:
    """Fetch the wheel of Resemblyzer from the package index and take the weights out of it.

    Args:
        models_folder: Where models are kept; made if missing.
        progress: Hears stage ``"fetch"``.

    Raises:
        ModelNotFound: pip is not installed, or the index cannot be reached.
        EngineError: what came is not what was pinned.
        LockedError: another process is fetching it.
        StoreError: the disk failed.
    """
    make_folder(models_folder)
    progress = progress or Silent()
    with lock_model(models_folder, VOICE_ENCODER, wait_seconds=_WAIT_SECONDS):
        found = find_voice_weights(models_folder)
        if found is not None:
            return found
        progress.warn(f"Fetching the voice encoder of {_PACKAGE} {_VERSION} (Apache-2.0).")
        progress.begin(_STAGE, float(_BYTES), "B")
        try:
            with tempfile.TemporaryDirectory(dir=models_folder, prefix=".voices.") as place:
                data = _taken(_download(Path(place)))
                _publish(data, models_folder / VOICE_ENCODER, Path(place))
        finally:
            progress.end(_STAGE)
    return models_folder / VOICE_ENCODER / _FILE


def _download(folder: Path) -> Path:
    """The wheel, brought by pip: it knows the user's index, proxy and certificates."""
    by_hand = (
        f"pip download --no-deps {_PACKAGE}=={_VERSION}, unpack it, and put {_INSIDE} into the"
        f" folder {VOICE_ENCODER} of the models folder"
    )
    if find_spec("pip") is None:
        raise ModelNotFound(
            "The voice encoder is fetched by pip, which is not installed here.",
            remedy=f'Run: pip install "subkit[speakers]" - or, where there is pip: {by_hand}.',
            model=VOICE_ENCODER,
        )
    command = [
        sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:",
        "--disable-pip-version-check", "--no-input", "--quiet", "--dest", str(folder),
        f"{_PACKAGE}=={_VERSION}",
    ]  # fmt: skip
    try:
        done = subprocess.run(
            tethered(command), capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        said = (done.stderr or done.stdout).strip().splitlines()
        failed = done.returncode != 0
    except (OSError, subprocess.TimeoutExpired) as error:
        said, failed = [str(error)], True
    wheels = sorted(folder.glob("*.whl"))
    if failed or not wheels:
        why = said[-1][:200] if said else "pip gave no reason"
        raise ModelNotFound(
            f"The voice encoder (17 MB) is not on this machine and could not be fetched: {why}",
            remedy=f"Run again with a network: {_FETCH} - or by hand: {by_hand}.",
            model=VOICE_ENCODER,
        )
    return wheels[0]


def _taken(wheel: Path) -> bytes:
    """The weights of a wheel, read within their known size."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(_INSIDE) as file:
            data = file.read(_BYTES + 1)
    except (OSError, KeyError, zipfile.BadZipFile, EOFError) as error:
        raise EngineError(f"{wheel.name} holds no {_INSIDE}.", remedy="Try again later.") from error
    found = hashlib.sha256(data).hexdigest()
    if found != _SHA256:
        raise EngineError(
            f"{wheel.name} is not what was pinned: {_INSIDE} has sha256 {found}, not {_SHA256}.",
            remedy="Do not use it; try again later or from another network.",
        )
    return data


def _publish(data: bytes, target: Path, place: Path) -> None:
    partial = place / "whole"
    try:
        partial.mkdir()
        (partial / _FILE).write_bytes(data)
    except OSError as error:
        raise StoreError(
            f'"{target}" cannot be written: {error.strerror or error}.',
            remedy="Check free space and permissions.",
        ) from error
    publish_folder(partial, target)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise StoreError(f'"{path}" cannot be read: {error.strerror}.') from error
