"""A film's words cut into windows that the decoder can be asked about, at pauses that are sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.alignment.spoken_words import SpokenWord

__all__ = ["SpokenWindow", "cut_windows"]

_LONGEST = 26.0
"""Seconds of a window: less than the 30 that the encoder takes."""

_SHORTEST = 6.0
"""Seconds below which a window is not ended for the sake of a pause."""

_LETTERS = 560
"""Letters of a window: the decoder has room for 448 tokens."""

_MARGIN = 0.4
"""Seconds of a pause that a window takes along at each end, at most."""


@dataclass(frozen=True, slots=True)
class SpokenWindow:
    """Items from ``first`` on, before ``last``, and where they lie, seconds."""

    first: int
    last: int
    start: float
    end: float


def cut_windows(
    items: Sequence[SpokenWord], letters: Sequence[int], duration: float
) -> list[SpokenWindow]:
    """Return windows that hold all items, in order.

    A window ends in a pause between two words that were heard as written, the longest there is
    within its limits; where there is none it ends before a word whose time is known.

    Args:
        items: What may be said, in order of time.
        letters: How many each has.
        duration: Of the film, seconds.
    """
    spans = _spans(items, letters, duration)
    found: list[SpokenWindow] = []
    first = 0
    while first < len(items):
        last = _end_of(items, spans, letters, first)
        start = _edge(spans[first - 1][1] if first else 0.0, spans[first][0], ahead=True)
        end = spans[last - 1][1]
        following = spans[last][0] if last < len(items) else duration
        found.append(SpokenWindow(first, last, start, _edge(end, following, ahead=False)))
        first = last
    return found


def _edge(before: float, after: float, *, ahead: bool) -> float:
    """Where a window begins or ends in the pause between two words."""
    pause = max(after - before, 0.0)
    kept = min(pause / 2, _MARGIN)
    return after - kept if ahead else before + kept


def _spans(
    items: Sequence[SpokenWord], letters: Sequence[int], duration: float
) -> list[tuple[float, float]]:
    """When each item is said; those that were not heard share the gap that they are in."""
    found: list[tuple[float, float]] = []
    at = 0
    while at < len(items):
        span = items[at].span
        if span is not None:
            start = max(span[0], found[-1][0] if found else 0.0)
            found.append((start, max(span[1], start)))
            at += 1
            continue
        end = at
        while end < len(items) and items[end].span is None:
            end += 1
        total = sum(letters[at:end]) or 1
        low = found[-1][1] if found else 0.0
        high = items[end].span[0] if end < len(items) and items[end].span else duration  # type: ignore[index]
        rate = max((high - low) / total, 0.0)
        if not found:  # before the first word that was heard
            low = max(low, high - total / 12)
            rate = max((high - low) / total, 0.0)
        elif end == len(items):
            rate = min(rate, 1 / 12)
        for n in range(at, end):
            found.append((low, low + rate * letters[n]))
            low = found[-1][1]
        at = end
    return found


def _end_of(
    items: Sequence[SpokenWord],
    spans: Sequence[tuple[float, float]],
    letters: Sequence[int],
    first: int,
) -> int:
    """Behind the last item of the window that begins with one."""
    last = first + 1
    written = letters[first]
    while last < len(items):
        written += letters[last]
        if spans[last][1] - spans[first][0] > _LONGEST or written > _LETTERS:
            break
        last += 1
    if last == len(items):
        return last
    sure = known = (-1.0, last)
    for at in range(first + 1, last + 1):
        if spans[at - 1][1] - spans[first][0] < _SHORTEST:
            continue
        pause = spans[at][0] - spans[at - 1][1]
        if _is_sure(items[at - 1]) and _is_sure(items[at]):
            sure = max(sure, (pause, at))
        elif items[at].span is not None:
            known = max(known, (pause, at))
    return sure[1] if sure[0] >= 0 else known[1]


def _is_sure(item: SpokenWord) -> bool:
    return item.exact or (item.given is None and item.span is not None)
