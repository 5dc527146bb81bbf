"""The waveform: smallest and largest sample of each hundredth of a second, read as a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    Peaks = NDArray[np.int8]

__all__ = ["PEAKS_PER_SECOND", "peak_blocks", "reduce_peaks"]

PEAKS_PER_SECOND = 100
_SAMPLES = 160
"""Samples at 16 kHz in one peak."""


def peak_blocks(blocks: Iterable[Samples]) -> Iterator[Peaks]:
    """Peaks of a stream of 16 kHz sound, block by block.

    Args:
        blocks: Mono float32 in [-1, 1], any length, without gaps.

    Yields:
        Shape ``(n, 2)``: minimum and maximum of each 10 ms, -127 to 127; the last one may cover
        less.
    """
    import numpy as np

    rest = np.zeros(0, np.float32)
    for block in blocks:
        rest = np.concatenate([rest, block]) if rest.size else block
        whole = rest.size // _SAMPLES
        if whole:
            yield _extremes(rest[: whole * _SAMPLES].reshape(whole, _SAMPLES))
            rest = rest[whole * _SAMPLES :]
    if rest.size:
        yield _extremes(rest.reshape(1, -1))


def _extremes(parts: Samples) -> Peaks:
    import numpy as np

    ends = np.stack([parts.min(axis=1), parts.max(axis=1)], axis=1)
    peaks: Peaks = np.clip(np.rint(ends * 127), -127, 127).astype(np.int8)
    return peaks


def reduce_peaks(peaks: Peaks, first: float, last: float, points: int) -> Peaks:
    """Minimum and maximum of each of ``points`` equal parts of a stretch.

    Args:
        peaks: Shape ``(n, 2)``.
        first: Where the stretch begins, in peaks; may lie between two.
        last: Where it ends, above ``first``.
        points: Parts wanted.

    Returns:
        Shape ``(k, 2)`` with ``k <= points``: parts wholly behind the end of ``peaks`` are missing.
    """
    import numpy as np

    edges = first + (last - first) * np.arange(points + 1) / points
    starts = np.floor(edges[:-1]).astype(np.int64)
    ends = np.maximum(np.ceil(edges[1:]).astype(np.int64), starts + 1)
    known = int(np.searchsorted(ends, len(peaks), side="right"))
    if not known:
        return np.zeros((0, 2), np.int8)
    window = peaks[: ends[known - 1]]
    low = np.minimum.reduceat(window[:, 0], starts[:known])
    high = np.maximum.reduceat(window[:, 1], starts[:known])
    return np.stack([low, high], axis=1).astype(np.int8)
