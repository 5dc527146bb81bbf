"""A decoder of one caption service of CEA-708: windows, pens, and what stands on the screen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from subkit.formats.captions608.line21 import Look
from subkit.formats.captions708.service_letters import G2, P16_BASE, letter_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.files.plain_text import Repairs

__all__ = ["CaptionService", "ServiceCaption", "ServiceWindow", "WindowShape"]

_PLAIN = Look()
_LEVELS = ("00", "55", "aa", "ff")
_LENGTHS = {
    0x88: 1,
    0x89: 1,
    0x8A: 1,
    0x8B: 1,
    0x8C: 1,
    0x8D: 1,
    0x90: 2,
    0x91: 3,
    0x92: 2,
    0x97: 4,
    **dict.fromkeys(range(0x98, 0xA0), 6),
}
"""Commands -> bytes behind them; the others have none."""
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class WindowShape:
    """Where a window stands: its anchor, size, and how its text is justified.

    ``down`` and ``across`` are cells of the 75 by 210 grid, or per cent where ``relative``;
    ``point`` counts anchors from 0 (top left) to 8 (bottom right), ``justify`` is 0 left, 1 right,
    2 centre, 3 full.
    """

    down: int = 0
    across: int = 0
    point: int = 0
    relative: bool = False
    rows: int = 1
    columns: int = 32
    justify: int = 0


@dataclass(slots=True)
class ServiceWindow:
    """A window: its shape, its letters with their looks by row and column, and where it writes."""

    shape: WindowShape
    visible: bool = False
    cells: dict[int, dict[int, tuple[str, Look]]] = field(default_factory=dict)
    row: int = 0
    column: int = 0
    pen: Look = _PLAIN
    since: int | None = None
    live: bool = False


@dataclass(frozen=True, slots=True)
class ServiceCaption:
    """What a window showed from one tick to another; ``live`` text came while it was seen."""

    start: int
    end: int
    cells: dict[int, dict[int, tuple[str, Look]]]
    shape: WindowShape
    live: bool


class CaptionService:
    """Takes the blocks of a service and collects what its windows showed."""

    def __init__(self, repairs: Repairs) -> None:
        self.captions: list[ServiceCaption] = []
        self.place = ""
        self._repairs = repairs
        self._told = ("", "")
        self._windows: dict[int, ServiceWindow] = {}
        self._now = 0

    def take(self, data: bytes, at: int) -> None:
        """Obey the codes of a block that arrived at a tick."""
        index = 0
        while index < len(data):
            index += self._code(data, index, at)

    def finish(self, at: int, hold: int) -> list[ServiceCaption]:
        """Return the captions in order; what is still on the screen ends ``hold`` later."""
        for window in self._windows.values():
            if window.since is not None and window.visible and window.cells:
                self._repairs.add("The last caption is never erased; it was given an end")
                self._hide(window, max(window.since + hold, at))
        return sorted(self.captions, key=lambda caption: caption.start)

    def _say(self, what: str) -> None:
        """Note a repair, once a place."""
        if self._told != (what, self.place):
            self._told = what, self.place
            self._repairs.add(what, self.place)

    def _code(self, data: bytes, index: int, at: int) -> int:
        """Obey the code at an index; its length."""
        code = data[index]
        if code == 0x10:
            return self._extended(data, index, at)
        if code == 0x18:
            if index + 2 < len(data):
                self._write(chr(P16_BASE + (data[index + 1] << 8) + data[index + 2]), at)
            return 3
        if code < 0x20:
            self._miscellaneous(code, at)
            return 1 if code < 0x10 else 2 if code < 0x18 else 3
        if 0x80 <= code < 0xA0:
            length = 1 + _LENGTHS.get(code, 0)
            if index + length <= len(data):
                self._command(code, data[index + 1 : index + length], at)
            return length
        self._write(letter_of(code), at)
        return 1

    def _extended(self, data: bytes, index: int, at: int) -> int:
        code = data[index + 1] if index + 1 < len(data) else 0
        if code < 0x20:
            return 2 + code // 8
        if 0x80 <= code < 0xA0:
            return 6 if code < 0x88 else 7 if code < 0x90 else 3
        letter = "[CC]" if code == 0xA0 else G2.get(code, "")
        if not letter:
            self._say("Letters that CEA-708 does not define were left out")
        for char in letter:
            self._write(char, at)
        return 2

    def _miscellaneous(self, code: int, at: int) -> None:
        window = self._windows.get(self._now)
        if window is None:
            return
        if code == 0x08 and window.column:
            window.column -= 1
            window.cells.get(window.row, {}).pop(window.column, None)
        elif code == 0x0C:
            self._cut(window, at)
            window.cells, window.row, window.column = {}, 0, 0
        elif code == 0x0D:
            self._return(window, at)
        elif code == 0x0E:
            window.cells.pop(window.row, None)
            window.column = 0

    def _return(self, window: ServiceWindow, at: int) -> None:
        """Go to the next row; text that came while the window was seen is a caption by then."""
        if window.visible and window.live:
            self._cut(window, at)
            window.cells = {}
        window.row = min(window.row + 1, 14)
        window.column = 0

    def _write(self, letter: str, at: int) -> None:
        window = self._windows.get(self._now)
        if window is None:
            self._say("Text without a window was left out")
            return
        if window.column >= _LONGEST:
            self._say(f"Letters after {_LONGEST} of a line were left out")
            return
        if window.visible and not any(window.cells.values()):
            window.since, window.live = at, True
        window.cells.setdefault(window.row, {})[window.column] = letter, window.pen
        window.column += 1

    def _command(self, code: int, given: bytes, at: int) -> None:
        if code < 0x88:
            self._now = code - 0x80
        elif code < 0x8D:
            for number in range(8):
                window = self._windows.get(number)
                if window is not None and given[0] >> number & 1:
                    self._of_windows(code, number, window, at)
        elif code == 0x8F:
            for number, window in list(self._windows.items()):
                self._of_windows(0x8C, number, window, at)
        elif code >= 0x98:
            self._define(code - 0x98, given, at)
        else:
            window = self._windows.get(self._now)
            action = _OF_PEN.get(code)
            if window is not None and action is not None:
                action(window, given)

    def _of_windows(self, code: int, number: int, window: ServiceWindow, at: int) -> None:
        """Clear, show, hide, toggle or delete a window."""
        shows = code == 0x89 or (code == 0x8B and not window.visible)
        if shows and not window.visible:
            window.visible, window.since, window.live = True, at, False
        elif not shows:
            self._hide(window, at)
            window.visible = window.visible and code == 0x88
            if code == 0x88:
                window.cells, window.since = {}, at
            if code == 0x8C:
                self._windows.pop(number, None)

    def _define(self, number: int, given: bytes, at: int) -> None:
        visible = bool(given[0] & 0x20)
        shape = WindowShape(
            down=given[1] & 0x7F,
            across=given[2],
            point=min(given[3] >> 4, 8),
            relative=bool(given[1] & 0x80),
            rows=(given[3] & 0x0F) + 1,
            columns=(given[4] & 0x3F) + 1,
            justify=2 if given[5] >> 3 & 7 in (4, 5) else 0,
        )
        window = self._windows.get(number)
        if window is None:
            window = ServiceWindow(shape, visible, since=at if visible else None)
            self._windows[number] = window
        elif window.visible != visible:
            self._of_windows(0x89 if visible else 0x8A, number, window, at)
        window.shape = shape if not window.cells else replace(shape, justify=window.shape.justify)
        self._now = number

    def _hide(self, window: ServiceWindow, at: int) -> None:
        if window.visible:
            self._cut(window, at)
        window.since = None

    def _cut(self, window: ServiceWindow, at: int) -> None:
        """End the caption that the window shows."""
        says = any(
            not letter.isspace() for row in window.cells.values() for letter, _ in row.values()
        )
        if window.visible and window.since is not None and says:
            cells = {row: dict(letters) for row, letters in window.cells.items()}
            end = max(at, window.since)
            self.captions.append(
                ServiceCaption(window.since, end, cells, window.shape, window.live)
            )
        window.since = at


def _pen_attributes(window: ServiceWindow, given: bytes) -> None:
    window.pen = replace(window.pen, italic=bool(given[1] & 0x80), underline=bool(given[1] & 0x40))


def _pen_color(window: ServiceWindow, given: bytes) -> None:
    color, background = _color(given[0]), _color(given[1])
    window.pen = replace(
        window.pen,
        color="" if color == "#ffffffff" else color,
        background="" if background == "#000000ff" else background,
    )


def _color(value: int) -> str:
    levels = "".join(_LEVELS[value >> shift & 3] for shift in (4, 2, 0))
    return f"#{levels}{('ff', 'ff', '80', '00')[value >> 6]}"


def _pen_place(window: ServiceWindow, given: bytes) -> None:
    window.row, window.column = given[0] & 0x0F, given[1] & 0x3F


def _attributes(window: ServiceWindow, given: bytes) -> None:
    window.shape = replace(window.shape, justify=given[2] & 3)


_OF_PEN: dict[int, Callable[[ServiceWindow, bytes], None]] = {
    0x90: _pen_attributes,
    0x91: _pen_color,
    0x92: _pen_place,
    0x97: _attributes,
}
