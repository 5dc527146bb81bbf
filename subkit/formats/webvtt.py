r"""WebVTT (``.vtt``), after https://www.w3.org/TR/webvtt1/.

Recipe: UTF-8 without byte order mark and ``\n`` line breaks; ``WEBVTT``, the note as ``NOTE``
blocks, then blocks of the cue's id, ``HH:MM:SS.mmm --> HH:MM:SS.mmm`` with settings for a place
other than bottom centre, and the lines. Milliseconds are the nearest, so the frame is found again
and cues never come to overlap. ``&``, ``<`` and ``>`` are escaped, so an arrow in the text cannot
end a cue; an empty line inside a cue is written as a no-break space. A speaker is written as
``<v>``, a cue's own language as ``<lang>``. No STYLE or REGION is written: ffmpeg finds no cue in
a file that has one.

The reader lists what the document has no room for: STYLE, REGION and NOTE blocks, settings beyond
a rough place, styling tags. A block without a timing line that can be read, which the standard
ignores, is quoted. HLS segments behind each other keep their times by ``X-TIMESTAMP-MAP``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode, split_lines
from subkit.formats.cue_text import in_order, put_in_order, readable_cues
from subkit.formats.placement import from_settings, settings
from subkit.formats.text_times import is_timing, parse_timing, stamp
from subkit.formats.time_map import TimeMap
from subkit.formats.webvtt_markup import cue_payload, parse_payload
from subkit.model import Cue, Media, Track

__all__ = ["WebVttReader", "WebVttWriter"]

_ID = re.compile(
    r"(?!WEBVTT|NOTE|STYLE|REGION)[^\s\x00-\x1f](?:[^\x00-\x1f\x7f\x85\u2028\u2029]*\S)?"
)
_MINUTES = re.compile(r"[ \t]{0,9}\d{1,6}:\d{1,2}[.,:]")
_ARROW = re.compile(r"-{2,}>")


class WebVttWriter:
    """Writes WebVTT; see the module for the recipe."""

    extension = "vtt"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:  # noqa: ARG002
        """Return the bytes of the file; ``note`` becomes a NOTE block at the top."""
        blocks = ["WEBVTT\n"]
        if lines := [line for line in split_lines([_ARROW.sub("->", note)]) if line]:
            blocks.append("".join(f"{line}\n" for line in ("NOTE", *lines)))
        blocks += [_block(cue) for cue in in_order(track)]
        return "\n".join(blocks).encode()


def _block(cue: Cue) -> str:
    span = cue.span
    timing = f"{stamp(span.start, '.')} --> {stamp(span.end, '.')}{settings(cue.placement)}"
    lines = [timing, *cue_payload(cue)]
    if _ID.fullmatch(cue.id) and "-->" not in cue.id:
        lines.insert(0, cue.id)
    return "".join(f"{line}\n" for line in lines)


class WebVttReader:
    """Reads WebVTT; see the module for what it takes."""

    extension = "vtt"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired.

        Cue ids are those of the file; a cue without one, or with another's, has its place.

        Raises:
            FormatError: no ``WEBVTT`` at its start, or no timing line that can be read.
        """
        repairs = Repairs()
        lines = decode(data, name, repairs, language).split("\n")
        first = lines[0].removeprefix("\ufeff")
        if not re.match(r"WEBVTT(?:[ \t]|$)", first):
            raise FormatError(
                f"{name!r} does not begin with WEBVTT but with {first[:40]!r}.",
                remedy="Check that it is a WebVTT file.",
                line=1,
                column=1,
            )
        header, blocks = _blocks(lines, repairs)
        clock = TimeMap(repairs)
        clock.hear(header, 2)
        cues = readable_cues(
            blocks, partial(_read_block, name=name, repairs=repairs, clock=clock), repairs
        )
        cues = _identified(clock.without_repeated(cues), repairs)
        cues = put_in_order(cues, repairs)
        track = Track(id=language, language=language, cues=tuple(cues))
        return track, repairs.sentences()


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines that stand together, and the number of the first one, from 1."""

    number: int
    lines: list[str]

    @property
    def line(self) -> int:
        """The number of its first line with an arrow."""
        return self.number + next((i for i, line in enumerate(self.lines) if "-->" in line), 0)

    @property
    def quote(self) -> str:
        """What stands in it, for a message."""
        return " ".join(self.lines)


def _blocks(lines: list[str], repairs: Repairs) -> tuple[list[str], list[_Lines]]:
    """The header lines, and lines between empty ones; a timing line begins a block of its own."""
    at = 1
    while at < len(lines) and lines[at] and "-->" not in lines[at]:
        at += 1
    blocks: list[_Lines] = []
    current, timed = _Lines(at + 1, []), False
    for number, line in enumerate(lines[at:], start=at + 1):
        times = _is_meant(line) and ("-->" in line or not (timed or "&gt;" in line))
        if not line or (times and (timed or len(current.lines) > 1)):
            blocks.append(current)
            current, timed = _Lines(number + (not line), []), False
        if line:
            if "-->" in line and timed and not times:
                place = f"line {number} ({line[:80]!r})"
                repairs.add("An arrow, which ends a cue, was kept as text", place)
            current.lines.append(line)
            timed = timed or times
    return lines[1:at], [block for block in (*blocks, current) if block.lines]


def _is_meant(line: str) -> bool:
    """Whether a line is meant as a timing line; in WebVTT also one of minutes and seconds."""
    return is_timing(line) or ("-->" in line and _MINUTES.match(line) is not None)


def _read_block(block: _Lines, name: str, repairs: Repairs, clock: TimeMap) -> Cue | None:
    place = f"line {block.number}"
    at = next((i for i, line in enumerate(block.lines) if _is_meant(line)), None)
    first = block.lines[0]
    if at is None:
        kind = first.split()[0] if first.split() else ""
        if kind in ("NOTE", "STYLE", "REGION"):
            repairs.add(f"{kind} blocks are not kept", place)
        elif kind == "WEBVTT":
            clock.hear(block.lines[1:], block.number + 1)
        elif first.strip():
            text = " ".join(block.lines)[:80]
            repairs.add(f"Text without a timing line was left out: {text!r}", place)
        return None
    return clock.moved(_cue(block, at, name, repairs))


def _cue(block: _Lines, at: int, name: str, repairs: Repairs) -> Cue:
    number = block.number + at
    place = f"line {number}"
    timing = parse_timing(block.lines[at], number, name, ".", repairs)
    placement, exact = from_settings(timing.rest)
    payload = parse_payload("\n".join(block.lines[at + 1 :]))
    if not exact:
        repairs.add("Cue settings are kept only roughly", place)
    for tag in sorted(payload.dropped):
        repairs.add(f"<{tag}> tags are not kept", place)
    if payload.ruby:
        repairs.add("Ruby text was put in brackets", place)
    one_voice = len(payload.voices) == 1 and payload.whole
    one_language = len(payload.languages) == 1 and payload.whole
    if payload.voices and not one_voice:
        repairs.add(f"Several voices in one cue are not kept: {payload.voices!r:.120}", place)
    if payload.languages and not one_language:
        repairs.add("Languages of parts of a cue are not kept", place)
    return Cue(
        id=block.lines[0].strip() if at else "",
        span=timing.span,
        lines=tuple(split_lines([payload.text.lstrip(" ") if payload.voices else payload.text])),
        placement=placement,
        speaker=(payload.voices[0] or None) if one_voice else None,
        language=(payload.languages[0] or None) if one_language else None,
    )


def _identified(cues: list[Cue], repairs: Repairs) -> list[Cue]:
    """Cues with an id each; a repeated one is replaced and said so."""
    taken = {cue.id for cue in cues}
    seen: set[str] = set()
    found = []
    for number, cue in enumerate(cues, start=1):
        if cue.id and cue.id not in seen:
            seen.add(cue.id)
            found.append(cue)
            continue
        if cue.id:
            repairs.add("A repeated cue id was replaced", cue.id[:40])
        new = str(number)
        while new in taken:
            new += "+"
        taken.add(new)
        found.append(replace(cue, id=new))
    return found
