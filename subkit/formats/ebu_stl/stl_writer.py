"""Writes EBU STL; :mod:`subkit.formats.stl` has the recipe."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING

from subkit.formats.cue_text import in_order
from subkit.formats.ebu_stl.stl_blocks import (
    BLOCK,
    FIELD,
    HEAD,
    LANGUAGES,
    LAST,
    MOST_BLOCKS,
    StlHead,
    TextBlock,
    decoded_block,
)
from subkit.formats.ebu_stl.stl_fields import field_lines, open_field, teletext_row
from subkit.formats.ebu_stl.stl_letters import TABLES, table_for
from subkit.formats.ebu_stl.stl_places import stl_place
from subkit.formats.ebu_stl.stl_times import media_clock
from subkit.formats.loss_tally import LossTally
from subkit.formats.losses import losses_of
from subkit.formats.track_looks import with_looks
from subkit.interfaces.file_contents import WriteRequest, WrittenFile
from subkit.model import Feature, Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.formats.ebu_stl.stl_fields import FieldLine
    from subkit.formats.ebu_stl.stl_places import StlPlace
    from subkit.formats.ebu_stl.stl_times import StlClock
    from subkit.model import Cue, Media, Track

__all__ = ["StlWriter"]

_CARRIES = frozenset(
    (
        *("italic", "underline", "color", "background", "size", "delay"),
        *("place", "area"),
    )
)
"""What the format holds; what it holds only in part is told cue by cue."""
_CODES = {tag: code for code, tag in LANGUAGES.items()}
_USUAL = {Feature.COLOR: "#ffffffff", Feature.BACKGROUND: "#000000ff"}
"""Colours that open subtitles have; others make a file teletext."""
_BREAK = b"\x8a"
_LATEST = 256 * 3600
"""Seconds from which on a time code's hours do not fit their byte."""


class StlWriter:
    """Writes EBU STL, open or teletext."""

    extension = "stl"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """The file's bytes; ``note`` has no place in this format and is left out."""
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(self, track: Track, media: Media, asked: WriteRequest) -> WrittenFile:
        """Return the file's bytes and what it could not hold."""
        track = with_looks(track, "stl")
        lost = LossTally()
        clock = media_clock(media)
        cues = in_order(track)
        head, is_new = _head(track, cues, media, asked, clock)
        carried: dict[str, list[bytes]] = {}
        for block in track.carried:
            if block.format == "stl" and block.kind != "head":
                carried.setdefault(block.before, []).append(decoded_block(block.text))
        blocks: list[bytes] = []
        numbers = _numbers(cues)
        writing = _Writing(head, clock, lost, numbers, double=is_new)
        known = {cue.id for cue in cues}
        for cue in cues:
            blocks += carried.get(cue.id, [])
            blocks += writing.blocks(cue, numbers[cue.id])
        blocks += [data for name, found in carried.items() if name not in known for data in found]
        body = b"".join(blocks)
        count = f"{min(len(body) // BLOCK, 99999):05d}"
        head = head.put(TNB=count, TNS=f"{min(len(cues), 99999):05d}", TNG="001")
        if cues:
            head = head.put(TCF="".join(f"{n % 100:02d}" for n in clock.fields(cues[0].span.start)))
        return WrittenFile(
            data=head.data + body,
            losses=lost.losses(losses_of(track, _CARRIES, format="stl")),
        )


def _head(
    track: Track, cues: list[Cue], media: Media, asked: WriteRequest, clock: StlClock
) -> tuple[StlHead, bool]:
    """The head, and whether it is new."""
    start = "".join(f"{number % 100:02d}" for number in clock.fields(Fraction(0)))
    for block in track.carried:
        data = decoded_block(block.text) if (block.format, block.kind) == ("stl", "head") else b""
        if len(data) == HEAD:
            head = StlHead(data).put(TCP=start)
            if head.raw("DFC")[3:5] != clock.code[3:5]:
                head = head.put(DFC=clock.code)
            note = head.text("UDA")
            return (
                head.put(UDA=clock.note) if not note or note.startswith("subkit:") else head
            ), False
    teletext = any(
        (cue.placement.cell is not None and cue.placement.cell.grid == "teletext")
        or any(_USUAL.get(mark.feature, mark.value) != mark.value for mark in cue.marks)
        for cue in cues
    )
    table = table_for("".join(cue.text for cue in cues))
    head = StlHead.blank().put(
        CPN="850",
        DFC=clock.code,
        DSC="1" if teletext else "0",
        CCT=table,
        LC=_CODES.get(track.language.split("-")[0], "00"),
        OPT=asked.title or PurePath(media.path).stem,
        RN="00",
        MNC="40",
        MNR="23",
        TCS="1",
        TCP=start,
        TND="1",
        DSN="1",
        UDA=clock.note,
    )
    return head, True


