"""Distribute a translated text over the cues of its source."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.language import break_cost, break_points, half_units, normalize_spaces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.model import Cue, Profile

__all__ = ["distribute"]

_BALANCE = 20.0
"""Cost of a cue that holds once more, or none, of an average cue's text; a neutral break is 5."""
_TOO_FAST = 20.0
"""Cost of a cue read at twice the profile's speed."""
_TOO_FULL = 40.0
"""Cost of a cue with twice the text that its lines hold."""
_EMPTY = 1000.0
_BAND = 24
"""Pieces to either side of the expected place at which a cut is looked for, at least."""


def distribute(
    text: str,
    source_cues: Sequence[Cue],
    *,
    profile: Profile,
    language: str,
    break_lines: Callable[[str], tuple[str, ...]],
) -> tuple[tuple[str, ...], ...]:
    """The lines of each cue: the words of ``text``, each once and in order.

    The cuts are the cheapest over all legal breaks (dynamic programming) of: the cost of the break
    in the target's syntax, the distance from the share that the source cue has in time and text,
    and what goes over the profile's reading speed and room. With at least as many words as cues
    every cue gets one or more; with fewer, words are neither repeated nor broken, and the cues left
    without lines are for the quality check to report.

    Args:
        text: The translated text of the cues together.
        source_cues: The cues, in order; their times and lines are the measure.
        profile: House style of the target.
        language: BCP 47 language of ``text``.
        break_lines: Gives the lines of one cue's text.
    """
    text = normalize_spaces(text)
    if not text or not source_cues:
        return tuple(() for _ in source_cues)
    if len(source_cues) == 1:
        return (break_lines(text),)
    offsets = [0, *break_points(text, language), len(text)]
    cuts = _Search(text, offsets, source_cues, profile, language).cuts()
    parts = (text[offsets[a] : offsets[b]].strip() for a, b in pairwise(cuts))
    return tuple(break_lines(part) if part else () for part in parts)


@dataclass(frozen=True, slots=True)
class _Room:
    """What one cue takes well, in half widths."""

    expected: float
    readable: float
    full: float


class _Search:
    """Cut places 0 = c0 <= c1 <= … <= ck = n among n pieces of text, for k cues."""

    def __init__(
        self,
        text: str,
        offsets: list[int],
        cues: Sequence[Cue],
        profile: Profile,
        language: str,
    ) -> None:
        pieces = [text[a:b].strip() for a, b in pairwise(offsets)]
        self._pieces = pieces
        self._language = language
        self._count = len(cues)
        self._may_be_empty = len(pieces) < len(cues)
        self._before = [0]
        for a, b in pairwise(offsets):
            self._before.append(self._before[-1] + half_units(text[a:b], profile.counting))
        self._rooms = _rooms(cues, self._before[-1], profile)
        self._mean = max(1.0, self._before[-1] / len(cues))

    def cuts(self) -> list[int]:
        """The cheapest cuts; the first of equals."""
        best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, (0,))}
        expected = 0.0
        for place, room in enumerate(self._rooms):
            expected += room.expected
            ends = self._ends(place, expected)
            following: dict[int, tuple[float, tuple[int, ...]]] = {}
            for start, (cost, path) in best.items():
                for end in ends:
                    if end < start or (end == start and not self._may_be_empty):
                        continue
                    new = cost + self._cost(start, end, room)
                    if end not in following or new < following[end][0]:
                        following[end] = (new, (*path, end))
            best = following
        return list(best[len(self._pieces)][1])

    def _ends(self, place: int, expected: float) -> range:
        """Where the cue at ``place`` may end, around where its share of the text ends.

        The nearest legal cuts of all cues are a path through these, so there always is one.
        """
        pieces, cues = len(self._pieces), self._count
        if place == cues - 1:
            return range(pieces, pieces + 1)
        if self._may_be_empty:
            return range(pieces + 1)
        lowest, highest = place + 1, pieces - (cues - 1 - place)
        near = min(range(pieces + 1), key=lambda cut: abs(self._before[cut] - expected))
        near = min(max(near, lowest), highest)
        band = max(_BAND, cues)
        return range(max(lowest, near - band), min(highest, near + band) + 1)

    def _cost(self, start: int, end: int, room: _Room) -> float:
        wide = self._before[end] - self._before[start]
        cost = _BALANCE * ((wide - room.expected) / self._mean) ** 2
        if end == start:
            return cost + _EMPTY
        cost += _TOO_FAST * max(0.0, wide / room.readable - 1)
        cost += _TOO_FULL * max(0.0, wide / room.full - 1)
        if end < len(self._pieces):
            cost += break_cost(self._pieces[end - 1], self._pieces[end], self._language)
        return cost


def _rooms(cues: Sequence[Cue], total: int, profile: Profile) -> list[_Room]:
    """For each cue: its share (mean of its shares of source time and source text), its limits."""
    times = [float(cue.span.duration) for cue in cues]
    widths = [float(sum(half_units(line, profile.counting) for line in c.lines)) for c in cues]
    full = float(2 * profile.max_lines * profile.max_cpl)
    return [
        _Room(
            expected=total * (_share(times, place) + _share(widths, place)) / 2,
            readable=max(1.0, 2 * float(profile.max_cps) * times[place]),
            full=full,
        )
        for place in range(len(cues))
    ]


def _share(values: list[float], place: int) -> float:
    total = sum(values)
    return values[place] / total if total else 1 / len(values)
