"""Rules on words from lists that the user provides; subkit includes none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.quality.rule import WARNING, Breach, CueRule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue

__all__ = ["WORD_RULES", "word_rules"]

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def word_rules(
    *, unwanted: Collection[str] = (), known: Collection[str] = ()
) -> tuple[CueRule, ...]:
    """The rules for lists of words; without a list there is no rule.

    Args:
        unwanted: Words and phrases to be looked at, in any case; ``damn*`` is any word that begins
            so. In writing without spaces they are found anywhere.
        known: Every word that is spelled right, in any case; all others are found.
    """
    rules = []
    if unwanted:
        rules.append(CueRule("unwanted-word", WARNING, _Unwanted(unwanted)))
    if known:
        rules.append(CueRule("unknown-word", WARNING, _Unknown(known)))
    return tuple(rules)


class _Unwanted:
    """A word of the list of words to be looked at."""

    def __init__(self, words: Collection[str]) -> None:
        ordered = sorted({w.strip().casefold() for w in words if w.strip()}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_expression, ordered)))

    def __call__(self, cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG002
        text = " ".join(cue.text.split()).replace("’", "'").casefold()
        for found in dict.fromkeys(match.group() for match in self._pattern.finditer(text)):
            yield Breach(cue=cue, measured=found, fault=f"has the word {found!r} of your list")


def _expression(word: str) -> str:
    word = word.replace("’", "'")
    start = word.endswith("*")
    stem = re.escape(word.rstrip("*"))
    if not word.isascii() and not any(char.isspace() for char in word) and _unspaced(word):
        return stem
    return rf"(?<!\w){stem}" + (r"\w*" if start else r"(?!\w)")


def _unspaced(word: str) -> bool:
    # Han, kana, Hangul, Thai … : particles or other words stand directly beside a word.
    return any(ord(char) >= 0x0E00 for char in word)


class _Unknown:
    """A word that the list of known words does not have."""

    def __init__(self, words: Collection[str]) -> None:
        self._known = {_folded(word) for word in words}

    def __call__(self, cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG002
        for word in dict.fromkeys(_WORD.findall(cue.text)):
            folded = _folded(word)
            parts = re.split("['-]", folded)
            stem = folded.removesuffix("'s")
            if not ({folded, stem} & self._known) and not all(p in self._known for p in parts):
                yield Breach(cue=cue, measured=word, fault=f"has {word!r}, which your list lacks")


def _folded(word: str) -> str:
    return word.strip().replace("’", "'").casefold()


WORD_RULES = word_rules(unwanted=("",), known=("",))
"""The rules for lists of words, with empty lists: what they say of themselves."""
