"""Places of D-cinema text: each line has an edge or middle that it counts from, and a distance.

Distances are per cent of the picture: from the bottom or top edge, from the left or right one, or
from the middle, where they grow down and to the right (SMPTE ST 428-7:2014, 6.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from subkit.model import Placement
from subkit.model.styling import Area

__all__ = ["LinePlace", "place_of_lines", "places_of_cue"]

_FORMAT = "dcinema"
_MARGIN, _LINE = Fraction(8), Fraction(13, 2)
"""Per cent of the picture from an edge to the first line, and from one line to the next."""
_FAR = Fraction(25)
"""A distance from an edge up to which a place says no more than the edge."""
_VERTICAL = {"top": "top", "middle": "center", "bottom": "bottom"}
_ROUGH = {side: rough for rough, side in _VERTICAL.items()}


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Where a line stands.

    Attributes:
        valign: ``top``, ``center`` or ``bottom``.
        vposition: Distance from it, as written.
        halign: ``left``, ``center`` or ``right``.
        hposition: Distance from it, as written.
        upright: Its letters stand below each other.
    """

    valign: str
    vposition: str
    halign: str
    hposition: str
    upright: bool = False

    def down(self) -> Fraction:
        """Return how far down the picture it stands, 0 to 1."""
        return _across(self.valign, Fraction(self.vposition), ("top", "center", "bottom"))

    def right(self) -> Fraction:
        """Return how far right in the picture it stands, 0 to 1."""
        return _across(self.halign, Fraction(self.hposition), ("left", "center", "right"))


def _across(side: str, distance: Fraction, sides: tuple[str, str, str]) -> Fraction:
    share = distance / 100
    return (share, Fraction(1, 2) + share, 1 - share)[sides.index(side)]


def place_of_lines(lines: list[LinePlace]) -> Placement:
    """Return the place of a cue by those of its lines."""
    first, last = lines[0], lines[-1]
    writing = "vertical-rl" if first.upright else ""
    vertical = ("top", "middle", "bottom")[_third((first.down() + last.down()) / 2)]
    horizontal = ("left", "center", "right")[_third((first.right() + last.right()) / 2)]
    as_read = " | ".join(
        f"{p.valign} {p.vposition} {p.halign} {p.hposition}{' ttb' if p.upright else ''}"
        for p in lines
    )
    return Placement(
        vertical=vertical,
        horizontal=horizontal,
        area=_area(lines, vertical, horizontal),
        writing=writing,
        as_read="" if lines == _usual(vertical, horizontal, writing, lines) else _named(as_read),
    )


def _named(as_read: str) -> str:
    return f"{_FORMAT} {as_read}"


def _usual(vertical: str, horizontal: str, writing: str, lines: list[LinePlace]) -> list[LinePlace]:
    placement = Placement(vertical=vertical, horizontal=horizontal, writing=writing)
    return _made(placement, len(lines))


def _third(at: Fraction) -> int:
    return 0 if 3 * at < 1 else 2 if 3 * at > 2 else 1


def _area(lines: list[LinePlace], vertical: str, horizontal: str) -> Area | None:
    """Return the area of lines that stand where a rough place does not say."""
    first, last = lines[0], lines[-1]
    if first.upright:
        return None
    near = all(
        line.valign == _VERTICAL[vertical]
        and line.halign == horizontal
        and (line.valign == "center" or 0 <= Fraction(line.vposition) <= _FAR)
        and (0 <= Fraction(line.hposition) <= (0 if horizontal == "center" else 10))
        for line in lines
    )
    if near:
        return None
    top, bottom = first.down(), last.down()
    middle = (top + bottom) / 2
    y, height = {
        "top": (top, 1 - top),
        "middle": (max(2 * middle - 1, Fraction(0)), 2 * min(middle, 1 - middle)),
        "bottom": (Fraction(0), bottom),
    }[vertical]
    at = last.right()
    x, width = {
        "left": (at, 1 - at),
        "center": (max(2 * at - 1, Fraction(0)), 2 * min(at, 1 - at)),
        "right": (Fraction(0), at),
    }[horizontal]
    if not (0 <= x < 1 and 0 <= y < 1 and 0 < width <= 1 and 0 < height <= 1):
        return None
    return Area(x=x, y=y, width=width, height=height)


def places_of_cue(placement: Placement, count: int) -> list[LinePlace]:
    """Return where the lines of a cue stand: as they were read, if it stands there still."""
    name, _, text = placement.as_read.partition(" ")
    if name == _FORMAT:
        lines = [_parsed(part) for part in text.split(" | ")]
        found = [line for line in lines if line is not None]
        if len(found) == count == len(lines) and _same(place_of_lines(found), placement):
            return found
    return _made(placement, count)


def _same(one: Placement, other: Placement) -> bool:
    return (one.vertical, one.horizontal, one.writing, one.area) == (
        other.vertical,
        other.horizontal,
        other.writing,
        other.area,
    )


def _parsed(text: str) -> LinePlace | None:
    words = text.split()
    if len(words) not in (4, 5) or words[0] not in _ROUGH or words[2] not in _SIDES:
        return None
    try:
        Fraction(words[1]), Fraction(words[3])
    except (ValueError, ZeroDivisionError):
        return None
    return LinePlace(words[0], words[1], words[2], words[3], upright=words[-1] == "ttb")


_SIDES = ("left", "center", "right")


def _made(placement: Placement, count: int) -> list[LinePlace]:
    upright = bool(placement.writing)
    valign, halign = _VERTICAL[placement.vertical], placement.horizontal
    v_base, h_base = _bases(placement)
    found = []
    for number in range(count):
        first, last = Fraction(number), Fraction(count - 1 - number)
        middle = (first - last) / 2
        v, h = v_base, h_base
        if upright:
            h += {"right": first, "left": last, "center": -middle}[halign] * _LINE
        else:
            v += {"top": first, "bottom": last, "center": middle}[valign] * _LINE
        found.append(LinePlace(valign, _number(v), halign, _number(h), upright))
    return found


def _bases(placement: Placement) -> tuple[Fraction, Fraction]:
    """Return how far from their edges the outermost lines stand."""
    valign, halign = placement.vertical, placement.horizontal
    area = placement.area
    if area is None or placement.writing:
        edge = Fraction(0) if halign == "center" else _MARGIN
        return (Fraction(0) if valign == "middle" else _MARGIN), edge
    down = {
        "top": area.y,
        "middle": area.y + area.height / 2 - Fraction(1, 2),
        "bottom": 1 - area.y - area.height,
    }[valign]
    right = {
        "left": area.x,
        "center": area.x + area.width / 2 - Fraction(1, 2),
        "right": 1 - area.x - area.width,
    }[halign]
    return down * 100, right * 100


def _number(value: Fraction) -> str:
    return f"{float(round(min(max(value, Fraction(-100)), Fraction(100)), 3)):.10g}"
