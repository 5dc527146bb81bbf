"""A line as text in time: its phrases between pauses, and when its letters are heard.

A line's span and the pauses among its anchors say when its speaker is heard; its text is laid into
that time by the weight of its syllables.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.dubbing.syllable_counts import syllables_of
from subkit.language import break_points
from subkit.model import Anchor, AnchorKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from subkit.model import Cue

__all__ = ["Phrase", "TextClock", "phrases", "timed_words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """What is said between two pauses.

    Attributes:
        start: Code point of the line's text where it begins.
        end: The one behind its last.
        span: When it is said.
    """

    start: int
    end: int
    span: Span


def phrases(cue: Cue) -> tuple[Phrase, ...]:
    """Return the phrases of a line in order, one for each stretch in which its speaker is heard.

    One that no text is left for is empty; a line without pauses is one phrase.
    """
    found: list[Phrase] = []
    start, began, text = cue.span.start, 0, cue.text
    for pause in _pauses(cue):
        offset = min(max(pause.offset, began), len(text))
        if pause.time > start:
            found.append(Phrase(start=began, end=offset, span=Span(start, pause.time)))
            began = offset
        start = min(max(start, pause.end or pause.time), cue.span.end)
    if start < cue.span.end or not found:
        found.append(Phrase(start=began, end=len(text), span=Span(start, cue.span.end)))
    elif began < len(text):
        found[-1] = Phrase(start=found[-1].start, end=len(text), span=found[-1].span)
    return tuple(found)


def timed_words(cue: Cue, language: str) -> tuple[Anchor, ...]:
    """Return the words of a line as anchors: as measured where it has them, else laid into time.

    Measured are those of a line that was heard; of a text that was adapted or edited the words get
    the share of their phrase that their syllables have.
    """
    known = {a.offset: a for a in (cue.dub.anchors if cue.dub else ()) if _is_word(a)}
    begins = list(_word_begins(cue.text, language))
    if known and all(begin in known for begin, _ in begins):
        return tuple(known[begin] for begin, _ in begins)
    found = []
    for phrase in phrases(cue):
        inside = [(a, b) for a, b in begins if phrase.start <= a < phrase.end]
        weights = [max(1, syllables_of(cue.text[a:b], language)) for a, b in inside]
        total, before = sum(weights), 0
        for (begin, _), weight in zip(inside, weights, strict=True):
            times = (
                phrase.span.start + phrase.span.duration * Fraction(part, total)
                for part in (before, before + weight)
            )
            start, end = times
            found.append(Anchor(kind=AnchorKind.WORD, offset=begin, time=start, end=end))
            before += weight
    return tuple(found)


class TextClock:
    """Tells when a letter of a text is heard, from the times of words."""

    def __init__(self, text: str, words: Sequence[Anchor]) -> None:
        self._starts = [word.offset for word in words]
        self._words = words
        self._ends = [
            _stripped_end(text, word.offset, following)
            for word, following in zip(words, [*self._starts[1:], len(text)], strict=True)
        ]

    def time(self, offset: int) -> float | None:
        """When a code point is heard, seconds; ``None`` for one before the first word."""
        place = bisect_right(self._starts, offset) - 1
        if place < 0:
            return None
        word = self._words[place]
        length = max(1, self._ends[place] - word.offset)
        share = min(1.0, (offset - word.offset) / length)
        return float(word.time) + share * float(word.seconds)

    def offset(self, time: Fraction) -> int:
        """The first code point of what is heard at a time; the end where all is said."""
        for place, word in enumerate(self._words):
            if time < word.time:
                return word.offset
            if word.end is not None and time < word.end and word.seconds:
                length = self._ends[place] - word.offset
                return word.offset + int(length * (time - word.time) / word.seconds)
        return self._ends[-1] if self._ends else 0

    def times(self, offsets: Iterable[int]) -> list[float]:
        """The times of several code points, ascending; what has none is left out."""
        found = (self.time(offset) for offset in offsets)
        return sorted(time for time in found if time is not None)


def _pauses(cue: Cue) -> tuple[Anchor, ...]:
    pauses = cue.dub.pauses if cue.dub is not None else ()
    inside = (p for p in pauses if cue.span.start < p.time < cue.span.end)
    return tuple(sorted(inside, key=lambda pause: pause.time))


def _is_word(anchor: Anchor) -> bool:
    return anchor.kind is AnchorKind.WORD


def _word_begins(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each word; of writing without spaces, of what may be broken apart."""
    points = [0, *break_points(text, language), len(text)]
    for begin, end in pairwise(points):
        piece = text[begin:end]
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            yield begin + lead, begin + len(piece.rstrip())


def _stripped_end(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())
