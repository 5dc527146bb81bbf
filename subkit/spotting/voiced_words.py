"""Word times held to where a voice was heard.

Recognisers let a window's first word begin where the window begins, and stretch words over pauses.
In quiet that is put right by the energy of the sound; under music or noise the energy tells
nothing, but the voice detector still hears the voice begin and end.
"""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import Span

__all__ = ["hold_to_voice"]

Times = tuple[Fraction, Fraction]

_LATE = Fraction(3, 20)
"""Seconds that the detector may be late itself: it misses soft beginnings and endings."""

_MARGIN = Fraction(2, 25)
"""Seconds kept before its beginning of a voice, and after its end: half of that lateness."""


def hold_to_voice(times: Sequence[Times], voice: Sequence[Span]) -> list[Times]:
    """Words' starts and ends moved inward to the voice in them, where they lie far outside it.

    A word in which no voice was heard, nor right behind it, is left as it is: the detector misses
    some too.

    Args:
        times: Start and end of each word, seconds.
        voice: Where a voice was heard, in order.
    """
    if not voice:
        return list(times)
    starts = [span.start for span in voice]
    ends = [span.end for span in voice]
    return [_held(time, starts, ends) for time in times]


def _held(time: Times, starts: list[Fraction], ends: list[Fraction]) -> Times:
    start, end = time
    first = bisect_right(ends, start)  # the first voice that ends after the start
    last = bisect_right(starts, end) - 1  # the last voice that begins before the end
    if first < len(starts) and starts[first] - start > _LATE and starts[first] - end <= _LATE:
        start = min(starts[first] - _MARGIN, end)
    if first <= last and end - ends[last] > _LATE:
        end = ends[last] + _MARGIN
    return start, max(start, end)
