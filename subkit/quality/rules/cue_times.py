"""Rules on times: order, overlap, gaps, durations, the frame grid."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.model import Purpose, Quantity, Span
from subkit.quality.rule import ERROR, WARNING, Breach, CueRule, TrackRule, over, under
from subkit.timing.measures import (
    FLICKER_FRAMES,
    above,
    below,
    grid,
    instant,
    is_on_grid,
    may_follow,
    may_last_less,
    may_last_more,
    neighbours,
    on_grid,
    slack,
    word_count,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue

__all__ = ["RULES"]

_LONGEST_FRAMES = Fraction(24000, 1001)


def _no_cue(subject: Subject) -> Iterator[Breach]:
    """A track without a single cue, unless it is one of forced narrative: an empty delivery."""
    if not subject.track.cues and subject.track.purpose is not Purpose.FORCED:
        yield Breach(
            cue=None,
            span=Span(Fraction(0), max(subject.media.duration, Fraction(0))),
            measured=Quantity.of(0, "cues"),
            limit=Quantity.of(1, "cues", "1 cue"),
            fault="The track holds no cue",
        )


def _order(subject: Subject) -> Iterator[Breach]:
    """A cue that starts before the one before it."""
    for before, cue in pairwise(subject.track.cues):
        if instant(cue.span.start) > instant(before.span.start):
            continue
        if cue.span.start < before.span.start:
            early = above(before.span.start - cue.span.start, 3)
            yield Breach(
                cue=cue,
                measured=over(before.span.start - cue.span.start, "s", 3),
                limit=over(0, "s"),
                fault=f"starts {early} s before cue {before.id}, which stands before it",
            )


def _overlap(subject: Subject) -> Iterator[Breach]:
    """A cue on screen together with an earlier one in the same place."""
    for before, cue in neighbours(subject.track):
        if not may_follow(before, cue, 0.0):
            continue
        shared = on_grid(before.span, subject.media).end - on_grid(cue.span, subject.media).start
        if shared > 0:
            end = min(before.span.end, cue.span.end)
            yield Breach(
                cue=cue,
                measured=over(shared, "s", 3),
                limit=over(0, "s"),
                fault=f"starts {above(shared, 3)} s before cue {before.id} is gone",
                span=Span(cue.span.start, max(end, cue.span.start)),
            )


def _gap(subject: Subject) -> Iterator[Breach]:
    """Fewer frames than the profile's between two cues in one place."""
    media, least = subject.media, subject.profile.min_gap_frames
    rate = media.frame_grid
    most = instant(least / rate.rate)
    for before, cue in neighbours(subject.track):
        if not may_follow(before, cue, most):
            continue
        gap = (on_grid(cue.span, media).start - on_grid(before.span, media).end) * rate.rate
        if 0 <= gap < least - slack(media) * rate.rate:
            shown = _frames(below(gap, 1))
            yield Breach(
                cue=cue,
                measured=Quantity.of(gap, "frames", shown),
                limit=Quantity.of(least, "frames", _frames(str(least))),
                fault=f"follows cue {before.id} after {shown}, fewer than {least}",
                span=_between(before, cue),
            )


def _chained_gap(subject: Subject) -> Iterator[Breach]:
    """A gap too short to be seen as a pause: the subtitle flickers.

    A gap longer than the least one but below the closing limit is closed to the least one (Netflix
    timing guidelines: from 3 frames to half a second). Two frames are never seen as a pause.
    """
    media, most = subject.media, subject.profile.chain
    least = max(subject.profile.min_gap_frames, FLICKER_FRAMES)
    # Where the rate is not known, frames may be as long as those of a film at 24000/1001.
    rate = media.frame_rate.rate if media.frame_rate else _LONGEST_FRAMES
    low, high = least / rate + slack(media), most - slack(media)
    soon = instant(most)
    for before, cue in neighbours(subject.track) if most else ():
        if not may_follow(before, cue, soon):
            continue
        gap = on_grid(cue.span, media).start - on_grid(before.span, media).end
        if low < gap < high:
            shown = f"{below(gap)} s"
            yield Breach(
                cue=cue,
                measured=under(gap, "s"),
                limit=Quantity.of(most, "s", f"{_frames(str(least))} or {above(most, 3)} s"),
                fault=(
                    f"follows cue {before.id} after {shown}: close the gap to "
                    f"{_frames(str(least))}, or open it to {above(most, 3)} s"
                ),
                span=_between(before, cue),
            )


