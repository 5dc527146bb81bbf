"""The encoder's output: made once, used for language, text and word times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.decode.taking import Take

_THREADS_FOR_ONE = 4
"""Threads that one window keeps busy."""

__all__ = ["encode", "encoded_bytes", "pick_rows"]


def encode(model: Any, takes: Sequence[Take], *, threads: int = 0) -> Any:
    """The encoder's output for takes of equal context, one row each.

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


def pick_rows(model: Any, encoded: Any, rows: Sequence[int], takes: Sequence[Take]) -> Any:
    """Some rows of the encoder's output.

    On the CPU they are taken out of it. Elsewhere its memory cannot be reached and the rows are
    encoded again.

    Args:
        model: The ``faster_whisper.WhisperModel``.
        encoded: Its encoder's output for ``takes``.
        rows: Wanted.
        takes: All of them, in the order of the rows.
    """
    import ctranslate2
    import numpy as np

    if list(rows) == list(range(len(takes))):
        return encoded
    if encoded.device == "cpu" and encoded.dtype == ctranslate2.DataType.float32:
        chosen = np.ascontiguousarray(np.asarray(encoded)[list(rows)])
        return ctranslate2.StorageView.from_array(chosen)
    return encode(model, [takes[row] for row in rows])


def encoded_bytes(encoded: Any) -> int:
    """Bytes that the encoder's output takes, at most."""
    size = 4
    for length in encoded.shape:
        size *= length
    return size
