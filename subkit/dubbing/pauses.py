"""Where a text pauses so that it fits the pauses of the mouth that it is laid over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.dubbing.syllable_counts import syllables_of
from subkit.language import NEUTRAL, break_cost, break_points

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["MIN_PAUSE", "PausePlan", "fit_pauses", "may_pause"]

MIN_PAUSE = 0.3
"""Seconds of silence from which a pause is part of a line (300 ms)."""

_BREAK = 0.1
"""What a break that costs as much as a neutral one is worth in the share of time that is wrong."""

_FORCED = 0.5
"""What a break that the language does not allow costs more."""

_BAND = 20
"""Break points of a text that are tried around where a pause is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PausePlan:
    """A text laid into the time of several phrases.

    Attributes:
        offsets: Code point behind each pause, in order.
        forced: How many pauses stand where the text should not be broken, or have no place at all.
    """

    offsets: tuple[int, ...] = ()
    forced: int = 0


def fit_pauses(text: str, language: str, seconds: Sequence[float]) -> PausePlan:
    """Return where a text pauses.

    Of all breaks that the language allows, those are taken whose phrases have the shares of the
    time that they are laid over, better breaks before worse ones.

    Args:
        text: The text of a line.
        language: BCP 47 tag.
        seconds: How long each phrase is; one more than there are pauses.
    """
    if len(seconds) < 2:
        return PausePlan()
    pieces = _pieces(text, language)
    count = len(pieces) - 1
    total, whole = pieces[-1].before, sum(seconds)
    if count < 1 or not total or whole <= 0:
        return PausePlan(offsets=(len(text),) * (len(seconds) - 1), forced=len(seconds) - 1)
    wanted = [total * part / whole for part in seconds]
    cuts = _cheapest(pieces, wanted, total)
    costs = [pieces[cut].cost for cut in cuts]
    distinct = len({cut for cut in cuts if 0 < cut < count})
    forced = sum(cost > NEUTRAL for cost in costs) + len(cuts) - distinct
    offsets = tuple(pieces[cut].offset for cut in cuts)
    return PausePlan(offsets=offsets, forced=min(forced, len(cuts)))


def may_pause(text: str, offset: int, language: str) -> bool:
    """Whether a text has something on both sides of a place, and may be broken there."""
    left, right = text[:offset].split(), text[offset:].split()
    if not left or not right:
        return False
    if offset not in break_points(text, language):
        return False
    before, after = _words_beside(text, offset, language)
    return break_cost(before, after, language) <= NEUTRAL


def _words_beside(text: str, offset: int, language: str) -> tuple[str, str]:
    points = [0, *break_points(text, language), len(text)]
    place = points.index(offset)
    return text[points[place - 1] : offset].strip(), text[offset : points[place + 1]].strip()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A place where a text may be broken: its offset, the syllables before it, its cost."""

    offset: int
    before: int
    cost: float


@lru_cache(maxsize=4096)
def _pieces(text: str, language: str) -> tuple[_Piece, ...]:
    points = [0, *break_points(text, language), len(text)]
    words = [text[a:b].strip() for a, b in pairwise(points)]
    found, before = [_Piece(0, 0, 0.0)], 0
    for place, word in enumerate(words):
        before += syllables_of(word, language)
        last = place + 1 == len(words)
        cost = 0.0 if last else break_cost(word, words[place + 1], language)
        found.append(_Piece(points[place + 1], before, cost))
    return tuple(found)


def _cheapest(pieces: Sequence[_Piece], wanted: Sequence[float], total: int) -> list[int]:
    """Cut places, ascending, for all phrases but the last; the first of equals."""
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    expected, last = 0.0, len(pieces) - 1
    for part in wanted[:-1]:
        expected += part
        near = sorted(range(len(pieces)), key=lambda n: abs(pieces[n].before - expected))[:_BAND]
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, path) in best.items():
            for end in near:
                if end < start:
                    continue
                new = cost + _miss(pieces, start, end, part, total)
                new += _BREAK * pieces[end].cost / NEUTRAL
                new += _FORCED if pieces[end].cost > NEUTRAL or not 0 < end < last else 0.0
                if end not in following or new < following[end][0]:
                    following[end] = (new, (*path, end))
        if not following:  # all near ones lie before: nothing is left to be said
            following = {max(best): (best[max(best)][0] + 1, (*best[max(best)][1], max(best)))}
        best = following
    return list(
        min(
            (cost + _miss(pieces, start, last, wanted[-1], total), path)
            for start, (cost, path) in best.items()
        )[1]
    )


def _miss(pieces: Sequence[_Piece], start: int, end: int, part: float, total: int) -> float:
    """How much of the line's time is wrong in a phrase, as a share; silence counts double."""
    said = pieces[end].before - pieces[start].before
    return abs(said - part) / total * (1 if said else 2)
