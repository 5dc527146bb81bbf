r"""SubRip (``.srt``).

Recipe: UTF-8 without byte order mark, ``\n`` line breaks (every player takes both; tools that
compare files do not), blocks of a number, a line ``HH:MM:SS,mmm --> HH:MM:SS,mmm`` and the lines,
each block closed by an empty line. Milliseconds are the nearest, so the frame is found again and
cues never come to overlap. A place other than bottom centre is written as ``{\an1}`` to ``{\an9}``.
Italics, bold, underline and strike-through are ``<i>``, ``<b>``, ``<u>`` and ``<s>``; colours,
fonts and sizes in points ``<font>`` with its attributes in quotes. Tags are balanced in each cue,
as platforms that take SRT demand; coordinates and overrides that came from SRT are given back.
Right-to-left text stays in logical order. The format has no place for a note, ids, speakers or
languages: they are left out.

SRT has no escape. Where text would be taken for markup (``<b``, ``{\``, ``\N``, ``-->``) a word
joiner (U+2060, invisible) is put inside, and before a line that could be taken for a timing line;
the reader takes it out again. An empty line inside a cue would end it, so it is written as a
no-break space.

The reader knows what is found in the wild: a byte order mark, dot milliseconds, numbers that are
missing or repeated, empty lines inside cues, ``X1:…`` coordinates, hours over 99, negative times,
tags in braces, overrides of ASS, codes of MicroDVD, drawings, ``\N``, time lines with other marks,
arrows and spaces. A time line that cannot be read costs one cue. What it mends it lists; text is
never dropped without being quoted.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode, is_blank, split_lines
from subkit.formats.cue_text import (
    in_order,
    plain_content,
    put_in_order,
    readable_cues,
)
from subkit.formats.loss_tally import LossTally
from subkit.formats.losses import losses_of
from subkit.formats.srt_markup import is_marked_up, markup, place_tags, read_markup
from subkit.formats.text_times import is_timing, parse_timing, stamp
from subkit.formats.track_looks import without_names
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import Cue, Media, Track

__all__ = ["SrtReader", "SrtWriter"]

_COORDINATES = re.compile(r"(?:[XY][12]:-?\d{1,9}[ \t]*){1,8}")
_SETTINGS = re.compile(r"(?:(?:line|position|align|size|vertical|region):\S{1,99}[ \t]*){1,8}")
_CARRIES = frozenset({"italic", "bold", "underline", "strike", "color", "font", "size", "place"})
"""What the format holds beside lines and times."""


class SrtWriter:
    """Writes SubRip; see the module for the recipe."""

    extension = "srt"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """The file's bytes; ``note`` has no place in this format and is left out."""
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(
        self,
        track: Track,
        media: Media,  # noqa: ARG002
        asked: WriteRequest,  # noqa: ARG002
    ) -> WrittenFile:
        """The file's bytes, and what of the track SRT does not hold."""
        track = without_names(track, "srt")
        blocks = (_block(number, cue) for number, cue in enumerate(in_order(track), start=1))
        data = "\n".join(blocks).encode()
        tally = LossTally()
        for cue in track.cues:
            if cue.marks:
                tally.add_unsaid(cue, clear=True, units=("points",))
        losses = losses_of(track, _CARRIES, format="srt")
        return WrittenFile(data=data, losses=tally.losses(losses))


def _block(number: int, cue: Cue) -> str:
    lines = markup(cue)
    rest, tags = place_tags(cue.placement)
    if tags:
        lines = [tags + lines[0], *lines[1:]] if lines else [tags]
    timing = f"{stamp(cue.span.start, ',')} --> {stamp(cue.span.end, ',')}"
    if rest:
        timing = f"{timing} {rest}"
    return "\n".join((str(number), timing, *lines, ""))


class SrtReader:
    """Reads SubRip; see the module for what it takes."""

    extension = "srt"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired.

        Cue ids are the numbers of the file where every cue has one of its own, else its place.

        Raises:
            FormatError: no timing line in it that can be read.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """The track and what was repaired, as :meth:`read`."""
        repairs, name, language = Repairs(), asked.name, asked.language
        lines = decode(data, name, repairs, language).split("\n")
        blocks = _blocks(lines, name, repairs)
        cues = readable_cues(blocks, partial(_cue, name=name, repairs=repairs), repairs)
        if not cues:
            repairs.add("The file holds no cue")
        cues = put_in_order(_numbered(cues, repairs), repairs)
        return plain_content(
            Track(id=language, language=language, cues=tuple(cues)), repairs, asked
        )


