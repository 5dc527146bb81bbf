"""A cue's lines as pairs of line 21: letters, looks, rows, and what could not be sent."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from subkit.formats.captions608.caption_layout import COLUMNS, ROWS, laid_out
from subkit.formats.captions608.line21 import (
    BLACK,
    CLEAR,
    COLORS,
    PLAIN,
    WHITE,
    Look,
    background_code,
    letter_foreground,
    midrow_code,
    pac_code,
    row_look,
    tab_code,
)
from subkit.formats.captions608.line21_letters import SPELLINGS, nearest_letters
from subkit.formats.mark_runs import runs
from subkit.model import Cue, Feature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.formats.loss_tally import LossTally

__all__ = ["Pair", "Sent", "StyledLetter", "drawn_rows", "sent_lines"]

Pair = tuple[int, int]
Sent = tuple[Pair, ...]
"""Pairs that go out behind each other; control codes in them are not doubled yet."""


@dataclass(frozen=True, slots=True)
class StyledLetter:
    """A letter that line 21 has, its look, and seconds after the in-time as text, or empty."""

    text: str
    look: Look
    delay: str = ""


Line = list[StyledLetter]


def sent_lines(cue: Cue, lost: LossTally) -> list[Line]:
    """Return a cue's lines in letters and looks that line 21 has, none longer than a row."""
    letters: Line = []
    for run in runs(cue.text, cue.marks):
        color = _near(run.value(Feature.COLOR) or "", (*COLORS, BLACK), cue, Feature.COLOR, lost)
        back = run.value(Feature.BACKGROUND) or ""
        look = Look(
            color="" if color == WHITE else color,
            italic=run.has(Feature.ITALIC),
            underline=run.has(Feature.UNDERLINE),
            background=_near_background(back, cue, lost),
        )
        delay = run.value(Feature.DELAY) or ""
        for letter in unicodedata.normalize("NFC", run.text):
            shown, exact = ("\n", True) if letter == "\n" else nearest_letters(letter)
            if not exact:
                lost.add_letter(letter, cue.id)
            letters += [StyledLetter(char, look, delay) for char in shown]
    lines = [list(group) for is_break, group in groupby(letters, _is_break) if not is_break]
    whole = [_even(piece, cue, lost) for line in lines for piece in _broken(line, cue, lost)]
    for _ in whole[ROWS:]:
        lost.tell("letters", "line that has no row", "lines that have no row", cue.id)
    return [line for line in whole if line][:ROWS]


def _is_break(letter: StyledLetter) -> bool:
    return letter.text == "\n"


def _near(color: str, known: Sequence[str], cue: Cue, feature: Feature, lost: LossTally) -> str:
    if not color or color in known:
        return color
    lost.add_once(feature.value, cue.id)
    return _nearest(color[:7], tuple(known))


def _near_background(color: str, cue: Cue, lost: LossTally) -> str:
    if not color or color == BLACK:
        return ""
    if color.endswith("00"):
        return CLEAR
    solid = (*COLORS, BLACK)
    half = color.endswith("80")
    near = _near(color[:7] + "ff", solid, cue, Feature.BACKGROUND, lost)
    if not half and not color.endswith("ff"):
        lost.add_once(Feature.BACKGROUND.value, cue.id)
    return near[:7] + "80" if half else ("" if near == BLACK else near)


@cache
def _nearest(color: str, known: tuple[str, ...]) -> str:
    wanted = _channels(color)
    return min(
        known,
        key=lambda one: sum((a - b) ** 2 for a, b in zip(_channels(one), wanted, strict=True)),
    )


def _channels(color: str) -> tuple[int, int, int]:
    value = int(color[1:7], 16)
    return value >> 16, value >> 8 & 255, value & 255


def _broken(line: Line, cue: Cue, lost: LossTally) -> list[Line]:
    """The line without spaces at its ends, broken at spaces where it is longer than a row."""
    line = _stripped(line)
    if len(line) <= COLUMNS:
        return [line] if line else []
    lost.tell("place", "line broken at 32 letters", "lines broken at 32 letters", cue.id)
    pieces = []
    while len(line) > COLUMNS:
        spaces = [i for i in range(1, COLUMNS + 1) if line[i].text == " "]
        at = spaces[-1] if spaces else COLUMNS
        pieces.append(_stripped(line[:at]))
        line = _stripped(line[at:])
    return [*pieces, line] if line else pieces


def _stripped(line: Line) -> Line:
    first = next((i for i, letter in enumerate(line) if letter.text != " "), len(line))
    last = next((i for i in range(len(line), 0, -1) if line[i - 1].text != " "), 0)
    return line[first:last]


def _even(line: Line, cue: Cue, lost: LossTally) -> Line:
    """Words of one look each: a look can only change where a space stands."""
    found: Line = []
    for is_space, group in groupby(line, key=lambda letter: letter.text == " "):
        word = list(group)
        looks = [letter.look for letter in word]
        if not is_space and len(set(looks)) > 1:
            heavy = [letter.look for letter in word if letter.text.isalnum()] or looks
            main = max(dict.fromkeys(heavy), key=heavy.count)
            _tell_uneven(set(looks), cue, lost)
            word = [replace(letter, look=main) for letter in word]
        found += word
    return found


def _tell_uneven(looks: set[Look], cue: Cue, lost: LossTally) -> None:
    for feature in ("italic", "underline", "color", "background"):
        if len({getattr(look, feature) for look in looks}) > 1:
            lost.add(feature, cue.id)


