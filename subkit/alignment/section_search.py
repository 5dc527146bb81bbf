"""Cues of a track cut into sections that move alike: the likeliest path over all offsets.

A state is an offset. Going from one cue to the next in the same state is free; another state costs
as much as the odds of finding one of so many by chance, so that it must be earned by several cues.
One more state is no offset at all, for cues whose scene is not in the film.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.alignment.cue_odds import GRID
from subkit.alignment.offset_search import HINT, LEAST_GAP, MAX_GAP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from subkit.alignment.cue_odds import CueOdds

    Floats = NDArray[np.float64]
    Odds = NDArray[np.float32]

__all__ = ["OffsetRun", "section_path"]

_SURE = 6.0
"""Log odds that a cut has to bring beyond those of finding an offset by chance."""

_LEAVE = 5.0
"""Log odds that cues have to lose before they are without an offset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetRun:
    """Cues from ``first`` up to ``last`` (without it) at one offset.

    Attributes:
        first: Index of the first cue.
        last: Index behind the last.
        offset: Seconds; ``None`` where they are nowhere in the reference.
    """

    first: int
    last: int
    offset: float | None


@dataclass(frozen=True, slots=True)
class _Way:
    """The best way to come to a cue: its value, its state and the first cue of that state.

    No state (-1) is where the way has none yet.
    """

    value: float
    state: int
    since: int


@dataclass(frozen=True, slots=True)
class _Steps:
    """The best ways to come to each cue, from a state and from none, and the cues' in-times."""

    starts: NDArray[np.int64]
    direct: list[_Way]
    absent: list[_Way]

    def lowest(self, cue: int, *, absent: bool) -> int:
        """The lowest state that keeps a cue behind those that came before it."""
        way = self.absent[cue] if absent else self.direct[cue]
        last = way.since - 1 if absent else cue - 1
        if way.state < 0:
            return 0
        return max(way.state - int(self.starts[cue] - self.starts[last]), 0)


class _Field:
    """The odds of every cue at every offset, as slices of padded evidence."""

    def __init__(self, cues: Floats, evidence: CueOdds, low: int, high: int) -> None:
        import numpy as np

        places = np.rint(cues * GRID).astype(int)
        before = max(-(int(places.min()) + low), 0)
        size = int(places.max()) + high + 2
        after = max(size - len(evidence.start), 0)
        self.states = high - low
        self._at = places + low + before
        outside = np.float32(evidence.outside)
        self._start = np.pad(evidence.start.astype(np.float32), (before, after)) + outside
        self._end = np.pad(evidence.end.astype(np.float32), (before, after))
        self._cue = np.pad(evidence.cue, (before, after), mode="edge").astype(np.float32)
        self._gap = np.pad(evidence.gap, (before, after), mode="edge").astype(np.float32)
        ends = np.maximum.accumulate(places[:, 1])
        wide = (places[1:, 0] - ends[:-1]) / GRID
        self._gapped = np.concatenate([[False], (wide > LEAST_GAP) & (wide < MAX_GAP)])
        self._ends = ends + low + before

    def odds(self, cue: int) -> Odds:
        """Log odds of a cue in every state, shape ``(states,)``."""
        start, end = self._at[cue]
        return (
            self._of(self._start, start)
            + self._of(self._end, end)
            + self._of(self._cue, end)
            - self._of(self._cue, start)
        )

    def gap_odds(self, cue: int) -> Odds | None:
        """Log odds of the gap before a cue, where the cue before it is in the same state."""
        if not self._gapped[cue]:
            return None
        return self._of(self._gap, self._at[cue, 0]) - self._of(self._gap, self._ends[cue - 1])

    def _of(self, values: Odds, place: int) -> Odds:
        return values[place : place + self.states]


def section_path(
    cues: Floats,
    evidence: CueOdds,
    reach: tuple[float, float],
    hints: Mapping[int, Sequence[float]],
) -> tuple[list[OffsetRun], float]:
    """Return the runs of cues in order, and the log odds of all of them.

    Args:
        cues: In-times and out-times, seconds, ordered by in-time, shape ``(n, 2)``.
        evidence: Of the reference.
        reach: The least and the greatest offset, seconds.
        hints: Index of a cue -> offsets at which its words were heard.
    """
    import numpy as np

    low, high = int(np.floor(reach[0] * GRID)), int(np.ceil(reach[1] * GRID)) + 1
    field = _Field(cues, evidence, low, high)
    cost = float(np.log(field.states)) + _SURE
    value = np.full(field.states, -cost, np.float32)
    since = np.zeros(field.states, np.int32)
    starts = np.rint(cues[:, 0] * GRID).astype(np.int64)
    steps = _Steps(starts, [_Way(-cost, -1, 0)], [_Way(0.0, -1, 0)])
    for cue in range(len(cues)):
        if cue:
            _step(steps, cue, value, since)
            gap = field.gap_odds(cue)
            if gap is not None:
                value += gap
            _enter(steps, cue, cost, value, since)
        value += field.odds(cue)
        _add_hints(value, hints.get(cue, ()), low)
    _step(steps, len(cues), value, since)
    runs = [
        OffsetRun(first=first, last=last, offset=None if state < 0 else (state + low) / GRID)
        for first, last, state in _traced(steps)
    ]
    return runs, max(steps.direct[-1].value, steps.absent[-1].value)


def _step(steps: _Steps, cue: int, value: Odds, since: NDArray[np.int32]) -> None:
    """Note the best ways to come to a cue."""
    best = int(value.argmax())
    direct = _Way(float(value[best]), best, int(since[best]))
    absent = steps.absent[-1]
    if absent.value < direct.value - _LEAVE:
        absent = _Way(direct.value - _LEAVE, best, cue)
    steps.direct.append(direct)
    steps.absent.append(absent)


def _enter(steps: _Steps, cue: int, cost: float, value: Odds, since: NDArray[np.int32]) -> None:
    """Begin a section at a cue wherever that is better than going on."""
    import numpy as np

    for absent in (False, True):
        way = steps.absent[cue] if absent else steps.direct[cue]
        lowest = steps.lowest(cue, absent=absent)
        better = value[lowest:] < way.value - cost
        np.copyto(value[lowest:], np.float32(way.value - cost), where=better)
        np.copyto(since[lowest:], np.int32(cue), where=better)


def _add_hints(value: Odds, offsets: Sequence[float], low: int) -> None:
    """Add what the words of a cue say to the states around them."""
    import numpy as np

    for offset in offsets:
        place = round(offset * GRID) - low
        near = np.arange(max(place - GRID // 2, 0), min(place + GRID // 2 + 1, len(value)))
        value[near] += _hint_odds(near - place)


def _hint_odds(distance: NDArray[np.int64]) -> Odds:
    """All of it where the word was heard, and half of it a fifth of a second away."""
    import numpy as np

    return (HINT * np.exp(-0.5 * (distance / (0.17 * GRID)) ** 2)).astype(np.float32)


def _traced(steps: _Steps) -> list[tuple[int, int, int]]:
    """First cue, behind the last cue, and state (-1 for none), in order."""
    runs: list[tuple[int, int, int]] = []
    stop = len(steps.starts)
    absent = steps.absent[stop].value > steps.direct[stop].value
    while stop:
        way = steps.absent[stop] if absent else steps.direct[stop]
        runs.append((way.since, stop, -1 if absent else way.state))
        stop = way.since
        if absent:
            if way.state < 0:
                break
            absent = False
        elif stop:
            straight = steps.direct[stop].value >= steps.absent[stop].value
            absent = not (straight and way.state >= steps.lowest(stop, absent=False))
    return runs[::-1]
