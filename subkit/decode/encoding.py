"""The encoder's output: made once, used for language, text and word times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from subkit.decode.modes import FULL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.decode.taking import Take

_THREADS_FOR_ONE = 4
"""Threads that one window keeps busy."""

_LEAST_BRIEF = 1000
_BRIEF_SILENCE = 100
"""Frames that are encoded at least, and those of silence after the sound; 100 are a second."""

__all__ = ["Row", "encode", "encode_briefly", "encoded_bytes", "join_rows"]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """What the encoder gave for one take: a row of its output for several.

    Attributes:
        encoded: The output.
        place: Number of the row.
        take: Whose it is.
    """

    encoded: Any
    place: int
    take: Take


def encode(model: Any, takes: Sequence[Take], *, threads: int = 0) -> Any:
    """Return the encoder's output for takes, one row each.

    On the CPU they are encoded one by one: the same bits in the same time, but the attention of a
    batch of eight takes hundreds of megabytes.

    Args:
        model: The ``faster_whisper.WhisperModel``.
        takes: In the order of the rows.
        threads: Of the model; many of them are fed several takes at once.
    """
    import ctranslate2
    import numpy as np

    size = max(1, threads // _THREADS_FOR_ONE) if model.model.device == "cpu" else len(takes)
    parts = []
    for at in range(0, len(takes), size):
        features = np.stack([take.features() for take in takes[at : at + size]])
        parts.append(model.encode(features))
        if parts[0].dtype != ctranslate2.DataType.float32:
            # numpy could not join the parts.
            parts = [model.encode(np.stack([take.features() for take in takes]))]
            break
    if len(parts) == 1:
        return parts[0]
    joined = np.concatenate([np.asarray(part) for part in parts])
    return ctranslate2.StorageView.from_array(joined)


def encode_briefly(model: Any, take: Take) -> Any:
    """Return the encoder's output for a take and a second after it, at least 10 s, not for 30 s.

    Text decoded from it would be worse (by 2 to 5 points of errors with Whisper base), but it tells
    the language as well: of 111 lines under music, in rooms and of eight languages 108 were right
    either way. For a line the encoder takes a fifth of the time.

    Args:
        model: The ``faster_whisper.WhisperModel``.
        take: Usually a line of a window.
    """
    import numpy as np

    length = min(FULL, max(_LEAST_BRIEF, take.frames + _BRIEF_SILENCE))
    features = take.features()[:, : length + length % 2]
    return model.encode(np.ascontiguousarray(features[None]))


def join_rows(model: Any, rows: Sequence[Row]) -> Any:
    """Return these rows as one output of the encoder.

    On the CPU they are copied together. Elsewhere its memory cannot be reached and they are encoded
    again.

    Args:
        model: The ``faster_whisper.WhisperModel``.
        rows: At least one; each as its take stands now.
    """
    import ctranslate2
    import numpy as np

    first = rows[0].encoded
    if [row.place for row in rows] == list(range(first.shape[0])) and all(
        row.encoded is first for row in rows
    ):
        return first
    if all(
        r.encoded.device == "cpu" and r.encoded.dtype == ctranslate2.DataType.float32 for r in rows
    ):
        joined = np.stack([np.asarray(row.encoded)[row.place] for row in rows])
        return ctranslate2.StorageView.from_array(joined)
    return encode(model, [row.take for row in rows])


def encoded_bytes(encoded: Any) -> int:
    """Return the bytes that the encoder's output takes, at most."""
    size = 4
    for length in encoded.shape:
        size *= length
    return size
