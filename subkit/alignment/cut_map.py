"""Where the times of one edit of a programme are in another edit of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.model import Span, to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["CarriedSpan", "CutMap", "SharedPassage", "joined"]

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPassage:
    """A stretch of the old edit that the new edit has too.

    Attributes:
        old: Where it is in the old edit, seconds; never empty.
        new: Where it is in the new edit, seconds.
        proven: Sound or an edit list shows that it is the same; what only lies between two such
            passages and fits is not proven.
    """

    old: Span
    new: Span
    proven: bool = True

    @property
    def ratio(self) -> Fraction:
        """Seconds in the new edit for each second of the old one."""
        return self.new.duration / self.old.duration

    def at(self, time: Fraction) -> Fraction:
        """Return where a time of the old edit is, by this passage, in the new one."""
        return self.new.start + (time - self.old.start) * self.ratio

    def continues(self, other: SharedPassage, slack: Fraction = _ZERO) -> bool:
        """Return whether this passage goes on where another one ends, in both edits.

        Args:
            other: The one before it.
            slack: How far, in seconds, its offset may be from that of the other.
        """
        step = self.old.start - other.old.end
        near = abs(self.new.start - other.new.end - step * self.ratio) <= slack
        alike = abs(self.ratio / other.ratio - 1) * other.old.duration <= max(slack, _ZERO)
        return abs(step) <= slack and near and alike


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedSpan:
    """A part of a span that is in the new edit in one piece.

    Attributes:
        old: Which part, in times of the old edit.
        new: Where it is in the new edit.
        proven: Whether all of it, but for the slack, lies in passages that are proven.
    """

    old: Span
    new: Span
    proven: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CutMap:
    """How a new edit was made of an old one.

    Attributes:
        passages: What both have, in order of the new edit, where no two overlap. The old edit may
            have one more often than once, or in another order.
        duration: Of the new edit, seconds.
        slack: Seconds by which the ends of passages may be wrong; 0 where they are frames of an
            edit list.
        notes: A sentence for each thing of the new edit that could not be followed.
        reasons: Why it should not be believed; empty where it should.
    """

    passages: tuple[SharedPassage, ...]
    duration: Fraction
    slack: Fraction = _ZERO
    notes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    _by_old: tuple[tuple[SharedPassage, ...], tuple[Fraction, ...], tuple[Fraction, ...]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Put the passages in order of the old edit, for look-up."""
        ordered = tuple(sorted(self.passages, key=lambda p: p.old.start))
        ends: list[Fraction] = []
        for passage in ordered:
            ends.append(max(passage.old.end, ends[-1]) if ends else passage.old.end)
        starts = tuple(p.old.start for p in ordered)
        object.__setattr__(self, "_by_old", (ordered, starts, tuple(ends)))

    @property
    def share(self) -> float:
        """How much of the new edit is in passages that are proven, from 0 to 1."""
        known = sum((p.new.duration for p in self.passages if p.proven), _ZERO)
        return float(known / self.duration) if self.duration else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data; times are seconds as fractions."""
        return {
            "passages": [{**to_plain(p), "ratio": to_plain(p.ratio)} for p in self.passages],
            "duration": to_plain(self.duration),
            "slack": to_plain(self.slack),
            "share": self.share,
            "fresh": to_plain(self.fresh()),
            "notes": list(self.notes),
            "reasons": list(self.reasons),
        }

    def times(self, time: Fraction) -> tuple[Fraction, ...]:
        """Return every place of a time of the old edit in the new one; none where it is gone."""
        return tuple(dict.fromkeys(p.at(time) for p in self._over(time, time)))

    def carried(self, span: Span) -> tuple[CarriedSpan, ...]:
        """Return the parts of a span of the old edit that the new one has, in its order.

        What is shorter than ``slack`` at an end of the span may be an error of the map: a part that
        covers all of the span but that is stretched to all of it.
        """
        inside = self._over(span.start, span.end)
        parts = [_part(run, span, self.slack) for run in self._runs(inside)]
        big = tuple(part for part in parts if part.old.duration > self.slack)
        return big or tuple(part for part in parts if part.old == span)

    def fresh(self) -> tuple[Span, ...]:
        """Return the stretches of the new edit that the old one has not, in order."""
        found, end = [], _ZERO
        for passage in self.passages:
            if passage.new.start - end > self.slack:
                found.append(Span(end, passage.new.start))
            end = max(end, passage.new.end)
        if self.duration - end > self.slack:
            found.append(Span(end, self.duration))
        return tuple(found)

    def _over(self, start: Fraction, end: Fraction) -> list[SharedPassage]:
        """Passages that a span, or the instant where it has no length, lies in."""
        ordered, starts, ends = self._by_old
        place = bisect_left(starts, end)
        if start == end:
            place = bisect_right(starts, end)
        found = []
        while place and ends[place - 1] > start:
            place -= 1
            if ordered[place].old.end > start:
                found.append(ordered[place])
        return sorted(found, key=lambda p: p.new.start)

    def _runs(self, passages: Iterable[SharedPassage]) -> Iterator[list[SharedPassage]]:
        """Passages that go on one where the other ends, together."""
        run: list[SharedPassage] = []
        for passage in passages:
            if run and not passage.continues(run[-1], self.slack):
                yield run
                run = []
            run.append(passage)
        if run:
            yield run


def _part(run: list[SharedPassage], span: Span, slack: Fraction) -> CarriedSpan:
    first, last = run[0], run[-1]
    start, end = max(span.start, first.old.start), min(span.end, last.old.end)
    if start - span.start <= slack:
        start = span.start
    if span.end - end <= slack:
        end = span.end
    at = max(first.at(start), _ZERO)
    until = max(last.at(end), at)
    known = sum((_shared(p.old, span) for p in run if p.proven), _ZERO)
    return CarriedSpan(
        old=Span(start, end), new=Span(at, until), proven=known + slack >= end - start
    )


def _shared(first: Span, second: Span) -> Fraction:
    return max(min(first.end, second.end) - max(first.start, second.start), _ZERO)


def joined(passages: Iterable[SharedPassage], slack: Fraction = _ZERO) -> tuple[SharedPassage, ...]:
    """Return passages in order of the new edit, those that go on one in the other as one."""
    found: list[SharedPassage] = []
    for passage in sorted(passages, key=lambda p: p.new.start):
        last = found[-1] if found else None
        if last is not None and last.proven == passage.proven and passage.continues(last, slack):
            found[-1] = replace(
                last,
                old=Span(last.old.start, passage.old.end),
                new=Span(last.new.start, passage.new.end),
            )
        else:
            found.append(passage)
    return tuple(found)
