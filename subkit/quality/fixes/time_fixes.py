"""When a cue should stand: rule -> function of its place in the track."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from subkit.model import SOUND_ONLY_RATE, Rounding, Span
from subkit.timing.cuts import cuts_of, snap_in, snap_out
from subkit.timing.measures import grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.interfaces import Subject
    from subkit.model import Cue, FrameRate

__all__ = ["TIME_FIXES", "Neighbours"]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A cue between those beside it in the same place of the picture."""

    before: Cue | None
    cue: Cue
    after: Cue | None


def _rate(subject: Subject) -> FrameRate:
    return grid(subject.media) or SOUND_ONLY_RATE


def _on_grid(near: Neighbours, subject: Subject) -> Span:
    rate, span = _rate(subject), near.cue.span
    start = rate.frame(span.start)
    return Span(rate.time(start), rate.time(max(rate.frame(span.end), start + 1)))


def _before_end(near: Neighbours, subject: Subject) -> Span:
    span, rate = near.cue.span, _rate(subject)
    end = rate.time(rate.frame(subject.media.duration, Rounding.BEFORE))
    return Span(span.start, end) if span.start < end < span.end else span


def _gap(near: Neighbours, subject: Subject) -> Span:
    """Out before the next one comes, by the least gap; also closes a gap left half open."""
    span, rate = near.cue.span, _rate(subject)
    if near.after is None:
        return span
    out = rate.frame(near.after.span.start) - subject.profile.min_gap_frames
    return Span(span.start, rate.time(out)) if rate.time(out) > span.start else span


def _long_enough(near: Neighbours, subject: Subject) -> Span:
    """A little later out, then a little earlier in, as far as there is room."""
    span, rate, gap = near.cue.span, _rate(subject), subject.profile.min_gap_frames
    wanted = ceil(subject.profile.min_duration * rate.rate)
    start, out = rate.frame(span.start), rate.frame(span.end)
    latest = rate.frame(near.after.span.start) - gap if near.after else start + wanted
    out = max(out, min(latest, start + wanted))
    earliest = rate.frame(near.before.span.end) + gap if near.before else 0
    start = min(start, max(earliest, out - wanted))
    return Span(rate.time(start), rate.time(out))


def _shots(near: Neighbours, subject: Subject) -> Span:
    rate, rules = _rate(subject), subject.profile.shots
    if rules is None or not subject.shots:
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
    "chained-gap": _gap,
    "min-duration": _long_enough,
}
"""In the order in which they are applied."""

AT_THE_ONE_BEFORE = ("gap", "overlap", "chained-gap")
"""Rules whose finding stands at a cue, but whose fix moves the one before it."""
