"""What makes a cue good or bad: one small function a term, and the table of them.

A term of a boundary sees where a cue ends; a term of a cue sees the cue. Costs are in the unit of
``subkit.language.break_cost``; see ``SpottingOptions`` for the weights.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from subkit.language import NEUTRAL
from subkit.spotting.shape import ORPHAN_SHARE

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.spotting.shape import Shape
    from subkit.spotting.speech import Speech
    from subkit.spotting.timing import Limits

__all__ = ["CUE_TERMS", "Costs", "boundary_costs"]

_SHORT_PAUSE = 0.2
"""Seconds of silence that anyone makes between words."""

_WORST_SPEED = 3.0


class Costs:
    """Sums over the speech that let every term answer in constant time."""

    __slots__ = (
        "limits",
        "line",
        "options",
        "paused",
        "readable",
        "room",
        "shots",
        "speech",
        "stopped",
    )

    def __init__(self, speech: Speech, limits: Limits, shape: Shape) -> None:
        options = shape.options
        self.speech = speech
        self.line = shape.limit
        self.limits = limits
        self.options = options
        self.stopped = (0, *accumulate(speech.stops))
        silences = (max(0.0, pause - _SHORT_PAUSE) for pause in speech.pauses)
        self.paused = tuple(accumulate(silences))
        self.shots = (0, *accumulate(speech.shots))
        self.room = self._rooms()
        self.readable = tuple(
            min(room, end + limits.linger)
            for room, end in zip(self.room, (0, *speech.ends), strict=True)
        )

    def _rooms(self) -> tuple[int, ...]:
        """By the end of a cue: the frame at which it must be gone."""
        speech, limits = self.speech, self.limits
        last = speech.ends[-1] + limits.shortest + limits.linger
        if limits.end is not None:
            last = min(last, max(limits.end, speech.ends[-1]))
        return (0, *(start - limits.gap for start in speech.starts[1:]), last)


def boundary_costs(costs: Costs) -> list[float]:
    """Cost of ending a cue before each piece, and after the last; nothing at a wall."""
    speech, options = costs.speech, costs.options
    found: list[float] = []
    for cost, pause, wall in zip(speech.row.costs, speech.pauses, speech.walls, strict=True):
        gain = options.used_pause * min(pause, 1.0)
        found.append(0.0 if wall else options.cue_break * cost - gain)
    return [*found, 0.0]


def _too_fast(costs: Costs, first: int, last: int) -> float:
    """Reading speed beyond the limit, with the linger the profile allows, by lines of text."""
    frames = costs.readable[last] - costs.speech.starts[first]
    width = costs.speech.row.width(first, last)
    needed = width * costs.limits.frames_per_half_unit
    if needed <= frames:
        return 0.0
    excess = needed / frames - 1 if frames > 0 else _WORST_SPEED
    return costs.options.reading * min(excess, _WORST_SPEED) * width / costs.line


def _too_short(costs: Costs, first: int, last: int) -> float:
    """No room for the minimum duration before the next words."""
    frames = costs.room[last] - costs.speech.starts[first]
    missing = costs.limits.shortest - frames
    if missing <= 0:
        return 0.0
    return costs.options.short * min(1.0, missing / costs.limits.shortest)


def _sentence_ends_inside(costs: Costs, first: int, last: int) -> float:
    """Several sentences in one cue: fair when they are whole, poor when one is torn."""
    inside = costs.stopped[last - 1] - costs.stopped[first]
    if not inside:
        return 0.0
    stops = costs.speech.stops
    whole = stops[last - 1] and (first == 0 or stops[first - 1] or costs.speech.walls[first])
    return inside * (costs.options.inner_sentence if whole else costs.options.torn_sentence)


def _clauses_inside(costs: Costs, first: int, last: int) -> float:
    """A good break inside the cue, above all one better than those at its ends."""
    row = costs.speech.row
    if last - first < 2:
        return 0.0
    options = costs.options
    good = max(0.0, NEUTRAL - min(row.costs[first + 1 : last]))
    return options.buried_cue * row.buried(first, last) + options.inner_clause * good


def _pauses_inside(costs: Costs, first: int, last: int) -> float:
    """Silence that the reader sits through."""
    return costs.options.crossed_pause * (costs.paused[last - 1] - costs.paused[first])


def _shots_inside(costs: Costs, first: int, last: int) -> float:
    """Shot changes that the cue's speech goes across."""
    return costs.options.crossed_shot * (costs.shots[last] - costs.shots[first + 1])


def _scrap(costs: Costs, first: int, last: int) -> float:
    """A word or a few characters of a longer sentence on their own."""
    row, stops = costs.speech.row, costs.speech.stops
    narrow = row.width(first, last) < ORPHAN_SHARE * costs.line
    if last - first > 1 and not narrow:
        return 0.0
    begins = first == 0 or stops[first - 1] or costs.speech.walls[first]
    return 0.0 if begins and stops[last - 1] else costs.options.orphan


CUE_TERMS: tuple[Callable[[Costs, int, int], float], ...] = (
    _sentence_ends_inside,
    _clauses_inside,
    _pauses_inside,
    _shots_inside,
    _scrap,
    _too_short,
    _too_fast,
)
"""The terms of a cue of pieces ``first`` up to before ``last``, cheapest first; each at least 0."""
