"""Penalties for hypotheses that do not match the glossary and the register.

Both are functions of a unit, a source sentence and a text, as
:class:`subkit.translation.Preference` asks; penalties are in nats a token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from subkit.terminology.level_readings import read_levels
from subkit.terminology.speech_levels import Fit, fit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from subkit.model import Address
    from subkit.terminology.glossary import Glossary

__all__ = ["glossary_preference", "register_preference"]

MISSING = 1.0
"""Penalty of each term that is not there: such a text is a last resort."""
FORBIDDEN = 0.5
"""Penalty of each forbidden form, beside that of the term that is not there.

More would choose texts that avoid the form by speaking of something else: a wrong noun costs a
short sentence some 0.8 nats a token, another word for the same thing less.
"""
MISFIT = {Fit.SAME: 0.0, Fit.NEAR: 0.15, Fit.OTHER: 0.5}
"""Penalty of a level; more would choose texts that show none since they say something else."""


class _Spoken(Protocol):
    """What is asked of a unit of translation."""

    @property
    def cues(self) -> tuple[str, ...]: ...

    @property
    def language(self) -> str: ...


def glossary_preference(
    glossaries: Callable[[str], Glossary],
) -> Callable[[_Spoken, str, str], float]:
    """Prefer texts with the asked forms and without the forbidden ones.

    Args:
        glossaries: Gives the glossary for a source language (units may be in several).
    """

    def penalty(unit: _Spoken, source_sentence: str, hypothesis_text: str, /) -> float:
        uses = glossaries(unit.language).uses(source_sentence, hypothesis_text)
        missing = sum(use.is_missing for use in uses)
        return MISSING * missing + FORBIDDEN * sum(len(use.forbidden) for use in uses)

    return penalty


def register_preference(
    expected: Mapping[str, Address], language: str
) -> Callable[[_Spoken, str, str], float]:
    """Prefer texts at the level that the register asks for; those without a level are as good.

    Args:
        expected: The entry for each cue, see :func:`subkit.terminology.expected_address`.
        language: BCP 47 language of the texts.
    """

    def penalty(unit: _Spoken, _source_sentence: str, hypothesis_text: str, /) -> float:
        asked = {expected[cue].level for cue in unit.cues if cue in expected}
        if len(asked) != 1:
            return 0.0
        (level,) = asked
        found = [r.level for r in read_levels(hypothesis_text, language) if r.level]
        return max((MISFIT[fit(language, level, other)] for other in found), default=0.0)

    return penalty
