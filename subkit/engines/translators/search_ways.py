"""Ways to search for translations, and how what several of them find is put together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.engines.translators.translator_options import TranslatorOptions
    from subkit.interfaces import Hypothesis

__all__ = ["SearchWidth", "by_turns", "pooled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchWidth:
    """One way to search for translations.

    Attributes:
        beam_size: Hypotheses kept while searching.
        repetition_penalty: Above 1 makes tokens that were written before less likely.
        no_repeat: No run of that many tokens comes twice; 0 allows it.
        length_penalty: Exponent of the length that scores are divided by while searching.
        openings: Not the best hypotheses but the best one for each of the likeliest first tokens,
            which differ more.
    """

    beam_size: int
    length_penalty: float = 1.0
    repetition_penalty: float = 1.0
    no_repeat: int = 0
    openings: bool = False

    @property
    def shapes_scores(self) -> bool:
        """Whether the search's own scores are not the probabilities of the tokens."""
        return self.openings or self.no_repeat > 0 or self.repetition_penalty != 1

    @classmethod
    def of(cls, options: TranslatorOptions) -> SearchWidth:
        """As the options have it."""
        return cls(
            beam_size=options.beam_size,
            length_penalty=options.length_penalty,
            repetition_penalty=options.repetition_penalty,
        )

    @classmethod
    def all_of(cls, options: TranslatorOptions) -> tuple[SearchWidth, ...]:
        """Likewise, one for each length penalty."""
        first = cls.of(options)
        others = (replace(first, length_penalty=one) for one in options.length_penalties)
        return tuple(dict.fromkeys((first, *others)))


def pooled(several: Sequence[list[Hypothesis]], count: int) -> list[Hypothesis]:
    """Return what several searches found, each text once, the best of the first in front."""
    best, *rest = dict.fromkeys(found for hypotheses in several for found in hypotheses)
    found = {best.text: best}
    for one in sorted(rest, key=lambda one: -one.score):
        found.setdefault(one.text, one)
    return list(found.values())[:count]


def by_turns(several: Sequence[list[Hypothesis]], count: int) -> list[Hypothesis]:
    """Return the best of each search, then the second of each and so on, each text once."""
    found: dict[str, Hypothesis] = {}
    for rank in range(max(map(len, several))):
        for hypotheses in several:
            if rank < len(hypotheses):
                found.setdefault(hypotheses[rank].text, hypotheses[rank])
    return list(found.values())[:count]