def _numbers(cues: list[Cue]) -> dict[str, int]:
    """The number of each cue: its id where all are numbers of their own, else its place."""
    ids = [int(cue.id) for cue in cues if cue.id.isascii() and cue.id.isdigit() and len(cue.id) < 6]
    own = len(set(ids)) == len(cues) and all(number < 65536 for number in ids)
    return {
        cue.id: int(cue.id) if own else number % 65536 for number, cue in enumerate(cues, start=1)
    }


class _Writing:
    """Makes the blocks of cues."""

    def __init__(
        self,
        head: StlHead,
        clock: StlClock,
        lost: LossTally,
        numbers: dict[str, int],
        *,
        double: bool,
    ) -> None:
        self._clock = clock
        self._numbers = frozenset(numbers.values())
        self._lost = lost
        self._teletext = head.raw("DSC") != "0"
        self._table = head.raw("CCT") if head.raw("CCT") in TABLES else "00"
        self._most = 23 if self._teletext else head.number("MNR", 23) or 23
        self._double = double and self._teletext

    def blocks(self, cue: Cue, number: int) -> Iterator[bytes]:
        """Yield the blocks of a cue."""
        self._check(cue)
        cue = self._sized(cue)
        lines = field_lines(cue, self._table, self._lost, teletext=self._teletext)
        if not lines:
            self._lost.tell("letters", "cue without a letter", "cues without a letter", cue.id)
            return
        parts = self._parts(cue, lines)
        heights = [self._height(line) for line in lines]
        widths = [len(line) for line in lines]
        place = stl_place(cue.placement, heights, widths, most=self._most, parts=len(parts))
        row = place.rows[0]
        for index, (delay, part) in enumerate(parts):
            if len(place.rows) == len(parts):
                row = place.rows[index]
            block = TextBlock(
                group=0,
                number=number,
                extension=LAST,
                cumulative=_status(index, len(parts)),
                start=self._clock.fields(cue.span.start + delay),
                end=self._clock.fields(cue.span.end),
                row=min(row, 255),
                justify=place.justify,
                is_comment=False,
                text=b"",
            )
            text = self._text(part, place)
            if len(text) > MOST_BLOCKS * FIELD:
                self._lost.tell("letters", "very long cue cut", "very long cues cut", cue.id)
                text = text[: MOST_BLOCKS * FIELD]
            yield from _extended(block, text)
            row += sum(self._height(line) for line in part)

    def _check(self, cue: Cue) -> None:
        """Tell what of a cue besides its text the format cannot hold."""
        start, rate = self._clock.start, self._clock.rate
        times = (cue.span.start + start, cue.span.end + start)
        if any(rate.snap(time) != time or time >= _LATEST for time in times):
            self._lost.add("times", cue.id)
        place = cue.placement
        if place.area is not None or (place.cell is not None and place.cell.grid != "teletext"):
            self._lost.add("area", cue.id)

    def _sized(self, cue: Cue) -> Cue:
        """Teletext subtitles are of double height, where the source does not say."""
        marks = tuple(
            mark
            for mark in cue.marks
            if mark.feature is not Feature.SIZE or (mark.how == "double" and self._teletext)
        )
        if len(marks) < len(cue.marks):
            self._lost.add_once("size", cue.id)
        if self._double and all(mark.feature is not Feature.SIZE for mark in marks):
            size = Mark(start=0, end=len(cue.text), feature=Feature.SIZE, value="200", how="double")
            marks = (*marks, size)
        return replace(cue, marks=marks)

    def _height(self, line: FieldLine) -> int:
        return 2 if self._teletext and any(cell.look.double for cell in line) else 1

    def _parts(self, cue: Cue, lines: list[FieldLine]) -> list[tuple[Fraction, list[FieldLine]]]:
        """Lines that come at one time; a line with several times has that of its first letter."""
        if any(len({cell.delay for cell in line if cell.code != b" "}) > 1 for line in lines):
            self._lost.add("delay", cue.id)
        found = []
        for delay, group in groupby(lines, key=lambda line: line[0].delay):
            found.append((Fraction(delay or 0), list(group)))
        if [delay for delay, _ in found] != sorted({delay for delay, _ in found}):
            self._lost.add("delay", cue.id)
            return [(Fraction(0), lines)]
        return found

    def _text(self, lines: list[FieldLine], place: StlPlace) -> bytes:
        if not self._teletext:
            return open_field(lines)
        found = b""
        for number, line in enumerate(lines):
            if number:
                found += _BREAK * self._height(lines[number - 1])
            found += teletext_row(line, place.justify, place.column)
        return found


def _status(index: int, count: int) -> int:
    """The cumulative status of a part: first, one between, last; 0 where there is one."""
    if count == 1:
        return 0
    return 1 if not index else 3 if index == count - 1 else 2


def _extended(block: TextBlock, text: bytes) -> Iterator[bytes]:
    """The block, and extension blocks for what does not fit."""
    pieces = [text[i : i + FIELD] for i in range(0, len(text), FIELD)] or [b""]
    for number, piece in enumerate(pieces):
        extension = LAST if number == len(pieces) - 1 else number
        yield replace(block, extension=extension, text=piece).packed()
