"""Medians and their spread."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Spread", "ratios", "spread"]


@dataclass(frozen=True)
class Spread:
    """Median, lowest and highest of some rounds."""

    median: float
    low: float
    high: float

    def text(self, digits: int = 2, *, sign: str = "") -> str:
        """For example ``"2.05× (1.98-2.11)"``."""
        if self.low == self.high:
            return f"{self.median:.{digits}f}{sign}"
        return f"{self.median:.{digits}f}{sign} ({self.low:.{digits}f}-{self.high:.{digits}f})"


def spread(values: Sequence[float]) -> Spread:
    """The spread of at least one value."""
    return Spread(statistics.median(values), min(values), max(values))


def ratios(base: Sequence[float], other: Sequence[float]) -> Spread:
    """How many times faster ``other`` is, round by round.

    Both ran in the same round, minutes apart at most, so that what else the machine did bears on
    both.
    """
    return spread([b / o for b, o in zip(base, other, strict=True)])
