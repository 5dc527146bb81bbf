"""Where windows of speech begin and end, decided from probabilities as they come.

Speech and pauses are told apart with two thresholds, as in Silero's own code. A long pause ends a
window; of a shorter one no more is kept than the margins on both sides. Speech that goes on past
the longest window is cut at its best pause: long, sure and late. A window that is not full costs as
much as a full one, so what room it has goes to its margins: under music a detector hears the middle
of a line and misses its ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from subkit.decode.blocks import CHUNK

__all__ = ["Part", "PlanLimits", "WindowPlanner"]

Part = tuple[int, int]
"""First sample and sample after of audio that goes into a window."""

_GOOD_PAUSE = 16_000 * 6 // 10
"""A pause this long (0.6 s) is as good a place to cut as a longer one."""

_LATE = 1.2
"""What a cut at the limit is worth, against 1 for a long, sure pause: fewer windows."""

_EARLIEST = 0.5
"""No cut at a pause before this part of the longest window."""

_MOST_ROOM = 16_000
"""No margin grows by more than 1 s: a line's end is near, and more music only distracts."""

_NEAR = 0.7
"""Without any pause the quietest place after this part of the longest window is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLimits:
    """Limits of a plan; lengths in samples."""

    longest: int
    threshold: float
    neg_threshold: float
    silence: int
    burst: int
    pad: int

    @property
    def room(self) -> int:
        """What a margin may grow by: never past the middle of a pause that ends a window."""
        return min(_MOST_ROOM, max(0, self.silence // 2 - self.pad))


@dataclass(slots=True)
class _Stretch:
    """Speech that is still going on. ``chunks`` are (probability, mean square) from ``first``."""

    start: int
    """First sample of the window that is open, margin included."""
    earliest: int
    """First sample that it may begin with: the one before has all up to here."""
    spoken: int
    """First sample of its speech."""
    first: int
    """Number of the chunk that ``chunks`` begins with."""
    cut: bool = False
    """Some of this stretch went into an earlier window."""
    chunks: list[tuple[float, float]] = field(default_factory=list)
    pause: int | None = None
    """Sample at which the pause going on began."""
    gaps: list[Part] = field(default_factory=list)
    """What is dropped of the pauses since ``start``."""

    def parts(self, end: int) -> tuple[Part, ...]:
        """Return the parts kept from ``start`` to ``end``; at least one unless that is empty."""
        edges = [self.start]
        for begin, stop in self.gaps:
            edges += [min(begin, end), min(stop, end)]
        edges.append(max(edges[-1], end))
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return tuple((begin, stop) for begin, stop in pairs if stop > begin)

    def kept(self, end: int) -> int:
        """Return how many samples are kept between ``start`` and ``end``."""
        return sum(stop - begin for begin, stop in self.parts(end))

    def reach(self, length: int) -> int:
        """The first sample at which ``length`` samples are kept, were speech to go on."""
        at = self.start + length
        for begin, stop in self.gaps:
            if begin < at:
                at += stop - begin
        return at

    def widen(self, end: int, latest: int, limits: PlanLimits) -> int:
        """Give the room of a window that ends at ``end`` to all its margins; return the new end."""
        edges = 2 + 2 * len(self.gaps)
        room = min(limits.room, max(0, limits.longest - self.kept(end)) // edges)
        self.start = max(self.earliest, self.start - room)
        narrowed = ((begin + room, stop - room) for begin, stop in self.gaps)
        self.gaps = [(begin, stop) for begin, stop in narrowed if stop > begin]
        return max(end, min(latest, end + room))

    def restart(self, start: int) -> None:
        """Go on with a new window from ``start``, or from the end of a gap that it lies in."""
        rest = [(begin, stop) for begin, stop in self.gaps if stop > start]
        if rest and rest[0][0] <= start:
            start = rest.pop(0)[1]
        self.start, self.gaps, self.cut = start, rest, True
        self.earliest = start
        self.spoken = max(self.spoken, start)
        passed = max(0, start // CHUNK - self.first)
        del self.chunks[:passed]
        self.first += passed


class WindowPlanner:
    """Takes one probability after the other; gives windows as the parts they are made of."""

    def __init__(self, limits: PlanLimits) -> None:
        self._limits = limits
        self._count = 0
        self._free = 0
        self._open: _Stretch | None = None

    @property
    def needed_from(self) -> int:
        """First sample that a later window may still begin with."""
        if self._open is not None:
            return max(self._open.earliest, self._open.start - self._limits.room)
        return max(self._free, self._count * CHUNK - self._limits.pad - self._limits.room)

    def push(self, probability: float, level: float) -> list[tuple[Part, ...]]:
        """Windows that are decided with the next chunk.

        Args:
            probability: Of speech, 0 to 1.
            level: Mean square of the chunk: where nothing else tells, the quietest place is cut.
        """
        limits = self._limits
        at = self._count * CHUNK
        self._count += 1
        stretch = self._open
        if stretch is None:
            if probability < limits.threshold:
                return []
            start = max(self._free, at - limits.pad)
            stretch = self._open = _Stretch(
                start=start, earliest=self._free, spoken=at, first=self._count - 1
            )
        stretch.chunks.append((probability, level))
        if probability >= limits.threshold:
            if stretch.pause is not None and at - stretch.pause > 2 * limits.pad:
                stretch.gaps.append((stretch.pause + limits.pad, at - limits.pad))
            stretch.pause = None
        elif probability < limits.neg_threshold and stretch.pause is None:
            stretch.pause = at
        if stretch.pause is None:
            return self._cut_overlong(at + CHUNK)
        if at + CHUNK - stretch.pause >= limits.silence:
            # Half of the pause at most: the rest is the next window's margin.
            half = limits.silence // 2
            end = stretch.pause + min(limits.pad, half)
            return self._close(stretch.pause, end, stretch.pause + half)
        return []

    def finish(self, total: int) -> list[tuple[Part, ...]]:
        """The windows that are left when the stream of ``total`` samples ends."""
        stretch = self._open
        if stretch is None:
            return []
        end = total if stretch.pause is None else stretch.pause
        return self._close(min(end, total), min(end + self._limits.pad, total), total)

    def _close(self, spoken_end: int, end: int, latest: int) -> list[tuple[Part, ...]]:
        """End the open window at ``end``, or drop it where it is but a burst.

        Args:
            spoken_end: Sample after its speech.
            end: The same with the margin.
            latest: What it may reach at most, if it has room.
        """
        stretch = self._open
        assert stretch is not None
        self._open = None
        if not stretch.cut and spoken_end - stretch.spoken < self._limits.burst:
            return []
        end = min(end, stretch.reach(self._limits.longest))
        end = stretch.widen(end, latest, self._limits)
        self._free = end
        return [stretch.parts(end)] if end > stretch.start else []

    def _cut_overlong(self, spoken_end: int) -> list[tuple[Part, ...]]:
        """Cut while the open window, with the margin it will need, is over the limit."""
        found = []
        stretch = self._open
        assert stretch is not None
        longest = self._limits.longest - self._limits.pad
        # What lies between is never less than what is kept, and asked with every chunk.
        while spoken_end - stretch.start > longest and stretch.kept(spoken_end) > longest:
            end, resume = self._best_cut(stretch)
            found.append(stretch.parts(end))
            stretch.restart(resume)
            self._free = stretch.start
        return found

    def _best_cut(self, stretch: _Stretch) -> tuple[int, int]:
        """Where the open window ends and the next one begins."""
        limits = self._limits
        last = stretch.reach(limits.longest)
        earliest = stretch.reach(int(limits.longest * _EARLIEST))
        best: tuple[float, int, int] | None = None
        for begin, end, certainty in _pauses(stretch, limits.neg_threshold):
            # Half of the pause goes to either side, but never more than the margin.
            margin = min((end - begin) // 2, limits.pad)
            close, resume = begin + margin, end - margin
            if begin + CHUNK <= last < close:
                close, resume = last, max(last, resume)
            if not earliest <= close <= last:
                continue
            long = min(1.0, (end - begin) / _GOOD_PAUSE)
            late = stretch.kept(close) / limits.longest
            score = long * certainty + _LATE * late
            if best is None or score >= best[0]:
                best = (score, close, resume)
        if best is not None:
            return best[1], best[2]
        quiet = _quietest(stretch, stretch.reach(int(limits.longest * _NEAR)), last)
        return quiet, quiet


def _pauses(stretch: _Stretch, threshold: float) -> list[tuple[int, int, float]]:
    """Runs of chunks under the threshold: first sample, sample after, mean certainty of silence."""
    found = []
    run: list[float] = []
    for number, (probability, _) in enumerate([*stretch.chunks, (1.0, 0.0)], stretch.first):
        if probability < threshold:
            run.append(probability)
        elif run:
            certainty = 1.0 - sum(run) / len(run)
            found.append(((number - len(run)) * CHUNK, number * CHUNK, certainty))
            run = []
    return found


def _quietest(stretch: _Stretch, earliest: int, last: int) -> int:
    """Middle of the quietest 160 ms between two samples; a tie goes to the later place."""
    best, place = float("inf"), last
    for offset in range(len(stretch.chunks)):
        middle = (stretch.first + offset) * CHUNK + CHUNK // 2
        if not earliest <= middle <= last:
            continue
        around = stretch.chunks[max(0, offset - 2) : offset + 3]
        # A low probability of speech counts, where there is one; the level decides among equals.
        level = sum((probability**2 + 1e-9) * power for probability, power in around) / len(around)
        if level <= best:
            best, place = level, middle
    return place
