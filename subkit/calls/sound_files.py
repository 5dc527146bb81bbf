"""Sound as a path, a file object or an array of samples -> a path that can be opened."""

from __future__ import annotations

import os
import shutil
import struct
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from subkit.errors import InputError
from subkit.store import publish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Sound: TypeAlias = str | os.PathLike[str] | IO[bytes] | NDArray[Any]

__all__ = ["is_path", "sound_file"]

_MOST_CHANNELS = 32
_MOST_RATE = 1_000_000
_RIFF_LIMIT = 0xFFFF_FFFF - 64


def is_path(sound: object) -> bool:
    """Return whether it is the name of a file."""
    return isinstance(sound, (str, os.PathLike))


@contextmanager
def sound_file(sound: Sound, rate: int | None, keep: Path | None = None) -> Iterator[Path]:
    """Give a file that holds the sound; one made here goes again, unless it is to be kept.

    Args:
        sound: A path, a file object that is open for reading bytes, or samples of shape ``(n,)``
            or ``(n, channels)``: floats from -1 to 1, or 16-bit integers.
        rate: Samples a second of an array.
        keep: Where samples and file objects are kept as a file; ``None`` keeps them nowhere.

    Raises:
        InputError: neither, or an array without a rate, of another shape or with what is no sound.
        StoreError: what is to be kept is there already and is something else.
    """
    if is_path(sound):
        yield Path(sound)  # type: ignore[arg-type]
        return
    with tempfile.TemporaryDirectory(prefix="subkit-") as folder:
        made = Path(folder) / _name(sound)
        if hasattr(sound, "read"):
            _copy(sound, made)
        else:
            _write_wave(sound, rate, made)
        if keep is None:
            yield made
            return
        kept = keep.with_suffix(made.suffix or ".bin")
        kept.parent.mkdir(parents=True, exist_ok=True)
        if not (kept.exists() and kept.read_bytes() == made.read_bytes()):
            publish(kept, made.read_bytes())
        yield kept


def _name(sound: object) -> str:
    named = getattr(sound, "name", "")
    suffix = Path(named).suffix if isinstance(named, str) and hasattr(sound, "read") else ".wav"
    return f"sound{suffix}"


def _copy(sound: Any, path: Path) -> None:
    first = sound.read(0)
    if not isinstance(first, bytes):
        raise InputError("The file object gives text, not bytes.", remedy="Open it with mode 'rb'.")
    with path.open("wb") as file:
        shutil.copyfileobj(sound, file)


def _write_wave(sound: Any, rate: int | None, path: Path) -> None:
    """Write samples as 32-bit floats: nothing is lost, whatever they were."""
    import numpy as np

    if not isinstance(sound, np.ndarray):
        raise InputError(
            f"Sound cannot be a {type(sound).__name__}.",
            remedy="Give a path, a file object, or a NumPy array with its rate.",
        )
    if isinstance(rate, bool) or not isinstance(rate, int) or not 0 < rate <= _MOST_RATE:
        told = "An array of samples needs its rate" if rate is None else f"{rate!r} is not a rate"
        raise InputError(f"{told}.", remedy="Give samples a second, for example rate=48000.")
    samples = sound[:, None] if sound.ndim == 1 else sound
    channels = samples.shape[1] if samples.ndim == 2 else 0
    if not 1 <= channels <= _MOST_CHANNELS or not len(samples):
        raise InputError(
            f"Samples of shape {sound.shape} are no sound.",
            remedy="Give an array of shape (n,) or (n, channels).",
        )
    if samples.dtype == np.int16:
        samples = samples.astype(np.float32) / 32768
    if samples.dtype.kind != "f":
        raise InputError(
            f"Samples are {samples.dtype}, which is not read.",
            remedy="Give floats from -1 to 1, or 16-bit integers (int16).",
        )
    data = np.ascontiguousarray(samples, dtype="<f4")
    if not np.isfinite(data).all():
        raise InputError("Some samples are not a number.", remedy="Replace NaN and infinity by 0.")
    if data.nbytes > _RIFF_LIMIT:
        raise InputError("The array holds more than 4 GiB of samples.", remedy="Give a file.")
    with path.open("wb") as file:
        file.write(_header(data.nbytes, rate, channels))
        data.tofile(file)


def _header(size: int, rate: int, channels: int) -> bytes:
    """The header of a WAV file of 32-bit floats (format 3 of RIFF WAVE)."""
    frame = 4 * channels
    kind = struct.pack("<HHIIHH", 3, channels, rate, rate * frame, frame, 32)
    fact = struct.pack("<I", size // frame)
    parts = ((b"fmt ", kind), (b"fact", fact))
    head = b"".join(name + struct.pack("<I", len(body)) + body for name, body in parts)
    whole = 4 + len(head) + 8 + size
    return b"RIFF" + struct.pack("<I", whole) + b"WAVE" + head + b"data" + struct.pack("<I", size)
