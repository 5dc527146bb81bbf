"""Options of the translation stage."""

from __future__ import annotations

from dataclasses import dataclass

from subkit.errors import PlanError

__all__ = ["TranslationOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationOptions:
    """What shapes a translated track beside the model.

    Attributes:
        alternatives: Hypotheses asked of the translator for each sentence; those not chosen stay
            in the cue as alternatives.
        max_cues_per_unit: Most cues that are joined, where no sentence ends earlier.
        max_characters_per_unit: Most characters that are joined, likewise.

    Raises:
        PlanError: a number below 1.
    """

    alternatives: int = 3
    max_cues_per_unit: int = 6
    max_characters_per_unit: int = 400

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if (value := getattr(self, name)) < 1:
                raise PlanError(f"{name} must be 1 or more, not {value}.", option=name)
