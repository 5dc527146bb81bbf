r"""Lyrics (``.lrc``): a line a cue with its in-time, and times of words in the enhanced form.

Recipe: UTF-8 without byte order mark, ``\n`` line breaks; tags of the head (``[ti:]``, ``[ar:]`` …)
as they were read; ``[mm:ss.xx]`` and the text on one line; an empty line with the out-time where
the next cue does not begin at it. Hundredths are rounded as in ASS, so that the frame is found
again. Delays are written as ``<mm:ss.xx>``.

The reader gives a line that has several times a cue for each, takes ``[offset:]`` off, and lets a
last line without an end last as long as it takes to read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode
from subkit.formats.ass import centiseconds
from subkit.formats.cue_text import in_order, one_line, plain_content, put_in_order, reading_time
from subkit.formats.loss_tally import LossTally
from subkit.formats.losses import losses_of
from subkit.formats.mark_runs import MarkBuilder, nested, tidied
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import Carried, Cue, Feature, FrameRate, Mark, Media, Span, Track

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LrcReader", "LrcWriter"]

_TIME = r"(\d{1,6}):(\d{1,2})(?:[.:](\d{1,6}))?"
_STAMP = re.compile(rf"\s*\[{_TIME}\]")
_WORD = re.compile(rf"<{_TIME}>")
_TAG = re.compile(r"\s*\[([A-Za-z#][A-Za-z0-9_#]{0,30}):(.*)\]\s*")
_JOINER = "\u2060"


class LrcWriter:
    """Writes LRC; see the module for the recipe."""

    extension = "lrc"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """The file's bytes; ``note`` has no place in this format and is left out."""
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(
        self,
        track: Track,
        media: Media,
        asked: WriteRequest,  # noqa: ARG002
    ) -> WrittenFile:
        """The file's bytes, and what of the track LRC does not hold."""
        tally = LossTally()
        rows = [
            line
            for block in track.carried
            if block.format == "lrc"
            for line in block.text.split("\n")
            if _TAG.fullmatch(line)
        ]
        cues = in_order(track)
        rate = media.frame_rate
        for cue, after in zip(cues, [*cues[1:], None], strict=False):
            start, end = centiseconds(cue.span.start, rate), centiseconds(cue.span.end, rate)
            rows.append(f"[{_stamp(start)}]{_text(cue, track, rate)}")
            if after is None or centiseconds(after.span.start, rate) > end:
                rows.append(f"[{_stamp(end)}]")
            elif centiseconds(after.span.start, rate) < end:
                tally.add("overlap", cue.id)
            if len(cue.lines) > 1:
                tally.add("line break", cue.id)
        losses = losses_of(track, {"delay"}, format="lrc")
        data = "".join(f"{row}\n" for row in rows).encode()
        return WrittenFile(data=data, losses=tally.losses(losses))


def _text(cue: Cue, track: Track, rate: FrameRate | None) -> str:
    lines, marks = tidied(cue.text, cue.marks)
    delays = [m for m in marks if m.feature is Feature.DELAY]
    if not delays:
        return _shielded(one_line(cue, track))

    def tags(mark: Mark) -> tuple[str, str]:
        time = cue.span.start + Fraction(mark.value)
        return f"<{_stamp(centiseconds(time, rate))}>", ""

    points = [replace(mark, end=mark.start) for mark in delays]
    return nested(" ".join(lines), points, tags, _shielded)


def _shielded(text: str) -> str:
    return re.sub(r"([\[<])(?=\d{1,6}:\d)", rf"\1{_JOINER}", text)


def _stamp(time: int) -> str:
    return f"{time // 6000:02d}:{time // 100 % 60:02d}.{time % 100:02d}"


