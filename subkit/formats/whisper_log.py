"""What faster-whisper and whisper print while they listen: ``[00:00.000 -> 00:02.000]  text``.

A line is a cue; lines without times belong to the one before. Nothing writes it.
"""

from __future__ import annotations

import re
from fractions import Fraction

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode, split_lines
from subkit.formats.cue_text import plain_content, put_in_order
from subkit.interfaces.file_contents import FileContent, ReadRequest
from subkit.model import Cue, Span, Track

__all__ = ["WhisperLogReader"]

_TIME = r"(?:(\d{1,6}):)?(?:(\d{1,6}):)?(\d{1,9}(?:\.\d{1,9})?)s?"
_LINE = re.compile(rf"\s*\[\s*{_TIME}\s*-{{1,3}}>\s*{_TIME}\s*\](.*)")


class WhisperLogReader:
    """Reads what is printed; see the module for its form."""

    extension = "log"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired; cue ids are the places in the file.

        Raises:
            FormatError: no line with times in it.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """The track and what was repaired, as :meth:`read`."""
        repairs = Repairs()
        text = decode(data, asked.name, repairs, asked.language).removeprefix("\ufeff")
        found: list[tuple[Span, list[str]]] = []
        for number, line in enumerate(text.split("\n"), start=1):
            match = _LINE.fullmatch(line)
            if match is not None:
                start, end = _seconds(match, 0), _seconds(match, 3)
                found.append((Span(start, max(start, end)), [match[7].strip()]))
            elif line.strip() and found:
                found[-1][1].append(line.strip())
            elif line.strip():
                told = f"A line before the first times was left out: {line.strip()[:80]!r}"
                repairs.add(told, f"line {number}")
        if not found:
            raise FormatError(
                f"{asked.name!r}, line 1, column 1: no line begins with times in brackets.",
                remedy="Check that it is what faster-whisper printed.",
                line=1,
                column=1,
            )
        cues = [
            Cue(id=str(number), span=span, lines=tuple(split_lines(lines)))
            for number, (span, lines) in enumerate(found, start=1)
        ]
        cues = put_in_order(cues, repairs)
        track = Track(id=asked.language, language=asked.language, cues=tuple(cues))
        return plain_content(track, repairs, asked)


def _seconds(match: re.Match[str], first: int) -> Fraction:
    high, low, secs = match.groups()[first : first + 3]
    hours, minutes = (high, low) if low is not None else (None, high)
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + Fraction(secs)
