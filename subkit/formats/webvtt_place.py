"""Places as WebVTT cue settings, and the regions of a file.

The settings of a file are kept as they were and given back while the rough place is still theirs.
Beside them stands what other formats can use: the rectangle that ``position``, ``size`` and
``line`` ask for, its height the lines of the cue, a line being a fifteenth of the picture.
"""

from __future__ import annotations

import re
from fractions import Fraction

from subkit.formats.placement import from_settings, settings
from subkit.model import Area, Placement, Region

__all__ = ["cue_settings", "read_region", "read_settings"]

_ROW = Fraction(1, 15)
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,9})?")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,9})?)%")
_WRITING = {"rl": "vertical-rl", "lr": "vertical-lr"}
_ALIGN = {"left": "left", "start": "left", "right": "right", "end": "right", "center": "center"}


def read_settings(text: str, lines: int) -> Placement:
    """Return the place of a cue.

    Args:
        text: Its settings, as the file has them.
        lines: How many lines of text it has.
    """
    if not text:
        return Placement()
    rough, exact = from_settings(text)
    if exact:
        return rough
    told = dict(part.split(":", 1) for part in text.split() if ":" in part)
    writing = _WRITING.get(told.get("vertical", ""), "")
    vertical, horizontal = rough.vertical, rough.horizontal
    if writing:
        vertical, horizontal = _turned(told, writing)
    return Placement(
        vertical=vertical,
        horizontal=horizontal,
        area=None if writing else _area(told, lines),
        writing=writing,
        region=told.get("region", ""),
        as_read=f"vtt {' '.join(text.split())}",
    )


def _turned(told: dict[str, str], writing: str) -> tuple[str, str]:
    """The rough place of vertical text: its line is a column, its alignment goes downwards."""
    vertical = {"left": "top", "right": "bottom", "center": "middle"}[
        _ALIGN.get(told.get("align", ""), "center")
    ]
    across = from_settings(f"line:{told['line']}")[0].vertical if "line" in told else "bottom"
    first = "right" if writing == "vertical-rl" else "left"
    last = "left" if first == "right" else "right"
    return vertical, {"top": first, "middle": "center", "bottom": last}[across]


def _area(told: dict[str, str], lines: int) -> Area | None:
    size, position = _share(told.get("size", "")), _share(told.get("position", "").split(",")[0])
    line = told.get("line", "").split(",")[0]
    top = _share(line)
    if top is None and _NUMBER.fullmatch(line) and "." not in line:
        number = int(line)
        top = number * _ROW if number >= 0 else 1 + number * _ROW
    if size is None and position is None and top is None:
        return None
    align = _ALIGN.get(told.get("align", ""), "center")
    x, width = _across(position, Fraction(1) if size is None else size, align, told)
    if top is None:
        return Area(x=x, y=Fraction(0), width=width, height=Fraction(1))
    height = min(max(lines, 1) * _ROW, Fraction(1))
    return Area(x=x, y=min(max(top, Fraction(0)), 1 - height), width=width, height=height)


def _across(
    position: Fraction | None, size: Fraction, align: str, told: dict[str, str]
) -> tuple[Fraction, Fraction]:
    """Where the box begins, and its width (WebVTT, 7.2: rules for updating the display)."""
    at = {"left": Fraction(0), "right": Fraction(1), "center": Fraction(1, 2)}[align]
    if position is not None:
        at = position
    anchor = told.get("position", "").partition(",")[2]
    anchor = {"line-left": "left", "line-right": "right", "center": "center"}.get(anchor, align)
    room = {"left": 1 - at, "right": at, "center": 2 * min(at, 1 - at)}[anchor]
    width = min(size, room)
    shift = {"left": Fraction(0), "right": width, "center": width / 2}[anchor]
    return at - shift, width


def _share(text: str) -> Fraction | None:
    match = _PERCENT.fullmatch(text)
    found = None if match is None else Fraction(match[1]) / 100
    return found if found is not None and found <= 1 else None


def cue_settings(placement: Placement, lines: int) -> str:
    """Return the settings of a place, with a space before each.

    Args:
        placement: Of the cue.
        lines: How many lines of text it has.
    """
    source = placement.as_read
    if source.startswith("vtt ") and "-->" not in source:
        read = read_settings(source[4:], lines)
        if (read.vertical, read.horizontal) == (placement.vertical, placement.horizontal):
            return source[3:]
    if placement.writing:
        return _vertical_settings(placement)
    if placement.area is None or placement.area.width <= 0:
        return settings(placement)
    return _area_settings(placement, placement.area, lines)


def _vertical_settings(placement: Placement) -> str:
    name = "rl" if placement.writing == "vertical-rl" else "lr"
    first = "right" if name == "rl" else "left"
    column = {first: " line:0", "center": " line:50%"}.get(placement.horizontal, "")
    align = {"top": " align:left", "bottom": " align:right"}.get(placement.vertical, "")
    return f" vertical:{name}{column}{align}"


def _area_settings(placement: Placement, area: Area, lines: int) -> str:
    """A text stands at the top, the middle or the foot of its area."""
    height = max(lines, 1) * _ROW
    top = {
        "top": area.y,
        "middle": area.y + (area.height - height) / 2,
        "bottom": area.y + area.height - height,
    }[placement.vertical]
    x = {
        "left": area.x,
        "center": area.x + area.width / 2,
        "right": area.x + area.width,
    }[placement.horizontal]
    line = _percent(min(max(top, Fraction(0)), Fraction(1)))
    align = "" if placement.horizontal == "center" else f" align:{placement.horizontal}"
    position = _percent(min(max(x, Fraction(0)), Fraction(1)))
    size = _percent(min(area.width, Fraction(1)))
    return f" line:{line} position:{position} size:{size}{align}"


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.2f}".rstrip("0").rstrip(".") + "%"


def read_region(block: str) -> Region | None:
    """Return the region of a REGION block; ``None`` without an id."""
    told = dict(part.split(":", 1) for part in block.split()[1:] if ":" in part)
    if not told.get("id"):
        return None
    width = _share(told.get("width", "100%"))
    width = Fraction(1) if width is None else width
    rows = told.get("lines", "3")
    height = min(int(rows) if rows.isascii() and rows.isdigit() and len(rows) < 4 else 3, 15) * _ROW
    anchor = _pair(told.get("regionanchor", "0%,100%"))
    view = _pair(told.get("viewportanchor", "0%,100%"))
    area = Area(
        x=view[0] - anchor[0] * width, y=view[1] - anchor[1] * height, width=width, height=height
    )
    return Region(id=told["id"], placement=Placement(area=area), source=f"vtt {block}")


def _pair(text: str) -> tuple[Fraction, Fraction]:
    x, _, y = text.partition(",")
    across, down = _share(x), _share(y)
    return (Fraction(0) if across is None else across, Fraction(1) if down is None else down)