class LrcReader:
    """Reads LRC; see the module for what it takes."""

    extension = "lrc"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired; cue ids are the places in the file.

        Raises:
            FormatError: no line with a time in it.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """The track and what was repaired, as :meth:`read`."""
        repairs = Repairs()
        text = decode(data, asked.name, repairs, asked.language).removeprefix("\ufeff")
        head: list[str] = []
        timed: list[tuple[Fraction, str]] = []
        for number, line in enumerate(text.split("\n"), start=1):
            times, rest = _times(line)
            if times:
                timed += [(time, rest) for time in times]
            elif _TAG.fullmatch(line):
                head.append(line.strip())
            elif line.strip():
                told = f"A line without a time was left out: {line.strip()[:80]!r}"
                repairs.add(told, f"line {number}")
        if not timed:
            raise FormatError(
                f"{asked.name!r}, line 1, column 1: no line begins with a time, so it is not LRC.",
                remedy="Check that it is a lyrics file.",
                line=1,
                column=1,
            )
        offset, head = _offset(head, repairs)
        timed.sort(key=lambda entry: entry[0])
        cues = put_in_order(list(_cues(timed, offset, repairs)), repairs)
        if not cues:
            repairs.add("The file holds no cue")
        carried = (Carried(format="lrc", kind="head", text="\n".join(head)),) if head else ()
        track = Track(id=asked.language, language=asked.language, cues=tuple(cues), carried=carried)
        title = next((m[2].strip() for t in head if (m := _TAG.fullmatch(t)) and m[1] == "ti"), "")
        return replace(plain_content(track, repairs, asked), title=title)


def _times(line: str) -> tuple[list[Fraction], str]:
    times, at = [], 0
    while (match := _STAMP.match(line, at)) is not None:
        times.append(_seconds(match))
        at = match.end()
    return times, line[at:]


def _seconds(match: re.Match[str]) -> Fraction:
    minutes, secs, digits = match.groups()
    return int(minutes) * 60 + int(secs) + Fraction(int(digits or 0), 10 ** len(digits or ""))


def _offset(head: list[str], repairs: Repairs) -> tuple[Fraction, list[str]]:
    """The offset in seconds, and the tags without it."""
    offset, left = Fraction(0), []
    for line in head:
        match = _TAG.fullmatch(line)
        if match and match[1].lower() == "offset" and re.fullmatch(r"\s*[+-]?\d{1,9}\s*", match[2]):
            offset = Fraction(int(match[2]), 1000)
            repairs.add("Times were moved by the file's offset", line[:40])
        else:
            left.append(line)
    return offset, left


def _cues(timed: list[tuple[Fraction, str]], offset: Fraction, repairs: Repairs) -> Iterable[Cue]:
    number = 0
    for (time, source), after in zip(timed, [*timed[1:], None], strict=True):
        lines, marks = _marked(source, time)
        if not lines:
            continue
        number += 1
        if after is None:
            repairs.add("The last line has no out-time; it lasts as long as it takes to read")
        last = time + reading_time(source)
        start = max(time - offset, Fraction(0))
        end = max((last if after is None else after[0]) - offset, start)
        yield Cue(id=str(number), span=Span(start, end), lines=lines, marks=marks)


def _marked(source: str, begin: Fraction) -> tuple[tuple[str, ...], tuple[Mark, ...]]:
    """The text of a line, times of words as delays."""
    builder = MarkBuilder()
    at = 0
    for match in _WORD.finditer(source):
        builder.write(_plain(source[at : match.start()]))
        at = match.end()
        builder.end("word")
        if (time := _seconds(match)) > begin:
            builder.begin(Feature.DELAY, str(time - begin), tag="word")
    builder.write(_plain(source[at:]))
    text, marks = builder.finish()
    by, bare = len(text) - len(text.lstrip()), text.strip()
    moved = (replace(m, start=max(m.start - by, 0), end=max(m.end - by, 0)) for m in marks)
    cut = (replace(m, end=min(m.end, len(bare))) for m in moved)
    return tidied(bare, tuple(m for m in cut if m.start < m.end))


def _plain(text: str) -> str:
    return re.sub(rf"([\[<]){_JOINER}(?=\d)", r"\1", text)
