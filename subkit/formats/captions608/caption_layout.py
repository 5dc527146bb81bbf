"""Where the lines of a caption stand on the 15 rows and 32 columns of line 21."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.model import Cell, Placement

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["COLUMNS", "GRID", "ROWS", "laid_out", "place_of"]

GRID = "608"
ROWS, COLUMNS = 15, 32
_AS_READ = re.compile(r"scc((?: \d{1,2},\d{1,2})+)")
_BOTTOM_FROM, _TOP_TO = 11, 5
"""Rows whose middle row is here or beyond stand at the bottom, or at the top."""

Spots = tuple[tuple[int, int], ...]
"""Row (from 1) and column (from 0) of each line."""


def laid_out(place: Placement, widths: Sequence[int]) -> tuple[Spots, bool]:
    """Return where lines of so many letters stand, and whether that is as the place was read.

    A place as it was read, or a cell, holds as long as its lines fit there and it still means the
    rough place that the placement says; else the rough place counts.
    """
    for spots in (_spots_as_read(place), _spots_of_cell(place, widths)):
        if spots and _fits(spots, widths) and _rough(spots, widths) == _said(place):
            return spots, True
    return _spots_of_rough(place, widths), False


def place_of(spots: Spots, widths: Sequence[int]) -> Placement:
    """Return the placement of lines that stand there, moved left where they go beyond."""
    spots = tuple(
        (row, max(min(column, COLUMNS - width), 0))
        for (row, column), width in zip(spots, widths, strict=True)
    )
    vertical, horizontal = _rough(spots, widths)
    align = _alignment(spots, widths)
    place = Placement(
        vertical=vertical,
        horizontal=horizontal,
        align="" if align == horizontal else align,
        cell=Cell(grid=GRID, row=spots[0][0], column=spots[0][1]),
    )
    if laid_out(place, widths)[0] == spots:
        return place
    as_read = "scc" + "".join(f" {row},{column}" for row, column in spots)
    return Placement(
        vertical=vertical,
        horizontal=horizontal,
        align=place.align,
        cell=place.cell,
        as_read=as_read,
    )


def _said(place: Placement) -> tuple[str, str]:
    return place.vertical, place.horizontal


def _fits(spots: Spots, widths: Sequence[int]) -> bool:
    rows = [row for row, _ in spots]
    return (
        len(spots) == len(widths)
        and all(1 <= row <= ROWS for row in rows)
        and all(low < high for low, high in pairwise(rows))
        and all(column >= 0 for _, column in spots)
        and all(at + width <= COLUMNS for (_, at), width in zip(spots, widths, strict=True))
    )


def _spots_as_read(place: Placement) -> Spots:
    match = _AS_READ.fullmatch(place.as_read)
    if match is None:
        return ()
    pairs = (spot.split(",") for spot in match[1].split())
    return tuple((int(row), int(column)) for row, column in pairs)


def _spots_of_cell(place: Placement, widths: Sequence[int]) -> Spots:
    cell = place.cell
    if cell is None or cell.grid != GRID or not widths:
        return ()
    if cell.column is None:
        columns = [column for _, column in _spots_of_rough(place, widths)]
    else:
        align = place.align or place.horizontal
        columns = [cell.column + _offset(align, widths[0], width) for width in widths]
    return tuple((cell.row + i, column) for i, column in enumerate(columns))


def _spots_of_rough(place: Placement, widths: Sequence[int]) -> Spots:
    lines = len(widths)
    first = {"top": 1, "middle": (ROWS - lines) // 2 + 1}.get(place.vertical, ROWS - lines + 1)
    widest = max(widths, default=0)
    left = _offset(place.horizontal, COLUMNS, widest)
    align = place.align or place.horizontal
    return tuple(
        (first + i, max(left + _offset(align, widest, width), 0)) for i, width in enumerate(widths)
    )


def _offset(align: str, room: int, width: int) -> int:
    """How far right a line of a width begins beside one of a width."""
    if align == "left":
        return 0
    return room - width if align == "right" else (room - width) // 2


def _rough(spots: Spots, widths: Sequence[int]) -> tuple[str, str]:
    if len(spots) != len(widths) or not spots:
        return "", ""
    first, last = spots[0][0], spots[-1][0]
    middle = (first + last) / 2
    if last >= ROWS and first > 1:
        vertical = "bottom"
    elif first <= 1 and last < ROWS:
        vertical = "top"
    else:
        vertical = "bottom" if middle >= _BOTTOM_FROM else "top" if middle <= _TOP_TO else "middle"
    left = min(column for _, column in spots)
    right = max(at + width for (_, at), width in zip(spots, widths, strict=True))
    return vertical, _side(left, right)


def _side(left: int, right: int) -> str:
    """Left, centre or right; centred text may be two columns off, as indents are four wide."""
    free = COLUMNS - right
    if abs(left - free) <= 1:
        return "center"
    if left == 0 or free <= 0:
        return "left" if left == 0 else "right"
    if abs(left - free) <= 4:
        return "center"
    return "left" if left < free else "right"


def _alignment(spots: Spots, widths: Sequence[int]) -> str:
    """How the lines stand to each other; empty where that is no way that has a name."""
    if len(spots) < 2:
        return ""
    lefts = [column for _, column in spots]
    rights = [column + width for column, width in zip(lefts, widths, strict=True)]
    middles = [left + right for left, right in zip(lefts, rights, strict=True)]
    if max(middles) - min(middles) <= 1:
        return "center"
    if len(set(lefts)) == 1:
        return "left"
    return "right" if len(set(rights)) == 1 else ""
