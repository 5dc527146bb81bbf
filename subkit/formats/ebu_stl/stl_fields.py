"""Cues as text fields: looks as codes, rows of 40 cells in teletext, and what does not fit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from subkit.formats.ebu_stl.stl_letters import encode_letter
from subkit.formats.ebu_stl.stl_rows import TELETEXT_COLORS, StlLook
from subkit.formats.mark_runs import runs
from subkit.model import Feature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.formats.loss_tally import LossTally
    from subkit.formats.mark_runs import MarkedRun
    from subkit.model import Cue

__all__ = ["CELLS", "FieldLine", "StlCell", "field_lines", "open_field", "teletext_row"]

CELLS = 40
"""Letters and codes of a teletext row."""
_BOX = b"\x0b\x0b"
_END = b"\x0a\x0a"
_PLAIN = StlLook()


@dataclass(frozen=True, slots=True)
class StlCell:
    """A letter as its codes, its look, its delay in seconds as text, and kept codes before it."""

    code: bytes
    look: StlLook
    delay: str = ""
    before: bytes = b""


FieldLine = list[StlCell]


def field_lines(cue: Cue, table: str, lost: LossTally, *, teletext: bool) -> list[FieldLine]:
    """Return a cue's lines in letters and looks that the format has, none longer than a row."""
    kept = _kept(cue)
    lines: list[FieldLine] = [[]]
    for run in runs(cue.text, cue.marks):
        look = _look(run, cue.id, lost, teletext=teletext)
        delay = run.value(Feature.DELAY) or ""
        for at, letter in enumerate(run.text, start=run.start):
            if letter == "\n":
                lines.append([])
                continue
            code, exact = encode_letter(letter, table)
            if not exact:
                lost.add_letter(letter, cue.id)
            before = kept.pop(at, b"")
            lines[-1] += [
                StlCell(cell, look, delay, before if not i else b"")
                for i, cell in enumerate(_cells(code, table))
            ]
    if kept and lines[-1]:
        lines[-1].append(StlCell(b"", lines[-1][-1].look, "", b"".join(kept.values())))
    if not teletext:
        return [line for line in map(_stripped, lines) if line]
    found: list[FieldLine] = []
    for line in lines:
        found += _fitted(_even(_stripped(line), cue, lost), cue, lost)
    return found


def _kept(cue: Cue) -> dict[int, bytes]:
    """Codes of the format that a reader kept, by the offset they stand before."""
    found: dict[int, bytes] = {}
    for mark in cue.marks:
        if mark.feature is Feature.OPAQUE and mark.how == "stl" and len(mark.value) == 2:
            found[mark.start] = found.get(mark.start, b"") + bytes.fromhex(mark.value)
    return found


def _cells(code: bytes, table: str) -> Iterator[bytes]:
    """Codes letter by letter: an accent and its letter are one."""
    at = 0
    while at < len(code):
        size = 2 if table == "00" and 0xC1 <= code[at] <= 0xCF else 1
        yield code[at : at + size]
        at += size


def _look(run: MarkedRun, cue: str, lost: LossTally, *, teletext: bool) -> StlLook:
    italic, underline = run.has(Feature.ITALIC), run.has(Feature.UNDERLINE)
    color, back = run.value(Feature.COLOR) or "", run.value(Feature.BACKGROUND) or ""
    double = run.value(Feature.SIZE) is not None
    if not teletext:
        if color and color != TELETEXT_COLORS[7]:
            lost.add_once("color", cue)
        if back and back != TELETEXT_COLORS[0]:
            lost.add_once("background", cue)
        return StlLook(italic=italic, underline=underline, boxed=bool(back))
    for feature, is_there in (("italic", italic), ("underline", underline)):
        if is_there:
            lost.add_once(feature, cue)
    return StlLook(
        color=_number(color, 7, "color", cue, lost),
        back=_number(back, 0, "background", cue, lost),
        double=double,
    )


def _number(color: str, usual: int, feature: str, cue: str, lost: LossTally) -> int:
    """The number of a colour or of the nearest."""
    if not color:
        return usual
    if color in TELETEXT_COLORS:
        return TELETEXT_COLORS.index(color)
    lost.add_once(feature, cue)
    return _nearest(color)


@cache
def _nearest(color: str) -> int:
    wanted = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    distances = []
    for known in TELETEXT_COLORS:
        parts = [int(known[i : i + 2], 16) for i in (1, 3, 5)]
        distances.append(sum((a - b) ** 2 for a, b in zip(parts, wanted, strict=True)))
    return distances.index(min(distances))


def _is_space(cell: StlCell) -> bool:
    return cell.code == b" "


