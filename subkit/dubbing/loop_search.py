"""Loops: which lines are recorded in one go, by the rules of a territory."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.dubbing.line_counts import counted_lines
from subkit.model import Loop, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.dubbing.territories import Territory
    from subkit.model import Cue, Track

__all__ = ["fits_one_loop", "suggest_loops"]

_SCENE_PAUSE = Fraction(3)
"""Seconds of silence around a shot change that make it the end of a scene."""
_SHORT = 1.0
"""Cost of a loop below the least length, as much as another loop."""
_NEAR = 0.9
"""Cost of an end between two lines that follow at once; falls to 0 with two seconds between."""


def suggest_loops(
    track: Track, territory: Territory, shots: Sequence[Fraction] | None = None
) -> tuple[Loop, ...]:
    """Return the loops of a track, in order of time.

    Loops that people locked stay; all other lines are divided anew. Of all ways that keep the rules
    the one is taken with the fewest loops that end in the longest pauses. A line that breaks a
    limit by itself is a loop of its own.

    Args:
        track: A dubbing track; the lines that it has are all recorded.
        territory: The rules.
        shots: Times of shot changes, where they are known.
    """
    known = {cue.id: cue for cue in track.cues}
    locked = [loop for loop in track.loops if loop.locked]
    held = {name for loop in locked for name in loop.cues}
    kept = [(loop, [known[name] for name in loop.cues if name in known]) for loop in locked]
    found: list[tuple[Loop | None, list[Cue]]] = []
    found += [(_spanning(loop, cues), cues) for loop, cues in kept if cues]
    for run in _runs(track.cues, held, territory, shots or ()):
        found += [(None, cues) for cues in _divide(run, territory)]
    found.sort(key=lambda pair: (pair[1][0].span.start, pair[1][0].id))
    return tuple(_named(found))


def fits_one_loop(cues: Sequence[Cue], territory: Territory) -> bool:
    """Whether lines may be recorded in one go."""
    if territory.single:
        return len(cues) == 1
    end = max(cue.span.end for cue in cues)
    if territory.max_seconds is not None and end - cues[0].span.start > territory.max_seconds:
        return False
    counts: dict[str | None, int] = defaultdict(int)
    for cue in cues:
        who = cue.dub.character if cue.dub is not None else cue.speaker
        counts[who] += counted_lines(cue, territory)
    if _over(sum(counts.values()), territory.max_lines):
        return False
    if len(counts) == 1 and _over(sum(counts.values()), territory.max_lines_monologue):
        return False
    return not any(_over(count, territory.max_lines_character) for count in counts.values())


def _over(count: int, limit: int | None) -> bool:
    return limit is not None and count > limit


def _runs(
    cues: Sequence[Cue], held: set[str], territory: Territory, shots: Sequence[Fraction]
) -> Iterator[list[Cue]]:
    """Lines between what always ends a loop: a long pause, a scene, a locked loop."""
    run: list[Cue] = []
    end = Fraction(0)
    for cue in cues:
        if run and (cue.id in held or _parts(end, cue.span.start, territory, shots)):
            yield run
            run = []
        end = max(end, cue.span.end)
        if cue.id not in held:
            run.append(cue)
    if run:
        yield run


def _parts(end: Fraction, start: Fraction, territory: Territory, shots: Sequence[Fraction]) -> bool:
    pause = start - end
    if territory.new_loop_pause is not None and pause >= territory.new_loop_pause:
        return True
    if not territory.scene_change or pause < _SCENE_PAUSE:
        return False
    return bisect_left(shots, end) < bisect_right(shots, start)


def _divide(cues: Sequence[Cue], territory: Territory) -> Iterator[list[Cue]]:
    """The cheapest division of lines that follow each other (dynamic programming)."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for last in range(1, len(cues) + 1):
        options = []
        for first in range(last - 1, -1, -1):
            part = cues[first:last]
            if len(part) > 1 and not fits_one_loop(part, territory):
                break
            cost = best[first][0] + 1 + _edge(cues, first) + _shortness(part, territory)
            options.append((cost, first))
        best.append(min(options))
    cuts, at = [len(cues)], len(cues)
    while at:
        at = best[at][1]
        cuts.append(at)
    cuts.reverse()
    for first, last in pairwise(cuts):
        yield list(cues[first:last])


def _edge(cues: Sequence[Cue], first: int) -> float:
    if not first:
        return 0.0
    pause = float(cues[first].span.start - cues[first - 1].span.end)
    return _NEAR * max(0.0, 1 - max(0.0, pause) / 2)


def _shortness(cues: Sequence[Cue], territory: Territory) -> float:
    if territory.min_seconds is None:
        return 0.0
    length = max(cue.span.end for cue in cues) - cues[0].span.start
    return _SHORT * max(0.0, 1 - float(length / territory.min_seconds))


def _spanning(loop: Loop, cues: Sequence[Cue]) -> Loop:
    """A locked loop without lines that are gone; its edges are the person's."""
    return Loop(
        id=loop.id,
        span=loop.span,
        name=loop.name,
        cues=tuple(cue.id for cue in cues),
        locked=True,
    )


def _named(found: Sequence[tuple[Loop | None, Sequence[Cue]]]) -> Iterator[Loop]:
    """Loops with numbers in order of time; those of locked ones are taken."""
    names = {loop.name for loop, _ in found if loop is not None}
    ids = {loop.id for loop, _ in found if loop is not None}
    number = 0
    for loop, cues in found:
        if loop is not None:
            yield loop
            continue
        number += 1
        while str(number) in names:
            number += 1
        name, tail = f"loop-{cues[0].id}", 2
        while name in ids:
            name, tail = f"loop-{cues[0].id}-{tail}", tail + 1
        ids.add(name)
        yield Loop(
            id=name,
            span=Span(cues[0].span.start, max(cue.span.end for cue in cues)),
            name=str(number),
            cues=tuple(cue.id for cue in cues),
        )
