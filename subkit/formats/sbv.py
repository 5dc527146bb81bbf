r"""SubViewer as YouTube writes it (``.sbv``).

Recipe: UTF-8 without byte order mark, ``\n`` line breaks, blocks of a line
``H:MM:SS.mmm,H:MM:SS.mmm`` and the lines, an empty line behind each. Milliseconds are the nearest.
The format has no markup: text is written as it is, an empty line as a no-break space, and a word
joiner (U+2060) stands before a line that would be taken for times. ``[br]`` is read as a break.
"""

from __future__ import annotations

import re
from fractions import Fraction

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode, is_blank, split_lines
from subkit.formats.cue_text import cue_lines, in_order, plain_content, put_in_order
from subkit.formats.losses import losses_of
from subkit.formats.text_times import milliseconds
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import Cue, Media, Span, Track

__all__ = ["SbvReader", "SbvWriter"]

_JOINER = "\u2060"
_TIME = r"(\d{1,6}):(\d{1,2}):(\d{1,2})\.(\d{1,9})"
_TIMES = re.compile(rf"\s*{_TIME}\s*,\s*{_TIME}\s*")


class SbvWriter:
    """Writes SBV; see the module for the recipe."""

    extension = "sbv"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """The file's bytes; ``note`` has no place in this format and is left out."""
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(
        self,
        track: Track,
        media: Media,  # noqa: ARG002
        asked: WriteRequest,  # noqa: ARG002
    ) -> WrittenFile:
        """The file's bytes, and what of the track SBV does not hold."""
        data = "\n".join(map(_block, in_order(track))).encode()
        return WrittenFile(data=data, losses=losses_of(track, (), format="sbv"))


def _block(cue: Cue) -> str:
    lines = [
        _JOINER + line if _TIMES.fullmatch(line.lstrip(_JOINER)) else line
        for line in cue_lines(cue)
    ]
    times = f"{_stamp(cue.span.start)},{_stamp(cue.span.end)}"
    return "".join(f"{line}\n" for line in (times, *lines))


def _stamp(time: Fraction) -> str:
    rest, fraction = divmod(milliseconds(time), 1000)
    return f"{rest // 3600}:{rest // 60 % 60:02d}:{rest % 60:02d}.{fraction:03d}"


class SbvReader:
    """Reads SBV; see the module for what it takes."""

    extension = "sbv"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired; cue ids are the places in the file.

        Raises:
            FormatError: no line of times in it.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """The track and what was repaired, as :meth:`read`."""
        repairs = Repairs()
        text = decode(data, asked.name, repairs, asked.language).removeprefix("\ufeff")
        cues: list[Cue] = []
        lines: list[str] = []
        span: Span | None = None
        for number, line in enumerate(text.split("\n"), start=1):
            match = _TIMES.fullmatch(line)
            if match is None and span is None:
                _check_before(line, number, asked.name)
            elif match is None:
                lines.append(line)
            else:
                cues += _cue(span, lines, len(cues) + 1)
                span, lines = _span(match, number, repairs), []
        cues += _cue(span, lines, len(cues) + 1)
        if not cues:
            repairs.add("The file holds no cue")
        cues = put_in_order(cues, repairs)
        track = Track(id=asked.language, language=asked.language, cues=tuple(cues))
        return plain_content(track, repairs, asked)


def _check_before(line: str, number: int, name: str) -> None:
    if not is_blank(line):
        raise FormatError(
            f"{name!r}, line {number}, column 1: {line.strip()[:60]!r} are not two times.",
            remedy="Write them as 0:00:01.000,0:00:02.500.",
            line=number,
            column=1,
        )


def _cue(span: Span | None, lines: list[str], number: int) -> list[Cue]:
    if span is None:
        return []
    shown = [
        line[1:] if line[:1] == _JOINER and _TIMES.fullmatch(line.lstrip(_JOINER)) else line
        for line in lines
        if not is_blank(line)
    ]
    text = split_lines(part for line in shown for part in line.split("[br]"))
    return [Cue(id=str(number), span=span, lines=tuple(text))]


def _span(match: re.Match[str], line: int, repairs: Repairs) -> Span:
    parts = match.groups()
    start, end = (
        Fraction(int(h) * 3600 + int(m) * 60 + int(s)) + Fraction(int(f), 10 ** len(f))
        for h, m, s, f in (parts[:4], parts[4:])
    )
    if end < start:
        repairs.add("An out-time before its in-time was made equal to it", f"line {line}")
        end = start
    return Span(start, end)
