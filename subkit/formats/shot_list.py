"""Lists of shot changes: EDL, one time per line, or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

from subkit.errors import FormatError, TimecodeError
from subkit.files.data_files import parse_json
from subkit.files.plain_text import Repairs, decode
from subkit.formats.edl import is_edl, read_events
from subkit.model import FrameRate

__all__ = ["read_shots"]

_MOST = 200_000
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d{1,9})?)")
_TIMECODE = re.compile(r"\d{2,3}:\d{2}:\d{2}[:;]\d{2,3}")
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,12}|/[1-9]\d{0,11})?")
_HOUR = 3600
_REMEDY = 'A time is a timecode (00:01:02:03), a clock (00:01:02.125) or seconds (62.125, "497/8").'


def read_shots(
    data: bytes,
    *,
    name: str,
    rate: FrameRate,
    programme_start: Fraction = Fraction(0),
    duration: Fraction | None = None,
) -> tuple[Fraction, ...]:
    """The shot changes of a list, in order, seconds from the first frame of the programme.

    The list is a CMX3600 EDL (each event of the picture begins a shot at its record-in, a dissolve
    at its middle), JSON (a list of times, or what ``subkit shots --json`` prints), or one time a
    line, where ``#`` begins a comment. Timecodes that begin at the programme start are
    taken from there, seconds never; an EDL that begins behind the end of the media is taken from
    its first event.

    Args:
        data: The file's bytes.
        name: Its name, for errors.
        rate: Frame rate of the programme.
        programme_start: Real time in seconds that the first frame's timecode stands for.
        duration: Length of the programme in seconds, where it is known.

    Raises:
        FormatError: a time cannot be read, or none lies in the programme; ``facts`` carry ``line``.
    """
    text = decode(data, name, Repairs())
    head = text.lstrip()[:1]
    edl = head not in ("[", "{") and is_edl(text)
    if edl:
        events = read_events(text, name=name, rate=rate)
        times = [(event.start + event.length / 2, True) for event in events]
        first = min((event.start for event in events), default=Fraction(0))
    else:
        found = _of_json(text, name, rate) if head in ("[", "{") else _of_lines(text, name, rate)
        times = list(islice(found, _MOST + 1))
        first = min((time for time, coded in times if coded), default=Fraction(0))
    if len(times) > _MOST:
        raise _fault(name, f"more than {_MOST} shot changes")
    zero = programme_start if first >= programme_start else Fraction(0)
    if edl and not zero and first >= (_HOUR if duration is None else duration):
        zero = first
    moved = sorted({time - zero if coded else time for time, coded in times})
    inside = tuple(t for t in moved if t > 0 and (duration is None or t < duration))
    if not inside and any(moved):
        raise FormatError(
            f"{name}: no shot change lies in the programme, which begins at "
            f"{rate.timecode(programme_start)}; the first is at {rate.timecode(zero + moved[0])}.",
            remedy="Check that the list is of this programme, its frame rate and its start.",
            line=1,
        )
    return inside


def _of_lines(text: str, name: str, rate: FrameRate) -> Iterator[tuple[Fraction, bool]]:
    for number, raw in enumerate(text.splitlines(), 1):
        words = raw.partition("#")[0].split()
        if words:
            yield _time(words[0].strip(",;"), name, rate, number)


def _time(text: str, name: str, rate: FrameRate, line: int) -> tuple[Fraction, bool]:
    """Seconds, and whether they are written as timecode, which counts from the programme start."""
    try:
        if _TIMECODE.fullmatch(text):
            dropping = rate.drop_frame or ";" in text
            return FrameRate(rate.rate, drop_frame=dropping).parse_timecode(text), True
    except TimecodeError as error:
        raise _fault(name, error.message.rstrip("."), line) from error
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = clock.groups()
        rest = Fraction(seconds.replace(",", "."))
        return int(hours or 0) * _HOUR + int(minutes) * 60 + rest, False
    if _NUMBER.fullmatch(text):
        return Fraction(text), False
    raise _fault(name, f"{text[:80]!r} is not a time", line)


def _of_json(text: str, name: str, rate: FrameRate) -> Iterator[tuple[Fraction, bool]]:
    found = parse_json(text, name, remedy=_REMEDY, numbers=False)
    items: Any = found.get("shots") if isinstance(found, dict) else found
    if not isinstance(items, list):
        raise _fault(name, 'not a list of times, nor an object with "shots"')
    for number, item in enumerate(items, 1):
        time = item.get("time") if isinstance(item, dict) else item
        if not isinstance(time, str):
            raise _fault(name, f"item {number} is {str(item)[:60]} and not a time")
        yield _time(time.strip(), f"{name}, item {number}", rate, 0)


def _fault(name: str, what: str, line: int = 1) -> FormatError:
    """The fault of a line; line 0 stands for a place that the name tells."""
    place = f"{name}, line {line}" if line else name
    return FormatError(f"{place}: {what}.", remedy=_REMEDY, line=max(1, line))
