"""Candidate translations of a text."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from subkit.translation.text_guards import doubts

if TYPE_CHECKING:
    from subkit.translation.preferences import Memory

__all__ = ["Candidate", "recalled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A text that a unit, or one sentence of it, could have.

    Attributes:
        text: One line a turn.
        score: Mean log-probability of its tokens, as the model gave it; 0 is certain.
        penalty: What the preferences add up to; 0 is fine.
        doubts: Names of the guards that it fails.
        recalled: The memory gave it, all of it.
        copied: It is the source itself, which needs no translation.
        refined: A refiner wrote it.
    """

    text: str
    score: float
    penalty: float = 0.0
    doubts: tuple[str, ...] = ()
    recalled: bool = False
    copied: bool = False
    refined: bool = False

    @property
    def rank(self) -> tuple[int, float]:
        """Lower is better: those that fail the fewest guards first, then score less penalty."""
        return len(self.doubts), self.penalty - (-100.0 if isnan(self.score) else self.score)


def recalled(text: str, language: str, target: str, memory: Memory | None) -> list[Candidate]:
    """What the memory knows of a text: one candidate or none."""
    known = memory(text, language) if memory is not None else None
    if not known:
        return []
    signs = doubts(text, known, source_language=language, target=target)
    return [Candidate(text=known, score=0.0, doubts=signs, recalled=True)]
