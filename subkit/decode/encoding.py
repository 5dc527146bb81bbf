"""The encoder's output: made once, used for language, text and word times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.decode.taking import Take

__all__ = ["encode", "encoded_bytes", "pick_rows"]


def encode(model: Any, takes: Sequence[Take]) -> Any:
    """The encoder's output for takes of equal context, one row each.

    Args:
        model: The ``faster_whisper.WhisperModel``.
        takes: In the order of the rows.
    """
    import numpy as np

    return model.encode(np.stack([take.features() for take in takes]))


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
