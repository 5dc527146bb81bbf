"""What a line 21 decoder shows while byte pairs arrive (47 CFR 15.119, CEA-608-E)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from subkit.formats.captions608.line21 import BLACK, PARITY, PLAIN, Code, Look, code_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.files.plain_text import Repairs

__all__ = ["POP_ON", "Caption", "Letter", "Line21Field"]

POP_ON, PAINT_ON, ROLL_UP, TEXT = "pop-on", "paint-on", "roll-up", "text"
_PAUSE = 4
"""Pairs that may be missing before what comes next counts as sent later."""
_COLUMNS = 32
_LONGEST = 400
"""Letters of a line that are kept, however many a broken file sends."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter on the screen: how it looks, and the tick at which its burst of pairs began."""

    text: str
    look: Look
    burst: int


Screen = dict[int, dict[int, Letter]]
"""Row -> column -> letter."""


@dataclass(slots=True)
class Caption:
    """What stood on the screen from one tick to another.

    ``burst`` is that of its first letters: letters of other bursts came later.
    """

    start: int
    end: int
    screen: Screen
    mode: str
    burst: int
    place: str = ""


@dataclass(slots=True)
class _Channel:
    """One caption channel: two memories, a cursor, and the caption that is on the screen."""

    repairs: Repairs
    captions: list[Caption] = field(default_factory=list)
    place: str = ""
    _mode: str = POP_ON
    _depth: int = 0
    _shown: Screen = field(default_factory=dict)
    _loading: Screen = field(default_factory=dict)
    _unseen: bool = False
    _row: int = 15
    _column: int = 0
    _pen: Look = PLAIN
    _open: Caption | None = None
    _rolled: bool = False
    _burst: int = 0
    _lead: int | None = None
    _last: int = -1_000_000
    _told: tuple[int, str] = (0, "")

    def take(self, code: Code, at: int) -> None:
        """Obey a code that arrives at a tick."""
        if at - self._last > _PAUSE:
            self._burst, self._lead = at, None
        self._last = at
        action = _ACTIONS.get(code.kind)
        if action is None:
            self.repairs.add("Codes that mean nothing in captions were left out", self.place)
        else:
            action(self, code, at)

    def end(self, at: int, hold: int) -> None:
        """Close what is open at the end of the file; ``hold`` is how long it is given."""
        if self._open is not None:
            until = max(self._open.start + hold, at)
            self.repairs.add("The last caption is never erased; it was given an end")
            self._close(until)
        self._lose_unseen()

    def _letters(self, code: Code, at: int) -> None:
        for letter in code.text:
            self._put(letter, at)

    def _put(self, letter: str, at: int) -> None:
        if self._mode == TEXT:
            if self._told != (0, self.place):
                self._told = 0, self.place
                self.repairs.add("The text service (no captions) is not kept", self.place)
            return
        if self._mode == POP_ON:
            if not self._unseen and _says(self._loading):
                self.repairs.add(
                    "Text was loaded without erasing what was there; it was erased", self.place
                )
                self._loading = {}
            screen = self._loading
            self._unseen = True
        else:
            screen = self._screen_now(letter, at)
        if self._column >= _COLUMNS and letter != " " and self._told != (self._row, self.place):
            self._told = self._row, self.place
            self.repairs.add("A line beyond column 32 was kept whole, moved left", self.place)
        if self._column >= _LONGEST:
            if self._told != (-1, self.place):
                self._told = -1, self.place
                what = f"Letters after {_LONGEST} of a line were left out"
                self.repairs.add(what, self.place)
            return
        screen.setdefault(self._row, {})[self._column] = Letter(letter, self._pen, self._burst)
        self._column += 1

    def _screen_now(self, letter: str, at: int) -> Screen:
        """The screen that is written to directly, and a caption for it."""
        start = at if self._lead is None else self._lead
        if self._mode == PAINT_ON:
            there = self._shown.get(self._row, {}).get(self._column)
            over = there and there.burst != self._burst and there.text != " " != letter
            if over or (self._open is not None and self._open.mode.startswith(ROLL_UP)):
                self.repairs.add(
                    "Text painted over text that was not erased was made a cue of its own",
                    self.place,
                )
                self._close(start)
                self._shown = {}
        elif self._rolled and self._open is not None:
            self._close(start)
        self._rolled = False
        if self._open is None:
            screen = self._shown if self._mode == PAINT_ON else {self._row: {}}
            mode = self._mode if self._mode == PAINT_ON else f"roll-up {self._depth}"
            self._open = Caption(start, start, screen, mode, self._burst, self.place)
        self._lead = None
        return self._open.screen

    def _special(self, code: Code, at: int) -> None:
        if code.text:
            self._put(code.text, at)
        else:
            self._column += 1

    def _extended(self, code: Code, at: int) -> None:
        self._backspace()
        self._put(code.text, at)

    def _preamble(self, code: Code, at: int) -> None:  # noqa: ARG002
        if self._mode == ROLL_UP and self._open is not None and not self._rolled:
            # The window moves with what stands in it; the text goes on at another column.
            self._open.screen = {code.row: self._row_now()}
        self._row, self._column, self._pen = code.row, code.column, code.look

    def _midrow(self, code: Code, at: int) -> None:
        look = code.look
        color = self._pen.color if look.italic else look.color
        self._pen = replace(look, color=color, background=self._pen.background)
        self._put(" ", at)

    def _background(self, code: Code, at: int) -> None:
        self._over_space()
        self._pen = replace(self._pen, background="" if code.text == BLACK else code.text)
        self._put(" ", at)

    def _black(self, code: Code, at: int) -> None:
        self._over_space()
        self._pen = replace(code.look, background=self._pen.background)
        self._put(" ", at)

    def _tab(self, code: Code, at: int) -> None:  # noqa: ARG002
        self._column += code.column

    def _nothing(self, code: Code, at: int) -> None:
        """Obey a code that only fills time."""

    def _control(self, code: Code, at: int) -> None:
        getattr(self, f"_do_{code.text.lower()}")(at)

    def _do_rcl(self, at: int) -> None:  # noqa: ARG002
        self._mode, self._lead = POP_ON, None

    def _do_rdc(self, at: int) -> None:
        self._mode = PAINT_ON
        self._lead = at if self._lead is None else self._lead

    def _roll(self, depth: int, at: int) -> None:
        if self._mode != ROLL_UP:
            self._close(at)
            self._lose_unseen()
            self._shown, self._loading = {}, {}
            self._row, self._column, self._pen = 15, 0, PLAIN
        self._mode, self._depth = ROLL_UP, depth
        self._lead = at if self._lead is None else self._lead

    def _do_ru2(self, at: int) -> None:
        self._roll(2, at)

    def _do_ru3(self, at: int) -> None:
        self._roll(3, at)

    def _do_ru4(self, at: int) -> None:
        self._roll(4, at)

    def _do_cr(self, at: int) -> None:
        if self._mode != ROLL_UP:
            return
        self._lead = at if self._lead is None else self._lead
        self._rolled = True
        self._column, self._pen = 0, PLAIN

    def _do_edm(self, at: int) -> None:
        self._close(at if self._lead is None else self._lead)
        self._shown = {}

    def _do_enm(self, at: int) -> None:  # noqa: ARG002
        self._lose_unseen()
        self._loading = {}

    def _do_eoc(self, at: int) -> None:
        self._close(at)
        self._mode = POP_ON
        shown = {row: dict(cells) for row, cells in self._shown.items()}
        self._shown, self._loading = self._loading, shown
        self._unseen, self._lead = False, None
        if _says(self._shown):
            self._open = Caption(at, at, self._shown, POP_ON, self._burst, self.place)

    def _do_bs(self, at: int) -> None:  # noqa: ARG002
        self._backspace()

    def _do_der(self, at: int) -> None:  # noqa: ARG002
        row = self._row_now()
        for column in [column for column in row if column >= self._column]:
            del row[column]

    def _do_tr(self, at: int) -> None:  # noqa: ARG002
        self._mode = TEXT

    def _do_rtd(self, at: int) -> None:  # noqa: ARG002
        self._mode = TEXT

    def _do_fon(self, at: int) -> None:
        self.repairs.add("Flashing letters are not kept", self.place)
        self._put(" ", at)

    def _do_aof(self, at: int) -> None:
        """Obey a reserved code: do nothing."""

    _do_aon = _do_aof

    def _row_now(self) -> dict[int, Letter]:
        """The cells of the cursor's row."""
        if self._mode == POP_ON:
            return self._loading.get(self._row, {})
        return self._open.screen.get(self._row, {}) if self._open is not None else {}

    def _backspace(self) -> None:
        if self._column:
            self._column -= 1
            self._row_now().pop(self._column, None)

    def _over_space(self) -> None:
        there = self._row_now().get(self._column - 1)
        if there is not None and there.text == " ":
            self._backspace()

    def _close(self, at: int) -> None:
        """End the caption on the screen."""
        if self._open is not None:
            self._open.end = max(at, self._open.start)
            if _says(self._open.screen):
                self.captions.append(self._open)
        self._open = None
        self._rolled = False

    def _lose_unseen(self) -> None:
        if self._unseen and _says(self._loading):
            text = " ".join(_plain(cells) for _, cells in sorted(self._loading.items()))
            what = f"Text that was loaded but never shown was left out ({text.strip()[:80]!r})"
            self.repairs.add(what, self.place)
        self._unseen = False


