"""Generated films: what is said when, the voice that is heard of it, and cues that show it."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

from subkit.alignment import Reference
from subkit.model import Cue, Span

__all__ = ["film", "moved", "voice"]


def film(seed: int, minutes: int = 12) -> list[Cue]:
    """Cues of scenes with and without much dialogue, exact to a millisecond."""
    chance = random.Random(seed)
    cues: list[Cue] = []
    time = 5.0
    while time < minutes * 60:
        end, dense = time + chance.uniform(40, 200), chance.uniform(0.3, 1.0)
        while time < end:
            length = min(max(chance.lognormvariate(0.6, 0.6), 0.6), 6.0)
            span = Span(_exact(time), _exact(time + length))
            cues.append(Cue(id=f"c{len(cues):04}", span=span, lines=(f"Line {len(cues)}.",)))
            pause = chance.expovariate(1.7) if chance.random() < dense else chance.uniform(2, 15)
            time += length + pause
        time += chance.uniform(3, 30)
    return cues


def voice(cues: list[Cue], seed: int) -> Reference:
    """What a detector hears: some speech is missed, some is no cue, edges are off by 60 ms."""
    chance = random.Random(seed)
    spans = []
    for cue in cues:
        if chance.random() < 0.9:
            start = max(float(cue.span.start) + chance.gauss(0, 0.06), 0.0)
            spans.append((start, max(float(cue.span.end) + chance.gauss(0, 0.15), start + 0.2)))
        elif chance.random() < 0.5:
            start = chance.uniform(0, float(cues[-1].span.end))
            spans.append((start, start + chance.uniform(0.3, 3)))
    known = tuple(Span(_exact(start), _exact(end)) for start, end in sorted(spans))
    return Reference(spans=known, duration=cues[-1].span.end + 10)


def moved(cues: list[Cue], factor: Fraction, *cuts: tuple[int, Fraction | int]) -> list[Cue]:
    """The cues as for another copy: from each index on later by so many seconds, then stretched."""
    found = []
    for index, cue in enumerate(cues):
        by = sum(seconds for first, seconds in cuts if index >= first)
        times = ((time + by) * factor for time in (cue.span.start, cue.span.end))
        found.append(replace(cue, span=Span(*times)))
    return found


def _exact(time: float) -> Fraction:
    return Fraction(round(time * 1000), 1000)
