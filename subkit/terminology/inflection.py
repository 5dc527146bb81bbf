"""The forms in which the words of a term are written."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from subkit.language import resolve_language
from subkit.language.data_tables import read_table

__all__ = ["has_elision", "has_possessive", "inflects_every_word", "word_forms"]

_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}


def _rules(language: str) -> dict[str, Any]:
    table = read_table("inflection", "subkit.terminology")
    rules: dict[str, Any] = table.get(resolve_language(language).base, {})
    return rules


def inflects_every_word(language: str) -> bool:
    """Whether all words of a term change, not its last one alone."""
    return bool(_rules(language).get("every_word", False))


def has_possessive(language: str) -> bool:
    """Whether a term may be followed by 's."""
    return bool(_rules(language).get("possessive", False))


def has_elision(language: str) -> bool:
    """Whether a word cut short by an apostrophe may stand before a term (l'hôtel)."""
    return bool(_rules(language).get("elision", False))


@lru_cache(maxsize=65536)
def word_forms(word: str, language: str) -> frozenset[str]:
    """The forms of one word, casefolded, itself among them.

    Words of one or two letters, and those with a digit, do not change.
    """
    plain = unicodedata.normalize("NFC", word).casefold()
    if len(plain) <= 2 or not plain.isalpha():
        return frozenset({plain})
    forms = {plain}
    for rule in _rules(language).get("rules", ()):
        if plain.endswith(rule["ends"]):
            stem = plain[: len(plain) - rule.get("cut", 0)]
            if rule.get("umlaut"):
                stem = _with_umlaut(stem)
            forms |= {stem + end.replace("{last}", plain[-1]) for end in rule["add"] if stem}
    return frozenset(forms)


def _with_umlaut(stem: str) -> str:
    """The last a, o or u of a stem with its umlaut; empty if it has none."""
    for place in range(len(stem) - 1, -1, -1):
        if stem[place] in _UMLAUTS:
            if stem[place] == "u" and stem[place - 1 : place] == "a":
                place -= 1  # noqa: PLW2901 - au becomes äu
            return stem[:place] + _UMLAUTS[stem[place]] + stem[place + 1 :]
    return ""
