r"""EBU STL (``.stl``), the subtitling data exchange format of EBU Tech 3264, open and teletext.

Recipe: a head of 1024 bytes (GSI) and blocks of 128 bytes (TTI). The head of the file that a track
came from is given back with its counts, first time code and programme start made true. Without
one, it is ``STL25.01``, or ``STL30.01`` where the media has 30 frames a second (29.97 is noted in
the user's area, since the format cannot say it); colours or a cell make it teletext, else it is
open. Teletext rows have 40 cells, for codes too: longer lines are broken and told. Text is in the
first of the five code tables that holds most of its letters. Letters that it has not are replaced
by the nearest or left out, and named. Text of more than 112 bytes goes on in extension blocks;
parts with a delay become a cumulative set. Comments and user data that came from STL are given
back before the cue they stood before.

The reader keeps italics, underlines and boxes (open), colours, backgrounds and double height
(teletext), rows and justification, cumulative sets as delayed parts, comments, user data and the
head. Codes that it does not know stay in the text as they are. Times count from the programme
start of the head; what stands before it is kept aside. Too few blocks, wrong counts, unknown
tables, missing extension blocks and out-times before in-times are listed.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.files.plain_text import MAX_BYTES, Repairs
from subkit.formats.cue_text import put_in_order
from subkit.formats.ebu_stl.stl_blocks import (
    EMPTY,
    HEAD,
    LANGUAGES,
    LAST,
    MOST_BLOCKS,
    USER_DATA,
    StlHead,
    TextBlock,
    cut_blocks,
)
from subkit.formats.ebu_stl.stl_letters import TABLES
from subkit.formats.ebu_stl.stl_places import StlPlace, placement_of
from subkit.formats.ebu_stl.stl_rows import StlText, read_field
from subkit.formats.ebu_stl.stl_times import StlClock, head_clock
from subkit.formats.ebu_stl.stl_writer import StlWriter
from subkit.interfaces.file_contents import FileContent, ReadRequest
from subkit.model import Carried, Cue, Feature, Mark, Placement, Span, Track
from subkit.model.mark_moves import shifted_marks, sorted_marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["StlReader", "StlWriter"]

_UNFINISHED = "A subtitle without its last block was read as far as it goes"
_FIRST, _NEXT, _LAST_OF_SET = 1, 2, 3
_TELETEXT_CODES = frozenset((*range(0x08), 0x0A, 0x0B, 0x0D, 0x1C, 0x1D))


@dataclass(frozen=True, slots=True)
class _Subtitle:
    """The blocks of one subtitle, and the number of the first in the file, from 1."""

    block: int
    blocks: tuple[TextBlock, ...]

    @property
    def first(self) -> TextBlock:
        """Its first block, whose times and place count."""
        return self.blocks[0]

    @property
    def text(self) -> bytes:
        """Its text field, without what fills it up."""
        return b"".join(block.text.replace(bytes((EMPTY,)), b"") for block in self.blocks)

    @property
    def packed(self) -> str:
        """Its blocks as Base64."""
        return b64encode(b"".join(block.packed() for block in self.blocks)).decode()


class StlReader:
    """Reads EBU STL; see the module for what it takes."""

    extension = "stl"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired; see :meth:`read_file`."""
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """Return the track, with the head and other blocks as carried.

        Raises:
            FormatError: no head of EBU STL; the DVD format of that extension is named.
        """
        repairs = Repairs()
        head = _head(data, asked.name)
        clock = head_clock(head, asked, repairs)
        subtitles = list(_subtitles(cut_blocks(data, repairs), repairs))
        _check_counts(head, data, repairs)
        shown = [s for s in subtitles if not s.first.is_comment and s.first.extension != USER_DATA]
        early = _early(shown, clock, asked, repairs)
        reading = _Reading(_table(head, repairs), _is_teletext(head, shown), head, clock, repairs)
        seen = [s for s in shown if id(s) not in early and reading.text(s).lines]
        aside = {id(subtitle) for subtitle in subtitles} - {id(s) for s in seen}
        cues = put_in_order(reading.cues(seen), repairs)
        carried = _carried(head, subtitles, aside, early, reading)
        if not cues:
            repairs.add("The file holds no cue")
        language = asked.language
        if language == "und":
            language = LANGUAGES.get(head.raw("LC").upper(), "und")
        track = Track(id=language, language=language, cues=tuple(cues), carried=carried)
        return FileContent(
            tracks=(track,),
            repairs=tuple(repairs.sentences()),
            rate=clock.rate,
            start=clock.start,
            title=head.text("OPT"),
        )


