r"""SubRip (``.srt``).

Recipe: UTF-8 without byte order mark, ``\n`` line breaks (every player takes both; tools that
compare files do not), blocks of a number, a line ``HH:MM:SS,mmm --> HH:MM:SS,mmm`` and the lines,
each block closed by an empty line. Milliseconds are the nearest, so the frame is found again and
cues never come to overlap. A place other than bottom centre is written as ``{\an1}`` to ``{\an9}``.
Right-to-left text stays in logical order. The format has no place for a note, ids, speakers or
languages: they are left out.

SRT has no escape. Where text would be taken for markup (``<b``, ``{\``, ``\N``, ``-->``) a word
joiner (U+2060, invisible) is put inside, and before a line that could be taken for a timing line;
the reader takes it out again. An empty line inside a cue would end it, so it is written as a
no-break space.

The reader knows what is found in the wild: a byte order mark, dot milliseconds, numbers that are
missing or repeated, empty lines inside cues, ``X1:…`` coordinates, hours over 99, negative times,
tags in braces, drawings, ``\N``, time lines with other marks, arrows and spaces. A time line that
cannot be read costs one cue. What it mends it lists; text is never dropped without being quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode, is_blank, split_lines
from subkit.formats.cue_text import cue_lines, in_order, put_in_order, readable_cues
from subkit.formats.placement import from_numpad, from_settings, numpad
from subkit.formats.text_times import is_timing, parse_timing, stamp
from subkit.model import Cue, Media, Placement, Track

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SrtReader", "SrtWriter"]

_JOINER = "\u2060"
_TAKEN_FOR_TAG = re.compile(r"<(?=/?[A-Za-z])|\{(?=\\|[CcFfoPSsYy]:|/?[bBiIuUsS]\})|\\(?=[Nnh])")
_SHIELD = re.compile(rf"(?<=[<{{\\]){_JOINER}|(?<=--){_JOINER}(?=>)")
_TAG = re.compile(r"</?(?:[ibus]|font)(?:[ \t][^<>]{0,500})?/?>", re.IGNORECASE)
_OVERRIDE = re.compile(
    r"\{\\[^{}]{0,500}\}|\{/?[bius]\}|\{[CcFfoPSsYy]:[^{}]{0,100}\}", re.IGNORECASE
)
_DRAWING = re.compile(r"\{(?=\\)[^{}]{0,500}\\p[1-9]\d{0,3}[^{}]{0,500}\}([^{}]*)(?=\{|\Z)")
_BREAK = re.compile(r"(?<!:)\\[Nn]")
_OLD_PLACE = re.compile(r"\\a(1[01]|[1-9])(?![\dn])")
_ONLY_PLACE = re.compile(r"\{\\an?\d{1,2}\}")
_OLD_TO_NUMPAD = {1: 1, 2: 2, 3: 3, 5: 7, 6: 8, 7: 9, 9: 4, 10: 5, 11: 6}
_NUMPAD = re.compile(r"\\an([1-9])")
_COORDINATES = re.compile(r"(?:[XY][12]:-?\d{1,9}[ \t]*){1,8}")
_SETTINGS = re.compile(r"(?:(?:line|position|align|size|vertical|region):\S{1,99}[ \t]*){1,8}")


class SrtWriter:
    """Writes SubRip; see the module for the recipe."""

    extension = "srt"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:  # noqa: ARG002
        """The file's bytes; ``note`` has no place in this format and is left out."""
        blocks = (_block(number, cue) for number, cue in enumerate(in_order(track), start=1))
        return "\n".join(blocks).encode()


def _block(number: int, cue: Cue) -> str:
    lines = [_shielded(line) for line in cue_lines(cue)]
    if cue.placement != Placement():
        tag = f"{{\\an{numpad(cue.placement)}}}"
        lines = [tag + lines[0], *lines[1:]] if lines else [tag]
    timing = f"{stamp(cue.span.start, ',')} --> {stamp(cue.span.end, ',')}"
    return "".join(f"{line}\n" for line in (str(number), timing, *lines))


