r"""MicroDVD (``.sub``), MPL2 (``.mpl``) and TMPlayer (``.tmp``): a line a cue, ``|`` between lines.

MicroDVD counts frames: ``{100}{150}{y:i}Hello|there``. The rate stands in a first line
``{1}{1}25.0``, or the user gives it. Codes in small letters hold for their line, in capitals for
the cue: ``{y:i,b}``, ``{c:$0000ff}``, ``{f:Arial}``, ``{s:24}``. MPL2 counts tenths of a second,
``[100][150]/Hello|there``, and has ``/`` for italics, ``\`` for bold and ``_`` for underline at the
head of a line. TMPlayer has whole in-times only, ``00:00:10:Hello|there``: a cue lasts until the
next one, and at most as long as it takes to read.

The writers are in :mod:`subkit.formats.piped_writers`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode
from subkit.formats.cue_text import plain_content, put_in_order, reading_time
from subkit.formats.mark_runs import tidied
from subkit.formats.srt_markup import is_marked_up, read_markup
from subkit.interfaces.file_contents import FileContent, ReadRequest
from subkit.model import Cue, Feature, FrameRate, Mark, Span, Track

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "JOINER",
    "MPL2_MARKS",
    "MicroDvdReader",
    "Mpl2Reader",
    "TmplayerReader",
]

JOINER = "\u2060"
_MICRODVD = re.compile(r"\s*\{\s*(\d{1,9})\s*\}\s*\{\s*(\d{0,9})\s*\}(.*)")
_MPL2 = re.compile(r"\s*\[\s*(\d{1,9})\s*\]\s*\[\s*(\d{0,9})\s*\](.*)")
_TMPLAYER = re.compile(r"\s*(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[:=,]|\s)(.*)")
_RATE = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*")
MPL2_MARKS = {"/": Feature.ITALIC, "\\": Feature.BOLD, "_": Feature.UNDERLINE}
_NTSC = {24: 23976, 30: 29970, 48: 47952, 60: 59940, 120: 119880}


def _rate_of(text: str) -> FrameRate | None:
    """The rate that a first line names: 23.976 is 24000/1001."""
    match = _RATE.fullmatch(text)
    if match is None:
        return None
    told = Fraction(match[1].replace(",", "."))
    for whole, thousandths in _NTSC.items():
        if abs(told * 1000 - thousandths) <= Fraction(11, 10):
            return FrameRate(Fraction(whole * 1000, 1001))
    return FrameRate(told) if told > 0 else None


class _PipedReader:
    """What the three readers share."""

    extension: ClassVar[str]
    name: ClassVar[str]
    pattern: ClassVar[re.Pattern[str]]

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired.

        Raises:
            FormatError: no line of a cue in it, or frames without a rate.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """The track and what was repaired, as :meth:`read`."""
        repairs = Repairs()
        text = decode(data, asked.name, repairs, asked.language).removeprefix("\ufeff")
        found = []
        for number, line in enumerate(text.split("\n"), start=1):
            if (match := self.pattern.fullmatch(line)) is not None:
                found.append((number, match))
            elif line.strip():
                told = f"A line without times was left out: {line.strip()[:80]!r}"
                repairs.add(told, f"line {number}")
        if not found:
            raise FormatError(
                f"{asked.name!r}, line 1, column 1: no line of a cue, so it is not {self.name}.",
                remedy="Check that it is a subtitle file.",
                line=1,
                column=1,
            )
        rate, clock, first = self._clock(found[0][1], asked)
        cues = [self._cue(match, number, clock, repairs) for number, match in found[first:]]
        cues = self._ended(cues, repairs)
        cues = [replace(cue, id=str(at)) for at, cue in enumerate(cues, start=1)]
        if not cues:
            repairs.add("The file holds no cue")
        cues = put_in_order(cues, repairs)
        track = Track(id=asked.language, language=asked.language, cues=tuple(cues))
        return replace(plain_content(track, repairs, asked), rate=rate)

    def _clock(
        self, first: re.Match[str], asked: ReadRequest
    ) -> tuple[FrameRate | None, Callable[[int], Fraction], int]:
        """The rate, what a number means, and the index of the first cue."""
        raise NotImplementedError

    def _cue(
        self, match: re.Match[str], line: int, clock: Callable[[int], Fraction], repairs: Repairs
    ) -> Cue:
        start = clock(int(match[1]))
        end = clock(int(match[2])) if match[2] else start
        if end < start:
            repairs.add("An out-time before its in-time was made equal to it", f"line {line}")
            end = start
        lines, marks = self._text(match[3].split("|"), f"line {line}", repairs)
        mode = "" if match[2] else "open"
        return Cue(id="", span=Span(start, end), lines=lines, marks=marks, mode=mode)

    def _text(
        self, lines: list[str], place: str, repairs: Repairs
    ) -> tuple[tuple[str, ...], tuple[Mark, ...]]:
        lines = [line.strip() for line in lines]
        if not any(map(is_marked_up, lines)):
            return tidied("\n".join(lines), ())
        text, marks, _ = read_markup(lines, "", place, repairs, own=self.extension)
        return text, marks

    def _ended(self, cues: list[Cue], repairs: Repairs) -> list[Cue]:
        """The cues, those without an out-time ended when the next one begins."""
        if not any(cue.mode for cue in cues):
            return cues
        repairs.add(
            "Cues without an out-time last until the next one, and no longer than it takes to read "
            "them"
        )
        found = []
        for cue, after in zip(cues, [*cues[1:], None], strict=False):
            end = cue.span.end
            if cue.mode:
                end = cue.span.start + reading_time(cue.text)
                if after is not None:
                    end = max(min(end, after.span.start), cue.span.start)
            found.append(replace(cue, span=Span(cue.span.start, end), mode=""))
        return found


class MicroDvdReader(_PipedReader):
    """Reads MicroDVD; see the module for what it takes."""

    extension = "sub"
    name = "MicroDVD"
    pattern = _MICRODVD

    def _clock(
        self, first: re.Match[str], asked: ReadRequest
    ) -> tuple[FrameRate | None, Callable[[int], Fraction], int]:
        declared = _rate_of(first[3]) if first[1] in ("0", "1") and first[1] == first[2] else None
        rate = asked.rate or declared
        if rate is None:
            raise FormatError(
                f"{asked.name!r} counts frames, and does not say at which rate.",
                remedy="Give the frame rate of the film with --fps.",
                line=1,
                column=1,
            )
        return rate, rate.time, int(declared is not None)


class Mpl2Reader(_PipedReader):
    """Reads MPL2; see the module for what it takes."""

    extension = "mpl"
    name = "MPL2"
    pattern = _MPL2

    def _clock(
        self,
        first: re.Match[str],  # noqa: ARG002
        asked: ReadRequest,  # noqa: ARG002
    ) -> tuple[FrameRate | None, Callable[[int], Fraction], int]:
        return None, lambda tenths: Fraction(tenths, 10), 0

    def _text(
        self,
        lines: list[str],
        place: str,  # noqa: ARG002
        repairs: Repairs,  # noqa: ARG002
    ) -> tuple[tuple[str, ...], tuple[Mark, ...]]:
        plain, marks, at = [], [], 0
        for line in lines:
            text = line.strip()
            features = []
            while text[:1] in MPL2_MARKS and text[:1]:
                features.append(MPL2_MARKS[text[0]])
                text = text[1:].lstrip()
            text = text.removeprefix(JOINER)
            end = at + len(text)
            marks += [Mark(start=at, end=end, feature=f) for f in features if text]
            plain.append(text)
            at = end + 1
        return tidied("\n".join(plain), tuple(marks))


class TmplayerReader(_PipedReader):
    """Reads TMPlayer; see the module for what it takes."""

    extension = "tmp"
    name = "TMPlayer"
    pattern = _TMPLAYER

    def _clock(
        self,
        first: re.Match[str],  # noqa: ARG002
        asked: ReadRequest,  # noqa: ARG002
    ) -> tuple[FrameRate | None, Callable[[int], Fraction], int]:
        return None, Fraction, 0

    def _cue(
        self, match: re.Match[str], line: int, clock: Callable[[int], Fraction], repairs: Repairs
    ) -> Cue:
        hours, minutes, secs, text = match.groups()
        start = clock(int(hours) * 3600 + int(minutes) * 60 + int(secs))
        lines, marks = self._text(text.split("|"), f"line {line}", repairs)
        return Cue(id="", span=Span(start, start), lines=lines, marks=marks, mode="open")

    def _ended(self, cues: list[Cue], repairs: Repairs) -> list[Cue]:
        kept = super()._ended(cues, repairs)
        return [cue for cue in kept if cue.lines]  # an empty line takes the one before off
