"""Captions of a service as cues, and where a window stands for a place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.formats.captions708.service_letters import is_euc_kr, with_p16
from subkit.formats.captions708.service_windows import WindowShape
from subkit.formats.look_runs import value_runs
from subkit.model import Cue, Feature, Mark, Placement, Span
from subkit.model.mark_moves import sorted_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from fractions import Fraction

    from subkit.formats.captions608.line21 import Look
    from subkit.formats.captions708.service_windows import ServiceCaption

__all__ = ["service_cues_of", "shape_of"]

_AS_READ = re.compile(r"mcc (\d+),(\d+),(\d),([01]),(\d+),(\d+),(\d)")
_DOWN, _ACROSS = 75, 210
"""The grid of anchors for a 16:9 picture."""
_ROW, _LETTER = 5, 5
"""Height of a row and width of a letter on that grid: 15 rows of 42."""
_ALIGN = ("left", "right", "center", "left")
_SIDES = ("left", "center", "right")
_HEIGHTS = ("top", "middle", "bottom")
_ANCHORS = (5, 37, 70), (10, 105, 200)


def service_cues_of(
    captions: Sequence[ServiceCaption], time: Callable[[int], Fraction]
) -> list[Cue]:
    """Return a cue for each caption; ids count from 1."""
    korean = is_euc_kr(
        letter
        for caption in captions
        for row in caption.cells.values()
        for letter, _ in row.values()
    )
    return [
        _cue(str(number), caption, time, korean=korean)
        for number, caption in enumerate(captions, start=1)
    ]


def _cue(
    name: str, caption: ServiceCaption, time: Callable[[int], Fraction], *, korean: bool
) -> Cue:
    lines: list[str] = []
    looks: list[Look | None] = []
    for _, cells in sorted(caption.cells.items()):
        used = [column for column, (letter, _) in cells.items() if not letter.isspace()]
        if not used:
            continue
        row = [cells.get(column, (" ", None)) for column in range(min(used), max(used) + 1)]
        looks += [None] if lines else []
        lines.append("".join(with_p16(letter, korean=korean) for letter, _ in row))
        looks += [None if letter == " " else look for letter, look in row]
    return Cue(
        id=name,
        span=Span(time(caption.start), time(caption.end)),
        lines=tuple(lines),
        placement=_place(caption.shape, lines),
        marks=sorted_marks(_marks(looks)),
        mode="paint-on" if caption.live else "pop-on",
    )


def _marks(looks: Sequence[Look | None]) -> Iterator[Mark]:
    for feature in (Feature.ITALIC, Feature.UNDERLINE, Feature.COLOR, Feature.BACKGROUND):
        name = feature.value
        values = [look and getattr(look, name) for look in looks]
        for start, end, value in value_runs(values):
            if value:
                text = value if isinstance(value, str) else ""
                yield Mark(start=start, end=end, feature=feature, value=text)


def _place(shape: WindowShape, lines: Sequence[str]) -> Placement:
    vertical, horizontal = _rough(shape, lines)
    align = _ALIGN[shape.justify]
    place = Placement(
        vertical=vertical,
        horizontal=horizontal,
        align=align if align != horizontal and len(lines) > 1 else "",
    )
    if replace(shape, rows=0, columns=0) == replace(shape_of(place, lines), rows=0, columns=0):
        return place
    numbers = (shape.down, shape.across, shape.point, int(shape.relative))
    size = (shape.rows, shape.columns, shape.justify)
    return replace(place, as_read="mcc " + ",".join(map(str, (*numbers, *size))))


def shape_of(place: Placement, lines: Sequence[str]) -> WindowShape:
    """Return the window of a place: as it was read where that still is the place, else our own."""
    rows, columns = max(len(lines), 1), min(max(map(len, lines), default=1), 42)
    match = _AS_READ.fullmatch(place.as_read)
    if match is not None:
        down, across, point, relative, high, wide, justify = (int(n) for n in match.groups())
        shape = WindowShape(
            down=down & 0x7F,
            across=across & 0xFF,
            point=min(point, 8),
            relative=bool(relative),
            rows=max(min(high, 15), rows),
            columns=max(min(wide, 64), columns),
            justify=justify & 3,
        )
        if _rough(shape, lines) == (place.vertical, place.horizontal):
            return shape
    height, side = _HEIGHTS.index(place.vertical), _SIDES.index(place.horizontal)
    return WindowShape(
        down=_ANCHORS[0][height],
        across=_ANCHORS[1][side],
        point=3 * height + side,
        rows=rows,
        columns=columns,
        justify=_ALIGN.index(place.align or place.horizontal),
    )


def _rough(shape: WindowShape, lines: Sequence[str]) -> tuple[str, str]:
    """Where the middle of the text is."""
    down = shape.down * _DOWN / 100 if shape.relative else shape.down
    across = shape.across * _ACROSS / 100 if shape.relative else shape.across
    middle = down + (1 - shape.point // 3) * len(lines) * _ROW / 2
    widest = max(map(len, lines), default=0) * _LETTER
    if shape.justify == 0:
        center = across - shape.point % 3 * shape.columns * _LETTER / 2 + widest / 2
    else:
        center = across + (1 - shape.point % 3) * shape.columns * _LETTER / 2
    if shape.columns >= 40 and shape.justify == 2:
        center = _ACROSS / 2
    vertical = _HEIGHTS[(middle > _DOWN * 0.37) + (middle > _DOWN * 0.63)]
    horizontal = _SIDES[(center > _ACROSS * 0.44) + (center > _ACROSS * 0.56)]
    return vertical, horizontal
