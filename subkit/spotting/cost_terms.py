"""What makes a cue good or bad: one small function a term, and the table of them.

A term of a boundary sees where a cue ends; a term of a cue sees the cue. Costs are in the unit of
``subkit.language.break_cost``; see ``SpottingOptions`` for the weights.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from subkit.language import NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.spotting.cue_timing import CueLimits
    from subkit.spotting.line_shape import Shape
    from subkit.spotting.pieces import Speech

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
        "shot_ends",
        "shots",
        "speech",
        "stopped",
    )

    def __init__(self, speech: Speech, limits: CueLimits, shape: Shape) -> None:
        options = shape.options
        self.speech = speech
        self.line = shape.limit
        self.limits = limits
        self.options = options
        self.stopped = (0, *accumulate(speech.stops))
        silences = (max(0.0, pause - _SHORT_PAUSE) for pause in speech.pauses)
        self.paused = tuple(accumulate(silences))
        self.shots = tuple(accumulate(speech.shots))
        self.shot_ends = (None, *map(limits.shot_end, speech.ends))
        self.room = self._rooms()
        self.readable = tuple(
            min(room, end + limits.linger)
            for room, end in zip(self.room, (0, *speech.ends), strict=True)
        )

    def _rooms(self) -> tuple[int, ...]:
        """By the end of a cue: the frame at which it must be gone.

        The next cue comes then, or a shot change behind which its speech does not go on.
        """
        speech, limits = self.speech, self.limits
        last = speech.ends[-1] + limits.shortest + limits.linger
        if limits.end is not None:
            last = min(last, max(limits.end, speech.ends[-1]))
        rooms = [*(start - limits.gap for start in speech.starts[1:]), last]
        outs = zip(rooms, self.shot_ends[1:], strict=True)
        return (0, *(room if out is None else min(room, out) for room, out in outs))


def boundary_costs(costs: Costs) -> list[float]:
    """Cost of ending a cue before each piece, and after the last; nothing at a wall."""
    speech, options = costs.speech, costs.options
    row = speech.row
    marks = (0.0, *options.cue_marks)
    found: list[float] = []
    for place, (pause, wall) in enumerate(zip(speech.pauses, speech.walls, strict=True)):
        text = options.cue_break * row.costs[place] + marks[row.marks[place]]
        found.append(0.0 if wall else text - options.used_pause * min(pause, 1.0))
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
    """A good break inside the cue."""
    if last - first < 2:
        return 0.0
    best = min(costs.speech.row.costs[first + 1 : last])
    return costs.options.inner_clause * max(0.0, NEUTRAL - best)


def _fullness(costs: Costs, first: int, last: int) -> float:
    """Full cues cost over their share, so that those of a sentence are rather even."""
    lines = costs.speech.row.width(first, last) / costs.line
    return costs.options.full * lines * lines


def _edges(costs: Costs, first: int, last: int) -> float:
    """One line where a sentence begins, and a wide cue where it ends."""
    stops = costs.speech.stops
    lines = costs.speech.row.width(first, last) / costs.line
    opens = first == 0 or stops[first - 1] or costs.speech.walls[first]
    cost = costs.options.opening if opens and lines <= 1 else 0.0
    return cost + costs.options.closing * lines if stops[last - 1] else cost


def _pauses_inside(costs: Costs, first: int, last: int) -> float:
    """Silence that the reader sits through."""
    return costs.options.crossed_pause * (costs.paused[last - 1] - costs.paused[first])


def _shots_inside(costs: Costs, first: int, last: int) -> float:
    """Shot changes that the cue goes across: in its speech, or since it would be too short."""
    crossed = costs.shots[last - 1] - costs.shots[first]
    limits, out = costs.limits, costs.shot_ends[last]
    if out is not None and out - costs.speech.starts[first] < limits.shortest - limits.lead:
        crossed += 1
    return costs.options.crossed_shot * crossed


def _scrap(costs: Costs, first: int, last: int) -> float:
    """Less than half a line of a longer sentence on its own."""
    row, stops = costs.speech.row, costs.speech.stops
    if 2 * row.width(first, last) >= costs.line:
        return 0.0
    begins = first == 0 or stops[first - 1] or costs.speech.walls[first]
    return 0.0 if begins and stops[last - 1] else costs.options.scrap


CUE_TERMS: tuple[Callable[[Costs, int, int], float], ...] = (
    _sentence_ends_inside,
    _fullness,
    _edges,
    _clauses_inside,
    _pauses_inside,
    _shots_inside,
    _scrap,
    _too_short,
    _too_fast,
)
"""The terms of a cue of pieces ``first`` up to before ``last``, cheapest first; each at least 0."""
