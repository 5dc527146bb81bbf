r"""Where an ASS event stands: alignment, ``\pos``, layer, margins and effect.

A point of ``\pos`` is an area of the picture that ends at it on the side of the alignment, so that
text standing in the area stands at the point.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.formats.ass_overrides import place_of_overrides
from subkit.formats.placement import numpad
from subkit.model import Area, Placement

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EventPlace", "picture_of", "read_place", "written_place"]

_POS = re.compile(r"\\pos\(\s*(-?\d{1,6}(?:\.\d{1,6})?)\s*,\s*(-?\d{1,6}(?:\.\d{1,6})?)\s*\)")
_PLAY_RES = re.compile(r"PlayRes([XY])\s*:\s*(\d{1,5})\s*", re.IGNORECASE)
_AS_READ = re.compile(r"ass ([^,]*),([^,]*),([^,]*),([^,]*),([^{]*)(?:\{(.*)\})?")
_NONE = frozenset({"", "0", "00", "000", "0000"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlace:
    r"""What of an event says where it stands; ``tags`` as in ``\an8\pos(10,20)``."""

    layer: str = "0"
    margins: tuple[str, ...] = ("0", "0", "0")
    effect: str = ""
    tags: str = ""


def picture_of(head: Iterable[str]) -> tuple[int, int]:
    """Return the width and height that a script counts in; those of VSFilter without any."""
    found = {"X": 0, "Y": 0}
    for line in head:
        if match := _PLAY_RES.fullmatch(line):
            found[match[1].upper()] = int(match[2])
    width, height = found["X"], found["Y"]
    if width and height:
        return width, height
    if height:
        return (1280 if height == 1024 else height * 4 // 3), height
    return (width, 1024 if width == 1280 else width * 3 // 4) if width else (384, 288)


def read_place(event: EventPlace, base: Placement, picture: tuple[int, int]) -> Placement:
    """Return the place of an event.

    Args:
        event: What it says.
        base: Where its style puts it.
        picture: Width and height that the script counts in.
    """
    rough = place_of_overrides(event.tags) or base
    area = _area(event.tags, rough, picture)
    plain = event.layer in _NONE and not event.effect and set(event.margins) == {"0"}
    same = event.tags == "" or event.tags == f"\\an{numpad(rough)}"
    needless = event.tags != "" and rough == base
    if plain and same and not needless:
        return rough
    tags = f"{{{event.tags}}}" if event.tags else ""
    told = ",".join((event.layer, *event.margins, event.effect))
    return replace(rough, area=area, as_read=f"ass {told}{tags}")


def _area(tags: str, rough: Placement, picture: tuple[int, int]) -> Area | None:
    points = _POS.findall(tags)
    if not points:
        return None
    x, y = (Fraction(value) / size for value, size in zip(points[-1], picture, strict=True))
    x, y = min(max(x, Fraction(0)), Fraction(1)), min(max(y, Fraction(0)), Fraction(1))
    left, width = {
        "left": (x, 1 - x),
        "center": (x - min(x, 1 - x), 2 * min(x, 1 - x)),
        "right": (Fraction(0), x),
    }[rough.horizontal]
    top, height = {
        "top": (y, 1 - y),
        "middle": (y - min(y, 1 - y), 2 * min(y, 1 - y)),
        "bottom": (Fraction(0), y),
    }[rough.vertical]
    return Area(x=left, y=top, width=width, height=height)


def written_place(placement: Placement, base: Placement, picture: tuple[int, int]) -> EventPlace:
    """Return what an event says of its place; arguments as for :func:`read_place`."""
    match = _AS_READ.fullmatch(placement.as_read)
    event = EventPlace()
    if match is not None and not re.search(r"[\n,]", match[5]):
        tags = match[6] or ""
        layer, margins, effect = match[1], (match[2], match[3], match[4]), match[5]
        event = EventPlace(layer=layer, margins=margins, effect=effect, tags=tags)
        rough = place_of_overrides(tags) or base
        if (rough.vertical, rough.horizontal) == (placement.vertical, placement.horizontal):
            return event
    tags = ""
    if (base.vertical, base.horizontal) != (placement.vertical, placement.horizontal):
        tags = f"\\an{numpad(placement)}"
    if placement.area is not None and match is None:
        tags += _point(placement, placement.area, picture)
    return replace(event, tags=tags)


def _point(placement: Placement, area: Area, picture: tuple[int, int]) -> str:
    x = {
        "left": area.x,
        "center": area.x + area.width / 2,
        "right": area.x + area.width,
    }[placement.horizontal]
    y = {
        "top": area.y,
        "middle": area.y + area.height / 2,
        "bottom": area.y + area.height,
    }[placement.vertical]
    return f"\\pos({round(x * picture[0])},{round(y * picture[1])})"
