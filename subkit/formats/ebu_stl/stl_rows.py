"""The codes of a text field as lines with looks: those of teletext, and those of open text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from subkit.formats.ebu_stl.stl_letters import letters_of
from subkit.formats.look_runs import value_runs
from subkit.model import Feature, Mark
from subkit.model.mark_moves import sorted_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["BLACK_BOX", "TELETEXT_COLORS", "StlLook", "StlText", "read_field"]

TELETEXT_COLORS = (
    "#000000ff",
    "#ff0000ff",
    "#00ff00ff",
    "#ffff00ff",
    "#0000ffff",
    "#ff00ffff",
    "#00ffffff",
    "#ffffffff",
)
"""Colours by number: black, red, green, yellow, blue, magenta, cyan, white."""
BLACK_BOX = TELETEXT_COLORS[0]
_WHITE = 7
_BREAK, _EMPTY = 0x8A, 0x8F
_BOX_ON, _BOX_OFF = 0x0B, 0x0A
_SWITCHES: dict[int, Callable[[StlLook], StlLook]] = {
    0x0C: lambda look: replace(look, double=False),
    0x0D: lambda look: replace(look, double=True),
    0x1C: lambda look: replace(look, back=0),
    0x1D: lambda look: replace(look, back=look.color),
    0x80: lambda look: replace(look, italic=True),
    0x81: lambda look: replace(look, italic=False),
    0x82: lambda look: replace(look, underline=True),
    0x83: lambda look: replace(look, underline=False),
    0x84: lambda look: replace(look, boxed=True),
    0x85: lambda look: replace(look, boxed=False),
}
"""Codes that change one field of a look."""


@dataclass(frozen=True, slots=True)
class StlLook:
    """How letters look; colours are numbers of teletext."""

    color: int = _WHITE
    back: int = 0
    double: bool = False
    italic: bool = False
    underline: bool = False
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class StlText:
    """Lines of a text field, their marks, the column of the first, and letters without meaning.

    ``rows`` is how many rows of the screen each line takes.
    """

    lines: tuple[str, ...]
    marks: tuple[Mark, ...]
    column: int
    unknown: int
    rows: tuple[int, ...]


@dataclass(slots=True)
class _Row:
    """A row while its codes are read: letters with looks, and codes that are kept as they are."""

    boxes: bool
    look: StlLook = StlLook()
    on: bool = False
    column: int = 0
    cells: list[tuple[str, StlLook, int]] = field(default_factory=list)
    opaque: list[tuple[int, int]] = field(default_factory=list)

    def add(self, letter: str) -> None:
        """Add a letter where a box is open."""
        if self.on or not self.boxes:
            self.cells.append((letter, self.look, self.column))
        self.column += 1

    def control(self, code: int) -> None:
        """Obey a code; teletext's take a cell, which shows as a space."""
        if code < 0x08:
            self.look = replace(self.look, color=code)
        elif code in (_BOX_ON, _BOX_OFF):
            self.on = code == _BOX_ON
        elif code in _SWITCHES:
            self.look = _SWITCHES[code](self.look)
        else:
            self.opaque.append((len(self.cells), code))
        if code < 0x20:
            if self.cells and self.cells[-1][0] != " " and (self.on or not self.boxes):
                self.cells.append((" ", self.look, self.column))
            self.column += 1


def read_field(data: bytes, table: str, *, teletext: bool) -> StlText:
    """Return what a text field shows.

    Args:
        data: The field, or those of all blocks of a subtitle behind each other.
        table: Its code table.
        teletext: Text stands in boxes on black; else it is open and has no background.
    """
    rows: list[_Row] = []
    unknown = 0
    for piece in data.split(bytes((_BREAK,))):
        # A row without a box is shown whole: writers forget them behind the first.
        row = _Row(boxes=_BOX_ON in piece)
        if not teletext and rows:
            row.look = rows[-1].look
        unknown += _fill(row, piece, table)
        rows.append(row)
    return _text(rows, unknown, teletext=teletext)


def _fill(row: _Row, piece: bytes, table: str) -> int:
    """Read the codes of a row; how many letters have no meaning."""
    unknown = 0
    start = 0
    for at, code in enumerate([*piece, _EMPTY]):
        if code < 0x20 or 0x7F <= code < 0xA0:
            for letter, known in letters_of(piece[start:at], table):
                unknown += not known
                row.add(letter)
            if code not in (_EMPTY, 0x7F):
                row.control(code)
            start = at + 1
    return unknown


def _text(rows: list[_Row], unknown: int, *, teletext: bool) -> StlText:
    lines: list[str] = []
    looks: list[StlLook | None] = []
    points: list[Mark] = []
    heights: list[int] = []
    column = 0
    for row in rows:
        used = [i for i, (letter, _, _) in enumerate(row.cells) if letter not in (" ", "\u00a0")]
        if not used:
            continue
        low, high = used[0], used[-1] + 1
        column = column if lines else row.cells[low][2]
        offset = len(looks) + bool(lines)
        for at, code in row.opaque:
            place = offset + min(max(at - low, 0), high - low)
            points.append(
                Mark(start=place, end=place, feature=Feature.OPAQUE, value=f"{code:02X}", how="stl")
            )
        looks += [None] if lines else []
        lines.append("".join(letter for letter, _, _ in row.cells[low:high]))
        looks += [None if letter == " " else look for letter, look, _ in row.cells[low:high]]
        heights.append(2 if any(look.double for _, look, _ in row.cells[low:high]) else 1)
    marks = sorted_marks([*points, *_marks(looks, teletext=teletext)])
    return StlText(tuple(lines), marks, column, unknown, tuple(heights))


def _marks(looks: Sequence[StlLook | None], *, teletext: bool) -> Iterator[Mark]:
    said: dict[Feature, Callable[[StlLook], str]] = {
        Feature.ITALIC: lambda look: "on" if look.italic else "",
        Feature.UNDERLINE: lambda look: "on" if look.underline else "",
        Feature.COLOR: lambda look: "" if look.color == _WHITE else TELETEXT_COLORS[look.color],
        Feature.BACKGROUND: lambda look: _background(look, teletext=teletext),
        Feature.SIZE: lambda look: "200" if look.double else "",
    }
    for feature, value_of in said.items():
        values = [None if look is None else value_of(look) for look in looks]
        for start, end, value in value_runs(values):
            if value:
                how = "double" if feature is Feature.SIZE else ""
                text = "" if value == "on" else str(value)
                yield Mark(start=start, end=end, feature=feature, value=text, how=how)


def _background(look: StlLook, *, teletext: bool) -> str:
    if look.back:
        return TELETEXT_COLORS[look.back]
    return BLACK_BOX if look.boxed and not teletext else ""
