"""The spectrum of sound over time, small enough to draw: 64 bands, 32 times a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.media.audio import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    import numpy.typing as npt

    Samples = npt.NDArray[np.float32]

__all__ = ["BANDS", "COLUMNS_PER_SECOND", "spectrum_blocks"]

BANDS = 64
"""Of 125 Hz each, from 0 to 8 kHz: where speech is."""

COLUMNS_PER_SECOND = 32
_WINDOW = 512
_HOP = SAMPLE_RATE // COLUMNS_PER_SECOND
_FLOOR_DB = -80.0


def spectrum_blocks(blocks: Iterable[Samples]) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield the columns of sound as it streams by; block sizes make no difference.

    A value is loudness from -80 dB of full scale (0) to full scale (255); column ``n`` begins at
    ``n / 32`` s. At the end silence follows.

    Args:
        blocks: Mono float32 in [-1, 1] at 16 kHz.

    Returns:
        Arrays of shape ``(columns, 64)``.
    """
    import numpy as np

    left = np.zeros(0, np.float32)
    for block in blocks:
        left = np.concatenate([left, block])
        count = max(0, (len(left) - _WINDOW) // _HOP + 1)
        if count:
            yield _columns(left, count)
            left = left[count * _HOP :]
    if count := -(-len(left) // _HOP):
        rest = np.concatenate([left, np.zeros(_WINDOW + _HOP, np.float32)])
        yield _columns(rest, count)


def _columns(samples: Samples, count: int) -> npt.NDArray[np.uint8]:
    import numpy as np

    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP][:count]
    window = np.hanning(_WINDOW).astype(np.float32)
    power = np.abs(np.fft.rfft(frames * window, axis=1)[:, :-1]) ** 2
    bands = power.reshape(count, BANDS, -1).max(axis=2)
    full = (window.sum() / 2) ** 2
    decibels = 10 * np.log10(np.maximum(bands / full, 1e-12))
    scaled = (decibels - _FLOOR_DB) * (255 / -_FLOOR_DB)
    columns: npt.NDArray[np.uint8] = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    return columns
