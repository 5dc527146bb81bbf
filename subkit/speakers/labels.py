"""Turns of several methods -> one speaker for each word and cue, the most trusted first.

Trust: what a person said > script > iXML track names > channel > diarization. A plug-in is trusted
as diarization is, unless its method has one of these names.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.model import Span, Speaker, SpeakerTurn, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from subkit.model import Word

__all__ = [
    "MANUAL",
    "TRUST",
    "SpeakerLabel",
    "keep_names",
    "label_of",
    "label_spans",
    "speaker_names",
    "usual_name",
    "with_turns",
]

MANUAL = "manual"
TRUST = ("manual", "script", "ixml", "channel", "diarization")
"""Methods from the most trusted to the least."""

_LONGEST = 60
"""Seconds that a turn is looked back for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerLabel:
    """Who speaks in a span, and how that is known.

    Attributes:
        speaker: Id of the speaker.
        method: How it is known; ``"manual"``: a person said so.
        confidence: From 0 to 1: how sure, times the share of the span that is theirs.
        also: Ids of others who speak at the same time, by the same method.
    """

    speaker: str
    method: str
    confidence: float
    also: tuple[str, ...] = ()


def _rank(method: str) -> int:
    return TRUST.index(method) if method in TRUST else TRUST.index("diarization")


def with_turns(
    transcript: Transcript, turns: Iterable[SpeakerTurn], names: Mapping[str, str] | None = None
) -> Transcript:
    """Return a transcript with turns of one method put in place of those it had of that method.

    Each word gets the speaker that the most trusted method says; a word that none covers has none.
    Names that people gave to speakers stay.

    Args:
        transcript: The words.
        turns: Of one method or several; times in the media.
        names: Names of the speakers by id; a speaker without one is called by its id.
    """
    new = sorted(turns, key=lambda turn: (turn.span.start, turn.span.end, turn.speaker))
    methods = {turn.method for turn in new}
    kept = [turn for turn in transcript.turns if turn.method not in methods]
    every = tuple(sorted((*kept, *new), key=lambda turn: (turn.span.start, turn.span.end)))
    known = {one.id: one for one in transcript.speakers}
    for turn in every:
        name = (names or {}).get(turn.speaker) or usual_name(turn.speaker)
        known.setdefault(turn.speaker, Speaker(id=turn.speaker, name=name))
    used = {turn.speaker for turn in every}
    speakers = tuple(one for one in known.values() if one.id in used or one.same)
    table = _Table(every)
    words = tuple(_labelled(word, table) for word in transcript.words)
    return replace(transcript, words=words, turns=every, speakers=speakers)


def usual_name(speaker: str) -> str:
    """Return what a speaker is called before anybody gives a name: ``Speaker 1``."""
    head, _, number = speaker.partition("-")
    return f"Speaker {number}" if head == "speaker" and number.isdigit() else speaker


def _labelled(word: Word, table: _Table) -> Word:
    label = table.label(word.span)
    speaker = label.speaker if label else None
    return word if word.speaker == speaker else replace(word, speaker=speaker)


def keep_names(old: Transcript, turns: Sequence[SpeakerTurn]) -> list[SpeakerTurn]:
    """Return turns with the ids of the speakers that an earlier run gave the same voices.

    A speaker takes the id with which most of its time is shared; each id is given once.
    """
    method = turns[0].method if turns else ""
    before = _Table(tuple(turn for turn in old.turns if turn.method == method))
    shared: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for turn in turns:
        for who, seconds in before.shares(turn.span).items():
            shared[turn.speaker, who] += seconds
    given: dict[str, str] = {}
    for new, known in sorted(shared, key=lambda pair: -shared[pair]):
        if new not in given and known not in given.values():
            given[new] = known
    free = (f"speaker-{n}" for n in range(1, 10_000))
    taken = {one.id for one in old.speakers} | set(given.values())
    for who in dict.fromkeys(turn.speaker for turn in turns):
        if who not in given:
            given[who] = who if who not in taken else next(n for n in free if n not in taken)
            taken.add(given[who])
    return [replace(turn, speaker=given[turn.speaker]) for turn in turns]


def speaker_names(transcript: Transcript | None) -> dict[str, str]:
    """Return the name of each speaker by id."""
    return {one.id: one.name for one in transcript.speakers} if transcript else {}


def label_of(
    transcript: Transcript, span: Span, *, speaker: str | None = None
) -> SpeakerLabel | None:
    """Return who speaks in a span by the most trusted method; ``None`` where nobody knows.

    Args:
        transcript: The turns.
        span: For example of a cue.
        speaker: What the cue says: where the turns say another, a person said so.
    """
    same = {one.id: one.same for one in transcript.speakers if one.same}
    label = _Table(transcript.turns, same).label(span)
    if speaker is None or (label is not None and label.speaker == speaker):
        return label
    return SpeakerLabel(speaker=speaker, method=MANUAL, confidence=1.0)


def label_spans(transcript: Transcript, spans: Sequence[Span]) -> list[SpeakerLabel | None]:
    """Return :func:`label_of` for many spans, with one look at the turns."""
    same = {one.id: one.same for one in transcript.speakers if one.same}
    table = _Table(transcript.turns, same)
    return [table.label(span) for span in spans]


class _Table:
    """Turns by time, found by bisection; the most trusted method that covers a span counts."""

    def __init__(self, turns: Sequence[SpeakerTurn], same: Mapping[str, str] | None = None) -> None:
        by_rank: dict[tuple[int, str], list[SpeakerTurn]] = defaultdict(list)
        for turn in turns:
            by_rank[_rank(turn.method), turn.method].append(turn)
        self._same = same or {}
        self._methods = [(key[1], by_rank[key]) for key in sorted(by_rank)]
        self._starts = [[turn.span.start for turn in found] for _, found in self._methods]

    def shares(self, span: Span, place: int = 0) -> dict[str, Fraction]:
        """Seconds of each speaker in a span, by the method of that place."""
        found: dict[str, Fraction] = defaultdict(Fraction)
        for turn in self._over(span, place):
            who = self._same.get(turn.speaker, turn.speaker)
            found[who] += min(span.end, turn.span.end) - max(span.start, turn.span.start)
        return dict(found)

    def label(self, span: Span) -> SpeakerLabel | None:
        """Who speaks longest in a span, and who else for half as long or more."""
        for place, (method, _) in enumerate(self._methods):
            found = self.shares(span, place)
            if not found:
                continue
            who = max(found, key=lambda one: (found[one], one))
            sure = [t.confidence for t in self._over(span, place) if self._is(t, who)]
            share = min(found[who] / span.duration, Fraction(1)) if span.duration else Fraction(1)
            also = tuple(sorted(n for n, s in found.items() if n != who and s * 2 >= found[who]))
            confidence = round(max(sure) * float(share), 3)
            return SpeakerLabel(speaker=who, method=method, confidence=confidence, also=also)
        return None

    def _is(self, turn: SpeakerTurn, who: str) -> bool:
        return self._same.get(turn.speaker, turn.speaker) == who

    def _over(self, span: Span, place: int) -> list[SpeakerTurn]:
        if place >= len(self._methods):
            return []
        turns, starts = self._methods[place][1], self._starts[place]
        last = bisect_right(starts, span.end)
        found = []
        for number in range(last - 1, -1, -1):
            if span.start - turns[number].span.start > _LONGEST:
                break
            if turns[number].span.end > span.start and turns[number].span.start < span.end:
                found.append(turns[number])
        return found
