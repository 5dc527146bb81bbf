"""Time expressions of TTML (TTML2, section 12.3.1), read and written exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from subkit.errors import TimecodeError
from subkit.formats.text_times import stamp
from subkit.model import FrameRate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from subkit.files.repairs import Repairs

__all__ = ["TICK_RATE", "MediaClock", "clock_of", "written_time"]

TICK_RATE = 10_000_000
"""Ticks a second that files with ticks are written in."""

_CLOCK = re.compile(
    r"(?:(?P<h>\d{1,9}):)?(?P<m>\d{1,9}):(?P<s>\d{1,9})"
    r"(?:[.,](?P<part>\d{1,30})|[:;](?P<frames>\d{1,9})(?:\.(?P<sub>\d{1,9}))?)?"
)
_OFFSET = re.compile(r"(?P<count>\d{1,18}(?:\.\d{1,30})?|\.\d{1,30})\s?(?P<unit>h|ms|m|s|f|t|)")
_RATE = re.compile(r"\d{1,9}")
_MULTIPLIER = re.compile(r"(\d{1,9})(?:[ \t:/]+(\d{1,9}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaClock:
    """What time expressions of a document mean.

    Attributes:
        rate: Frames a second; drop-frame only under SMPTE timecode.
        sub_frames: Parts of a frame.
        ticks: Ticks a second.
        timecode: Clock times are SMPTE timecode: frames are counted, also through whole seconds.
            Else they are media time, where 00:00:03:12 is 3 seconds and 12 frames.
        stated: The document says its frame rate.
    """

    rate: FrameRate
    sub_frames: int = 1
    ticks: Fraction = Fraction(1)
    timecode: bool = False
    stated: bool = False

    def seconds(self, text: str, repairs: Repairs, place: Callable[[], str]) -> Fraction | None:
        """Return an expression in seconds; ``None`` where it is none.

        Args:
            text: The expression.
            repairs: Hears of frames that do not exist at the rate and of times without a unit.
            place: Names the element it stands in, for repairs.
        """
        if match := _CLOCK.fullmatch(text.strip()):
            return self._clock(match, repairs, place)
        if match := _OFFSET.fullmatch(text.strip()):
            count, unit = Fraction(match["count"]), match["unit"]
            if not unit:
                repairs.add("A time without a unit was read as seconds", place())
            scale = {"h": Fraction(3600), "m": Fraction(60), "ms": Fraction(1, 1000)}
            scale |= {"f": 1 / self.rate.rate, "t": 1 / self.ticks}
            return count * scale.get(unit, Fraction(1))
        return None

    def _clock(self, match: re.Match[str], repairs: Repairs, place: Callable[[], str]) -> Fraction:
        hours, minutes, seconds, frames = (
            int(match[key] or 0) for key in ("h", "m", "s", "frames")
        )
        whole = (hours * 60 + minutes) * 60 + seconds
        if match["part"]:
            scale = 10 ** len(match["part"])
            return Fraction(whole * scale + int(match["part"]), scale)
        parts = frames + Fraction(int(match["sub"] or 0), self.sub_frames)
        if frames >= self.rate.nominal:
            repairs.add(
                f"Frame numbers from {self.rate.nominal} on, which do not exist at "
                f"{float(self.rate.rate):.6g} frames a second, were carried into the next second",
                place(),
            )
        if not self.timecode:
            return whole + parts / self.rate.rate
        if self.rate.drop_frame and match["frames"] and frames < self.rate.nominal:
            text = f"{hours:02d}:{minutes:02d}:{seconds:02d};{frames:02d}"
            try:
                return self.rate.parse_timecode(text) + (parts - frames) / self.rate.rate
            except TimecodeError:
                repairs.add("Drop-frame numbers that are skipped were read as the next", place())
        return (whole * self.rate.nominal + parts - self._dropped(whole)) / self.rate.rate

    def _dropped(self, whole: int) -> int:
        if not self.rate.drop_frame:
            return 0
        minutes = whole // 60
        return (self.rate.nominal // 15) * (minutes - minutes // 10)


def clock_of(
    parameters: Mapping[str, str], asked: FrameRate | None, repairs: Repairs
) -> MediaClock:
    """Return what the parameters of a document make of its times.

    Args:
        parameters: Attributes of ``tt`` by short name.
        asked: The frame rate for a document that counts frames and does not say at which.
        repairs: Hears of parameters that mean nothing.
    """
    rate, stated = _rate(parameters, asked, repairs)
    timecode = parameters.get("ttp:timeBase") == "smpte"
    if timecode and parameters.get("ttp:dropMode") in ("dropNTSC", "drop"):
        try:
            rate = FrameRate(rate.rate, drop_frame=True)
        except TimecodeError:
            repairs.add(f"ttp:dropMode means nothing at {rate.rate} frames a second", "tt")
    sub = parameters.get("ttp:subFrameRate", "1")
    sub_frames = int(sub) if _RATE.fullmatch(sub) and int(sub) else 1
    ticks = parameters.get("ttp:tickRate", "")
    default = rate.rate * sub_frames if stated else Fraction(1)
    tick_rate = Fraction(int(ticks)) if _RATE.fullmatch(ticks) and int(ticks) else default
    return MediaClock(
        rate=rate, sub_frames=sub_frames, ticks=tick_rate, timecode=timecode, stated=stated
    )


def _rate(
    parameters: Mapping[str, str], asked: FrameRate | None, repairs: Repairs
) -> tuple[FrameRate, bool]:
    text = parameters.get("ttp:frameRate", "").strip()
    if not _RATE.fullmatch(text) or not int(text):
        if text:
            repairs.add(f"ttp:frameRate {text[:20]!r} is no frame rate", "tt")
        return asked or FrameRate(Fraction(30)), False
    multiplier = Fraction(1)
    written = parameters.get("ttp:frameRateMultiplier", "").strip()
    match = _MULTIPLIER.fullmatch(written)
    if match and int(match[1]) and int(match[2] or 1):
        multiplier = Fraction(int(match[1]), int(match[2] or 1))
        if multiplier in (Fraction(1001, 1000), Fraction(999, 1000)):
            # Written the wrong way round, and Apple's old 999 1000: both mean NTSC rates.
            multiplier = Fraction(1000, 1001)
    elif written:
        repairs.add(f"ttp:frameRateMultiplier {written[:20]!r} is none", "tt")
    return FrameRate(int(text) * multiplier), True


def written_time(time: Fraction, how: str, rate: FrameRate) -> str:
    """Return a time as an expression: ``"clock"``, ``"ticks"`` or ``"timecode"``."""
    if how == "ticks":
        return f"{floor(time * TICK_RATE + Fraction(1, 2))}t"
    if how == "timecode":
        return rate.timecode(time).replace(";", ":")
    return stamp(time, ".")
