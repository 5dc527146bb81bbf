"""Places and regions of TTML: a placement as attributes of a region, and the other way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from html import escape, unescape
from typing import TYPE_CHECKING

from subkit.model import Placement
from subkit.model.styling import Area, Cell

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "SAFE",
    "Grid",
    "attributes_of",
    "attributes_text",
    "cell_area",
    "per_cent",
    "placement_of",
    "region_attributes",
    "text_alignment",
]

SAFE = Area(x=Fraction(1, 10), y=Fraction(1, 10), width=Fraction(4, 5), height=Fraction(4, 5))
"""The region of a cue that names no area: the picture less a tenth on each side."""

_ATTRIBUTE = re.compile(r"([\w:-]{1,60})=\"([^\"]{0,2000})\"")
_LENGTH = re.compile(r"([+-]?(?:\d{1,9}(?:\.\d{0,12})?|\.\d{1,12}))(%|px|c|em|rw|rh)")
_BLOCK = {"top": "before", "middle": "center", "bottom": "after"}
_COLUMN = {
    "vertical-rl": {"right": "before", "center": "center", "left": "after"},
    "vertical-lr": {"left": "before", "center": "center", "right": "after"},
}
_INLINE = {"top": "start", "middle": "center", "bottom": "end"}
_ROW_ALIGN = {"left": "start", "center": "center", "right": "end"}
_GRIDS = {"608": (1, 15, 32), "teletext": (0, 24, 40)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What lengths of a document count from: its cells, and the picture in pixels where known."""

    columns: int = 32
    rows: int = 15
    width: Fraction = Fraction(0)
    height: Fraction = Fraction(0)

    def share(self, text: str, *, across: bool) -> Fraction | None:
        """Return a length as a share of the picture; ``None`` where it cannot be known."""
        match = _LENGTH.fullmatch(text.strip())
        if match is None:
            return None
        number, unit = Fraction(match[1]), match[2]
        whole = self.width if across else self.height
        scales = {"%": Fraction(100), "c": Fraction(self.columns if across else self.rows)}
        scales |= {"rw" if across else "rh": Fraction(100), "px": whole}
        scale = scales.get(unit, Fraction(0))
        return number / scale if scale else None


def per_cent(share: Fraction) -> str:
    """Return a share of the picture as TTML writes it: ``"12.5%"``."""
    return f"{float(round(share * 100, 6)):.10g}%"


def attributes_text(attributes: Mapping[str, str]) -> str:
    """Return attributes as a file writes them: ``tts:color="#ffffff" …``."""
    return " ".join(f'{name}="{escape(value)}"' for name, value in sorted(attributes.items()))


def attributes_of(text: str) -> dict[str, str]:
    """Return the attributes of :func:`attributes_text`."""
    return {match[1]: unescape(match[2]) for match in _ATTRIBUTE.finditer(text)}


def cell_area(cell: Cell) -> Area:
    """Return the area from a cell of captions or teletext to the end of its grid.

    Both grids lie in the middle eight tenths of the picture.
    """
    first, rows, columns = _GRIDS.get(cell.grid, _GRIDS["608"])
    down = Fraction(min(max(cell.row - first, 0), rows - 1), rows) * SAFE.height
    right = Fraction(min(max(cell.column or 0, 0), columns - 1), columns) * SAFE.width
    return Area(
        x=SAFE.x + right,
        y=SAFE.y + down,
        width=SAFE.width - right,
        height=SAFE.height - down,
    )


def region_attributes(placement: Placement) -> dict[str, str]:
    """Return where a region for a placement lies and how its text stands in it."""
    area, block = placement.area or SAFE, _BLOCK[placement.vertical]
    if placement.area is None and placement.cell is not None:
        area, block = cell_area(placement.cell), "before"
    if placement.writing in _COLUMN:
        block = _COLUMN[placement.writing][placement.horizontal]
    found = {
        "tts:origin": f"{per_cent(area.x)} {per_cent(area.y)}",
        "tts:extent": f"{per_cent(area.width)} {per_cent(area.height)}",
        "tts:displayAlign": block,
    }
    if placement.writing in _COLUMN:
        found["tts:writingMode"] = "tbrl" if placement.writing == "vertical-rl" else "tblr"
    return found


def text_alignment(placement: Placement) -> dict[str, str]:
    """Return how the lines of a placement are aligned, as attributes of a paragraph."""
    if placement.writing in _COLUMN:
        return {"tts:textAlign": _INLINE[placement.vertical]}
    if placement.cell is not None and placement.cell.column and placement.area is None:
        return {"tts:textAlign": "left"}
    if placement.area is not None:
        return {"tts:textAlign": placement.align or placement.horizontal}
    found = {"tts:textAlign": placement.horizontal}
    if placement.align and placement.align != placement.horizontal:
        found["ebutts:multiRowAlign"] = _ROW_ALIGN[placement.align]
    return found


