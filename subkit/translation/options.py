"""Options of the translation stage."""

from __future__ import annotations

from dataclasses import dataclass

from subkit.errors import PlanError
from subkit.translation.length import FITS

__all__ = ["TranslationOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationOptions:
    """What shapes a translated track beside the model.

    Attributes:
        alternatives: Hypotheses asked of the translator for each sentence; those not chosen stay
            in the cue as alternatives.
        max_cues_per_unit: Most cues that are joined, where no sentence ends earlier.
        max_characters_per_unit: Most characters that are joined, likewise.
        fit: What alternatives are chosen for beside their score: ``"reading"`` speed, ``"spoken"``
            duration or ``"none"``.

    Raises:
        PlanError: a number below 1, or no such fit.
    """

    alternatives: int = 3
    max_cues_per_unit: int = 6
    max_characters_per_unit: int = 400
    fit: str = "reading"

    def __post_init__(self) -> None:
        for name in ("alternatives", "max_cues_per_unit", "max_characters_per_unit"):
            if (value := getattr(self, name)) < 1:
                raise PlanError(f"{name} must be 1 or more, not {value}.", option=name)
        if self.fit not in FITS:
            raise PlanError(f"fit is {self.fit!r}.", remedy=f"It is one of: {', '.join(FITS)}.")
