"""Guards: small pure functions that detect failed translations.

They are cheap and careful: a sign is a reason to prefer another hypothesis, and to look.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from subkit.interfaces import UNFINISHED
from subkit.language import resolve_language, script_of
from subkit.signals import GUARDS, most_rounds
from subkit.translation.dressing import find_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "LOW_SCORE",
    "REASONS",
    "doubts",
    "has_changed_numbers",
    "has_wrong_script",
    "is_copied",
    "is_empty",
    "is_repeated",
]

REASONS = {name: signal.sentence for name, signal in GUARDS.items()}
"""Name of a guard -> what it says."""

LOW_SCORE = -1.0
"""Mean log-probability of the tokens below which a translation is doubted: on average the model
gave the tokens it wrote less than 37 %."""

_NUMBER = re.compile(r"\d{1,40}(?:[.,'\u00a0\u202f]\d{1,40}){0,9}")
_SAME_SCRIPT = {"Hans": "Hani", "Hant": "Hani"}
_MIXED = {"Jpan": {"Jpan", "Hani"}, "Kore": {"Kore", "Hani"}}
_LOOP = 4
_LONGEST_LOOP = 8


def doubts(
    source: str,
    translation: str,
    *,
    source_language: str,
    target: str,
    score: float = 0.0,
    low_score: float = LOW_SCORE,
) -> tuple[str, ...]:
    """Names of the guards (keys of :data:`REASONS`) that a translation fails; none is good.

    Args:
        source: What was translated.
        translation: What came of it.
        source_language: BCP 47 language of the source.
        target: BCP 47 language asked for.
        score: Mean log-probability that the translator gave it.
        low_score: Score below which it is doubted.
    """
    if is_empty(source, translation):
        return ("empty",)
    signs = {
        "copied": is_copied(source, translation, source_language),
        "wrong-script": has_wrong_script(translation, target),
        "repeated": is_repeated(source, translation),
        "numbers": has_changed_numbers(source, translation),
        "tags": Counter(find_tags(source)) != Counter(find_tags(translation)),
        "truncated": score <= UNFINISHED,
        "low-score": UNFINISHED < score < low_score,
    }
    return tuple(name for name, sign in signs.items() if sign)


def is_empty(source: str, translation: str) -> bool:
    """A source with letters or digits became a text without any."""
    return any(map(str.isalnum, source)) and not any(map(str.isalnum, translation))


def is_copied(source: str, translation: str, source_language: str) -> bool:
    """The translation has the letters of the source, and they are more than a name or a cry.

    Three different words, or six letters in writing without spaces.
    """
    if _letters(source) != _letters(translation):
        return False
    if resolve_language(source_language).spaces:
        return len(set(map(_letters, source.split()))) >= 3
    return len(_letters(source)) >= 6


def has_wrong_script(translation: str, target: str) -> bool:
    """Most letters are of another script than the target language is written in, or a word is.

    A Latin word is no sign by itself: names and abbreviations are written so everywhere.
    """
    language = resolve_language(target)
    if language.base == "und":
        return False
    wanted = _SAME_SCRIPT.get(language.script, language.script)
    right = {"Zyyy", *_MIXED.get(wanted, {wanted})}
    if script_of(translation) not in right:
        return True
    words = (word for word in translation.split() if not word.isascii())
    return any(script_of(word) not in {"Latn", *right} for word in words)


def is_repeated(source: str, translation: str) -> bool:
    """Words, or characters in writing without spaces, come four times in a row or more.

    Unless the source does the same ("No, no, no, no!").
    """
    loop = _longest_loop(translation)
    return loop >= _LOOP and loop >= _longest_loop(source) + 2


def has_changed_numbers(source: str, translation: str) -> bool:
    """Both have digits, and not the same numbers; separators of thousands and decimals aside.

    A number that one side spells in words is not seen.
    """
    before, after = _numbers(source), _numbers(translation)
    return bool(before) and bool(after) and before != after


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _numbers(text: str) -> Counter[str]:
    return Counter(
        "".join(str(unicodedata.digit(char)) for char in number if char.isdecimal())
        for number in _NUMBER.findall(text)
    )


def _longest_loop(text: str) -> int:
    """How often the most repeated run of one to eight words (two to eight characters) comes."""
    words: Sequence[str] = [_letters(word) for word in text.split()]
    shortest = 1
    if len(words) <= 2:
        words, shortest = _letters(text), 2
    # A run that comes twice takes at most half of the words.
    longest = min(_LONGEST_LOOP, len(words) // 2)
    return most_rounds(words, range(shortest, longest + 1))