def _stripped(line: FieldLine) -> FieldLine:
    first = next((i for i, cell in enumerate(line) if not _is_space(cell)), len(line))
    last = next((i for i in range(len(line), 0, -1) if not _is_space(line[i - 1])), 0)
    return line[first:last]


def _even(line: FieldLine, cue: Cue, lost: LossTally) -> FieldLine:
    """Words of one look each: a code takes a cell of its own."""
    found: FieldLine = []
    for is_space, group in groupby(line, key=_is_space):
        word = list(group)
        looks = [cell.look for cell in word]
        if not is_space and len(set(looks)) > 1:
            main = max(dict.fromkeys(looks), key=looks.count)
            for feature, name in (("color", "color"), ("back", "background"), ("double", "size")):
                if len({getattr(look, feature) for look in looks}) > 1:
                    lost.add(name, cue.id)
            word = [replace(cell, look=main) for cell in word]
        found += word
    return found


def _fitted(line: FieldLine, cue: Cue, lost: LossTally) -> Iterator[FieldLine]:
    """The line, broken at spaces where it and its codes take more than a row."""
    if line and _width(line) > CELLS:
        lost.tell("place", "line broken at 40 letters", "lines broken at 40 letters", cue.id)
    while line and _width(line) > CELLS:
        room = range(1, min(len(line), CELLS + 1))  # each letter takes a cell or more
        fits = [at for at in room if _width(line[:at]) <= CELLS]
        ends = [at for at in fits if _is_space(line[at])]
        at = (ends or fits or [1])[-1]
        yield _stripped(line[:at])
        line = _stripped(line[at:])
    if line:
        yield line


def _width(line: FieldLine) -> int:
    codes = _codes(line)
    accents = sum(len(cell.code) == 2 for cell in line)
    return len(codes) - accents


def _codes(line: FieldLine) -> bytes:
    """A row without its end and without spaces before it."""
    first = line[0].look
    found = _colored(_PLAIN, first, row_start=True) + _BOX
    spaces = 0
    now = first
    for cell in line:
        if _is_space(cell):
            spaces += 1
            found += cell.before
            continue
        change = b"" if cell.look == now else _colored(now, cell.look, row_start=False)
        found += b" " * max(spaces - len(change), 0) + change + cell.before + cell.code
        now, spaces = cell.look, 0
    return found


def _colored(now: StlLook, look: StlLook, *, row_start: bool) -> bytes:
    """The codes from one look to another; each takes a cell."""
    height = b"" if look.double == now.double else b"\x0d" if look.double else b"\x0c"
    found = b""
    color = now.color
    if look.back != now.back:
        if look.back:
            found = (b"" if color == look.back else bytes((look.back,))) + b"\x1d"
            color = look.back
        else:
            found = b"\x1c"
    if look.color != color or (row_start and look.back):
        found += bytes((look.color,))
    return height + found


def teletext_row(line: FieldLine, justify: int, column: int | None) -> bytes:
    """Return the codes of a row: spaces before it, looks, box, letters.

    Args:
        line: At most a row.
        justify: 1 left, 2 centred, 3 right, 0 as the column says.
        column: Of the first letter, where it counts.
    """
    codes = _codes(line)
    room = max(CELLS - _width(line), 0)
    begins = codes.index(_BOX) + len(_BOX)
    if justify == 0 and column is not None:
        before = min(max(column - begins, 0), room)
    else:
        before = {1: 0, 3: room}.get(justify, max((room - begins) // 2, 0))
    end = _END if before + _width(line) + len(_END) <= CELLS else b""
    return b" " * before + codes + end


def open_field(lines: list[FieldLine]) -> bytes:
    """Return the text of an open subtitle: looks as codes that take no room."""
    found = waiting = b""
    now = _PLAIN
    for number, line in enumerate(lines):
        waiting += b"\x8a" if number else b""
        for cell in line:
            if _is_space(cell):
                waiting += cell.before + cell.code
                continue
            # What ends, ends behind its word; what begins, begins before it.
            kept = replace(
                now,
                italic=now.italic and cell.look.italic,
                underline=now.underline and cell.look.underline,
                boxed=now.boxed and cell.look.boxed,
            )
            found += _switches(now, kept) + waiting + _switches(kept, cell.look)
            found += cell.before + cell.code
            now, waiting = cell.look, b""
    return found + _switches(now, _PLAIN)


def _switches(now: StlLook, look: StlLook) -> bytes:
    found = b""
    for feature, code in (("italic", 0x80), ("underline", 0x82), ("boxed", 0x84)):
        if getattr(now, feature) != getattr(look, feature):
            found += bytes((code + (not getattr(look, feature)),))
    return found
