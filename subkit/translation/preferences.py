"""Preferences among candidates, and approved translations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from subkit.translation.units import Unit

__all__ = ["MEMORY_TOOL", "REFINER_TOOL", "Memory", "Preference"]

MEMORY_TOOL = "translation memory"
"""``Provenance.tool`` of a text that the memory gave."""

REFINER_TOOL = "refiner"
"""``Provenance.tool`` of a text that a refiner wrote."""

Memory = Callable[[str, str], "str | None"]
"""``(source text, BCP 47 language of it) -> approved target text``, or ``None``.

It is asked for the text of each unit (:attr:`subkit.translation.Unit.text`), then for each of its
sentences as :func:`subkit.language.sentence_ends` cuts them; white space is normalised, line breaks
stand only between the turns of a dialogue. It answers for the one target language of the call.
"""


class Preference(Protocol):
    """How badly a hypothesis suits: glossary, register and length are all just preferences.

    A penalty is in the unit of the score, nats a token: hypotheses are ranked by their score less
    all penalties. Of the alternatives that a beam finds, the second is often 0.1 to 0.3 worse than
    the first; a penalty of 1 makes a text a last resort. The score itself stays as it was.
    """

    def __call__(self, unit: Unit, source_sentence: str, hypothesis_text: str, /) -> float:
        """The penalty of a text for a sentence of a unit: 0 is fine, higher is worse.

        Must be a pure function: the same arguments give the same number.
        """
        ...
