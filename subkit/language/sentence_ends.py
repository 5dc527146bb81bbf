"""Where sentences end."""

from __future__ import annotations

import re
from functools import cache

from subkit.language.data_tables import read_table
from subkit.language.punctuation import CLOSING, OPENING, SENTENCE_ENDS, normalize_spaces
from subkit.language.tags import resolve_language

__all__ = ["is_abbreviation", "is_sentence_end", "sentences"]

_TRAILING = "".join(mark for mark in CLOSING if mark not in SENTENCE_ENDS and mark not in ",;:")
_INITIAL = re.compile(r"[^\W\d_]|(?:[^\W\d_]\.)+[^\W\d_]")
_FULL_STOPS = ".．"
_NO_SPACE_PIECE = re.compile(r"[^。？！｡]*[。？！｡]+[」』）】〉》〕］｝｣”’…]*|[^。？！｡]+")


def is_sentence_end(word: str, language: str, *, following: str = "") -> bool:
    """Whether a sentence ends with ``word``.

    Args:
        word: A word as written, with its punctuation (in writing without spaces: any text).
        language: BCP 47 tag; its abbreviations, ordinals and marks are known for some languages.
        following: The next word, where there is one: after an ellipsis or an abbreviation its
            capital tells whether a new sentence begins.
    """
    base = resolve_language(language).base
    text = word.strip().rstrip(_TRAILING)
    if not text:
        return False
    if text[-1] == _question_mark(base):
        return True
    if text[-1] not in SENTENCE_ENDS:
        return False
    if text.endswith(("…", "...")):
        return not following or not _begins_small(following)
    if text[-1] in _FULL_STOPS:
        return _full_stop_ends(text[:-1], base, following)
    return True


def is_abbreviation(word: str, language: str) -> bool:
    """Whether a word with a full stop behind it is short for another: ``a.m.``, ``Jr.``, ``J.``."""
    written = word.strip(OPENING + "\"'-")
    if not written.endswith(tuple(_FULL_STOPS)):
        return False
    stem = written[:-1]
    titles, others, _ = _abbreviations(resolve_language(language).base)
    return stem.casefold() in titles | others or _INITIAL.fullmatch(stem) is not None


def sentences(text: str, language: str) -> tuple[str, ...]:
    """The sentences of ``text``, in order.

    Joined (with a space, where the language has them) they are ``text`` with its white space
    normalised.
    """
    words = normalize_spaces(text).split(" ")
    if not resolve_language(language).spaces:
        return tuple(_split_unspaced(words))
    found: list[str] = []
    current: list[str] = []
    for place, word in enumerate(words):
        current.append(word)
        following = words[place + 1] if place + 1 < len(words) else ""
        if is_sentence_end(word, language, following=following):
            found.append(" ".join(current))
            current = []
    if current and current != [""]:
        found.append(" ".join(current))
    return tuple(found)


def _split_unspaced(words: list[str]) -> list[str]:
    pieces = _NO_SPACE_PIECE.findall(" ".join(words))
    return [piece.strip(" ") for piece in pieces if piece.strip(" ")]


def _full_stop_ends(written: str, base: str, following: str) -> bool:
    written = written.strip(OPENING + "\"'-")
    stem = written.casefold()
    titles, others, ordinals = _abbreviations(base)
    if stem in titles or (ordinals and stem.isdigit() and len(stem) <= 2):
        return False
    if _INITIAL.fullmatch(written) and written.isupper() and (written, base) != ("I", "en"):
        # "J." before a name is an initial; "the U.S. He left" ends.
        return not following or (len(written) > 1 and not _begins_small(following))
    if stem in others:
        return bool(following) and not _begins_small(following)
    return True


def _begins_small(word: str) -> bool:
    letter = next((char for char in word if char.isalnum()), "")
    return letter.islower() or letter.isdigit()


@cache
def _abbreviations(base: str) -> tuple[frozenset[str], frozenset[str], bool]:
    facts = read_table("sentences").get(base, {})
    titles = frozenset(facts.get("titles", "").split())
    return titles, frozenset(facts.get("others", "").split()), bool(facts.get("ordinals", False))


@cache
def _question_mark(base: str) -> str | None:
    mark = read_table("sentences").get(base, {}).get("question")
    return str(mark) if mark else None
