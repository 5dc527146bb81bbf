"""What was heard while a cue was on screen."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue, Word

__all__ = ["spoken"]


def spoken(subject: Subject) -> Iterator[tuple[Cue, tuple[Word, ...]]]:
    """Each cue with the words whose middle lies in it; nothing without a transcript."""
    if subject.transcript is None:
        return
    middles = [(float(w.span.start) + float(w.span.end)) / 2 for w in subject.transcript.words]
    order = sorted(range(len(middles)), key=middles.__getitem__)
    words = [subject.transcript.words[place] for place in order]
    middles.sort()
    for cue in subject.track.cues:
        first = bisect_left(middles, float(cue.span.start))
        last = bisect_left(middles, float(cue.span.end))
        yield cue, tuple(words[first:last])
