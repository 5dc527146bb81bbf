"""Korean particles: choose the form that follows a word, and correct it after insertions."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from functools import cache
from typing import Any

from subkit.errors import InputError
from subkit.language.data_tables import read_table

__all__ = [
    "Ending",
    "attach_particle",
    "correct_particle",
    "correct_particles",
    "ending_of",
    "is_suffix",
    "resolve_particles",
]

_PACKAGE = "subkit.terminology"
_FIRST, _COUNT, _FINALS, _RIEUL = 0xAC00, 11172, 28, 8
_CLOSING = "\"'”’»」』》〉)]}*_"
_BRACKETED = re.compile(r"\([^()]{0,80}\)$|\[[^\[\]]{0,80}\]$")
_LONGEST = 12
"""Most characters of particles after one noun that are looked at."""
_FAR = 100
"""Characters before a particle in which the end of its word is looked for."""
_HANGUL = re.compile(rf"[\uac00-\ud7a3]{{0,{_LONGEST}}}")
_CLAUSE = re.compile(r"[,.!?…\n\"“”'‘’:;—–-]")


class Ending(str, Enum):
    """The sound that a word ends in, as far as particles ask for it."""

    VOWEL = "vowel"
    CONSONANT = "consonant"
    RIEUL = "rieul"
    """The consonant ㄹ: 로 follows it as it follows a vowel."""


def ending_of(word: str) -> Ending | None:
    """The sound that ``word`` ends in when it is read aloud in Korean; ``None`` if nobody can say.

    Numbers are read as Sino-Korean numerals (10 is 십), capitals by the names of the letters,
    other Latin words by the rules of the Korean transcription of English: after a short vowel p, t
    and k close the syllable (잭, 스콧), other stops are given a vowel (데이비드). What
    stands in brackets at the end is not read.
    """
    text = unicodedata.normalize("NFC", word).rstrip(_CLOSING[:-5] + " ")
    while (shorter := _BRACKETED.sub("", text).rstrip(_CLOSING + " ")) != text and shorter:
        text = shorter
    if not text:
        return None
    code = ord(text[-1]) - _FIRST
    if 0 <= code < _COUNT:
        return _of_final(code % _FINALS)
    if text[-1] in _table()["signs_vowel"]:
        return Ending.VOWEL
    if text[-1].isdecimal():
        return _of_number(re.findall(r"[\d.,]+$", text)[0])
    latin = re.search(r"[A-Za-z]+$", _unaccented(text))
    return _of_latin(latin.group()) if latin else None


def attach_particle(word: str, particle: str) -> str:
    """``word`` with a particle in the form that follows it; as given where the word is unreadable.

    Args:
        word: A noun or name.
        particle: A particle in either form, for example ``"은"`` or ``"는"``, ``"으로는"``.

    Raises:
        InputError: no particle of that name has two forms.
    """
    for consonant, vowel, rieul, _ in _forms():
        if particle in (consonant, vowel):
            return word + _chosen(ending_of(word), consonant, vowel, particle, rieul=rieul)
    raise InputError(
        f"{particle!r} is not a Korean particle with two forms.",
        remedy="Those that have are 은/는, 이/가, 을/를, 과/와, 으로/로, 아/야, 이나/나 ….",
        particle=particle,
    )


def correct_particle(text: str, start: int, end: int) -> str:
    """``text`` with the particle that follows ``text[start:end]`` in the form the word asks for.

    A bare 야 after a vowel calls (민수야!) or states (그건 민수야.): after a consonant it becomes
    아 where the word stands alone in its clause, else 이야.
    """
    tail = _HANGUL.match(text, end)
    suffix = tail.group() if tail else ""
    sound = ending_of(text[start:end])
    if not suffix or sound is None:
        return text
    for consonant, vowel, rieul, vocative in _forms():
        if suffix not in (consonant, vowel):
            continue
        if suffix in ("아", "야") and vocative != _is_called(text, start):
            continue
        chosen = _chosen(sound, consonant, vowel, suffix, rieul=rieul)
        return text[:end] + chosen + text[end + len(suffix) :]
    return text


def correct_particles(text: str, words: tuple[str, ...] | list[str]) -> str:
    """``text`` with the particle after every occurrence of each of ``words`` in its right form."""
    for word in sorted(filter(None, words), key=len, reverse=True):
        place = text.find(word)
        while place >= 0:
            text = correct_particle(text, place, place + len(word))
            place = text.find(word, place + len(word))
    return text


def resolve_particles(text: str) -> str:
    """``text`` with particles that are written in both forms, 은(는) or (으)로, resolved."""

    def resolved(found: re.Match[str]) -> str:
        consonant, vowel, rieul = _readings()[found.group()]
        before = text[max(0, found.start() - _FAR) : found.start()]
        return _chosen(ending_of(before), consonant, vowel, vowel, rieul=rieul)

    return _both().sub(resolved, text)


def is_suffix(text: str) -> bool:
    """Whether ``text`` may be written onto a Korean noun: nothing, or particles and honorifics."""
    return len(text) <= _LONGEST and bool(_suffixes().fullmatch(text))


def _chosen(sound: Ending | None, consonant: str, vowel: str, given: str, *, rieul: bool) -> str:
    if sound is None:
        return given
    open_ = sound is Ending.VOWEL or (rieul and sound is Ending.RIEUL)
    return vowel if open_ else consonant


def _is_called(text: str, start: int) -> bool:
    """Whether the word at ``start`` is the first of its clause."""
    return not _CLAUSE.split(text[:start])[-1].strip()


@cache
def _table() -> dict[str, Any]:
    return read_table("particles", _PACKAGE)


@cache
def _forms() -> tuple[tuple[str, str, bool, bool], ...]:
    """``(after a consonant, after a vowel, like a vowel after ㄹ, calls)``, with every tail."""
    return tuple(
        (
            row["consonant"] + tail,
            row["vowel"] + tail,
            row.get("rieul", False),
            row.get("vocative", False),
        )
        for row in _table()["alternations"]
        for tail in ("", *row.get("tails", ()))
    )


@cache
def _suffixes() -> re.Pattern[str]:
    table = _table()
    alternating = {form for row in _forms() for form in row[:2]}
    onto = "|".join(sorted(table["onto"], key=len, reverse=True))
    first = "|".join(sorted({*alternating, *table["constant"]}, key=len, reverse=True))
    between = "|".join(sorted(table["honorifics"], key=len, reverse=True))
    return re.compile(rf"(?:{between})?(?:(?:{first})(?:{onto})?)?")


@cache
def _readings() -> dict[str, tuple[str, str, bool]]:
    found = {}
    for consonant, vowel, rieul, _ in _forms():
        pair = (consonant, vowel, rieul)
        if consonant.endswith(vowel) and len(consonant) > len(vowel):
            found[f"({consonant[: -len(vowel)]}){vowel}"] = pair
        found.setdefault(f"{consonant}({vowel})", pair)
        found.setdefault(f"{vowel}({consonant})", pair)
    return found


@cache
def _both() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_readings(), key=len, reverse=True))))


def _of_final(final: int) -> Ending:
    if final == 0:
        return Ending.VOWEL
    return Ending.RIEUL if final == _RIEUL else Ending.CONSONANT


def _of_number(digits: str) -> Ending:
    table = _table()
    whole = digits.strip(".,")
    read = "".join(char for char in whole if char.isdecimal())
    last = str(unicodedata.digit(read[-1]))
    zeros = len(read) - len(read.rstrip("0"))
    if last == "0" and "." not in whole and 0 < zeros < len(read):
        return Ending.VOWEL if zeros in table["zeros_vowel"] else Ending.CONSONANT
    if last in table["digits_rieul"]:
        return Ending.RIEUL
    return Ending.CONSONANT if last in table["digits_consonant"] else Ending.VOWEL


def _of_latin(word: str) -> Ending:
    if word.isupper():
        if word[-1] in _table()["letters_rieul"]:
            return Ending.RIEUL
        is_closed = word[-1] in _table()["letters_consonant"]
        return Ending.CONSONANT if is_closed else Ending.VOWEL
    sounded = word.lower()
    if re.search(r"[^aeiou]le$|l[le]?$", sounded):
        return Ending.RIEUL
    if re.search(r"(?:[aeiouy][mn]e|[mn]|ng)$", sounded):
        return Ending.CONSONANT
    if re.search(r"(?:^|[^aeiou])[aeiou](?:ck|tt|pp|p|t|k|c)$", sounded):
        # Unstressed -et, -ot: also 받침 (Janet 재닛, Scott 스콧, Philip 필립).
        return Ending.CONSONANT
    return Ending.VOWEL


def _unaccented(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))
