"""How wide a text counts: characters as a reader sees them, or East Asian half widths."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from subkit.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["COUNTINGS", "clusters", "half_units", "width"]

COUNTINGS = ("characters", "half-width")

_JOINER = "\u200d"


def width(text: str, counting: str) -> Fraction:
    """Width of one line of text.

    Args:
        text: The text; combining marks, joiners, variation selectors and controls count 0.
        counting: ``"characters"`` (each visible character 1, spaces included) or ``"half-width"``
            (East Asian Wide and Fullwidth 1, all others one half; Unicode UAX #11).

    Raises:
        PlanError: an unknown counting.
    """
    return Fraction(half_units(text, counting), 2)


def half_units(text: str, counting: str) -> int:
    """:func:`width` in halves, as a whole number, for inner loops."""
    if counting not in COUNTINGS:
        raise PlanError(
            f"{counting!r} is not a way to count characters.",
            remedy=f"Use one of {', '.join(COUNTINGS)}.",
            counting=counting,
        )
    full = counting == "characters"
    if text.isascii() and text.isprintable():
        return len(text) * 2 if full else len(text)
    total = 0
    for cluster in clusters(text):
        size = max(_size(char) for char in cluster)
        total += size if not full else (2 if size else 0)
    return total


def clusters(text: str) -> Iterator[str]:
    """The characters as a reader sees them: a base with all that joins it.

    The rules of Unicode UAX #29 that matter in subtitles: marks and format characters join what is
    before, a zero-width joiner also what is after, a conjoining jamo its syllable, a regional
    indicator its pair, an emoji modifier its emoji.
    """
    if not any(map(_may_join, set(text))):
        yield from text
        return
    start = 0
    for place in range(1, len(text)):
        if not _joins(text, place, start):
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def _joins(text: str, place: int, start: int) -> bool:
    """Whether the character at ``place`` belongs to the cluster that began at ``start``."""
    before, char = text[place - 1], text[place]
    if before.isascii() and char.isascii():
        return False
    if before == _JOINER:
        return _is_pictograph(char)
    if _extends(char):
        return True
    if _is_regional(char):
        return _is_regional(before) and place - start == 1
    code = ord(char)
    if 0x1F3FB <= code <= 0x1F3FF:  # skin tones
        return _is_pictograph(before)
    # Conjoining vowels and finals of Hangul.
    syllable = 0x1100 <= ord(before) <= 0x11FF or 0xAC00 <= ord(before) <= 0xD7A3
    return syllable and 0x1160 <= code <= 0x11FF


@lru_cache(maxsize=4096)
def _may_join(char: str) -> bool:
    """Whether there is a text in which the character joins what is before or after it."""
    if char.isascii():
        return False
    joins = _extends(char) or _is_regional(char) or 0x1F3FB <= ord(char) <= 0x1F3FF
    return joins or 0x1160 <= ord(char) <= 0x11FF


@lru_cache(maxsize=4096)
def _extends(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me", "Mc", "Cf")


@lru_cache(maxsize=4096)
def _size(char: str) -> int:
    """Half widths of one character on its own."""
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Mc", "Cf", "Cc", "Zl", "Zp"):
        return 0
    if unicodedata.east_asian_width(char) in ("W", "F") or _is_regional(char):
        return 2
    return 1


def _is_regional(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def _is_pictograph(char: str) -> bool:
    code = ord(char)
    return 0x1F000 <= code <= 0x1FAFF or 0x2190 <= code <= 0x2BFF
