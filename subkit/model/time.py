"""Exact time: seconds as fractions, half-open spans, frame rates and SMPTE timecode.

Floats are refused: at 24000/1001 the same twenty frames last 834 or 835 ms depending on where they
stand, so a rule on milliseconds flags one cue and passes its twin. Zero is the first video frame as
a player shows it; the programme start (10:00:00:00) is added only when a timecode is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import ceil, floor

from subkit.errors import TimecodeError
from subkit.model.clock import clock_time

__all__ = ["FrameRate", "Rounding", "Span", "exact_number", "seconds", "small_number"]

_TIMECODE = re.compile(r"(\d{2,3}):(\d{2}):(\d{2})([:;.])(\d{2,3})")
_DROP_RATES = {Fraction(30000, 1001): 2, Fraction(60000, 1001): 4}


def seconds(value: Fraction | int | str) -> Fraction:
    """A time in exact seconds.

    Args:
        value: Whole seconds, a fraction, or text such as ``"3003/1000"`` or ``"3.003"``.

    Raises:
        TypeError: ``value`` is a float (or anything else that is not exact).
        TimecodeError: the text is not a number.
    """
    if type(value) is Fraction:
        return value
    if isinstance(value, bool) or not isinstance(value, (Fraction, int, str)):
        raise TypeError(f"time must be exact (Fraction, int or text), not {value!r}")
    try:
        return exact_number(value) if isinstance(value, str) else Fraction(value)
    except ValueError as error:
        raise TimecodeError(f"{value!r:.60} is not a time in seconds.", value=value) from error


_NUMBER = re.compile(r"[+-]?(?:\d{1,1000}(?:\.\d{0,1000})?|\.\d{1,1000}|\d{1,1000}/\d{1,1000})")


def small_number(text: str) -> int | None:
    """A whole number in up to nine ASCII digits; ``None`` for all else.

    ``int`` raises for "²", which ``isdigit`` calls a digit, and for thousands of digits.
    """
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def exact_number(text: str) -> Fraction:
    """A number written with a point or as a fraction; the one way for numbers from strangers.

    ``Fraction("1e999999999")`` would count zeros for hours.

    Raises:
        ValueError: it is none, or has an exponent or thousands of digits.
    """
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(text)
    try:
        return Fraction(text)
    except ZeroDivisionError as error:
        raise ValueError(text) from error


class Rounding(Enum):
    """The frame boundary to which a time between two of them is rounded."""

    NEAREST = "nearest"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of time ``[start, end)`` in exact seconds, ``0 <= start <= end``.

    Raises:
        TypeError: a float was given.
        TimecodeError: the start is negative or after the end.
    """

    start: Fraction
    end: Fraction

    def __post_init__(self) -> None:
        start, end = self.start, self.end
        if type(start) is not Fraction or type(end) is not Fraction:
            start, end = seconds(start), seconds(end)
            object.__setattr__(self, "start", start)
            object.__setattr__(self, "end", end)
        # In whole numbers: every cue, word and finding asks this.
        ordered = start.numerator * end.denominator <= end.numerator * start.denominator
        if start.numerator < 0 or not ordered:
            raise TimecodeError(
                f"A span must have 0 <= start <= end, not {self.start} to {self.end} s.",
                start=self.start,
                end=self.end,
            )

    @property
    def duration(self) -> Fraction:
        """Length in seconds."""
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share more than a boundary."""
        return self.start < other.end and other.start < self.end

    def __format__(self, spec: str) -> str:
        """Format as ``HH:MM:SS.mmm-HH:MM:SS.mmm``.

        The specs ``start`` and ``end`` give that time alone; any other is that of a text.
        """
        if spec in {"start", "end"}:
            return clock_time(self.start if spec == "start" else self.end)
        return format(f"{clock_time(self.start)}-{clock_time(self.end)}", spec)

    def shifted(self, by: Fraction) -> Span:
        """The same span ``by`` seconds later (earlier when negative)."""
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class FrameRate:
    """Frames a second, exact, and whether timecode drops frame numbers.

    Attributes:
        rate: Frames a second, for example ``Fraction(24000, 1001)``.
        drop_frame: Timecode skips frame numbers so that it keeps up with the clock (SMPTE ST 12-1);
            legal only at 30000/1001 and 60000/1001.

    Raises:
        TimecodeError: the rate is not positive, or drop-frame at a rate that has none.
    """

    rate: Fraction
    drop_frame: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", seconds(self.rate))
        if self.rate <= 0:
            raise TimecodeError(f"A frame rate must be positive, not {self.rate}.", rate=self.rate)
        if self.drop_frame and self.rate not in _DROP_RATES:
            raise TimecodeError(
                f"Drop-frame timecode exists only at 30000/1001 and 60000/1001, not {self.rate}.",
                rate=self.rate,
            )

    @property
    def nominal(self) -> int:
        """Frame numbers in one second of timecode: 24 at 24000/1001."""
        return ceil(self.rate)

    def frame(self, time: Fraction, rounding: Rounding = Rounding.NEAREST) -> int:
        """The frame number at ``time`` seconds; halves go up under ``NEAREST``."""
        exact = time * self.rate
        if rounding is Rounding.BEFORE:
            return floor(exact)
        if rounding is Rounding.AFTER:
            return ceil(exact)
        return floor(exact + Fraction(1, 2))

    def time(self, frame: int) -> Fraction:
        """The time in seconds at which ``frame`` begins."""
        return Fraction(frame) / self.rate

    def snap(self, time: Fraction, rounding: Rounding = Rounding.NEAREST) -> Fraction:
        """``time`` moved onto a frame boundary, in seconds."""
        return self.time(self.frame(time, rounding))

    def timecode(self, time: Fraction, programme_start: Fraction = Fraction(0)) -> str:
        """SMPTE timecode ``HH:MM:SS:FF`` (``;`` before the frames when dropping) at ``time``.

        Args:
            time: Seconds from the first frame of the media.
            programme_start: Seconds of real time that the first frame's timecode stands for.
        """
        number = self.frame(time + programme_start)
        if self.drop_frame:
            number = self._with_dropped_numbers(number)
        count, frames = divmod(number, self.nominal)
        separator = ";" if self.drop_frame else ":"
        width = max(2, len(str(self.nominal - 1)))
        return (
            f"{count // 3600:02d}:{count // 60 % 60:02d}:{count % 60:02d}"
            f"{separator}{frames:0{width}d}"
        )

    def whole_frames(self, span: Span) -> Span:
        """The span from the nearest frame to the nearest, a frame long at least."""
        first = self.frame(span.start)
        return Span(self.time(first), self.time(max(self.frame(span.end), first + 1)))

    def parse_timecode(self, text: str) -> Fraction:
        """Parse a timecode and return its time in seconds.

        Raises:
            TimecodeError: not a timecode, a field out of range, or a frame number that drop-frame
                counting skips (29.97DF has no ``00:01:00;00``).
        """
        match = _TIMECODE.fullmatch(text.strip())
        if match is None:
            raise TimecodeError(
                f"{text!r} is not a timecode.", remedy="Write HH:MM:SS:FF.", value=text
            )
        hours, minutes, secs, frames = (int(match[i]) for i in (1, 2, 3, 5))
        if minutes > 59 or secs > 59 or frames >= self.nominal:
            raise TimecodeError(
                f"{text!r} is not a timecode at {self.rate} frames a second.", value=text
            )
        number = ((hours * 60 + minutes) * 60 + secs) * self.nominal + frames
        if self.drop_frame:
            dropped = _DROP_RATES[self.rate]
            if minutes % 10 and not secs and frames < dropped:
                raise TimecodeError(f"Drop-frame timecode skips {text!r}.", value=text)
            whole = hours * 60 + minutes
            number -= dropped * (whole - whole // 10)
        return self.time(number)

    def _with_dropped_numbers(self, number: int) -> int:
        """Frame count -> frame number as drop-frame timecode counts it (SMPTE ST 12-1)."""
        dropped = _DROP_RATES[self.rate]
        per_minute = self.nominal * 60 - dropped
        per_ten = per_minute * 10 + dropped
        tens, rest = divmod(number, per_ten)
        skipped = tens * 9 * dropped
        if rest >= self.nominal * 60:
            skipped += dropped * (1 + (rest - self.nominal * 60) // per_minute)
        return number + skipped
