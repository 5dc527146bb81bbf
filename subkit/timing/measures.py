"""Exact measures for the rules, and their printed form."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from subkit.language import half_units, resolve_language
from subkit.model import FrameRate, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.model import Cue, Media, Track

__all__ = [
    "FLICKER_FRAMES",
    "above",
    "below",
    "grid",
    "instant",
    "is_on_grid",
    "may_follow",
    "may_last_less",
    "may_last_more",
    "neighbours",
    "on_grid",
    "reading_width",
    "slack",
    "word_count",
]

_TOLERANCE = Fraction(1, 2000)
"""Seconds: text formats keep milliseconds, so a time within half of one stands for its frame."""


FLICKER_FRAMES = 2
"""Frames of a gap that is never seen as a pause, however small the style's least gap is."""


def grid(media: Media) -> FrameRate | None:
    """The frame grid; ``None`` without video and where frames are not evenly spaced."""
    return None if media.variable_frame_rate else media.frame_rate


def is_on_grid(time: Fraction, rate: FrameRate) -> bool:
    """Whether a time is a frame boundary, but for the rounding of text formats."""
    return _boundary(time, rate.rate) is not None


def _boundary(time: Fraction, rate: Fraction) -> Fraction | None:
    """The frame boundary that a time stands for; ``None`` if it is too far from any.

    In whole numbers, for it is asked many times a cue.
    """
    over, under = time.numerator * rate.numerator, time.denominator * rate.denominator
    frame = (2 * over + under) // (2 * under)
    off = abs(frame * under - over)
    if not off:
        return time
    if off * _TOLERANCE.denominator * rate.denominator > under * rate.numerator:
        return None
    return frame / rate


def on_grid(span: Span, media: Media) -> Span:
    """The span that is measured: ends a rounding away from a frame boundary are on it.

    So a track measures the same before it was written as milliseconds and after.
    """
    rate = grid(media)
    if rate is None:
        return span
    start, end = _boundary(span.start, rate.rate), _boundary(span.end, rate.rate)
    if start is span.start and end is span.end:
        return span
    return Span(span.start if start is None else start, span.end if end is None else end)


def instant(time: Fraction) -> float:
    """Seconds as the nearest float: for sorting, which it never puts out of order."""
    return time.numerator / time.denominator


_NEAR = 0.01
"""Seconds: more than what a frame grid and a float may move a time by, together."""


def may_last_less(cue: Cue, limit: float) -> bool:
    """Whether a cue may be shorter than so many seconds: a sieve before exact arithmetic.

    Many times faster than fractions, and never wrong when it says no.
    """
    return instant(cue.span.end) - instant(cue.span.start) < limit + _NEAR


def may_last_more(cue: Cue, limit: float) -> bool:
    """Whether a cue may be longer than so many seconds; see :func:`may_last_less`."""
    return instant(cue.span.end) - instant(cue.span.start) > limit - _NEAR


def may_follow(before: Cue, cue: Cue, within: float) -> bool:
    """Whether a cue may begin less than so many seconds after another's end, or before it."""
    return instant(cue.span.start) - instant(before.span.end) < within + _NEAR


def slack(media: Media) -> Fraction:
    """How much shorter or longer a span may be than it measures, seconds.

    On a frame grid nothing; without one, a millisecond: both ends may have been rounded by half.
    """
    return Fraction(1, 1000) if grid(media) is None else Fraction(0)


def reading_width(cue: Cue, counting: str) -> Fraction:
    """Characters to read in a cue: its lines', without the breaks between them."""
    return Fraction(sum(half_units(line, counting) for line in cue.lines), 2)


def word_count(cue: Cue, language: str) -> int:
    """Words in a cue as guides count them; 0 in a language that does not space them."""
    if not resolve_language(language).spaces:
        return 0
    return sum(any(map(str.isalnum, word)) for word in cue.text.split())


def neighbours(track: Track) -> Iterator[tuple[Cue, Cue]]:
    """Each cue with the one that was last to leave its place in the picture before it.

    By in-time. Cues at the top and at the bottom may be on screen together.
    """
    last: dict[str, Cue] = {}
    for cue in sorted(track.cues, key=lambda cue: instant(cue.span.start)):
        place = cue.placement.vertical
        before = last.get(place)
        if before is not None:
            yield before, cue
        if before is None or instant(cue.span.end) > instant(before.span.end):
            last[place] = cue


def above(value: Fraction | int, places: int = 1) -> str:
    """A number over its limit in decimals, rounded up so that it is seen to be over it."""
    return _decimals(ceil(value * 10**places), places)


def below(value: Fraction | int, places: int = 3) -> str:
    """A number under its limit in decimals, rounded down so that it is seen to be under it."""
    return _decimals(floor(value * 10**places), places)


def _decimals(scaled: int, places: int) -> str:
    whole, rest = divmod(scaled, 10**places)
    digits = f"{rest:0{places}d}".rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)
