"""Time codes of EBU STL: at which rate they count, and where the programme starts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.model import FrameRate, Media

if TYPE_CHECKING:
    from subkit.files.plain_text import Repairs
    from subkit.formats.ebu_stl.stl_blocks import StlHead
    from subkit.interfaces.file_contents import ReadRequest

__all__ = ["StlClock", "head_clock", "media_clock"]

Fields = tuple[int, int, int, int]
"""Hours, minutes, seconds, frames."""

_RATES = {
    "23": Fraction(24000, 1001),
    "24": Fraction(24),
    "25": Fraction(25),
    "29": Fraction(30000, 1001),
    "30": Fraction(30),
    "50": Fraction(50),
    "60": Fraction(60),
}
"""What stands behind ``STL`` in the head; the standard has 25 and 30."""
_NOTE = "subkit: time codes count 30000/1001 frames a second"
_SLOW = Fraction(30000, 1001)


@dataclass(slots=True)
class StlClock:
    """The rate that time codes count, and the programme's start in seconds."""

    rate: FrameRate
    start: Fraction = Fraction(0)

    def seconds(self, fields: Fields) -> Fraction:
        """Return the time of a time code; fields beyond their range are carried."""
        hours, minutes, secs, frames = fields
        number = ((hours * 60 + minutes) * 60 + secs) * self.rate.nominal + frames
        if self.rate.drop_frame:
            whole = hours * 60 + minutes
            number -= self.rate.nominal // 15 * (whole - whole // 10)
        return self.rate.time(number)

    def fields(self, time: Fraction) -> Fields:
        """Return the time code of a time of the programme."""
        text = self.rate.timecode(time, self.start).replace(";", ":")
        hours, minutes, secs, frames = (int(part) for part in text.split(":"))
        return min(hours, 255), minutes, secs, frames

    @property
    def note(self) -> str:
        """What the user's area says of a rate that the head cannot name."""
        if self.rate.rate != _SLOW:
            return ""
        return f"{_NOTE}, drop-frame" if self.rate.drop_frame else _NOTE

    @property
    def code(self) -> str:
        """The format code of the head."""
        return f"STL{self.rate.nominal}.01"


def head_clock(head: StlHead, asked: ReadRequest, repairs: Repairs) -> StlClock:
    """Return how the time codes of a file count."""
    code = head.raw("DFC")
    rate = FrameRate(_RATES.get(code[3:5], Fraction(25)))
    if code not in ("STL25.01", "STL30.01"):
        repairs.add(f"The format code {code!r} is none of the standard; read at {rate.rate} frames")
    note = head.text("UDA")
    if note.startswith(_NOTE):
        rate = FrameRate(_SLOW, drop_frame=note.startswith(f"{_NOTE}, drop"))
    if asked.rate is not None and asked.rate.nominal == rate.nominal:
        rate = asked.rate
    clock = StlClock(rate)
    if asked.start is not None:
        clock.start = asked.start
        return clock
    digits = head.raw("TCP")
    if len(digits) == 8 and digits.isascii() and digits.isdigit():
        hours, minutes, secs, frames = (int(digits[i : i + 2]) for i in range(0, 8, 2))
        clock.start = clock.seconds((hours, minutes, secs, frames))
    elif digits:
        repairs.add(f"The programme's start {digits!r} is no time code; times count from zero")
    return clock


def media_clock(media: Media) -> StlClock:
    """Return how the time codes of a media's subtitles count: 25 or 30 frames a second."""
    rate = media.frame_rate or FrameRate(Fraction(25))
    if rate.nominal not in (30, 60):
        return StlClock(FrameRate(Fraction(25)), media.programme_start)
    slow = rate.rate.denominator != 1
    found = FrameRate(_SLOW, drop_frame=rate.drop_frame) if slow else FrameRate(Fraction(30))
    return StlClock(found, media.programme_start)
