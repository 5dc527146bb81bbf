"""Where lips close: the letters of a text that close them, and when.

Only the lips are looked at (Baumann & Saboo 2021: closing lips are seen, how far a jaw opens is
not). Rules on letters, no pronouncing dictionary: what they find is advice, never a fault.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING

from subkit.language import resolve_language

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CLOSURE_WINDOW", "closure_offsets", "closure_score", "knows_closures"]

CLOSURE_WINDOW = 0.1
"""Seconds that two closures may be apart and still look like one."""

_LATIN = {
    # ph is f, the b of "lamb" and of "debt" is silent, two letters are one closure
    "en": r"mb\b|p(?!h)p?|m+|bb?(?!t\b)",
    # b between vowels does not close; v is b after a pause or m, n
    "es": r"p|m|(?<=\bu[nm] )[bv]|(?<=[mn])[bv]|(?:^|(?<=[.!?¡¿,;:] ))[bv]",
    # p and b at the end are silent, m and n before a consonant make the vowel nasal
    "fr": r"p(?!h|s?\b)p?|bb?(?!s?\b)|m+(?=[aeiouyàâéèêëîïôûùœh])",
    "de": r"p(?!h|f)p?|pf|bb?|m+",
    "it": r"p+|b+|m+",
    "pt": r"p+|b+|m+(?=[aeiouáâãàéêíóôõú])",
    "nl": r"p+|b+|m+",
    "ru": r"[пбм]+",
}
_OTHER = r"p+|b+|m+"
_KANA = re.compile("[まみむめもばびぶべぼぱぴぷぺぽマミムメモバビブベボパピプペポ]")
_NO_RULES = ("zh", "yue")
"""Written with letters that do not show the sound."""
_LABIAL_INITIALS = frozenset({6, 7, 8, 17})
"""ㅁ ㅂ ㅃ ㅍ among the 19 initials of a Hangul block."""
_LABIAL_FINALS = frozenset({10, 14, 16, 17, 18, 26})
"""ㄻ ㄿ ㅁ ㅂ ㅄ ㅍ among its 28 finals."""


def knows_closures(language: str) -> bool:
    """Whether the writing of a language shows where lips close."""
    return resolve_language(language).base not in _NO_RULES


def closure_offsets(text: str, language: str) -> tuple[int, ...]:
    """Return the code points of a text at which the lips close, ascending.

    In Japanese kana only: what Han characters hide is not known.
    """
    base = resolve_language(language).base
    if base in _NO_RULES:
        return ()
    if base == "ko":
        return tuple(_hangul(text))
    if base == "ja":
        return tuple(match.start() for match in _KANA.finditer(text))
    return tuple(match.start() for match in _pattern(base).finditer(text))


def closure_score(source: Sequence[float], target: Sequence[float]) -> float | None:
    """Return how well closures agree: F1, each met by one of the other within the window.

    Args:
        source: Times of the closures that are seen, seconds, ascending.
        target: Times of those that will be heard, likewise.

    Returns:
        ``None`` where no lips close.
    """
    if not source and not target:
        return None
    met, at = 0, 0
    for time in source:
        at = bisect_left(target, time - CLOSURE_WINDOW, lo=at)
        if at < len(target) and target[at] <= time + CLOSURE_WINDOW:
            met, at = met + 1, at + 1
    return 2 * met / (len(source) + len(target))


def _hangul(text: str) -> list[int]:
    found = []
    for place, char in enumerate(text):
        code = ord(char) - 0xAC00
        if not 0 <= code < 11172:
            continue
        initial, final = code // 588, code % 28
        before = ord(text[place - 1]) - 0xAC00 if place else -1
        joined = 0 <= before < 11172 and before % 28 in _LABIAL_FINALS  # one closure for 밥마
        if initial in _LABIAL_INITIALS and not joined:
            found.append(place)
        if final in _LABIAL_FINALS:
            found.append(place)
    return found


@cache
def _pattern(base: str) -> re.Pattern[str]:
    return re.compile(_LATIN.get(base, _OTHER), re.IGNORECASE)
