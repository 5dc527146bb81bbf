"""The words and voice recognised while a cue is on screen."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue, Span, Word

__all__ = ["spoken"]


def spoken(subject: Subject) -> Iterator[tuple[Cue, tuple[Word, ...]]]:
    """Yield each cue with the words whose middle it contains; nothing without a transcript."""
    if subject.transcript is None:
        return
    middles = [_middle(word.span) for word in subject.transcript.words]
    order = sorted(range(len(middles)), key=middles.__getitem__)
    words = [subject.transcript.words[place] for place in order]
    middles.sort()
    for cue in subject.track.cues:
        start, end = cue.span.start, cue.span.end
        first = bisect_left(middles, start.numerator / start.denominator)
        last = bisect_left(middles, end.numerator / end.denominator)
        yield cue, tuple(words[first:last])


def _middle(span: Span) -> float:
    # Six rules ask this of every word of a film: no fractions, no float() of one.
    start, end = span.start, span.end
    return (start.numerator / start.denominator + end.numerator / end.denominator) / 2
