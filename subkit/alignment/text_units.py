"""Texts as units that can be compared: words without case and marks, or single characters."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.language import resolve_language
from subkit.language.joining import unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["TextUnit", "split_words", "units_of"]

_BY_SYLLABLE = frozenset({"ko"})
"""Languages whose spaces recognisers set otherwise than people do."""


@dataclass(frozen=True, slots=True)
class TextUnit:
    """What is compared: a key, and the number of the word that it is of."""

    key: str
    word: int


def split_words(text: str, language: str) -> list[str]:
    """Return the words of a text as written, marks with the word that they belong to.

    Each has a letter or a digit. Where no spaces are written a word is one character.

    Args:
        text: Lines are words apart.
        language: BCP 47.
    """
    found: list[str] = []
    ahead = ""
    spaces = resolve_language(language).spaces
    for part in text.split():
        fresh = True
        for piece in [part] if spaces else _characters(part):
            if any(map(str.isalnum, piece)):
                found.append(ahead + piece)
                ahead = ""
            elif found and not (_opens(piece) or ahead):
                found[-1] += f" {piece}" if fresh and spaces else piece
            elif found or _opens(piece):
                ahead += piece
            fresh = False
    if ahead and found:
        found[-1] += ahead
    return found


def _opens(piece: str) -> bool:
    return all(unicodedata.category(char) in {"Ps", "Pi"} or char in "¿¡" for char in piece)


def _characters(part: str) -> list[str]:
    """Single characters of writing without spaces; what is written otherwise stays together."""
    found: list[str] = []
    joined = False
    for char in part:
        alone = unspaced(char) or not char.isalnum()
        if alone and unicodedata.combining(char) and found:
            found[-1] += char
        elif alone or not joined:
            found.append(char)
        else:
            found[-1] += char
        joined = not alone
    return found


def units_of(words: Iterable[str], language: str) -> list[TextUnit]:
    """Return the units of words, in order; a word with a hyphen has several.

    Args:
        words: As written.
        language: BCP 47; in Korean, and where no spaces are written, each letter is a unit.
    """
    known = resolve_language(language)
    single = not known.spaces or known.tag.split("-")[0] in _BY_SYLLABLE
    return [
        TextUnit(key, number)
        for number, word in enumerate(words)
        for key in _keys(word, single=single)
    ]


def _keys(word: str, *, single: bool) -> Sequence[str]:
    plain = unicodedata.normalize("NFKC", word).casefold().replace("’", "'").replace("'", "")
    kept = "".join(char if char.isalnum() else " " for char in _bare(plain))
    parts = kept.split()
    if not single:
        return parts
    return [key for part in parts for key in ([part] if part.isascii() else part)]


def _bare(text: str) -> str:
    """Without accents on Latin, Greek and Cyrillic letters: recognisers leave them out."""
    if text.isascii():
        return text
    found = []
    for char in text:
        base = unicodedata.normalize("NFD", char)[0]
        found.append(base if ord(base) < 0x590 else char)
    return "".join(char for char in found if not unicodedata.combining(char))
