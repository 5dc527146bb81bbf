"""An offset to a fraction of a frame: where most in-times meet an onset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.alignment.cue_odds import edge_odds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["fine_offset"]

_SUBTITLE = ((0.4, 0.02), (0.2, 0.08), (0.2, 0.25))
_VOICE = ((0.5, 0.06), (0.3, 0.2))
"""Share of cues that begin with an onset, and how exactly: standard deviations, seconds."""

_REACH, _STEP, _NEAR = 0.25, 0.002, 0.8
_RATE = 0.3


def fine_offset(
    times: Floats, edges: Floats, offset: float, *, subtitle: bool
) -> tuple[float, float]:
    """Return the offset near one that is known, in seconds, and the log odds of it.

    Args:
        times: In-times, or out-times, seconds.
        edges: Onsets, or ends, of the reference, seconds, in order.
        offset: Known to a tenth of a second.
        subtitle: The edges are those of cues, not of sound.
    """
    import numpy as np

    if not len(edges) or not len(times):
        return offset, 0.0
    nearest = np.searchsorted(edges, times + offset)
    around = nearest[:, None] + np.arange(-2, 2)[None, :]
    apart = edges[np.clip(around, 0, len(edges) - 1)] - (times + offset)[:, None]
    apart[(around < 0) | (around >= len(edges))] = np.inf
    apart = apart[np.abs(apart).min(axis=1) < _NEAR]
    if not len(apart):
        return offset, 0.0
    moves = np.arange(-_REACH, _REACH + _STEP, _STEP)
    kernels = _SUBTITLE if subtitle else _VOICE
    odds = edge_odds(apart[None] - moves[:, None, None], _RATE, kernels).sum(axis=2)
    score = np.log(0.2 + odds).sum(axis=1)
    best = int(score.argmax())
    return offset + float(moves[best]), float(score[best])
