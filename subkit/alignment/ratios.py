"""Frame-rate ratios: how times stretch when frames made for one rate are shown at another."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["RATIOS", "Ratio"]

_RATES = {
    "23.976": Fraction(24000, 1001),
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": Fraction(30000, 1001),
    "30": Fraction(30),
}


@dataclass(frozen=True, slots=True)
class Ratio:
    """A factor of all times, and the pairs of frame rates that it stands for.

    Attributes:
        factor: Time in the film over time in the subtitle.
        rates: Pairs of frame rates, that of the subtitle before that of the film; none for 1.
    """

    factor: Fraction
    rates: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """As ``"25 to 23.976 fps"``; several pairs that no sound tells apart are joined by "or"."""
        pairs = " or ".join(f"{made} to {shown}" for made, shown in self.rates)
        return f"{pairs} fps" if pairs else "none"


def _ratios() -> tuple[Ratio, ...]:
    """Every ratio of two usual frame rates, that of equal rates first."""
    pairs: dict[Fraction, list[tuple[str, str]]] = {}
    for made, first in _RATES.items():
        for shown, second in _RATES.items():
            pairs.setdefault(first / second, []).append((made, shown))
    del pairs[Fraction(1)]
    named = (Ratio(factor, tuple(found)) for factor, found in sorted(pairs.items()))
    return (Ratio(Fraction(1)), *named)


RATIOS = _ratios()
"""Usual ratios: equal rates, and all pairs of 23.976, 24, 25, 29.97 and 30 frames a second."""