def _head(data: bytes, name: str) -> StlHead:
    def refused(why: str, remedy: str) -> FormatError:
        return FormatError(f"{name!r}, byte 1: {why}", remedy=remedy, line=1, column=1)

    if len(data) > MAX_BYTES:
        raise refused(
            f"{len(data)} bytes; subtitle files are read up to {MAX_BYTES}.",
            "Check that it is a subtitle file.",
        )
    if data[3:6] != b"STL":
        if b":" in data[:4096] and b"," in data[:4096]:
            raise refused(
                "this is the text format of DVD Studio Pro (Spruce), not EBU STL.",
                "Export it as SRT.",
            )
        raise refused("this is not EBU STL.", "Check that it is a subtitle file.")
    if len(data) < HEAD:
        raise refused(
            f"the head of EBU STL ends after {len(data)} bytes of {HEAD}.", "Copy it again."
        )
    return StlHead(data[:HEAD])


def _subtitles(blocks: Iterable[TextBlock], repairs: Repairs) -> Iterator[_Subtitle]:
    """Blocks that belong together: extension blocks up to the last one."""
    waiting: list[TextBlock] = []
    begun = 1
    for number, block in enumerate(blocks, start=1):
        if waiting and (block.number, block.group) != (waiting[0].number, waiting[0].group):
            repairs.add(
                "A subtitle without its last block was read as far as it goes", f"block {begun}"
            )
            yield _Subtitle(begun, tuple(waiting))
            waiting = []
        if block.extension == USER_DATA:
            yield _Subtitle(number, (block,))
            continue
        begun = begun if waiting else number
        if block.extension not in (LAST, len(waiting)):
            repairs.add("Extension blocks are not counted one by one", f"block {number}")
        waiting.append(block)
        if block.extension == LAST or len(waiting) == MOST_BLOCKS:
            yield _Subtitle(begun, tuple(waiting))
            waiting = []
    if waiting:
        repairs.add(
            "A subtitle without its last block was read as far as it goes", f"block {begun}"
        )
        yield _Subtitle(begun, tuple(waiting))


def _check_counts(head: StlHead, data: bytes, repairs: Repairs) -> None:
    blocks = (len(data) - HEAD) // 128
    if head.number("TNB", 0) != blocks:
        repairs.add(f"The head counts {head.raw('TNB') or 'no'} blocks; there are {blocks}")
    if not head.has_page:
        repairs.add("The head names no code page; its texts were read as 850")


def _table(head: StlHead, repairs: Repairs) -> str:
    table = head.raw("CCT")
    if table in TABLES:
        return table
    repairs.add(f"The code table {table!r} is none of EBU STL; text was read as Latin")
    return "00"


def _is_teletext(head: StlHead, shown: list[_Subtitle]) -> bool:
    standard = head.raw("DSC")
    if standard in ("0", "1", "2"):
        return standard != "0"
    return any(_TELETEXT_CODES & set(subtitle.text) for subtitle in shown)


def _early(
    shown: list[_Subtitle], clock: StlClock, asked: ReadRequest, repairs: Repairs
) -> set[int]:
    """Ids of subtitles before the programme's start, where some stand behind it."""
    found = {id(s) for s in shown if clock.seconds(s.first.start) < clock.start}
    if not found or asked.start is not None:
        return set()
    if len(found) == len(shown):
        repairs.add("All times stand before the programme's start; they were counted from zero")
        clock.start = Fraction(0)
        return set()
    blocks = ", ".join(f"block {s.block}" for s in shown[:20] if id(s) in found)
    repairs.add("Subtitles before the programme's start are kept aside, not shown", blocks)
    return found


def _carried(
    head: StlHead,
    subtitles: list[_Subtitle],
    aside: set[int],
    early: set[int],
    reading: _Reading,
) -> tuple[Carried, ...]:
    """The head, and the blocks that are no cues with the cue each stands before."""
    found = [Carried(format="stl", kind="head", text=b64encode(head.data).decode())]
    before = ""
    rest = []
    for subtitle in reversed(subtitles):
        if id(subtitle) not in aside:
            before = reading.ids.get(id(subtitle), before)
            continue
        kind = "early" if id(subtitle) in early else "empty"
        kind = "comment" if subtitle.first.is_comment else kind
        kind = "user data" if subtitle.first.extension == USER_DATA else kind
        rest.append(Carried(format="stl", kind=kind, text=subtitle.packed, before=before))
    return (*found, *reversed(rest))


