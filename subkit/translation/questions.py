"""Collect the distinct sentences of units that the translation memory does not contain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.translation.candidates import Candidate, recalled
from subkit.translation.context import in_context
from subkit.translation.sentence_cores import Sentence, is_copy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.translation.preferences import Memory
    from subkit.translation.units import Unit

__all__ = ["Questions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What must be asked for some units, and what a memory answers.

    Attributes:
        wholes: By the cues of a unit: what the memory knows of its whole text.
        known: By language and sentence: what the memory knows of it.
        asked: By language: the different sentences that the translator must answer, in order. A
            language without any is there as well: its direction must be known all the same.
    """

    wholes: dict[tuple[str, ...], list[Candidate]]
    known: dict[tuple[str, Sentence], list[Candidate]]
    asked: dict[str, list[Sentence]]

    @classmethod
    def of(
        cls, units: Iterable[Unit], target: str, memory: Memory | None = None, *, context: int = 0
    ) -> Questions:
        """The questions of some units.

        A unit already in the target language, or without letters, asks nothing. What the memory
        knows is not asked, unless its text fails a guard.

        Args:
            units: What to translate.
            target: BCP 47 language.
            memory: Approved translations of before.
            context: Sentences before each that the translator gets, at most.
        """
        wholes, known = {}, {}
        asked: dict[str, dict[Sentence, None]] = {}
        for unit in units:
            if is_copy(unit, target):
                continue
            wholes[unit.cues] = recalled(unit.text, unit.language, target, memory)
            sentences = asked.setdefault(unit.language, {})
            if any(not whole.doubts for whole in wholes[unit.cues]):
                continue
            for sentence in in_context(unit, context):
                found = recalled(sentence.text, unit.language, target, memory)
                known[unit.language, sentence] = found
                if all(one.doubts for one in found):
                    sentences[sentence] = None
        return cls(wholes=wholes, known=known, asked={tag: list(s) for tag, s in asked.items()})

    def texts(self) -> dict[str, list[str]]:
        """What the translator is given first, by language."""
        return {tag: [one.asked(tag) for one in several] for tag, several in self.asked.items()}