def placement_of(region: Mapping[str, str], text: Mapping[str, str], grid: Grid) -> Placement:
    """Return where text of a region stands.

    Args:
        region: The region's attributes.
        text: ``tts:textAlign``, ``tts:direction`` and ``ebutts:multiRowAlign`` as they hold for
            the paragraph.
        grid: What lengths count from.
    """
    area = _area(region, grid)
    mode = region.get("tts:writingMode", "lrtb")
    writing = {"tbrl": "vertical-rl", "tb": "vertical-rl", "tblr": "vertical-lr"}.get(mode, "")
    right_to_left = mode in ("rltb", "rl") or text.get("tts:direction") == "rtl"
    align = text.get("tts:textAlign", "start")
    block = region.get("tts:displayAlign", "before")
    if writing:
        across = {here: side for side, here in _COLUMN[writing].items()}.get(block, "center")
        down = {"start": 0, "left": 0, "center": 1}.get(align, 2)
        horizontal = _third(_anchor(area.x, area.width, ("left", "center", "right").index(across)))
        vertical = _third(_anchor(area.y, area.height, down))
        return _placement(area, vertical, horizontal, "", writing)
    sides = {"start": "left", "end": "right"}
    if right_to_left:
        sides = {"start": "right", "end": "left"}
    align = sides.get(align, align if align in _ROW_ALIGN else "center")
    down = {"before": 0, "center": 1}.get(block, 2)
    horizontal = _third(_anchor(area.x, area.width, ("left", "center", "right").index(align)))
    vertical = _third(_anchor(area.y, area.height, down))
    lines = {"start": "left", "center": "center", "end": "right"}
    rows = lines.get(text.get("ebutts:multiRowAlign", ""), align) if says_nothing(area) else align
    return _placement(area, vertical, horizontal, rows, "")


def _placement(area: Area, vertical: int, horizontal: int, align: str, writing: str) -> Placement:
    across = ("left", "center", "right")[horizontal]
    return Placement(
        vertical=("top", "middle", "bottom")[vertical],
        horizontal=across,
        area=None if says_nothing(area) else area,
        writing=writing,
        align="" if align == across else align,
    )


def says_nothing(area: Area) -> bool:
    """Whether an area is the picture, or the picture less the same margin on each side."""
    left, right = area.x, 1 - area.x - area.width
    top, bottom = area.y, 1 - area.y - area.height
    return left == right and top == bottom and 0 <= left <= SAFE.x and 0 <= top <= SAFE.y


def _anchor(start: Fraction, length: Fraction, third: int) -> Fraction:
    return start + length * Fraction(third, 2)


def _third(at: Fraction) -> int:
    return 0 if 3 * at < 1 else 2 if 3 * at > 2 else 1


def _area(region: Mapping[str, str], grid: Grid) -> Area:
    extent = region.get("tts:extent", "auto").split()
    sizes = [Fraction(1), Fraction(1)]
    if len(extent) == 2:
        for i, text in enumerate(extent):
            found = grid.share(text, across=i == 0)
            sizes[i] = Fraction(1) if found is None or found <= 0 else found
    places = [Fraction(0), Fraction(0)]
    origin = region.get("tts:origin", "auto").split()
    if len(origin) == 2:
        for i, text in enumerate(origin):
            places[i] = grid.share(text, across=i == 0) or Fraction(0)
    elif "tts:position" in region:
        places = _position(region["tts:position"].split(), sizes, grid)
    return Area(x=places[0], y=places[1], width=sizes[0], height=sizes[1])


def _position(words: list[str], sizes: list[Fraction], grid: Grid) -> list[Fraction]:
    """Return where a region lies by ``tts:position``, a CSS background position."""
    found = [(1 - sizes[0]) / 2, (1 - sizes[1]) / 2]
    sides = {"left": (0, 0), "right": (0, 1), "top": (1, 0), "bottom": (1, 1)}
    axis, at = 0, 0
    while at < len(words) and at < 4:
        word, offset = words[at], words[at + 1] if at + 1 < len(words) else ""
        at += 1
        if word in sides:
            axis, far = sides[word]
            room = 1 - sizes[axis]
            length = _offset(offset, room, axis, grid) if offset not in sides else None
            at += length is not None
            found[axis] = (room - (length or 0)) if far else (length or Fraction(0))
        elif word != "center":
            length = _offset(word, 1 - sizes[axis], axis, grid)
            found[axis] = found[axis] if length is None else length
        axis = 1
    return found


def _offset(text: str, room: Fraction, axis: int, grid: Grid) -> Fraction | None:
    """Return an offset of a position as a share of the picture: per cent count the free room."""
    found = grid.share(text, across=axis == 0)
    return found * room if found is not None and text.endswith("%") else found
