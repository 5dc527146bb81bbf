"""Passages of a given text found in what was heard: chains of equal units, in any order.

Runs of equal units are chained along the diagonal as read aligners do for genomes (Li 2018,
minimap2): a gap costs the more, the more its two sides differ. A passage that was moved is a chain
of its own, one that is missing a gap, and a chain must carry more evidence than chance would give.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EqualRun", "Passage", "find_passages"]

_LONGEST = 3
"""Units of the longest seed."""

_OFTEN = 24
"""Pairs of places of one seed, above which it says nothing."""

_FAR = 600
"""Units that a gap inside of a chain may have on either side."""

_UNEQUAL = 0.15
"""Nats for each pair of units in a gap: equal texts would have equal units there."""

_MEMORY = 60.0
"""Nats of what lies before that count for a link: a long chain is no reason to go astray."""

_CHANCE = 3.0
"""Nats beyond the number of places that could have been met by chance."""

_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class EqualRun:
    """Equal units: from ``given`` on in the text, from ``heard`` on in what was heard."""

    given: int
    heard: int
    length: int
    weight: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that was found: its runs in order, and the nats that speak for it."""

    runs: tuple[EqualRun, ...]
    evidence: float

    @property
    def given(self) -> tuple[int, int]:
        """First unit of the text, and behind the last."""
        return self.runs[0].given, self.runs[-1].given + self.runs[-1].length

    @property
    def heard(self) -> tuple[int, int]:
        """First unit that was heard, and behind the last."""
        return self.runs[0].heard, self.runs[-1].heard + self.runs[-1].length


def find_passages(given: Sequence[str], heard: Sequence[str]) -> list[Passage]:
    """Return the passages of a text that were heard, in the order of the text.

    No two of them overlap, neither in the text nor in what was heard.

    Args:
        given: Units of the text.
        heard: Units of what was heard.
    """
    if not given or not heard:
        return []
    weights = _weights(given, heard)
    left = _runs(given, heard, weights)
    enough = math.log(len(given) * len(heard)) + _CHANCE
    taken_given, taken_heard = _Taken(len(given)), _Taken(len(heard))
    found: list[Passage] = []
    for _ in range(_ROUNDS):
        chains = _chains(left, taken_given, taken_heard, enough)
        if not chains:
            break
        for chain in chains:
            for run in chain.runs:
                taken_given.take(run.given, run.length)
                taken_heard.take(run.heard, run.length)
        found += chains
        taken_given.count()
        taken_heard.count()
        left = [
            run
            for run in left
            if not taken_given.within(run.given, run.given + run.length)
            and not taken_heard.within(run.heard, run.heard + run.length)
        ]
    return sorted(_apart(found), key=lambda passage: passage.given)


def _weights(given: Sequence[str], heard: Sequence[str]) -> dict[str, float]:
    """Nats that it says of two places if both have this unit."""
    counts = Counter(heard) + Counter(given)
    total = len(heard) + len(given) + 1
    return {key: -math.log((count + 1) / (total + len(counts))) for key, count in counts.items()}


def _runs(given: Sequence[str], heard: Sequence[str], weights: dict[str, float]) -> list[EqualRun]:
    """Equal stretches around every seed, as long as they are equal, in order of both sides."""
    starts: dict[tuple[int, int], int] = {}
    seen: set[tuple[int, int]] = set()
    for size in range(_LONGEST, 0, -1):
        limit = _OFTEN if size == _LONGEST else 1
        places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at in range(len(heard) - size + 1):
            places[tuple(heard[at : at + size])].append(at)
        wanted: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at in range(len(given) - size + 1):
            key = tuple(given[at : at + size])
            if key in places:
                wanted[key].append(at)
        for key, mine in wanted.items():
            if len(mine) * len(places[key]) > limit:
                continue
            for one in mine:
                for other in places[key]:
                    if (one, other) not in seen:
                        begin, length = _grown(given, heard, one, other)
                        starts[begin] = length
                        seen.update((begin[0] + n, begin[1] + n) for n in range(length))
    found = [
        EqualRun(one, other, length, sum(weights[given[n]] for n in range(one, one + length)))
        for (one, other), length in starts.items()
    ]
    return sorted(found, key=lambda run: (run.given, run.heard))


def _grown(
    given: Sequence[str], heard: Sequence[str], one: int, other: int
) -> tuple[tuple[int, int], int]:
    """Where the equal stretch around a pair of places begins, and its length."""
    while one and other and given[one - 1] == heard[other - 1]:
        one, other = one - 1, other - 1
    length = 0
    while (
        one + length < len(given)
        and other + length < len(heard)
        and given[one + length] == heard[other + length]
    ):
        length += 1
    return (one, other), length


