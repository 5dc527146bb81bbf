"""CMX3600 edit decision lists: the events, as far as the picture of a programme shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from subkit.errors import FormatError, TimecodeError
from subkit.model import FrameRate

__all__ = ["EdlEvent", "edl_time", "full_hour", "is_edl", "read_events"]

_EVENT = re.compile(
    r"(?P<number>[0-9A-Za-z]{1,8})\s+(?P<reel>\S{1,129})\s+(?P<channel>\S{1,16})\s+"
    r"(?P<edit>C|D|K|KB|KO|W\d{1,3})\s+(?:(?P<length>\d{1,5})\s+)?"
    r"(?P<times>\S+\s+\S+\s+\S+\s+\S+)\s*",
    re.IGNORECASE,
)
_COUNTING = re.compile(r"FCM:\s*(NON-DROP|DROP)[ -]FRAME.*", re.IGNORECASE)
_HEAD = re.compile(r"\s*(TITLE:|FCM:)", re.IGNORECASE)
_PICTURE = re.compile(r"V\d*|B|(A{1,2}\d*|B)/V\d*|V\d*/A{1,2}\d*|A\d?V\d*", re.IGNORECASE)


_SAID = re.compile(
    r"(?:M2\s+.{1,129}?\s+(?P<speed>-?\d{1,5}(?:\.\d{1,6})?)\s+\S+"
    r"|\*\s*(?:FROM|TO) CLIP NAME:(?P<clip>.{0,300}))\s*",
    re.IGNORECASE,
)
"""Speed changes and names of clips. Of a transition ``TO CLIP NAME`` comes last, and counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EdlEvent:
    """An event in the picture.

    Attributes:
        line: Its line in the file, from 1.
        start: Record-in: when it begins in the programme, seconds of its timecode.
        end: Record-out.
        length: Seconds of the transition into it; 0 for a cut.
        reel: What it was taken from.
        taken: Source-in and source-out as they are written; nobody may have to read them.
        edit: The kind of edit, ``"C"`` for a cut.
        counting: How its timecodes count.
        clip: Name of the clip, as a comment has it; else empty.
        speed: Frames a second of a speed change (``M2``) as written; else empty.
    """

    line: int
    start: Fraction
    end: Fraction
    length: Fraction
    reel: str = ""
    taken: tuple[str, str] = ("", "")
    edit: str = "C"
    counting: FrameRate | None = None
    clip: str = ""
    speed: str = ""


def is_edl(text: str) -> bool:
    """Whether a text is meant as an edit decision list."""
    lines = (line for line in text.splitlines()[:200] if line.strip())
    return any(_HEAD.match(line) or _EVENT.fullmatch(line.strip()) for line in lines)


def read_events(text: str, *, name: str, rate: FrameRate) -> list[EdlEvent]:
    """The events that show a picture, in order of the file.

    Timecode counts as the last ``FCM`` line says, or drops frames where it is written with ``;``.
    Sound-only events and events without length (the "from" side of a transition) are left out.
    What comments and ``M2`` lines say is told of the event before them.

    Args:
        text: The file.
        name: Its name, for errors.
        rate: Frames a second of the programme; the file does not state it.

    Raises:
        FormatError: a line cannot be read; ``facts`` carry ``line``.
    """
    counted = rate
    events: list[EdlEvent] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if told := _COUNTING.fullmatch(line):
            counted = _counting(told[1], rate, name, number)
            continue
        if events and (said := _SAID.fullmatch(line)):
            events[-1] = _with_comment(events[-1], said)
            continue
        if not line[:1].isdigit() or (found := _EVENT.fullmatch(line)) is None:
            if re.match(r"\d{1,8}\s+\S+\s+\S+\s+\S+\s+.*\d:\d", line):
                raise _fault(name, number, f"{line[:80]!r} is not an event of an EDL")
            continue
        if not _PICTURE.fullmatch(found["channel"]):
            continue
        times = found["times"].split()
        record = times[2:]
        start, end = (_time(text, counted, name, number) for text in record)
        if end > start:
            length = rate.time(int(found["length"] or 0))
            events.append(
                EdlEvent(
                    line=number,
                    start=start,
                    end=end,
                    length=length,
                    reel=found["reel"],
                    taken=(times[0], times[1]),
                    edit=found["edit"].upper(),
                    counting=counted,
                )
            )
    return events


def edl_time(text: str, event: EdlEvent, rate: FrameRate, name: str) -> Fraction:
    """Return the seconds of a source timecode of an event.

    Raises:
        FormatError: it is none at this frame rate.
    """
    return _time(text, event.counting or rate, name, event.line)


def full_hour(time: Fraction, rate: FrameRate) -> Fraction:
    """Return the seconds of the last full hour of timecode up to a time.

    An hour of timecode is 3603.6 s where 24 frames are counted and 23.976 pass.
    """
    hours = (rate.parse_timecode(f"{hour:02}:00:00:00") for hour in range(23, -1, -1))
    return next((hour for hour in hours if hour <= time), Fraction(0))


def _with_comment(event: EdlEvent, said: re.Match[str]) -> EdlEvent:
    """The event with what a line under it says; of a transition the clip it goes to."""
    if said["speed"]:
        return replace(event, speed=said["speed"])
    return replace(event, clip=said["clip"].strip())


def _counting(told: str, rate: FrameRate, name: str, line: int) -> FrameRate:
    if told.upper() == "NON-DROP":
        return FrameRate(rate.rate)
    try:
        return FrameRate(rate.rate, drop_frame=True)
    except TimecodeError as error:
        raise _fault(name, line, f"it counts drop-frame, but the programme has {rate.rate}") from (
            error
        )


def _time(text: str, rate: FrameRate, name: str, line: int) -> Fraction:
    try:
        dropping = rate.drop_frame or text[-3:-2] == ";"
        return FrameRate(rate.rate, drop_frame=dropping).parse_timecode(text)
    except TimecodeError as error:
        raise _fault(name, line, error.message.rstrip(".")) from error


def _fault(name: str, line: int, what: str) -> FormatError:
    return FormatError(
        f"{name}, line {line}: {what}.",
        remedy="Give the programme's frame rate with --fps, or correct the line.",
        line=line,
        column=1,
    )
