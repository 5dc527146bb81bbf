"""Rules on shot changes; the arithmetic is that of :mod:`subkit.timing.cuts`."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from subkit.model import Quantity, Span
from subkit.quality.rule import WARNING, Breach, TrackRule, over
from subkit.timing.cuts import cuts_of, shot_faults
from subkit.timing.heard import spoken
from subkit.timing.measures import grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.timing.cuts import Cuts

__all__ = ["RULES", "cuts_for"]

_ON_CUT = 2
"""Frames before a shot change on which an out-time is as good as on it, without a gap."""


def cuts_for(subject: Subject) -> Cuts | None:
    """The shot changes on the grid with the rules of the profile, where both are known."""
    rate = grid(subject.media)
    if rate is None or not subject.shots or subject.profile.shots is None:
        return None
    return cuts_of(subject.shots, subject.profile.shots, rate)


def _faults(subject: Subject, edge: str) -> Iterator[Breach]:
    cuts, rate = cuts_for(subject), grid(subject.media)
    if cuts is None or rate is None:
        return
    heard = {cue.id: rate.frame(words[-1].span.end) for cue, words in spoken(subject) if words}
    for cue in subject.track.cues:
        start, out = rate.frame(cue.span.start), rate.frame(cue.span.end)
        for fault in shot_faults(start, out, cuts, spoken=heard.get(cue.id)):
            if fault.edge != edge:
                continue
            off = fault.frame - fault.cut
            if edge == "out" and cuts.gap < _ON_CUT and -_ON_CUT <= off <= 0:
                continue
            side = "after" if off > 0 else "before"
            place = f"{abs(off)} frames {side} a shot change" if off else "on a shot change"
            place = place.replace("1 frames", "1 frame") if abs(off) == 1 else place
            better = rate.timecode(rate.time(fault.better), subject.media.programme_start)
            time = rate.time(fault.frame)
            yield Breach(
                cue=cue,
                measured=Quantity.of(off, "frames", place),
                limit=better,
                fault=f"has its {edge}-time {place}; it belongs at {better}",
                span=Span(time, time),
            )


def _shot_in(subject: Subject) -> Iterator[Breach]:
    """An in-time so near a shot change that the eye sees two changes.

    It belongs on the first frame of the shot, or well before it (Netflix timing guidelines; the
    profile has the distances).
    """
    return _faults(subject, "in")


def _shot_out(subject: Subject) -> Iterator[Breach]:
    """An out-time so near a shot change that the subtitle flashes over it.

    It belongs just before the shot change, unless the speech goes on behind it (Netflix timing
    guidelines; the profile has the distances).
    """
    return _faults(subject, "out")


def _shot_crossing(subject: Subject) -> Iterator[Breach]:
    """A cue that goes over a shot change although its speech does not.

    Known only where there is a transcript; viewers who see a text across a change read it again.
    """
    cuts, rate = cuts_for(subject), grid(subject.media)
    if cuts is None or rate is None:
        return
    for cue, words in spoken(subject):
        if not words:
            continue
        start, out = rate.frame(cue.span.start), rate.frame(cue.span.end)
        ended = rate.frame(words[-1].span.end)
        place = bisect_right(cuts.frames, max(start, ended))
        cut = cuts.frames[place] if place < len(cuts.frames) else out
        if cut < out - cuts.out_after:
            past = over(rate.time(out - cut), "s", 3)
            yield Breach(
                cue=cue,
                measured=past,
                limit=over(0, "s"),
                fault=f"stays {past} past a shot change though its speech ends before it",
                span=Span(rate.time(cut), cue.span.end),
            )


_AFTER, _BEFORE = ("shots.in_after", "shots.in_before", "shots.in_clear"), ("shots.out_before",)

RULES = (
    TrackRule("shot-in", WARNING, _shot_in, _AFTER),
    TrackRule("shot-out", WARNING, _shot_out, (*_BEFORE, "shots.out_after", "shots.gap_frames")),
    TrackRule("shot-crossing", WARNING, _shot_crossing, ("shots.out_after",)),
)
