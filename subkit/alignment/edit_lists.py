"""Edit lists held against each other: which stretch of one edit is which of the other."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.alignment.cut_map import CutMap, SharedPassage, joined
from subkit.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["EditEvent", "EditList", "map_edits", "old_cut_as_source"]

_ENOUGH = 0.2
"""Share of the new edit that must come from the old one: below, it is another programme."""

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class EditEvent:
    """A stretch of an edit, and where it was taken from.

    Attributes:
        place: Where it stands in the file, for messages (``"line 12"``).
        source: What it was taken from: a reel and a clip.
        taken: Which part of that, seconds of its timecode.
        record: Where it is in the edit, seconds from its first frame.
        effect: Why its times cannot be followed (``"time warp"``); empty where they can.
    """

    place: str
    source: str
    taken: Span
    record: Span
    effect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditList:
    """The events of an edit.

    Attributes:
        name: Of its file.
        events: In order of the file.
        duration: Up to the end of the last event, seconds.
        notes: A sentence for each thing that was left out or read otherwise.
    """

    name: str
    events: tuple[EditEvent, ...]
    duration: Fraction
    notes: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """What the events were taken from, each once."""
        return tuple(dict.fromkeys(event.source for event in self.events))


def old_cut_as_source(new: EditList, *, start: Fraction, duration: Fraction) -> EditList:
    """Return the old edit as one event: the source that the events of a new one were taken from.

    Args:
        new: The new edit. Events of other sources than the first that fits are not of the old one.
        start: Timecode of the first frame of the old edit, seconds.
        duration: Of the old edit, seconds.
    """
    whole = Span(start, start + duration)
    fitting: dict[str, Fraction] = {}
    for event in new.events:
        shared = min(event.taken.end, whole.end) - max(event.taken.start, whole.start)
        fitting[event.source] = fitting.get(event.source, Fraction(0)) + max(shared, Fraction(0))
    source = max(fitting, key=lambda name: fitting[name], default="")
    event = EditEvent(place="", source=source, taken=whole, record=Span(Fraction(0), duration))
    return EditList(name="the old cut", events=(event,), duration=duration)


def map_edits(old: EditList, new: EditList) -> CutMap:
    """Return how a new edit was made of what an old one shows, by what both were taken from.

    Events with effects are not followed; each is a note. Where the old edit has the same frames in
    several places, the one that goes on from the event before is taken.

    Args:
        old: The edit that cues were made for.
        new: The edit that they are to fit.

    Returns:
        The map. Where ``reasons`` are given it should not be used.
    """
    known = {source: _Taken(old.events, source) for source in old.sources}
    passages: list[SharedPassage] = []
    offset = end = Fraction(0)
    strange: list[str] = []
    for event in sorted(new.events, key=lambda e: e.record.start):
        if event.effect or event.source not in known:
            if not event.effect:
                strange.append(event.source)
            continue
        for passage in _disjoint(known[event.source].shown(event), offset, end):
            passages.append(passage)
            offset, end = passage.new.start - passage.old.start, passage.new.end
    found = joined(passages)
    cuts = CutMap(
        passages=found, duration=new.duration, notes=(*new.notes, *_notes(old, new, strange))
    )
    reasons = _doubts(cuts, old, new)
    return CutMap(passages=found, duration=new.duration, notes=cuts.notes, reasons=reasons)


class _Taken:
    """Events of one source, for look-up by its times."""

    def __init__(self, events: Sequence[EditEvent], source: str) -> None:
        mine = (e for e in events if e.source == source and not e.effect)
        self._events = sorted(mine, key=lambda e: e.taken.start)
        self._starts = [event.taken.start for event in self._events]
        self._ends: list[Fraction] = []
        for event in self._events:
            end = event.taken.end
            self._ends.append(max(end, self._ends[-1]) if self._ends else end)

    def shown(self, event: EditEvent) -> Iterator[SharedPassage]:
        """Every stretch of the source that an event and the edit share."""
        place = bisect_left(self._starts, event.taken.end)
        while place and self._ends[place - 1] > event.taken.start:
            place -= 1
            mine = self._events[place]
            start = max(mine.taken.start, event.taken.start)
            end = min(mine.taken.end, event.taken.end)
            if start < end:
                yield SharedPassage(old=_record(mine, start, end), new=_record(event, start, end))


def _record(event: EditEvent, start: Fraction, end: Fraction) -> Span:
    """Where a stretch of the source is in the edit."""
    ratio = event.record.duration / event.taken.duration
    first = event.record.start + (start - event.taken.start) * ratio
    return Span(first, first + (end - start) * ratio)


def _disjoint(
    shown: Iterator[SharedPassage], offset: Fraction, begin: Fraction
) -> list[SharedPassage]:
    """The passages of an event from a time on, without overlaps: those nearest an offset first."""
    taken: list[SharedPassage] = []
    for passage in sorted(shown, key=lambda p: (abs(p.new.start - p.old.start - offset), p.old)):
        rest = [passage]
        for other in (Span(Fraction(0), begin), *(known.new for known in taken)):
            rest = [part for whole in rest for part in _without(whole, other)]
        taken += rest
    return sorted(taken, key=lambda p: p.new.start)


def _without(passage: SharedPassage, span: Span) -> Iterator[SharedPassage]:
    """What of a passage lies outside of a span of the new edit."""
    for low, high in (
        (passage.new.start, min(passage.new.end, span.start)),
        (max(passage.new.start, span.end), passage.new.end),
    ):
        if low < high:
            yield SharedPassage(
                old=Span(_back(passage, low), _back(passage, high)), new=Span(low, high)
            )


def _back(passage: SharedPassage, time: Fraction) -> Fraction:
    return passage.old.start + (time - passage.new.start) / passage.ratio


def _notes(old: EditList, new: EditList, strange: Sequence[str]) -> Iterator[str]:
    for edit in (old, new):
        for event in edit.events:
            if event.effect:
                yield (
                    f"{edit.name}, {event.place}: {event.effect} of {event.source!r}; "
                    f"{event.record} is not followed."
                )
    if strange:
        names = list(dict.fromkeys(strange))
        more = f" and {len(names) - _SHOWN} more" * (len(names) > _SHOWN)
        shown = ", ".join(repr(name) for name in names[:_SHOWN])
        yield f"{new.name}: not in the old cut: {shown}{more}."


def _doubts(cuts: CutMap, old: EditList, new: EditList) -> tuple[str, ...]:
    if not new.events:
        return (f"{new.name} has no events.",)
    if cuts.share >= _ENOUGH:
        return ()
    share = f"{cuts.share:.0%} of {new.name} comes from what {old.name} shows"
    sources = ", ".join(repr(name) for name in new.sources[:_SHOWN])
    return (f"Only {share}; its sources: {sources}.",)