@dataclass(slots=True)
class _Reading:
    """Makes cues of subtitles."""

    table: str
    teletext: bool
    head: StlHead
    clock: StlClock
    repairs: Repairs
    ids: dict[int, str] = field(default_factory=dict)
    texts: dict[int, StlText] = field(default_factory=dict)

    def cues(self, subtitles: list[_Subtitle]) -> list[Cue]:
        """Return a cue for each subtitle or cumulative set; ids are the subtitles' numbers."""
        sets = list(self._sets(subtitles))
        numbers = [parts[0].first.number for parts in sets]
        own = len(set(numbers)) == len(numbers)
        if not own:
            self.repairs.add("Numbers of subtitles are repeated; cues were numbered by their place")
        found: list[Cue] = []
        groups = {subtitle.first.group for subtitle in subtitles}
        if len(groups) > 1:
            self.repairs.add(f"{len(groups)} groups of subtitles were read as one")
        for parts in sets:
            name = str(parts[0].first.number if own else len(found) + 1)
            for part in parts:
                self.ids[id(part)] = name
            found.append(self._cue(name, parts))
        return found

    def _sets(self, subtitles: list[_Subtitle]) -> Iterator[list[_Subtitle]]:
        """Subtitles alone, and those of a cumulative set together."""
        waiting: list[_Subtitle] = []
        for subtitle in subtitles:
            status = subtitle.first.cumulative
            place = f"block {subtitle.block}"
            if status > _LAST_OF_SET:
                self.repairs.add("A wrong cumulative status was read as none", place)
            if waiting and status not in (_NEXT, _LAST_OF_SET):
                self.repairs.add("A cumulative set without its last part was closed", place)
                yield waiting
                waiting = []
            if status == _FIRST:
                waiting = [subtitle]
            elif status in (_NEXT, _LAST_OF_SET) and waiting:
                waiting.append(subtitle)
                if status == _LAST_OF_SET or len(waiting) == MOST_BLOCKS:
                    yield waiting
                    waiting = []
            else:
                yield [subtitle]
        if waiting:
            yield waiting

    def _cue(self, name: str, parts: list[_Subtitle]) -> Cue:
        place = f"block {parts[0].block}"
        texts = [(part, self.text(part)) for part in parts]
        start = self._time(texts[0][0].first.start, place)
        end = max(self._time(part.first.end, place) for part, _ in texts)
        if end < start:
            self.repairs.add("An out-time before its in-time was made equal to it", place)
            end = start
        lines: list[str] = []
        marks: list[Mark] = []
        for part, text in texts:
            offset = len("\n".join(lines)) + bool(lines)
            length = len("\n".join(text.lines))
            marks += shifted_marks(text.marks, offset)
            lines += text.lines
            delay = self._time(part.first.start, place) - start
            if delay > 0:
                stretch = Mark(
                    start=offset, end=offset + length, feature=Feature.DELAY, value=str(delay)
                )
                marks.append(stretch)
        return Cue(
            id=name,
            span=Span(start, end),
            lines=tuple(lines),
            placement=self._placement(texts),
            marks=sorted_marks(marks),
        )

    def text(self, subtitle: _Subtitle) -> StlText:
        """Return what a subtitle shows."""
        if (known := self.texts.get(id(subtitle))) is not None:
            return known
        text = self.texts[id(subtitle)] = read_field(
            subtitle.text, self.table, teletext=self.teletext
        )
        if text.unknown:
            self.repairs.add(
                "Letters that the code table has not were replaced", f"block {subtitle.block}"
            )
        return text

    def _time(self, fields: tuple[int, int, int, int], place: str) -> Fraction:
        _, minutes, secs, frames = fields
        if minutes > 59 or secs > 59 or frames >= self.clock.rate.nominal:
            self.repairs.add("A field of a time code beyond its range was carried", place)
        return max(self.clock.seconds(fields) - self.clock.start, Fraction(0))

    def _placement(self, texts: list[tuple[_Subtitle, StlText]]) -> Placement:
        first, text = texts[0][0].first, texts[0][1]
        most = 23 if self.teletext else self.head.number("MNR", 23) or 23
        rows = tuple(part.first.row for part, _ in texts)
        heights = [rows for _, text in texts for rows in text.rows]
        widths = [len(line) for _, text in texts for line in text.lines]
        justify = first.justify if first.justify <= 3 else 2
        column = min(text.column, 39) if justify == 0 else None
        place = StlPlace(rows, justify, most, column)
        return placement_of(place, heights, widths, teletext=self.teletext)
