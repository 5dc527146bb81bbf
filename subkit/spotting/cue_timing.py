"""In-times and out-times on the frame grid."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from subkit.model import Rounding
from subkit.timing.cuts import Cuts, cuts_of
from subkit.timing.snapping import Bounds, snap_cues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import FrameRate, Profile
    from subkit.spotting.spotting_options import SpottingOptions

__all__ = ["CueLimits", "Spoken", "limits_of", "time_cues"]

_USUAL_LINGER = Fraction(1, 2)
"""Seconds a cue stays after its speech when nothing follows; more only where reading needs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CueLimits:
    """The numbers of a profile in frames.

    Attributes:
        shortest: Least frames of a cue.
        longest: Most frames of a cue.
        gap: Frames between two cues.
        linger: Most frames after the speech.
        usual_linger: Frames after the speech that every cue gets, if there is room.
        chain: A gap of fewer frames than this is closed.
        lead: Frames a cue may begin before its speech to reach its minimum duration.
        delay: Frames a cue may begin after its speech to give the one before its minimum duration.
        frames_per_half_unit: Frames that reading half a character takes at the greatest speed.
        end: First frame after the programme, where known.
        cuts: Shot changes and the profile's rules for them, where there are both.
    """

    shortest: int
    longest: int
    gap: int
    linger: int
    usual_linger: int
    chain: int
    lead: int
    delay: int
    frames_per_half_unit: float
    end: int | None
    cuts: Cuts | None = None

    def shot_end(self, end: int) -> int | None:
        """The out-time at the end of the shot in which speech ends; ``None`` without one."""
        cut = None if self.cuts is None else self.cuts.after(end - self.cuts.in_before)
        return None if self.cuts is None or cut is None else cut - self.cuts.gap


@dataclass(frozen=True, slots=True)
class Spoken:
    """A cue before timing: frames of its speech, width in half characters."""

    start: int
    end: int
    width: int


def limits_of(
    profile: Profile,
    rate: FrameRate,
    end: Fraction | None,
    options: SpottingOptions,
    shots: Sequence[Fraction] | None = None,
) -> CueLimits:
    """The limits of a profile at a frame rate; shortest rounds up, longest down."""
    shortest = max(1, ceil(profile.min_duration * rate.rate))
    return CueLimits(
        shortest=shortest,
        longest=max(shortest, floor(profile.max_duration * rate.rate)),
        gap=max(0, profile.min_gap_frames),
        linger=floor(profile.linger * rate.rate),
        usual_linger=floor(min(profile.linger, _USUAL_LINGER) * rate.rate),
        chain=rate.frame(profile.chain),
        lead=rate.frame(options.lead),
        delay=rate.frame(options.delay),
        frames_per_half_unit=float(rate.rate / profile.max_cps / 2),
        end=None if end is None else rate.frame(end, Rounding.BEFORE),
        cuts=cuts_of(shots, profile.shots, rate) if shots and profile.shots else None,
    )


def time_cues(cues: Sequence[Spoken], limits: CueLimits) -> list[tuple[int, int]]:
    """First frame of each cue and the frame after it.

    In-times are those of the speech, moved only where cues would overlap or be too short, and held
    to shot changes. Every cue has at least one frame, and ``limits.gap`` frames or more to the
    next. No text lingers over a shot change behind which its speech does not go on, unless it
    would be too short, or end before its speech with too little time to read it.
    """
    starts = _lend_room(_spread(cues, limits), cues, limits)
    times: list[tuple[int, int]] = []
    for place, (start, cue) in enumerate(zip(starts, cues, strict=True)):
        following = starts[place + 1] if place + 1 < len(starts) else None
        times.append((start, _out_time(start, cue, following, limits)))
    if limits.cuts is None:
        return times
    bounds = Bounds(
        shortest=limits.shortest,
        longest=limits.longest,
        gap=limits.gap,
        chain=limits.chain,
        end=limits.end,
    )
    return snap_cues(
        times,
        limits.cuts,
        bounds,
        speech=[(cue.start, cue.end) for cue in cues],
        reading=[_reading(cue, limits) for cue in cues],
    )


