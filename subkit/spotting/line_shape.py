"""The best lines for a stretch of text: one small dynamic programme over its break points.

A text is a row of pieces. Widths are in halves of a character (``subkit.language.half_units``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.language import NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import Profile
    from subkit.spotting.spotting_options import SpottingOptions

__all__ = ["LineRow", "Shape", "best_lines", "cost_of_two", "fits", "shape_of"]

_OVERFLOW = 1000.0
"""Cost of a half width beyond the line: any legal break is better."""

_SEARCHED_PIECES = 1000
"""A longer text is no cue, and only filled line by line: the search would take long."""

_EVEN = 84
"""Half widths: how far lines are from even is counted in lines of at least 42 characters. In the
short lines of Korean or of an upright picture one word is much of a line; it may still be where the
clause ends."""

_ORPHAN_SHARE = 0.3
"""A one-word line below this share of a full line is an orphan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How wide a line may be (half characters), how many there may be, and the weights."""

    limit: int
    max_lines: int
    options: SpottingOptions


def shape_of(profile: Profile, options: SpottingOptions) -> Shape:
    """The shape that a profile allows."""
    return Shape(limit=2 * profile.max_cpl, max_lines=profile.max_lines, options=options)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """Pieces of text side by side, with what line breaking must know of them.

    Attributes:
        texts: The pieces, without white space at their ends.
        joins: What stands before each piece when it follows another on a line.
        ends: Width of all up to and with each piece, joins included; one longer than ``texts``.
        gaps: Width of each join.
        costs: Break cost before each piece (see ``subkit.language.break_cost``).
        marks: The mark before each piece, as a place in the weights of marks: 0 without one that
            counts, 1 a comma, 2 a colon or semicolon, 3 a dash or ellipsis.
    """

    texts: tuple[str, ...]
    joins: tuple[str, ...]
    ends: tuple[int, ...]
    gaps: tuple[int, ...]
    costs: tuple[float, ...]
    marks: tuple[int, ...]

    def width(self, first: int, last: int) -> int:
        """Width of pieces ``first`` up to before ``last`` on one line."""
        return self.ends[last] - self.ends[first] - self.gaps[first]

    def text(self, first: int, last: int) -> str:
        """Pieces ``first`` up to before ``last`` on one line."""
        parts = [self.texts[first]] if first < last else []
        for place in range(first + 1, last):
            parts += [self.joins[place], self.texts[place]]
        return "".join(parts)


def fits(row: LineRow, first: int, last: int, shape: Shape) -> bool:
    """Whether the pieces fit the lines there may be; a piece too wide has a line of its own."""
    place = first
    for _ in range(shape.max_lines):
        place = _reach(row, place, last, shape.limit)
        if place >= last:
            return True
    return False


def best_lines(row: LineRow, first: int, last: int, shape: Shape) -> tuple[float, tuple[int, ...]]:
    """Cost of the best lines, and the pieces at which lines after the first begin.

    The whole on one line if it fits. Never more than ``shape.max_lines``: a text that they do not
    hold gets lines as wide as it must have, and no wider.
    """
    whole = row.width(first, last)
    if last - first > 1 and not fits(row, first, last, shape):
        shape = replace(shape, limit=_narrowest(row, first, last, shape))
    if last - first <= 1 or whole <= shape.limit:
        return shape.options.one_line, ()
    if shape.max_lines == 2:
        two = _two_lines(row, first, last, shape)
        if two is not None:
            return two
    filled = _filled(row, first, last, shape.limit)
    if last - first > _SEARCHED_PIECES:
        return _OVERFLOW, filled
    candidates = range(len(filled) + 1, shape.max_lines + 1)
    return min(_search(row, (first, last), count, shape) for count in candidates)


def _narrowest(row: LineRow, first: int, last: int, shape: Shape) -> int:
    """The least width at which ``shape.max_lines`` lines hold the text."""
    narrow, wide = shape.limit, row.width(first, last)
    while narrow < wide:
        middle = (narrow + wide) // 2
        if fits(row, first, last, replace(shape, limit=middle)):
            wide = middle
        else:
            narrow = middle + 1
    return wide


def _filled(row: LineRow, first: int, last: int, limit: int) -> tuple[int, ...]:
    """Where lines after the first begin when each takes all that it can."""
    cuts: list[int] = []
    place = _reach(row, first, last, limit)
    while place < last:
        cuts.append(place)
        place = _reach(row, place, last, limit)
    return tuple(cuts)


def _reach(row: LineRow, first: int, last: int, limit: int) -> int:
    """The furthest end of a line that begins at ``first``; at least one piece."""
    end = bisect_right(row.ends, row.ends[first] + row.gaps[first] + limit, first, last + 1) - 1
    return max(end, first + 1)


def _break_cost(row: LineRow, place: int, options: SpottingOptions) -> float:
    """Cost of a line that begins with a piece. Bad breaks cost over their share, good ones little.

    A mark may cost more between lines than none, since cues rather end there.
    """
    cost = row.costs[place]
    return (
        options.new_line
        + options.line_break * cost * cost / NEUTRAL
        + (0.0, *options.line_marks)[row.marks[place]]
    )


def _line_cost(row: LineRow, start: int, end: int, target: float, shape: Shape) -> float:
    """Cost of one line of several: how far from its target, an orphan, too wide."""
    width = row.width(start, end)
    cost = shape.options.uneven * abs(width - target) / max(shape.limit, _EVEN)
    if end - start == 1:
        if width < _ORPHAN_SHARE * shape.limit:
            cost += shape.options.orphan
    elif width > shape.limit:
        cost += _OVERFLOW * (width - shape.limit)
    return cost


def _top_heavy(row: LineRow, first: int, cut: int, target: float, shape: Shape) -> float:
    """Cost of a first line longer than its share."""
    excess = max(0.0, row.width(first, cut) - target)
    return shape.options.top_heavy * excess / max(shape.limit, _EVEN)


def cost_of_two(row: LineRow, edges: tuple[int, int, int], shape: Shape) -> float:
    """Cost of two lines.

    Args:
        row: The text.
        edges: The first piece, the one that begins the second line, the one after the last.
        shape: The shape of the cue.
    """
    first, cut, last = edges
    half = row.width(first, last) / 2
    return (
        _break_cost(row, cut, shape.options)
        + _top_heavy(row, first, cut, half, shape)
        + _line_cost(row, first, cut, half, shape)
        + _line_cost(row, cut, last, half, shape)
    )


def _two_lines(
    row: LineRow, first: int, last: int, shape: Shape
) -> tuple[float, tuple[int, ...]] | None:
    """The search for two lines that both fit, the hot case; ``None`` where there are none."""
    limit, options = shape.limit, shape.options
    furthest = bisect_right(row.ends, row.ends[first] + row.gaps[first] + limit, first, last + 1)
    nearest = bisect_left(row.ends, row.ends[last] - limit, first + 1, last)
    while nearest > first + 1 and row.width(nearest - 1, last) <= limit:
        nearest -= 1
    best: tuple[float, tuple[int, ...]] | None = None
    for cut in range(nearest, min(furthest, last)):
        if row.width(cut, last) > limit:
            continue
        if best is not None and _break_cost(row, cut, options) >= best[0]:
            continue
        cost = cost_of_two(row, (first, cut, last), shape)
        if best is None or cost < best[0]:
            best = cost, (cut,)
    return best


def _search(
    row: LineRow, stretch: tuple[int, int], count: int, shape: Shape
) -> tuple[float, tuple[int, ...]]:
    """The best ``count`` lines: states are (lines so far, pieces so far)."""
    first, last = stretch
    options = shape.options
    target = row.width(first, last) / count
    best: dict[int, tuple[float, tuple[int, ...]]] = {first: (0.0, ())}
    for line in range(count):
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, cuts) in best.items():
            ends: Sequence[int] = (
                (last,)
                if line == count - 1
                else range(start + 1, min(_reach(row, start, last, shape.limit), last - 1) + 1)
            )
            for end in ends:
                total = cost + _line_cost(row, start, end, target, shape)
                if start == first:
                    total += _top_heavy(row, first, end, target, shape)
                here = cuts
                if end < last:
                    total += _break_cost(row, end, options)
                    here = (*cuts, end)
                known = following.get(end)
                if known is None or total < known[0]:
                    following[end] = total, here
        best = following
    return best.get(last, (float("inf"), ()))
