"""Where cues begin: one dynamic programme over the pieces of speech.

``best[i]`` is the least cost of all cues up to piece ``i``. A cue is at most a few lines wide, so
the work grows with the number of words times the words in one cue.
"""

from __future__ import annotations

from subkit.spotting.cost_terms import CUE_TERMS, Costs, boundary_costs
from subkit.spotting.line_shape import Shape, best_lines, fits

__all__ = ["Stretch", "search_cues"]

Stretch = tuple[int, int]
"""Pieces of one cue: the first, and the one after the last."""


def search_cues(costs: Costs, shape: Shape) -> list[Stretch]:
    """The cheapest cues over all the speech.

    No cue is wider than its lines, longer than the maximum duration or across a wall, unless a
    single piece is. Of equally cheap solutions the one with longer last cues is taken.
    """
    count = len(costs.speech)
    boundaries = boundary_costs(costs)
    best = [0.0] * (count + 1)
    begins = [0] * (count + 1)
    for last in range(1, count + 1):
        best[last], begins[last] = _best_begin(costs, shape, best, last)
        best[last] += boundaries[last] + costs.options.new_cue
    stretches: list[Stretch] = []
    last = count
    while last > 0:
        stretches.append((begins[last], last))
        last = begins[last]
    return stretches[::-1]


def _best_begin(costs: Costs, shape: Shape, best: list[float], last: int) -> tuple[float, int]:
    """Cheapest piece for the cue that ends before ``last`` to begin with."""
    speech, row = costs.speech, costs.speech.row
    limit, widest = shape.limit, shape.limit * shape.max_lines
    end = speech.ends[last - 1]
    found, begin = float("inf"), last - 1
    # Pieces without width could otherwise fill a cue without end.
    for first in range(last - 1, max(-1, last - 1 - widest), -1):
        width = row.width(first, last)
        single = first == last - 1
        if not single and (
            width > widest
            or end - speech.starts[first] > costs.limits.longest
            or (width > limit and not fits(row, first, last, shape))
        ):
            break
        total = best[first]
        for term in CUE_TERMS:
            total += term(costs, first, last)
            if total >= found:
                break
        if total < found:
            total += best_lines(row, first, last, shape)[0]
        if total < found:
            found, begin = total, first
        if speech.walls[first]:
            break
    return found, begin
