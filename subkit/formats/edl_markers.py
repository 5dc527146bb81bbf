r"""Markers of an editing system in an EDL (``.edl``): ``* LOC:`` of Avid, and those of Resolve.

``* LOC: 01:00:01:14 RED    text`` is a marker without a length; Resolve writes an event of one
frame with `` |C:ResolveColorRed |M:text |D:120`` under it, its length in frames. A marker is a cue,
its colour the cue's style. EDL does not say a frame rate: the user gives it.

Recipe: as Resolve writes it, UTF-8, ``\n`` line breaks, time codes from the programme's start. A
cue is a marker; the lines of its text stand side by side.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import FormatError, TimecodeError
from subkit.files.plain_text import Repairs, decode, split_lines
from subkit.formats.cue_text import in_order, one_line, put_in_order
from subkit.formats.edl import full_hour
from subkit.formats.loss_tally import LossTally
from subkit.formats.losses import losses_of
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import Cue, FrameRate, Media, NamedStyle, Span, Track

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EdlMarkerReader", "EdlMarkerWriter"]

_LOC = re.compile(
    r"\s*\*\s*LOC:\s*(\d\d:\d\d:\d\d[:;]\d\d)\s+([A-Z]{1,20})\b\s*(.*)", re.IGNORECASE
)
_EVENT = re.compile(
    r"\s*\d{1,6}\s+\S+\s+\S+\s+\S+.*?(\d\d:\d\d:\d\d[:;]\d\d)\s+(\d\d:\d\d:\d\d[:;]\d\d)\s*"
)
_RESOLVE = re.compile(r"\s*\|C:(?P<color>[^|]*)\|M:(?P<text>.*?)\|D:(?P<length>\d{1,9})\s*")
_TITLE = re.compile(r"\s*TITLE:\s*(.*)", re.IGNORECASE)
_DROP = re.compile(r"\s*FCM:\s*DROP", re.IGNORECASE)
_DAY = 24 * 3600
_DROPPING = (Fraction(30000, 1001), Fraction(60000, 1001))


class EdlMarkerReader:
    """Reads the markers of an EDL; see the module for what it takes."""

    extension = "edl"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired; cue ids are the places in the file.

        Raises:
            FormatError: no marker in it, or nobody knows the frame rate.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """The track and what was repaired, as :meth:`read`."""
        repairs, name = Repairs(), asked.name
        lines = decode(data, name, repairs, asked.language).split("\n")
        rate = asked.rate
        markers = list(_markers(lines))
        if not markers:
            raise FormatError(
                f"{name!r}, line 1, column 1: no marker (* LOC: or |M:) in it.",
                remedy="Export the timeline markers to EDL.",
                line=1,
                column=1,
            )
        if rate is None:
            raise FormatError(
                f"{name!r} has timecodes, and does not say at which frame rate.",
                remedy="Give the frame rate of the film with --fps.",
                line=1,
                column=1,
            )
        if any(map(_DROP.match, lines)) and rate.rate in _DROPPING:
            rate = replace(rate, drop_frame=True)
        found = [
            (_time(code, rate, name, line), color, text, length)
            for line, code, color, text, length in markers
        ]
        start = asked.start
        if start is None:
            first = min(time for time, *_ in found)
            start = full_hour(first, rate)
            if start:
                repairs.add("Times count from the full hour of the first marker")
        cues = [
            Cue(
                id=str(number),
                span=_span(time - start, length, rate),
                lines=tuple(split_lines([text.strip()])),
                style=color,
            )
            for number, (time, color, text, length) in enumerate(found, start=1)
        ]
        title = next((m[1].strip() for line in lines[:20] if (m := _TITLE.fullmatch(line))), "")
        colors = dict.fromkeys(cue.style for cue in cues if cue.style)
        track = Track(
            id=asked.language,
            language=asked.language,
            cues=tuple(put_in_order(cues, repairs)),
            styles=tuple(NamedStyle(id=color, source=f"edl {color}") for color in colors),
        )
        told = tuple(repairs.sentences())
        return FileContent(tracks=(track,), repairs=told, rate=rate, start=start, title=title)


def _markers(lines: list[str]) -> Iterator[tuple[int, str, str, str, int]]:
    """Line, timecode, colour, text and frames of each marker."""
    code = ""
    for number, line in enumerate(lines, start=1):
        if match := _LOC.fullmatch(line):
            yield number, match[1], match[2].upper(), match[3], 0
        elif (match := _RESOLVE.fullmatch(line)) and code:
            yield number, code, match["color"].strip(), match["text"], int(match["length"])
        elif match := _EVENT.fullmatch(line):
            code = match[1]


def _time(code: str, rate: FrameRate, name: str, line: int) -> Fraction:
    try:
        return rate.parse_timecode(code)
    except TimecodeError as error:
        raise FormatError(
            f"{name!r}, line {line}, column 1: {error.message.rstrip('.')}.",
            remedy="Give the programme's frame rate with --fps, or correct the line.",
            line=line,
            column=1,
        ) from error


def _span(time: Fraction, frames: int, rate: FrameRate) -> Span:
    start = max(time, Fraction(0))
    return Span(start, max(time + rate.time(frames), start))


class EdlMarkerWriter:
    """Writes cues as markers of Resolve; see the module for the recipe."""

    extension = "edl"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """The file's bytes; ``note`` has no place in this format and is left out."""
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(self, track: Track, media: Media, asked: WriteRequest) -> WrittenFile:
        """The file's bytes, and what of the track markers do not hold."""
        rate, start, tally = media.frame_grid, media.programme_start, LossTally()
        own = {style.id for style in track.styles if style.source.startswith("edl ")}
        counting = "DROP FRAME" if rate.drop_frame else "NON-DROP FRAME"
        title = " ".join((asked.title or track.id).split())
        rows = [f"TITLE: {title}", f"FCM: {counting}", ""]
        for number, cue in enumerate(in_order(track), start=1):
            first, last = rate.frame(cue.span.start), rate.frame(cue.span.end)
            if rate.time(first) != cue.span.start or rate.time(last) != cue.span.end:
                tally.add("times", cue.id)
            if len(cue.lines) > 1:
                tally.add("line break", cue.id)
            if cue.span.end + start >= _DAY:
                raise FormatError(
                    f"Cue {cue.id!r} ends at {rate.timecode(cue.span.end, start)}; timecode ends "
                    "before 24 hours.",
                    remedy="Export this track as SRT or WebVTT.",
                    cue=cue.id,
                )
            codes = " ".join(rate.timecode(rate.time(f), start) for f in (first, first + 1))
            text = one_line(cue, track)
            if "|" in text:
                tally.add_letter("|", cue.id)
                text = text.replace("|", "¦")
            color = cue.style if cue.style in own else "ResolveColorBlue"
            rows += [
                f"{number:03d}  001      V     C        {codes} {codes}  ",
                f" |C:{color} |M:{text} |D:{last - first}",
                "",
            ]
        losses = losses_of(replace(track, styles=()), (), format="edl")
        return WrittenFile(data="\n".join(rows).encode(), losses=tally.losses(losses))