def drawn_rows(cue: Cue, lines: list[Line], lost: LossTally) -> list[tuple[str, Sent]]:
    """Return the pairs of each row, part by part, with the delay at which each is sent."""
    spots, _ = laid_out(cue.placement, [len(line) for line in lines])
    parts: list[tuple[str, Sent]] = []
    for line, (row, column) in zip(lines, spots, strict=True):
        for delay, start, end in _delayed(line):
            row_pairs = _Row(row, cue.id, lost).pairs(line[start:end], column + start)
            parts.append((delay, tuple(row_pairs)))
    return parts


def _delayed(line: Line) -> Iterator[tuple[str, int, int]]:
    """Stretches of a line of one delay, without spaces at their ends."""
    at = 0
    delay = None
    start = 0
    for at, letter in enumerate(line):
        if letter.text != " " and letter.delay != delay:
            if delay is not None:
                yield delay, start, _end(line, start, at)
            delay, start = letter.delay, at
    if delay is not None:
        yield delay, start, _end(line, start, at + 1)


def _end(line: Line, start: int, end: int) -> int:
    while end > start and line[end - 1].text == " ":
        end -= 1
    return end


class _Row:
    """Sends letters on a row, from a column on."""

    def __init__(self, row: int, cue: str, lost: LossTally) -> None:
        self._row = row
        self._cue = cue
        self._lost = lost
        self._pairs: list[Pair] = []
        self._half: int | None = None
        self._pen = PLAIN

    def pairs(self, letters: Line, column: int) -> list[Pair]:
        """Return the pairs; nothing that was not said before holds."""
        self._begin(letters[0].look, column)
        now = letters[0].look
        spaces = 0
        for letter in letters:
            if letter.text == " ":
                spaces += 1
                continue
            if letter.look != now:
                self._change(self._pen, letter.look, spaces)
                now, spaces = letter.look, 0
            self._letter(" ", spaces)
            self._letter(letter.text, 1)
            spaces = 0
        self._flush()
        return self._pairs

    def _begin(self, look: Look, column: int) -> None:
        """Place the cursor, and set the look of the first letter in the columns before it."""
        plain = Look(underline=look.underline)
        own = Look(look.color, look.italic, look.underline)
        room = column - bool(look.background)
        if room < 0:
            self._lost.add("background", self._cue)
            look, room = own, column
        if row_look(own) and (own == plain or room <= 3):
            self._place(room, own)
            pen = own
        elif own.color and own.italic and 1 <= room <= 4:
            self._place(room - 1, Look(color=own.color) if own.color != BLACK else PLAIN)
            pen = self._midrow(Look(color=own.color), own, 1)
        else:
            pen = self._far(own, room)
        self._pen = pen
        if look.background:
            self._letter(" ", 1)
            self._control(background_code(look.background))
            self._pen = replace(pen, background=look.background)

    def _far(self, own: Look, room: int) -> Look:
        """The cursor further right: mid-row codes stand in the columns before the text."""
        cells = min(len(list(_steps(PLAIN, own))), room)
        self._place(room - cells, PLAIN)
        return self._midrow(PLAIN, own, cells)

    def _change(self, pen: Look, look: Look, spaces: int) -> None:
        """Change the look between two words, in place of the spaces there."""
        letters = replace(look, background=pen.background)
        steps = min(len(list(_steps(pen, look))), spaces) if letters != pen else 0
        boxed = pen.background != look.background
        self._letter(" ", max(spaces - steps - boxed, 0))
        if steps:
            pen = self._midrow(pen, letters, steps)
        if boxed and steps < spaces:
            self._letter(" ", 1)
            self._control(background_code(look.background))
            pen = replace(pen, background=look.background)
        elif boxed:
            self._lost.add("background", self._cue)
        self._pen = pen

    def _midrow(self, pen: Look, look: Look, cells: int) -> Look:
        """Send as many of the codes from one look to another as there are cells for."""
        steps = list(_steps(pen, look))
        for step in steps[:cells]:
            if step.color == BLACK and not step.italic:
                self._letter(" ", 1)
                self._control(letter_foreground(step))
            else:
                self._control(midrow_code(step))
            color = pen.color if step.italic else step.color
            pen = replace(step, color=color, background=pen.background)
        for feature in ("color", "italic", "underline"):
            if getattr(pen, feature) != getattr(look, feature):
                self._lost.add(feature, self._cue)
        return pen

    def _place(self, column: int, look: Look) -> None:
        indent = 0 if look.color or look.italic else column // 4 * 4
        self._control(pac_code(self._row, indent, look))
        if column - indent:
            self._control(tab_code(column - indent))

    def _letter(self, letter: str, count: int) -> None:
        for _ in range(count):
            for high, low in SPELLINGS[letter]:
                if high:
                    self._control((high, low))
                elif self._half is None:
                    self._half = low
                else:
                    self._pairs.append((self._half, low))
                    self._half = None

    def _flush(self) -> None:
        if self._half is not None:
            self._pairs.append((self._half, 0))
            self._half = None

    def _control(self, pair: Pair) -> None:
        self._flush()
        self._pairs.append(pair)


def _steps(pen: Look, look: Look) -> Iterator[Look]:
    """The mid-row codes from one look of letters to another: a colour ends italics."""
    if look.italic:
        if pen.color != look.color:
            yield Look(color=look.color, underline=look.underline)
        yield Look(italic=True, underline=look.underline)
    else:
        yield Look(color=look.color, underline=look.underline)
