"""Options of the translation stage."""

from __future__ import annotations

from dataclasses import dataclass

from subkit.errors import PlanError

__all__ = ["FITS", "TranslationOptions"]

FITS = ("reading", "spoken", "none")
"""What a translation may be fitted to: the reading speed of the profile, the time in which the
source is spoken, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationOptions:
    """Options of a translated track, apart from the model.

    Attributes:
        alternatives: Hypotheses asked of the translator for each sentence; those not chosen stay
            in the cue as alternatives.
        max_cues_per_unit: Most cues that are joined, where no sentence ends earlier.
        max_characters_per_unit: Most characters that are joined, likewise.
        fit: What alternatives are chosen for beside their score: ``"reading"`` speed, ``"spoken"``
            duration or ``"none"``.
        context: Sentences said before each that the translator gets with it, at most; only for
            models that were trained to read several (``ModelFacts.sentences``).

    Raises:
        PlanError: a number is too low, or there is no such fit.
    """

    alternatives: int = 3
    max_cues_per_unit: int = 6
    max_characters_per_unit: int = 400
    fit: str = "reading"
    context: int = 0

    def __post_init__(self) -> None:
        for name in ("alternatives", "max_cues_per_unit", "max_characters_per_unit"):
            if (value := getattr(self, name)) < 1:
                raise PlanError(f"{name} must be 1 or more, not {value}.", option=name)
        if self.context < 0:
            raise PlanError(f"context must be 0 or more, not {self.context}.", option="context")
        if self.fit not in FITS:
            raise PlanError(
                f"fit cannot be {self.fit!r}.",
                remedy=f"It is one of: {', '.join(FITS)}.",
                option="fit",
            )
