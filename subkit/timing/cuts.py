"""Times and the shot changes around them, in frames: snapping and faults.

The same rules move the cues of a spotted track, show where a dragged edge will fall, and find what
is amiss. An in-time is the first frame on which a cue is seen, an out-time the first on which it is
not; a shot change is the first frame of the new shot.

Sources: NF-TIMING-Q (current timing page, quoted), NF-GEN-OLD (older general page, read), SE-NFQC
and SE-BEAUTIFY (Subtitle Edit), as ``subkit styles show netflix`` names them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from subkit.model import FrameRate, ShotRules

__all__ = ["Cuts", "ShotFault", "cuts_of", "shot_faults", "snap_in", "snap_out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """Shot changes on the frame grid, and the rules of a profile in frames.

    Attributes:
        frames: First frames of shots, rising, each more than ``gap`` after the one before.
        in_after: An in-time up to so many frames after a shot change belongs on it.
        in_before: An in-time up to so many frames before a shot change belongs on it.
        in_clear: An in-time nearer than this before a shot change, but not so near, belongs here.
        out_before: An out-time up to so many frames before a shot change belongs to it.
        out_after: An out-time less than so many frames after a shot change belongs to it.
        gap: Frames between a shot change and the out-time that belongs to it.
    """

    frames: tuple[int, ...]
    in_after: int
    in_before: int
    in_clear: int
    out_before: int
    out_after: int
    gap: int

    def before(self, frame: int) -> int | None:
        """The last shot change at or before a frame."""
        place = bisect_right(self.frames, frame)
        return self.frames[place - 1] if place else None

    def after(self, frame: int) -> int | None:
        """The first shot change at or after a frame."""
        place = bisect_left(self.frames, frame)
        return self.frames[place] if place < len(self.frames) else None

    def between(self, first: int, last: int) -> tuple[int, ...]:
        """The shot changes from ``first`` up to, and with, ``last``."""
        return self.frames[bisect_left(self.frames, first) : bisect_right(self.frames, last)]


@dataclass(frozen=True, slots=True)
class ShotFault:
    """A time whose distance to a shot change breaks the rules.

    Attributes:
        edge: Which time of the cue.
        frame: Where it stands.
        cut: The shot change.
        better: Where it belongs.
    """

    edge: Literal["in", "out"]
    frame: int
    cut: int
    better: int


def cuts_of(shots: Iterable[Fraction], rules: ShotRules, rate: FrameRate) -> Cuts:
    """Shot changes and rules on the frame grid; half a second is 12 frames at 24, 13 at 25.

    Of shot changes so close that no out-time fits between them, the first is kept; one at or before
    frame 0 is the beginning of the programme and no change.

    Args:
        shots: Times of the first frames of shots, seconds, in any order.
        rules: The profile's.
        rate: Frame rate of the grid.
    """
    gap = max(0, rules.gap_frames)
    frames: list[int] = []
    for frame in sorted({rate.frame(time) for time in shots}):
        if frame > 0 and (not frames or frame - frames[-1] > gap):
            frames.append(frame)
    return Cuts(
        frames=tuple(frames),
        in_after=rate.frame(rules.in_after),
        in_before=rate.frame(rules.in_before),
        in_clear=rate.frame(rules.in_clear),
        out_before=rate.frame(rules.out_before),
        out_after=rate.frame(rules.out_after),
        gap=gap,
    )


def snap_in(frame: int, cuts: Cuts) -> int:
    """Where an in-time belongs.

    - On a shot change or up to half a second after it: on its first frame (NF-TIMING-Q).
    - Up to seven frames at 24 before it: on it too (NF-GEN-OLD; SE-NFQC has eight).
    - From there to half a second before it: half a second before (NF-GEN-OLD, SE-NFQC).

    Between two shot changes the nearer one counts, of equals the earlier, so that a text is rather
    early than late. A frame that this gives stays where it is.

    Args:
        frame: The in-time.
        cuts: Shot changes and rules.
    """
    before, after = cuts.before(frame), cuts.after(frame + 1)
    behind = None if before is None or frame - before > cuts.in_after else before
    ahead = None if after is None or after - frame > cuts.in_before else after
    if behind is not None and (ahead is None or frame - behind <= ahead - frame):
        return behind
    if ahead is not None:
        return ahead
    if after is None or after - frame >= cuts.in_clear:
        return frame
    clear = after - cuts.in_clear
    return before if before is not None and clear - before <= cuts.in_after else max(0, clear)


def snap_out(frame: int, cuts: Cuts, *, spoken: int | None = None) -> int:
    """Where an out-time belongs.

    - Up to half a second before a shot change: two frames before it (NF-TIMING-Q); so is one on it
      or on the frame before it (SE-NFQC, NF-QC).
    - Less than half a second after a shot change: two frames before it, unless the speech really
      goes on behind it (SE-NFQC). Speech does that when it lasts longer past the change than an
      in-time may come before one (SE-BEAUTIFY has one width for both sides).

    Between two shot changes the one counts that the speech reaches, or the nearer one where nothing
    is known of the speech. A frame that this gives stays where it is.

    Args:
        frame: The out-time.
        cuts: Shot changes and rules.
        spoken: Frame after the speech, where it is known.
    """
    while (better := _out_by_one_cut(frame, cuts, spoken)) != frame:
        frame = better  # at most one step ahead, then back from cut to cut
    return frame


def _out_by_one_cut(frame: int, cuts: Cuts, spoken: int | None) -> int:
    before, after = cuts.before(frame - 1), cuts.after(frame)
    if before is not None and frame - before >= cuts.out_after:
        before = None
    if before is not None and _goes_on(spoken, before, cuts):
        before = None
    if after is not None and after - frame > cuts.out_before:
        after = None
    if before is not None and after is not None:
        # Where the speech is known it does not go on behind ``before``.
        nearer = spoken is None and after - frame <= frame - before
        before, after = (None, after) if nearer else (before, None)
    cut = after if before is None else before
    return frame if cut is None else max(0, cut - cuts.gap)


def _goes_on(spoken: int | None, cut: int, cuts: Cuts) -> bool:
    return spoken is not None and spoken - cut > cuts.in_before


def shot_faults(
    start: int, out: int, cuts: Cuts, *, spoken: int | None = None
) -> tuple[ShotFault, ...]:
    """What is wrong with a cue's times, the in-time first; at most one fault for each.

    Args:
        start: In-time.
        out: Out-time.
        cuts: Shot changes and rules.
        spoken: Frame after the speech, where it is known (see ``snap_out``).
    """
    faults: list[ShotFault] = []
    places: tuple[tuple[Literal["in", "out"], int, int], ...] = (
        ("in", start, snap_in(start, cuts)),
        ("out", out, snap_out(out, cuts, spoken=spoken)),
    )
    for edge, frame, better in places:
        if frame != better:
            faults.append(ShotFault(edge, frame, _nearest(frame, cuts), better))
    return tuple(faults)


def _nearest(frame: int, cuts: Cuts) -> int:
    """The shot change nearest to a frame; there is one."""
    near = [cut for cut in (cuts.before(frame), cuts.after(frame)) if cut is not None]
    return min(near, key=lambda cut: (abs(cut - frame), cut))
