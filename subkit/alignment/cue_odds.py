"""How likely a cue belongs at each time of a reference, as logarithms of odds on a grid.

A cue that is where its speech is begins near a speech onset and lies over speech, and the gap
behind it lies over less. What each of these is worth depends on the reference around: an onset
says little where there are many. So the odds are taken against the local rate, and their
logarithms can be summed over cues and held against the number of offsets that were tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["GRID", "CueOdds", "edge_odds", "odds_at", "odds_of"]

GRID = 25
"""Places a second."""

_LOCAL = 60
"""Seconds over which the local rate is taken."""

KERNELS = ((0.35, 0.06), (0.3, 0.3))
"""Share of cues that begin near an onset, and how near: standard deviation, seconds."""

_MISSED = 1.0 - sum(share for share, _ in KERNELS)

_INSIDE, _LESS = 0.85, 0.6
"""How much of a cue is speech; how much less than around it there is in a gap."""

_CUE_WEIGHT, _GAP_WEIGHT = 0.5, 0.3
"""Independent observations a second: speech goes on once it began."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CueOdds:
    """Log odds at each place of a grid, shape ``(n,)`` each.

    Attributes:
        start: That a cue begins there, less what it is outside of the reference.
        end: That a cue ends there, likewise.
        cue: That a place is inside a cue, summed up from the beginning, shape ``(n + 1,)``.
        gap: That a place is inside a gap, likewise.
        outside: What a cue outside of the reference is worth.
    """

    start: Floats
    end: Floats
    cue: Floats
    gap: Floats
    outside: float


def odds_of(
    starts: Floats, ends: Floats, spans: Floats, duration: float, *, with_ends: bool
) -> CueOdds:
    """Return the evidence of a reference.

    Args:
        starts: Onsets, seconds.
        ends: Where speech ends, seconds.
        spans: Where there is speech, disjoint, shape ``(n, 2)``.
        duration: Of the reference, seconds.
        with_ends: Whether cues end where speech does: those of a subtitle, not those of sound.
    """
    import numpy as np

    size = int(np.ceil(duration * GRID)) + 1
    active = _coverage(spans, size)
    around = np.clip(_smooth(active), 0.05, 0.95)
    cue = active * np.log(_INSIDE / around) + (1 - active) * np.log((1 - _INSIDE) / (1 - around))
    gap = active * np.log(_LESS) + (1 - active) * np.log((1 - _LESS * around) / (1 - around))
    start = _edges(starts, size)
    end = _edges(ends, size) if with_ends else np.zeros(size)
    outside = float(np.log(_MISSED)) * (2 if with_ends else 1)
    return CueOdds(
        start=start - np.log(_MISSED),
        end=end - np.log(_MISSED) if with_ends else end,
        cue=_summed(cue * _CUE_WEIGHT / GRID),
        gap=_summed(gap * _GAP_WEIGHT / GRID),
        outside=outside,
    )


def edge_odds(distance: Floats, rate: float, kernels: tuple[tuple[float, float], ...]) -> Floats:
    """Return the odds that an edge is meant, over those of one by chance.

    Args:
        distance: Between the edges, seconds.
        rate: Edges a second.
        kernels: Shares and standard deviations, seconds.
    """
    import numpy as np

    found = np.zeros_like(distance)
    for share, wide in kernels:
        found += share * np.exp(-0.5 * (distance / wide) ** 2) / (wide * np.sqrt(2 * np.pi))
    odds: Floats = found / rate
    return odds


def odds_at(cues: Floats, evidence: CueOdds, offset: float) -> Floats:
    """Return the log odds that each cue belongs at one offset, shape ``(n,)``.

    Args:
        cues: In-times and out-times, seconds, shape ``(n, 2)``.
        evidence: Of the reference.
        offset: Seconds.
    """
    import numpy as np

    places = np.rint((cues + offset) * GRID).astype(int)
    size = len(evidence.start)
    found = np.full(len(cues), evidence.outside)
    for known, place in ((evidence.start, places[:, 0]), (evidence.end, places[:, 1])):
        found += np.where((place >= 0) & (place < size), known[np.clip(place, 0, size - 1)], 0.0)
    inside = evidence.cue[np.clip(places, 0, size)]
    total: Floats = found + inside[:, 1] - inside[:, 0]
    return total


def _edges(times: Floats, size: int) -> Floats:
    """Log odds that a cue's edge lies at each place."""
    import numpy as np

    places = times * GRID
    left = np.floor(places).astype(int)
    pulses = np.zeros(size)
    for place, share in ((left, left + 1 - places), (left + 1, places - left)):
        inside = (place >= 0) & (place < size)
        np.add.at(pulses, place[inside], share[inside])
    rate = np.maximum(_smooth(pulses) * GRID, 0.05)
    reach = np.arange(-GRID, GRID + 1) / GRID
    odds = np.convolve(pulses, edge_odds(reach, 1.0, KERNELS), mode="same")[:size] / rate
    found: Floats = np.log(_MISSED + odds)
    return found


def _coverage(spans: Floats, size: int) -> Floats:
    """Share of each place that lies inside of spans."""
    import numpy as np

    if not len(spans):
        return np.zeros(size)
    at = np.arange(size + 1) / GRID
    bounds = spans.reshape(-1)
    total = _summed(spans[:, 1] - spans[:, 0])
    known = np.repeat(total, 2)[1:-1]
    covered: Floats = np.diff(np.interp(at, bounds, known)) * GRID
    return covered


def _smooth(values: Floats) -> Floats:
    """The mean over a minute around each place, the ends with what there is."""
    import numpy as np

    half = _LOCAL * GRID // 2
    total = _summed(values)
    at = np.arange(len(values))
    low, high = np.maximum(at - half, 0), np.minimum(at + half + 1, len(values))
    mean: Floats = (total[high] - total[low]) / (high - low)
    return mean


def _summed(values: Floats) -> Floats:
    import numpy as np

    return np.concatenate([[0.0], np.cumsum(values)])
