"""Where a subtitle of EBU STL stands: vertical position and justification code."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.model import Cell, Placement

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["StlPlace", "placement_of", "stl_place"]

GRID = "teletext"
_AS_READ = re.compile(r"stl (\d{1,3}(?:,\d{1,3})*) ([0-3]) (\d{1,3})(?: (\d{1,2}))?")
_SIDES = {1: "left", 2: "center", 3: "right"}
_CODES = {side: code for code, side in _SIDES.items()}
_HEIGHTS = ("top", "middle", "bottom")


@dataclass(frozen=True, slots=True)
class StlPlace:
    """The row of each part of a cue, the justification code, the rows there are, and a column.

    A cue has several parts where it is a cumulative set. The column counts where the code is 0.
    """

    rows: tuple[int, ...]
    justify: int
    most: int
    column: int | None = None


def placement_of(
    place: StlPlace, heights: Sequence[int], widths: Sequence[int], *, teletext: bool
) -> Placement:
    """Return the placement of lines that take so many rows and have so many letters."""
    vertical, horizontal = _rough(place, heights, widths)
    cell = Cell(grid=GRID, row=min(place.rows[0], 23), column=place.column) if teletext else None
    found = Placement(vertical=vertical, horizontal=horizontal, cell=cell)
    if stl_place(found, heights, widths, most=place.most, parts=1) == place:
        return found
    rows = ",".join(str(row) for row in place.rows)
    column = "" if place.column is None else f" {place.column}"
    return replace(found, as_read=f"stl {rows} {place.justify} {place.most}{column}")


def stl_place(
    place: Placement, heights: Sequence[int], widths: Sequence[int], *, most: int, parts: int
) -> StlPlace:
    """Return where a cue stands: as it was read, or at its cell, or at its rough place."""
    said = place.vertical, place.horizontal
    for found in (_read_place(place), _cell_place(place, most)):
        fits = found is not None and found.most == most and len(found.rows) in (1, parts)
        if found is not None and fits and _rough(found, heights, widths) == said:
            return found
    total = sum(heights)
    top = {"top": 1, "middle": max((most - total) // 2 + 1, 1)}
    row = top.get(place.vertical, max(most - total + 1, 1))
    return StlPlace((row,), _CODES[place.align or place.horizontal], most)


def _read_place(place: Placement) -> StlPlace | None:
    match = _AS_READ.fullmatch(place.as_read)
    if match is None:
        return None
    rows = tuple(min(int(row), 255) for row in match[1].split(","))
    column = None if match[4] is None else int(match[4])
    return StlPlace(rows, int(match[2]), min(int(match[3]), 255), column)


def _cell_place(place: Placement, most: int) -> StlPlace | None:
    cell = place.cell
    if cell is None or cell.grid != GRID:
        return None
    if cell.column is not None:
        return StlPlace((cell.row,), 0, most, cell.column)
    return StlPlace((cell.row,), _CODES[place.align or place.horizontal], most)


def _rough(place: StlPlace, heights: Sequence[int], widths: Sequence[int]) -> tuple[str, str]:
    total = sum(heights)
    middle = place.rows[0] + (total - 1) / 2
    if len(place.rows) > 1:
        middle = (place.rows[0] + place.rows[-1] + heights[-1] - 1) / 2
    share = middle / (place.most + 1)
    vertical = _HEIGHTS[(share > 0.36) + (share > 0.64)]
    if place.justify in _SIDES:
        return vertical, _SIDES[place.justify]
    center = (place.column or 0) + max(widths, default=0) / 2
    return vertical, "left" if center < 16 else "center" if center <= 24 else "right"
