"""Marks around words: what closes, what opens, what ends a sentence or a clause."""

from __future__ import annotations

import re

__all__ = [
    "CLAUSE_ENDS",
    "CLOSING",
    "DASHES",
    "OPENING",
    "SENTENCE_ENDS",
    "bare",
    "is_closing",
    "is_dash",
    "is_opening",
    "normalize_spaces",
    "tokens",
]

SENTENCE_ENDS = ".?!…。？！｡．؟۔।॥።፧՞։។။‽"
"""Marks that end a sentence in some script (a full stop may also end an abbreviation)."""

CLAUSE_ENDS = ",;:、，；：､،؛፣၊–—―"
"""Marks after which a reader pauses."""

DASHES = "-‐‑–—―"

_BRACKETS_CLOSE = "\"'’”»›)]}」』）】〉》〕］｝｣"
CLOSING = ".,!?;:…%‰‽·।॥" + "。、，．！？；：｡､؟،؛۔።፣។။" + _BRACKETS_CLOSE
"""Marks that belong to what stands before them."""

OPENING = "“‘„‚«‹([{¿¡「『（【〈《〔［｛｢"
"""Marks that belong to what follows them."""

# No-break spaces stay inside a word: they were put there to hold it together.
_SPACES = re.compile(r"[^\S\u00a0\u202f\u2007]+")


def normalize_spaces(text: str) -> str:
    """``text`` with runs of breaking white space made one space, none at the ends."""
    return _SPACES.sub(" ", text).strip(" ")


def bare(word: str) -> str:
    """The letters and digits of a word, casefolded, with straight apostrophes inside."""
    return word.replace("’", "'").strip(CLOSING + OPENING + DASHES + "♪#*").casefold()


def is_closing(word: str) -> bool:
    """Only marks that belong to what stands before; straight quotes alone could be either."""
    return bool(word) and all(char in CLOSING for char in word) and word not in ('"', "'")


def is_opening(word: str) -> bool:
    """Only marks that belong to what follows."""
    return bool(word) and all(char in OPENING for char in word)


def is_dash(word: str) -> bool:
    """Only a dash."""
    return bool(word) and all(char in DASHES for char in word)


def tokens(text: str) -> list[str]:
    """The words of a text without case and marks."""
    found = (bare(word).casefold() for word in text.split())
    return [word for word in found if word]