def _spread(cues: Sequence[Spoken], limits: CueLimits) -> list[int]:
    """In-times that leave each cue a frame and the gap.

    Where the times of the speech leave not even that, they are of no use: the cue begins when the
    one before it has had its minimum duration.
    """
    starts: list[int] = []
    for cue in cues:
        start = max(0, cue.start)
        if starts and start < starts[-1] + 1 + limits.gap:
            start = starts[-1] + limits.shortest + limits.gap
        starts.append(start)
    return starts


def _lend_room(starts: list[int], cues: Sequence[Spoken], limits: CueLimits) -> list[int]:
    """Begin a cue that would be too short a little early, or the next a little late."""
    starts = list(starts)
    for place in range(len(starts)):
        missing = limits.shortest - _room_in_shot(starts, place, cues[place], limits)
        if missing <= 0:
            continue
        free = starts[place]
        if place:
            taken = max(starts[place - 1] + limits.shortest, cues[place - 1].end)
            free = starts[place] - limits.gap - taken
        early = max(0, min(missing, limits.lead, free))
        starts[place] -= early
        if place + 1 < len(starts):
            spare = _room(starts, place + 1, limits) - limits.shortest
            speech = cues[place + 1].end - 1 - starts[place + 1]
            late = min(missing - early, limits.delay, spare, speech)
            starts[place + 1] += max(0, late)
    return starts


def _room(starts: list[int], place: int, limits: CueLimits) -> int:
    """Frames that a cue can have."""
    if place + 1 < len(starts):
        return starts[place + 1] - limits.gap - starts[place]
    if limits.end is not None:
        return limits.end - starts[place]
    return limits.longest


def _room_in_shot(starts: list[int], place: int, cue: Spoken, limits: CueLimits) -> int:
    """The same up to the end of the shot, where with a lead that is enough."""
    room, out = _room(starts, place, limits), limits.shot_end(cue.end)
    if out is None or out - starts[place] < limits.shortest - limits.lead:
        return room
    return min(room, out - starts[place])


def _out_time(start: int, cue: Spoken, following: int | None, limits: CueLimits) -> int:
    reading = start + _reading(cue, limits)
    out = max(
        cue.end + limits.usual_linger,
        min(reading, cue.end + limits.linger),
        start + limits.shortest,
    )
    out = _short_of_cut(out, max(cue.end, reading, start + limits.shortest), cue, limits)
    latest = min(start + limits.longest, _last_in_shot(start, cue, limits))
    if limits.end is not None:
        latest = min(latest, limits.end)
    if following is not None and following - limits.gap <= latest:
        latest = following - limits.gap
        if following - min(out, latest) < limits.chain:
            out = latest
    out = min(out, latest)
    return max(out, start + 1)


def _reading(cue: Spoken, limits: CueLimits) -> int:
    """Frames that reading a cue takes at the greatest speed."""
    return ceil(cue.width * limits.frames_per_half_unit)


def _short_of_cut(out: int, needed: int, cue: Spoken, limits: CueLimits) -> int:
    """Shorten a linger that is not needed, where it would be extended to a distant shot change.

    An out-time so near to a shot change that it belongs to it, but further behind the speech there
    than the profile lets a text linger, goes back before that zone instead.
    """
    cuts = limits.cuts
    following = None if cuts is None else cuts.after(out)
    if cuts is None or following is None or following - out > cuts.out_before:
        return out
    before = following - cuts.out_before - 1
    too_late = following - cuts.gap - cue.end > limits.linger
    return before if too_late and needed <= before else out


def _last_in_shot(start: int, cue: Spoken, limits: CueLimits) -> int:
    """The out-time at the end of the shot in which the speech ends; far away without one.

    A shot change takes no cue off before its speech has ended and it could be read.
    """
    out = limits.shot_end(cue.end)
    if out is None or out - start < limits.shortest:
        return start + limits.longest
    unread = out < cue.end and out - start < _reading(cue, limits)
    return start + limits.longest if unread else out
