"""Words to text: a space between them, or none, as the language writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.language.punctuation import is_closing, is_opening
from subkit.language.scripts import letter_script
from subkit.language.tags import resolve_language

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["join_words", "joiner", "unspaced"]

_UNSPACED_SCRIPTS = frozenset({"Hani", "Hira", "Kana", "Thai", "Laoo", "Khmr", "Mymr", "Tibt"})


def unspaced(char: str) -> bool:
    """Whether ``char`` belongs to writing without spaces: its letters and full-width marks."""
    code = ord(char)
    if 0x3000 <= code <= 0x303F or 0xFF01 <= code <= 0xFF65:
        return True
    return letter_script(char) in _UNSPACED_SCRIPTS


def joiner(left: str, right: str, language: str) -> str:
    """Return what separates two words: a space or nothing.

    Marks that only close join the word before, marks that only open the word after. In a language
    without spaces a space stands between words of other scripts, and where the words bring one.
    """
    if not left or not right:
        return ""
    first, second = left.strip(), right.strip()
    if is_closing(second) or is_opening(first):
        return ""
    if resolve_language(language).spaces:
        return " "
    if left[-1].isspace() or right[0].isspace():
        return " "
    before, after = left[-1], right[0]
    if unspaced(before) or unspaced(after):
        return ""
    return " " if after.isalnum() and (before.isalnum() or before in ".,!?;:…") else ""


def join_words(words: Iterable[str], language: str) -> str:
    """The words as one text, written as ``language`` writes (see :func:`joiner`)."""
    parts: list[str] = []
    last = ""
    for word in words:
        if not word.strip():
            continue
        parts += [joiner(last, word, language), word.strip()]
        last = word
    return "".join(parts)
