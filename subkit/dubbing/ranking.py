"""Which of several texts is best to be dubbed.

``J = logp/len - λ1 · w · Σ share · max(0, |ln r| - ln 1.1) - λ2 · |Δpauses| + λ3 · closures``; the
sum goes over the phrases between pauses, each with its share of the time; w is lower where the
mouth is not seen. What is here is the part that is taken off the score: a penalty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING

from subkit.dubbing.closures import closure_offsets, closure_score
from subkit.dubbing.pauses import fit_pauses
from subkit.dubbing.tempos import Tempo

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FitOptions", "TimeSlot", "fit_penalty"]

_FREE = log(1.1)
_WORST = 1.5
"""The most that ``|ln r|`` counts for: nothing said at all, or four times too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitOptions:
    """How much each part of J weighs, in nats a token.

    Attributes:
        duration: λ1, for the natural logarithm of a ratio beyond 1.1.
        most: The duration takes no more than that: a text that its model holds much less likely
            is another sentence, whatever its length.
        off_screen: w where the mouth is not seen; 1 elsewhere.
        pauses: λ2, for each pause that the text cannot make.
        closures: λ3, for closures that all agree.
    """

    duration: float = 0.7
    most: float = 0.35
    off_screen: float = 0.6
    pauses: float = 0.05
    closures: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSlot:
    """The time that a text has.

    Attributes:
        phrases: Start and length of each stretch in which the original speaks, in seconds.
        closures: When lips are seen to close, seconds, ascending; empty off screen.
        seen: The mouth is in the picture.
        tempo: Of the speaker.
    """

    phrases: tuple[tuple[float, float], ...]
    closures: tuple[float, ...] = ()
    seen: bool = True
    tempo: Tempo = field(default_factory=Tempo)


_WEIGHTS = FitOptions()


def fit_penalty(text: str, language: str, slot: TimeSlot, weights: FitOptions = _WEIGHTS) -> float:
    """Return what a text loses for not fitting its time: 0 is fine, below 0 where lips agree.

    Args:
        text: What would be said.
        language: BCP 47 tag of it.
        slot: The time it has.
        weights: How much each part counts.
    """
    times = [seconds for _, seconds in slot.phrases]
    whole = sum(times)
    if whole <= 0:
        return 0.0
    fitting = fit_pauses(text, language, times)
    parts = [text[a:b] for a, b in pairwise((0, *fitting.offsets, len(text)))]
    predicted = [slot.tempo.predict(part, language) for part in parts]
    misfit = sum(
        seconds / whole * _misfit(spoken, seconds)
        for spoken, seconds in zip(predicted, times, strict=True)
    )
    seen = 1.0 if slot.seen else weights.off_screen
    penalty = seen * min(weights.most, weights.duration * misfit)
    penalty += weights.pauses * fitting.forced
    if slot.seen and slot.closures and weights.closures:
        heard = _closure_times(parts, language, slot, predicted)
        penalty -= weights.closures * (closure_score(slot.closures, heard) or 0.0)
    return penalty


def _misfit(spoken: float, seconds: float) -> float:
    if spoken <= 0 or seconds <= 0:
        return _WORST
    return min(_WORST, max(0.0, abs(log(spoken / seconds)) - _FREE))


def _closure_times(
    parts: Sequence[str], language: str, slot: TimeSlot, predicted: Sequence[float]
) -> list[float]:
    """When lips close in a text that is spoken from the start of each phrase, by its letters."""
    found: list[float] = []
    for part, (start, seconds), spoken in zip(parts, slot.phrases, predicted, strict=True):
        length, time = max(1, len(part.strip())), min(spoken, seconds)
        lead = len(part) - len(part.lstrip())
        offsets = closure_offsets(part, language)
        found += [start + time * (offset - lead) / length for offset in offsets]
    return found