_ACTIONS: dict[str, Callable[[_Channel, Code, int], None]] = {
    "text": _Channel._letters,  # noqa: SLF001 - the table of its own class
    "special": _Channel._special,  # noqa: SLF001
    "extended": _Channel._extended,  # noqa: SLF001
    "pac": _Channel._preamble,  # noqa: SLF001
    "midrow": _Channel._midrow,  # noqa: SLF001
    "background": _Channel._background,  # noqa: SLF001
    "black": _Channel._black,  # noqa: SLF001
    "tab": _Channel._tab,  # noqa: SLF001
    "control": _Channel._control,  # noqa: SLF001
    "null": _Channel._nothing,  # noqa: SLF001
}


def _says(screen: Screen) -> bool:
    return any(letter.text != " " for cells in screen.values() for letter in cells.values())


def _plain(cells: dict[int, Letter]) -> str:
    return "".join(cells[column].text for column in sorted(cells)).strip()


class Line21Field:
    """One field of line 21: two channels, doubled codes, programme data between captions."""

    def __init__(self, repairs: Repairs) -> None:
        self._repairs = repairs
        self._channels = (_Channel(repairs), _Channel(repairs))
        self._second = False
        self._before: tuple[int, int] | None = None
        self._xds = False
        self._place = ""
        self._told = ""

    def at_place(self, place: str) -> None:
        """Say where in the file the next pairs stand."""
        self._place = place
        for channel in self._channels:
            channel.place = place

    def feed(self, high: int, low: int, at: int) -> None:
        """Take a pair of bytes as sent at a tick; the second of a doubled code does nothing."""
        if (PARITY[high & 0x7F], PARITY[low & 0x7F]) != (high, low):
            self._say_parity()
        pair = high & 0x7F, low & 0x7F
        is_control = 0x10 <= pair[0] < 0x20
        if is_control and pair == self._before:
            self._before = None
            return
        self._before = pair if is_control else None
        if 0 < pair[0] < 0x10:
            if not self._xds:
                self._repairs.add("Programme data (XDS) is not kept", self._place)
            self._xds = pair[0] != 0x0F
            return
        if is_control:
            self._xds = False
        elif self._xds:
            return
        code = code_of(*pair)
        if code.kind == "null":
            return
        if is_control:
            self._second = code.second
        self._channels[self._second].take(code, at)

    def pause(self) -> None:
        """Say that nothing was sent for a while: the next code doubles none."""
        self._before = None

    def finish(self, at: int, hold: int) -> tuple[list[Caption], list[Caption]]:
        """Return the captions of both channels, in order of time."""
        for channel in self._channels:
            channel.end(at, hold)
        return self._channels[0].captions, self._channels[1].captions

    def _say_parity(self) -> None:
        if self._told != self._place or not self._place:
            self._told = self._place
            self._repairs.add("Bytes of wrong parity were read without it", self._place)