def _between(before: Cue, cue: Cue) -> Span | None:
    ordered = before.span.end <= cue.span.start
    return Span(before.span.end, cue.span.start) if ordered else None


def _frames(number: str) -> str:
    return f"{number} frame" if number == "1" else f"{number} frames"


def _min_duration(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A cue too short to be noticed and read."""
    least = subject.profile.min_duration
    if not may_last_less(cue, instant(least)):
        return
    duration = on_grid(cue.span, subject.media).duration
    if duration < least - slack(subject.media):
        yield Breach(
            cue=cue,
            measured=under(duration, "s"),
            limit=over(least, "s", 3),
            fault=f"lasts {below(duration)} s, less than {above(least, 3)} s",
        )


def _max_duration(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A cue that stays so long that viewers read it twice."""
    most = subject.profile.max_duration
    if not may_last_more(cue, instant(most)):
        return
    duration = on_grid(cue.span, subject.media).duration
    if duration > most + slack(subject.media):
        yield Breach(
            cue=cue,
            measured=over(duration, "s", 3),
            limit=under(most, "s"),
            fault=f"lasts {above(duration, 3)} s, more than {below(most)} s",
        )


def _word_duration(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A cue shorter than its number of words asks for (BBC: 0.3 s a word)."""
    each = subject.profile.word_duration
    count = word_count(cue, subject.track.language) if each else 0
    if not each or not count or not may_last_less(cue, instant(count * each)):
        return
    duration = on_grid(cue.span, subject.media).duration
    if duration < count * each - slack(subject.media):
        least = above(count * each, 3)
        yield Breach(
            cue=cue,
            measured=under(duration, "s"),
            limit=over(count * each, "s", 3),
            fault=f"lasts {below(duration)} s, less than {least} s for {count} words",
        )


def _past_end(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A cue that stays on after the media has ended."""
    media = subject.media
    if media.path and cue.span.end > media.duration + Fraction(1, 10):
        late = above(cue.span.end - media.duration, 3)
        yield Breach(
            cue=cue,
            measured=over(cue.span.end - media.duration, "s", 3),
            limit=over(0, "s"),
            fault=f"is on screen {late} s after the end of the media",
        )


def _off_grid(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """An in- or out-time between two frames."""
    rate = grid(subject.media)
    if rate is None:
        return
    for name, time in (("in-time", cue.span.start), ("out-time", cue.span.end)):
        if not is_on_grid(time, rate):
            most = abs(rate.snap(time) - time) * 1000
            off = above(most)
            yield Breach(
                cue=cue,
                measured=over(most, "ms"),
                limit=over(0, "ms"),
                fault=f"has its {name} {off} ms from the nearest frame",
            )


RULES = (
    TrackRule("no-cue", WARNING, _no_cue),
    TrackRule("order", ERROR, _order),
    TrackRule("overlap", ERROR, _overlap),
    TrackRule("gap", ERROR, _gap, ("min_gap_frames",)),
    TrackRule("chained-gap", WARNING, _chained_gap, ("chain", "min_gap_frames")),
    CueRule("min-duration", ERROR, _min_duration, ("min_duration",)),
    CueRule("max-duration", WARNING, _max_duration, ("max_duration",)),
    CueRule("word-duration", WARNING, _word_duration, ("word_duration",)),
    CueRule("past-end", ERROR, _past_end),
    CueRule("off-grid", WARNING, _off_grid),
)