class _Block(NamedTuple):
    """A timing line, the number before it and the lines after it; ``line`` counts from 1."""

    number: str
    line: int
    timing: str
    text: list[str]

    @property
    def quote(self) -> str:
        """What stands in it, for a message."""
        return " ".join(part.strip() for part in (self.timing, *self.text) if part.strip())


def _blocks(lines: list[str], name: str, repairs: Repairs) -> list[_Block]:
    timings = [i for i, line in enumerate(lines) if is_timing(line)]
    starts: list[int] = []
    numbers: list[str] = []
    floor, expected = -1, 1
    for timing in timings:
        at = _number_line(lines, timing, floor, expected)
        starts.append(timing if at is None else at)
        numbers.append("" if at is None else str(int(lines[at].strip(" \t\ufeff"))))
        expected = int(numbers[-1]) + 1 if numbers[-1] else expected + 1
        floor = timing
    _check_before(lines, starts[0] if starts else len(lines), bool(starts), name, repairs)
    ends = [*starts[1:], len(lines)][: len(starts)]
    return [
        _Block(number, timing + 1, lines[timing], lines[timing + 1 : end])
        for number, timing, end in zip(numbers, timings, ends, strict=True)
    ]


def _number_line(lines: list[str], timing: int, floor: int, expected: int) -> int | None:
    """Where the number of the cue at ``timing`` stands; ``None`` if it has none.

    A line of digits is the number when it stands right before the timing line and after an empty
    one, or when it is the number that comes next; else it is text, such as a year.
    """
    at = timing - 1
    while at > floor and is_blank(lines[at]):
        at -= 1
    if at <= floor:
        return None
    digits = lines[at].strip(" \t\ufeff")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        return None
    apart = at == 0 or is_blank(lines[at - 1])
    return at if (at == timing - 1 and apart) or int(digits) == expected else None


def _check_before(lines: list[str], end: int, cues: bool, name: str, repairs: Repairs) -> None:
    """List text before the first cue; refuse a file that is nothing else."""
    for number, line in enumerate(lines[:end], start=1):
        if is_blank(line):
            continue
        if not cues:
            raise FormatError(
                f"{name!r}, line {number}, column 1: no timing line was found, so it is not SRT.",
                remedy="Check that it is a subtitle file.",
                line=number,
                column=1,
            )
        repairs.add(f"Text before the first cue was left out: {line.strip()[:80]!r}")


def _cue(block: _Block, name: str, repairs: Repairs) -> Cue:
    timing = parse_timing(block.timing, block.line, name, ",", repairs)
    place = f"line {block.line}"
    text = _closed_up(block.text, place, repairs)
    rest = timing.rest
    if rest and not _COORDINATES.fullmatch(rest) and not _SETTINGS.fullmatch(rest):
        repairs.add("Text on the timing line was made the first line of the cue", place)
        text.insert(0, rest)
        rest = ""
    if not rest and not any(map(is_marked_up, text)):
        return Cue(id=block.number, span=timing.span, lines=tuple(split_lines(text)))
    lines, marks, placement = read_markup(text, rest, place, repairs)
    return Cue(id=block.number, span=timing.span, lines=lines, marks=marks, placement=placement)


def _closed_up(text: list[str], place: str, repairs: Repairs) -> list[str]:
    filled = [line for line in text if line.strip(" \t\ufeff")]
    if not filled or len(filled) == len(text):
        return filled
    first, last = 0, len(text) - 1
    while is_blank(text[first]):
        first += 1
    while is_blank(text[last]):
        last -= 1
    if last - first >= len(filled):
        repairs.add("Empty lines inside a cue were closed up", place)
    return filled


def _numbered(cues: list[Cue], repairs: Repairs) -> list[Cue]:
    ids = [cue.id for cue in cues]
    if all(ids) and len(set(ids)) == len(ids):
        return cues
    repairs.add("Cue numbers were missing or repeated; cues were numbered by their place")
    return [replace(cue, id=str(number)) for number, cue in enumerate(cues, start=1)]