def _shielded(line: str) -> str:
    line = _TAKEN_FOR_TAG.sub(lambda match: match[0] + _JOINER, line)
    line = line.replace("-->", f"--{_JOINER}>")
    return _JOINER + line if is_timing(line.lstrip(_JOINER)) else line


def _unshielded(text: str) -> str:
    """The text that :func:`_shielded` was given."""
    lines = (
        line.removeprefix(_JOINER) if is_timing(line.lstrip(_JOINER)) else line
        for line in text.split("\n")
    )
    return _SHIELD.sub("", "\n".join(lines))


class SrtReader:
    """Reads SubRip; see the module for what it takes."""

    extension = "srt"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired.

        Cue ids are the numbers of the file where every cue has one of its own, else its place.

        Raises:
            FormatError: no timing line in it that can be read.
        """
        repairs = Repairs()
        lines = decode(data, name, repairs, language).split("\n")
        blocks = _blocks(lines, name, repairs)
        cues = readable_cues(blocks, partial(_cue, name=name, repairs=repairs), repairs)
        if not cues:
            repairs.add("The file holds no cue")
        cues = put_in_order(_numbered(cues, repairs), repairs)
        return Track(id=language, language=language, cues=tuple(cues)), repairs.sentences()


@dataclass(frozen=True, slots=True)
class _Block:
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
    text = list(_closed_up(block.text, place, repairs))
    placement = Placement()
    if _COORDINATES.fullmatch(timing.rest):
        repairs.add("X1, X2, Y1, Y2 coordinates are not kept", place)
    elif _SETTINGS.fullmatch(timing.rest):
        placement, exact = from_settings(timing.rest)
        if not exact:
            repairs.add("WebVTT settings on a timing line are kept only roughly", place)
    elif timing.rest:
        repairs.add("Text on the timing line was made the first line of the cue", place)
        text.insert(0, timing.rest)
    placement, text = _without_markup(text, placement, place, repairs)
    return Cue(id=block.number, span=timing.span, lines=tuple(text), placement=placement)


def _closed_up(text: list[str], place: str, repairs: Repairs) -> Iterator[str]:
    filled = [i for i, line in enumerate(text) if not is_blank(line)]
    if filled and filled[-1] - filled[0] >= len(filled):
        repairs.add("Empty lines inside a cue were closed up", place)
    for i in filled:
        yield text[i]


def _without_markup(
    lines: list[str], placement: Placement, place: str, repairs: Repairs
) -> tuple[Placement, list[str]]:
    r"""Plain lines, and the place that the last ``{\an…}`` or ``{\a…}`` asks for."""
    text = "\n".join(lines)
    if not any(char in text for char in ("<", "{", "\\", _JOINER)):
        return placement, split_lines(lines)
    text, drawings = _DRAWING.subn("", text)
    if drawings:
        repairs.add("A drawing was left out", place)
    overrides = _OVERRIDE.findall(text)
    for override in overrides:
        for number in _NUMPAD.findall(override):
            placement = from_numpad(int(number))
        for number in _OLD_PLACE.findall(override):
            placement = from_numpad(_OLD_TO_NUMPAD.get(int(number), 2))
    styled = any(_ONLY_PLACE.fullmatch(override) is None for override in overrides)
    plain, tags = _TAG.subn("", _OVERRIDE.sub("", text))
    if styled or tags:
        repairs.add("Styling (italics, colours and the like) is not kept", place)
    plain = _BREAK.sub("\n", plain).replace("\\h", "\u00a0")
    return placement, split_lines([_unshielded(plain)])


def _numbered(cues: list[Cue], repairs: Repairs) -> list[Cue]:
    ids = [cue.id for cue in cues]
    if all(ids) and len(set(ids)) == len(ids):
        return cues
    repairs.add("Cue numbers were missing or repeated; cues were numbered by their place")
    return [replace(cue, id=str(number)) for number, cue in enumerate(cues, start=1)]