class _Taken:
    """Units that a chain has, and how many of them lie between two places."""

    def __init__(self, size: int) -> None:
        self._taken = [False] * size
        self._sums = [0] * (size + 1)

    def take(self, first: int, length: int) -> None:
        self._taken[first : first + length] = [True] * length

    def count(self) -> None:
        for at, taken in enumerate(self._taken):
            self._sums[at + 1] = self._sums[at] + taken

    def within(self, first: int, last: int) -> int:
        return self._sums[last] - self._sums[first]


def _chains(runs: Sequence[EqualRun], given: _Taken, heard: _Taken, enough: float) -> list[Passage]:
    """The chains with enough evidence, the strongest first, without what a stronger one has."""
    best, before = _scored(runs, given, heard)
    used = [False] * len(runs)
    spans: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    found: list[Passage] = []
    for end in sorted(range(len(runs)), key=lambda at: -best[at]):
        if best[end] < enough:
            break
        if used[end]:
            continue
        members, at = [end], before[end]
        while at >= 0 and not used[at]:
            members.append(at)
            at = before[at]
        score = best[end] - (best[at] if at >= 0 else 0.0)
        for member in members:
            used[member] = True
        passage = Passage(tuple(runs[member] for member in reversed(members)), score)
        if score >= enough and _is_free(passage, spans):
            found.append(passage)
            for run in passage.runs:
                spans[0].append((run.given, run.given + run.length))
                spans[1].append((run.heard, run.heard + run.length))
    return found


def _is_free(passage: Passage, spans: tuple[list[tuple[int, int]], list[tuple[int, int]]]) -> bool:
    """Whether none of its units, and nothing between them, is another chain's."""
    own = (passage.given, passage.heard)
    return all(
        last <= first or end <= begin
        for (first, end), taken in zip(own, spans, strict=True)
        for begin, last in taken
    )


def _scored(
    runs: Sequence[EqualRun], given: _Taken, heard: _Taken
) -> tuple[list[float], list[int]]:
    """For each run the nats of the best chain that ends with it, and the run before it."""
    import numpy as np

    if not runs:
        return [], []
    starts = np.array([(run.given, run.heard) for run in runs])
    ends = starts + np.array([[run.length] for run in runs])
    near_score = np.array([run.weight for run in runs])
    best = [run.weight for run in runs]
    before = [-1] * len(runs)
    longest = max(run.length for run in runs)
    for at, run in enumerate(runs):
        low = bisect_left(starts[:, 0], run.given - _FAR - longest)
        gaps = starts[at] - ends[low:at]
        near = (gaps >= 0).all(axis=1) & (gaps <= _FAR).all(axis=1)
        if not near.any():
            continue
        gaps = gaps.clip(min=0)
        # So many places the gap could have led to: along its longer side, and off the diagonal.
        places = np.log1p(gaps.max(axis=1)) + np.log1p(np.abs(gaps[:, 0] - gaps[:, 1]))
        cost = np.where(near, places + _UNEQUAL * gaps.min(axis=1), np.inf)
        gain = np.minimum(near_score[low:at], _MEMORY) - cost
        for place in np.argsort(-gain)[:3]:
            if gain[place] <= 0:
                break
            other = runs[low + int(place)]
            if given.within(other.given + other.length, run.given) or heard.within(
                other.heard + other.length, run.heard
            ):
                continue
            near_score[at] += gain[place]
            before[at] = low + int(place)
            best[at] += best[before[at]] - float(cost[place])
            break
    return best, before


def _apart(passages: Sequence[Passage]) -> list[Passage]:
    """Blocks cut where another one lies in a gap between two of their runs."""
    given = sorted(passage.given[0] for passage in passages)
    heard = sorted(passage.heard[0] for passage in passages)
    found: list[Passage] = []
    for passage in passages:
        runs = [passage.runs[0]]
        for left, right in pairwise(passage.runs):
            inside = _any_between(given, left.given, right.given)
            if inside or _any_between(heard, left.heard, right.heard):
                found.append(_passage_of(runs, passage))
                runs = []
            runs.append(right)
        found.append(_passage_of(runs, passage))
    return found


def _any_between(starts: Sequence[int], low: int, high: int) -> bool:
    return bisect_left(starts, low + 1) < bisect_left(starts, high)


def _passage_of(runs: Sequence[EqualRun], passage: Passage) -> Passage:
    """Some runs of a passage with their share of its evidence."""
    share = sum(run.weight for run in runs) / sum(run.weight for run in passage.runs)
    return Passage(tuple(runs), passage.evidence * share)
