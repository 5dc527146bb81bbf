"""Times of the stage's files: timecode of the film, there and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import TimecodeError
from subkit.model import FrameRate

if TYPE_CHECKING:
    from subkit.exchange.dub_files.dub_scripts import DubScript
    from subkit.files.repairs import Repairs
    from subkit.interfaces.file_contents import ReadRequest

__all__ = ["DubClock", "asked_clock", "script_clock"]

_USUAL_RATE = FrameRate(Fraction(25))
_CODE = re.compile(r"(\d{1,3}):(\d{1,2}):(\d{1,2})[:;.](\d{1,3})")


@dataclass(frozen=True, slots=True)
class DubClock:
    """Seconds of a film as timecode, and back.

    Attributes:
        rate: Of the picture.
        start: Timecode of the first frame, as seconds.
    """

    rate: FrameRate
    start: Fraction = Fraction(0)

    @property
    def frame(self) -> Fraction:
        """Seconds of a frame."""
        return 1 / self.rate.rate

    def code(self, time: Fraction) -> str:
        """Return a time of the film as timecode; one before its timecode begins as zero."""
        return self.rate.timecode(max(time, -self.start), self.start)

    def time(self, code: str, repairs: Repairs) -> Fraction | None:
        """Return the time of a timecode in seconds of the film; ``None`` for what is none.

        A frame number that does not exist is carried on, a time before the film put at its start;
        both are told.
        """
        found = self._absolute(code.strip(), repairs)
        if found is not None and found < self.start:
            repairs.add("Times before the film's start were put there", code.strip()[:20])
        return None if found is None else max(found - self.start, Fraction(0))

    def absolute(self, code: str, repairs: Repairs) -> Fraction | None:
        """Return a timecode in seconds from zero; ``None`` for what is none."""
        return self._absolute(code.strip(), repairs)

    def _absolute(self, code: str, repairs: Repairs) -> Fraction | None:
        match = _CODE.fullmatch(code)
        if match is None:
            return None
        hours, minutes, seconds, frames = map(int, match.groups())
        mark = ";" if self.rate.drop_frame else ":"
        width = max(2, len(str(self.rate.nominal - 1)))
        plain = f"{hours:02d}:{minutes:02d}:{seconds:02d}{mark}{frames:0{width}d}"
        try:
            return self.rate.parse_timecode(plain)
        except TimecodeError:
            repairs.add("Frame numbers that do not exist at this rate were carried on", code)
            number = ((hours * 60 + minutes) * 60 + seconds) * self.rate.nominal + frames
            return self.rate.time(number)


def script_clock(script: DubScript) -> DubClock:
    """Return the clock of a script that is written."""
    return DubClock(script.rate or _USUAL_RATE, script.start)


def asked_clock(asked: ReadRequest, repairs: Repairs) -> DubClock:
    """Return the clock of a file that does not say its frame rate."""
    if asked.rate is None:
        repairs.add("Nothing says the frame rate; 25 frames a second were taken")
    return DubClock(asked.rate or _USUAL_RATE, asked.start or Fraction(0))
