"""Times of a film as people write them: seconds, a clock, or timecode."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import InputError, TimecodeError

if TYPE_CHECKING:
    from subkit.model import Media

__all__ = ["find_time", "media_time"]

_SECONDS = re.compile(r"\d{1,7}(?:[.,]\d{1,9})?")
_EXACT = re.compile(r"\d{1,12}/[1-9]\d{0,11}")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,9})?)")


def media_time(text: str, media: Media) -> Fraction:
    """Seconds of the media from seconds (``83.4``), a clock (``00:01:23,400``) or a timecode.

    Raises:
        InputError: it is none of them, or lies before the programme's start.
    """
    time = find_time(text.strip(), media)
    if time is None or time < 0:
        raise InputError(
            f"{text!r} is not a time of this media.",
            remedy="Write seconds (12.5), HH:MM:SS,mmm or HH:MM:SS:FF.",
        )
    return time


def find_time(text: str, media: Media) -> Fraction | None:
    """Likewise; ``None`` for what is no time, negative before the programme's start."""
    if _SECONDS.fullmatch(text) or _EXACT.fullmatch(text):
        return Fraction(text.replace(",", "."))
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, rest = clock.groups()
        time = int(hours or 0) * 3600 + int(minutes) * 60 + Fraction(rest.replace(",", "."))
        # As a player that knows the programme's start shows it, or one that does not.
        return time - media.programme_start if time >= media.programme_start else time
    try:
        return media.frame_grid.parse_timecode(text) - media.programme_start
    except TimecodeError:
        return None
