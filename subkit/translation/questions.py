"""What units ask of a translator: each different sentence once, unless a memory knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.language import resolve_language
from subkit.translation.candidates import Candidate, recalled
from subkit.translation.dressing import is_picture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.translation.preferences import Memory
    from subkit.translation.units import Unit

__all__ = ["Core", "Questions", "cores", "is_copy", "same_language"]

_EDGES = "♪♫♩♬# \t\u00a0"
"""Marks around sung lines, as emoji: they stay, and the translator never sees them."""


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
    known: dict[tuple[str, str], list[Candidate]]
    asked: dict[str, list[str]]

    @classmethod
    def of(cls, units: Iterable[Unit], target: str, memory: Memory | None = None) -> Questions:
        """The questions of some units.

        A unit already in the target language, or without letters, asks nothing. What the memory
        knows is not asked, unless its text fails a guard.

        Args:
            units: What to translate.
            target: BCP 47 language.
            memory: Approved translations of before.
        """
        wholes, known = {}, {}
        asked: dict[str, dict[str, None]] = {}
        for unit in units:
            if is_copy(unit, target):
                continue
            wholes[unit.cues] = recalled(unit.text, unit.language, target, memory)
            sentences = asked.setdefault(unit.language, {})
            if any(not whole.doubts for whole in wholes[unit.cues]):
                continue
            for text in cores(unit):
                found = recalled(text, unit.language, target, memory)
                known[unit.language, text] = found
                if all(one.doubts for one in found):
                    sentences[text] = None
        return cls(wholes=wholes, known=known, asked={tag: list(s) for tag, s in asked.items()})


def same_language(first: str, second: str) -> bool:
    """Whether two tags name one language in one script: ``ko`` and ``ko-KR``, not ``zh-Hant``."""
    a, b = resolve_language(first), resolve_language(second)
    return first == second or ("und" != a.base == b.base and a.script == b.script)


def is_copy(unit: Unit, target: str) -> bool:
    """Whether a unit needs no translation: in the target language already, or without letters."""
    if same_language(unit.language, target):
        return True
    return not any(cores(unit))


@dataclass(frozen=True, slots=True)
class Core:
    """A sentence without the marks around it; no text if it has no letters."""

    before: str
    text: str
    after: str

    @classmethod
    def of(cls, sentence: str) -> Core:
        """Cut the marks off."""
        core = sentence.strip(_EDGES + "".join(filter(is_picture, sentence)))
        if not any(map(str.isalpha, core)):
            return cls(sentence, "", "")
        start = sentence.index(core)
        return cls(sentence[:start], core, sentence[start + len(core) :])


def cores(unit: Unit) -> Iterable[str]:
    """The sentences of a unit as the translator sees them."""
    found = (Core.of(text).text for turn in unit.turns for text in turn.sentences)
    return (text for text in found if text)
