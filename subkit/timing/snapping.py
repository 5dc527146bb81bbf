"""Snap a whole track to shot changes while keeping gaps, durations and order.

A cue is moved only where that lessens what is wrong, and never so that something else breaks:
texts do not overlap, keep the least gap and the least duration, and stay with their speech. So
snapping ends, and snapping again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from subkit.timing.cuts import shot_faults, snap_in, snap_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.timing.cuts import Cuts

__all__ = ["Bounds", "Times", "snap_cues"]

Times = tuple[int, int]
"""First frame, and the frame after the last."""

_FAULT = 2
_OPEN_GAP = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What snapping keeps, in frames.

    Attributes:
        shortest: Least duration.
        longest: Greatest duration.
        gap: Least gap.
        chain: A gap of fewer frames is closed to the least.
        end: First frame after the programme, where known.
    """

    shortest: int
    longest: int
    gap: int
    chain: int
    end: int | None = None


def snap_cues(
    cues: Sequence[Times],
    cuts: Cuts,
    bounds: Bounds,
    *,
    speech: Sequence[Times] | None = None,
    reading: Sequence[int] | None = None,
) -> list[Times]:
    """Snap the in-times and out-times of cues to shot changes where possible.

    Each cue with a fault tries the places that the rules name for its in-time and out-time, the one
    before it following where the two were joined; the best of them is taken if the faults of both
    (and the short gaps left open) become fewer. What is broken already is made no worse.

    A cue stays with its speech: it begins at most ``cuts.in_before`` after it and then only if most
    of the speech follows, is pulled back no further than a shot change may pull it, and goes no
    more than ``cuts.in_before`` before its speech has ended; not before its end at all where it
    could not be read in the time left. Speech that goes on behind a shot change keeps its cue
    there.

    Args:
        cues: In-time and out-time of each cue, rising, without overlap.
        cuts: Shot changes and rules.
        bounds: What is kept.
        speech: First frame of each cue's speech and the frame after it, where they are known.
        reading: Frames that reading each cue takes, where they are known.

    Returns:
        As many times. Given them again, they stay as they are.
    """
    track = _Track(list(cues), cuts, bounds, speech, reading)
    if not cuts.frames:
        return track.cues
    moved = True
    while moved:  # the sum of all costs falls with every move
        moved = False
        for place in range(len(cues)):
            while track.improve(place):
                moved = True
    return track.cues


class _Track:
    """The times as they stand, and what is asked of them."""

    def __init__(
        self,
        cues: list[Times],
        cuts: Cuts,
        bounds: Bounds,
        speech: Sequence[Times] | None,
        reading: Sequence[int] | None,
    ) -> None:
        self.cues = cues
        self._cuts = cuts
        self._bounds = bounds
        self._speech = speech
        self._reading = reading

    def improve(self, place: int) -> bool:
        """Make the best move of one cue, if there is one that lessens the cost."""
        now = self._cost(place, self._out_before(place), self.cues[place])
        if not now:
            return False
        start, out = self.cues[place]
        best = (now, 0, self._out_before(place), (start, out))
        for begin, end in product(self._starts(place), self._outs(place)):
            for before in self._outs_before(place, begin):
                if not self._allowed(place, before, (begin, end)):
                    continue
                cost = self._cost(place, before, (begin, end))
                best = min(best, (cost, abs(begin - start) + abs(end - out), before, (begin, end)))
        if best[0] >= now:
            return False
        if place and best[2] is not None:
            self.cues[place - 1] = (self.cues[place - 1][0], best[2])
        self.cues[place] = best[3]
        return True

    def _out_before(self, place: int) -> int | None:
        return self.cues[place - 1][1] if place else None

    def _starts(self, place: int) -> set[int]:
        start, _ = self.cues[place]
        cuts = self._cuts
        near = cuts.between(start - cuts.in_after, start + max(cuts.in_before, cuts.in_clear))
        pulled = {cut - cuts.in_clear for cut in near}
        return {start, snap_in(start, cuts), *near, *(frame for frame in pulled if frame >= 0)}

    def _outs(self, place: int) -> set[int]:
        _, out = self.cues[place]
        cuts = self._cuts
        near = cuts.between(out - cuts.out_after, out + cuts.out_before)
        outs = {out, snap_out(out, cuts, spoken=self._spoken(place))}
        if place + 1 < len(self.cues):
            outs.add(self.cues[place + 1][0] - self._bounds.gap)
        return outs | {cut - cuts.gap for cut in near}

    def _outs_before(self, place: int, begin: int) -> set[int | None]:
        if not place:
            return {None}
        return {self.cues[place - 1][1], begin - self._bounds.gap}

    def _spoken(self, place: int) -> int | None:
        return None if self._speech is None else self._speech[place][1]

    def _cost(self, place: int, before: int | None, times: Times) -> int:
        """Faults of the cue and of the one before it, and the gaps around it left open."""
        cost = self._faults(place, times)
        if before is not None:
            start = self.cues[place - 1][0]
            cost += self._faults(place - 1, (start, before)) + self._open(before, times[0])
        if place + 1 < len(self.cues):
            cost += self._open(times[1], self.cues[place + 1][0])
        return cost

    def _faults(self, place: int, times: Times) -> int:
        faults = shot_faults(*times, self._cuts, spoken=self._spoken(place))
        return _FAULT * len(faults)

    def _open(self, out: int, following: int) -> int:
        return _OPEN_GAP if self._bounds.gap < following - out < self._bounds.chain else 0

    def _allowed(self, place: int, before: int | None, times: Times) -> bool:
        """Whether the move breaks nothing that is whole."""
        if not self._lasts(place, times) or not self._with_speech(place, times):
            return False
        following = self.cues[place + 1][0] if place + 1 < len(self.cues) else None
        if following is not None and following - times[1] < self._bounds.gap:
            return False
        if before is None:
            return True
        other = (self.cues[place - 1][0], before)
        return (
            times[0] - before >= self._bounds.gap
            and self._lasts(place - 1, other)
            and self._with_speech(place - 1, other)
        )

    def _lasts(self, place: int, times: Times) -> bool:
        start, out = self.cues[place]
        bounds = self._bounds
        least = min(bounds.shortest, out - start)
        most = max(bounds.longest, out - start)
        latest = None if bounds.end is None else max(bounds.end, out)
        return (
            max(1, least) <= times[1] - times[0] <= most
            and times[0] >= 0
            and (latest is None or times[1] <= latest)
        )

    def _with_speech(self, place: int, times: Times) -> bool:
        if self._speech is None:
            return True
        cuts, (start, out) = self._cuts, self.cues[place]
        first, last = self._speech[place]
        begin, end = times
        late = begin > start and (begin - first > cuts.in_before or last - begin < begin - first)
        early = begin < start and first - begin > max(cuts.in_after, cuts.in_clear)
        unread = self._reading is not None and end - begin < self._reading[place]
        cut_off = end < out and last - end > (0 if unread else cuts.in_before + cuts.gap)
        return not (late or early or cut_off)
