"""The sentences of a unit as a translator sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.language import join_words, resolve_language
from subkit.translation.dressing import is_picture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.translation.units import Unit

__all__ = ["Core", "Sentence", "cores", "is_copy", "same_language"]

_EDGES = "♪♫♩♬# \t\u00a0"
"""Marks around sung lines, as emoji: they stay, and the translator never sees them."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence to translate.

    Attributes:
        text: The sentence, without marks around it.
        before: What was said before it, as far as the translator is to know.
    """

    text: str
    before: tuple[str, ...] = ()

    def asked(self, language: str) -> str:
        """The text that the translator gets."""
        return join_words((*self.before, self.text), language) if self.before else self.text


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
