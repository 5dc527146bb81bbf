"""Which cues of a translation say what which cues of its source say, by time and length.

The likeliest of all ways to pair two tracks in their order, as sentences of two texts are aligned
(W. Gale and K. Church, A program for aligning sentences in bilingual corpora, 1993); times on
screen tell more than lengths, so both count.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.model import Cue

__all__ = ["CuePair", "pair_cues"]

_REACH = 15.0
"""Seconds that a cue and its translation may begin apart."""

_SHAPES = {
    (1, 1): 0.0,
    (1, 2): 0.2,
    (2, 1): 0.2,
    (1, 3): 0.4,
    (3, 1): 0.4,
    (2, 2): 0.7,
    (1, 0): 0.8,
    (0, 1): 0.8,
}
"""How many cues of the source and of the translation go together, and what that costs."""

_LENGTH = 0.5
"""What a length costs that is e times too long or too short."""

_APART = 0.5
"""What a second between two that are not on screen together costs."""

_WORST = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class CuePair:
    """Cues that say the same in two languages; one side may be empty.

    Attributes:
        source: Ids in the source, in order.
        target: Ids in the translation, in order.
    """

    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()


def pair_cues(source: Sequence[Cue], target: Sequence[Cue]) -> tuple[CuePair, ...]:
    """Return which cues of two tracks belong together, each cue once, in order of time.

    Args:
        source: Of one language, in any order.
        target: Of the other.
    """
    mine, theirs = (sorted(cues, key=_place) for cues in (source, target))
    table = _Table(mine, theirs)
    parts = [(mine[first:last], theirs[begin:end]) for first, last, begin, end in table.path()]
    parts.sort(key=lambda part: min(cue.span.start for side in part for cue in side))
    return tuple(
        CuePair(source=tuple(one.id for one in some), target=tuple(one.id for one in others))
        for some, others in parts
    )


def _place(cue: Cue) -> tuple[object, ...]:
    return (cue.span.start, cue.span.end, cue.id)


class _Table:
    """The cheapest way to each pair of places in two tracks, within reach of time."""

    def __init__(self, mine: Sequence[Cue], theirs: Sequence[Cue]) -> None:
        self._mine = [_facts(cue) for cue in mine]
        self._theirs = [_facts(cue) for cue in theirs]
        whole = sum(length for *_, length in self._theirs) + 1
        self._ratio = whole / (sum(length for *_, length in self._mine) + 1)

    def path(self) -> list[tuple[int, int, int, int]]:
        """First and behind-last place of each pair, in both tracks."""
        best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
        for place in self._places():
            if place not in best:
                continue
            cost, _ = best[place]
            for shape, fixed in _SHAPES.items():
                then = (place[0] + shape[0], place[1] + shape[1])
                if then[0] > len(self._mine) or then[1] > len(self._theirs):
                    continue
                whole = cost + fixed + self._cost(place, then)
                if then not in best or whole < best[then][0]:
                    best[then] = (whole, place)
        found, at = [], (len(self._mine), len(self._theirs))
        while at != (0, 0):
            before = best[at][1]
            found.append((before[0], at[0], before[1], at[1]))
            at = before
        return found[::-1]

    def _places(self) -> Iterator[tuple[int, int]]:
        """Pairs of places within reach, each behind all that lead to it, without a hole."""
        low = 0
        for row in range(len(self._mine) + 1):
            start = self._mine[row][0] if row < len(self._mine) else float("inf")
            high = low
            while high < len(self._theirs) and self._theirs[high][0] < start + _REACH:
                high += 1
            yield from ((row, column) for column in range(low, high + 1))
            following = self._mine[row + 1][0] if row + 1 < len(self._mine) else float("inf")
            while low < high and self._theirs[low][0] < min(start, following) - _REACH:
                low += 1

    def _cost(self, place: tuple[int, int], then: tuple[int, int]) -> float:
        """What is against it that these cues say the same; nothing where one side is empty."""
        mine, theirs = self._mine[place[0] : then[0]], self._theirs[place[1] : then[1]]
        if not mine or not theirs:
            return 0.0
        start, end = mine[0][0], max(one[1] for one in mine)
        begin, until = theirs[0][0], max(one[1] for one in theirs)
        shared = min(end, until) - max(start, begin)
        if shared > 0:
            apart = 1 - shared / (max(end, until) - min(start, begin))
        else:
            apart = 1 - _APART * shared
        lengths = [sum(one[2] for one in some) + 3 for some in (mine, theirs)]
        unlike = abs(log(lengths[1] / (lengths[0] * self._ratio)))
        each = min(apart, 2 * _WORST) + min(_LENGTH * unlike, _WORST)
        return each * (len(mine) + len(theirs)) / 2


def _facts(cue: Cue) -> tuple[float, float, int]:
    """In-time, out-time and letters."""
    return float(cue.span.start), float(cue.span.end), len("".join(cue.text.split()))
