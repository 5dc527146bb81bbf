"""CMX3600 edit decision lists: the events, as far as the picture of a programme shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from subkit.errors import FormatError, TimecodeError
from subkit.model import FrameRate

__all__ = ["EdlEvent", "is_edl", "read_events"]

_EVENT = re.compile(
    r"(?P<number>[0-9A-Za-z]{1,8})\s+(?P<reel>\S{1,129})\s+(?P<channel>\S{1,16})\s+"
    r"(?P<edit>C|D|K|KB|KO|W\d{1,3})\s+(?:(?P<length>\d{1,5})\s+)?"
    r"(?P<times>\S+\s+\S+\s+\S+\s+\S+)\s*",
    re.IGNORECASE,
)
_COUNTING = re.compile(r"FCM:\s*(NON-DROP|DROP)[ -]FRAME.*", re.IGNORECASE)
_HEAD = re.compile(r"\s*(TITLE:|FCM:)", re.IGNORECASE)
_PICTURE = re.compile(r"V\d*|B|(A{1,2}\d*|B)/V\d*|V\d*/A{1,2}\d*|A\d?V\d*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class EdlEvent:
    """An event in the picture.

    Attributes:
        line: Its line in the file, from 1.
        start: Record-in: when it begins in the programme, seconds of its timecode.
        end: Record-out.
        length: Seconds of the transition into it; 0 for a cut.
    """

    line: int
    start: Fraction
    end: Fraction
    length: Fraction


def is_edl(text: str) -> bool:
    """Whether a text is meant as an edit decision list."""
    lines = (line for line in text.splitlines()[:200] if line.strip())
    return any(_HEAD.match(line) or _EVENT.fullmatch(line.strip()) for line in lines)


def read_events(text: str, *, name: str, rate: FrameRate) -> list[EdlEvent]:
    """The events that show a picture, in order of the file.

    Timecode counts as the last ``FCM`` line says, or drops frames where it is written with ``;``.
    Sound-only events and events without length (the "from" side of a transition) are left out, and
    so are comments and speed changes.

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
        if not line[:1].isdigit() or (found := _EVENT.fullmatch(line)) is None:
            if re.match(r"\d{1,8}\s+\S+\s+\S+\s+\S+\s+.*\d:\d", line):
                raise _fault(name, number, f"{line[:80]!r} is not an event of an EDL")
            continue
        if not _PICTURE.fullmatch(found["channel"]):
            continue
        record = found["times"].split()[2:]
        start, end = (_time(text, counted, name, number) for text in record)
        if end > start:
            length = rate.time(int(found["length"] or 0))
            events.append(EdlEvent(line=number, start=start, end=end, length=length))
    return events


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
