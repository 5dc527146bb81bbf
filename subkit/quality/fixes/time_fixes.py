"""Fixes of a cue's times, by rule.

Times go to the frames of the media where they are known. Where they are not, nothing is moved to
any grid: a gap counts frames of :data:`SOUND_ONLY_RATE`, as the rules do, and ends where it ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from subkit.model import Rounding, Span
from subkit.timing.cuts import cuts_of, snap_in, snap_out
from subkit.timing.measures import FLICKER_FRAMES, grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.interfaces import Subject
    from subkit.model import Cue

__all__ = ["AT_THE_ONE_BEFORE", "TIME_FIXES", "Neighbours"]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A cue with its neighbours in the same position of the picture."""

    before: Cue | None
    cue: Cue
    after: Cue | None


def _snapped(time: Fraction, subject: Subject) -> Fraction:
    """Return the time of the nearest frame; the time itself where the media has no frames."""
    rate = grid(subject.media)
    return time if rate is None else rate.snap(time)


def _frames(count: int, subject: Subject) -> Fraction:
    """Return how many seconds so many frames last."""
    return count / (grid(subject.media) or subject.media.frame_grid).rate


def _on_grid(near: Neighbours, subject: Subject) -> Span:
    rate, span = grid(subject.media), near.cue.span
    if rate is None:
        return span
    start = rate.frame(span.start)
    return Span(rate.time(start), rate.time(max(rate.frame(span.end), start + 1)))


def _before_end(near: Neighbours, subject: Subject) -> Span:
    span, rate, end = near.cue.span, grid(subject.media), subject.media.duration
    if rate is not None:
        end = rate.time(rate.frame(end, Rounding.BEFORE))
    return Span(span.start, end) if span.start < end < span.end else span


def _gap(near: Neighbours, subject: Subject) -> Span:
    """End a cue before the next one begins, by the smallest gap allowed."""
    return _closed(near, subject, subject.profile.min_gap_frames)


def _chained(near: Neighbours, subject: Subject) -> Span:
    """Extend a cue so close to the next one that no pause is seen."""
    return _closed(near, subject, max(subject.profile.min_gap_frames, FLICKER_FRAMES))


def _closed(near: Neighbours, subject: Subject, frames: int) -> Span:
    span = near.cue.span
    if near.after is None:
        return span
    out = _snapped(near.after.span.start, subject) - _frames(frames, subject)
    return Span(span.start, out) if out > span.start else span


def _long_enough(near: Neighbours, subject: Subject) -> Span:
    """Lengthen a cue at its end, then at its start, as far as there is room."""
    gap, wanted = _frames(subject.profile.min_gap_frames, subject), subject.profile.min_duration
    if rate := grid(subject.media):
        wanted = ceil(wanted * rate.rate) / rate.rate
    start, out = _snapped(near.cue.span.start, subject), _snapped(near.cue.span.end, subject)
    latest = start + wanted
    if near.after is not None:
        latest = min(latest, _snapped(near.after.span.start, subject) - gap)
    out = max(out, latest)
    earliest = Fraction(0)
    if near.before is not None:
        earliest = _snapped(near.before.span.end, subject) + gap
    start = min(start, max(earliest, out - wanted))
    return Span(start, out)


def _shots(near: Neighbours, subject: Subject) -> Span:
    rate, rules = grid(subject.media), subject.profile.shots
    if rate is None or rules is None or not subject.shots:
        return near.cue.span
    cuts = cuts_of(subject.shots, rules, rate)
    start = snap_in(rate.frame(near.cue.span.start), cuts)
    out = snap_out(rate.frame(near.cue.span.end), cuts)
    return Span(rate.time(start), rate.time(out)) if out > start else near.cue.span


TIME_FIXES: dict[str, Callable[[Neighbours, Subject], Span]] = {
    "off-grid": _on_grid,
    "past-end": _before_end,
    "shot-in": _shots,
    "shot-out": _shots,
    "gap": _gap,
    "overlap": _gap,
    "chained-gap": _chained,
    "min-duration": _long_enough,
}
"""In the order in which they are applied."""

AT_THE_ONE_BEFORE = ("gap", "overlap", "chained-gap")
"""Rules whose finding stands at a cue, but whose fix moves the one before it."""
