"""Korean speech levels by the ending of the final predicate."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from subkit.language.data_tables import read_table

__all__ = ["korean_level"]

# Compatibility letters to final consonants.
_WRITTEN = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_FINALS = dict(zip(_WRITTEN, range(0x11A8, 0x11C3), strict=True))
_HANGUL = re.compile(r"[^\uac00-\ud7a3 ]+")
_SEGMENTS = re.compile(r"[,;:，、—–]|\s-\s|\.{2,}|…")
_DETERMINER = re.compile(r"^(?:이|그|저|내|네|우리)(?=..)")
_TRAILING = ("고", "데", "니까", "서", "지", "며", "나", "니", "려")
"""Endings that join clauses as often as they end one: before a longer clause they end none."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """The facts of the whole sentence that decide between readings of an ending."""

    question: bool
    hage: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    level: str
    ending: str
    when: str


def korean_level(sentence: str) -> tuple[str, str]:
    """The speech level of one sentence and the word that shows it; two empty texts if none does.

    The last clause with a predicate decides, so a vocative or an afterthought may follow it; what
    stands in quotation marks before another predicate does not. Fragments, cries, names, notices
    in -음 and clauses that break off give nothing: no guess is better than a wrong one.

    Args:
        sentence: One sentence, its tags taken off.
    """
    bare = sentence.rstrip(" \"'”’」』)")
    words = _HANGUL.sub(" ", sentence).split()
    facts = _Facts(
        question=bare.rstrip("!！…").endswith(("?", "？")),
        hage=any(word.startswith(_listed("hage_words")) for word in words),
    )
    parts = [part for text in _SEGMENTS.split(sentence) if (part := _HANGUL.sub(" ", text).split())]
    ends = not bare.endswith(("…", "..", "—", "–"))
    for segment in reversed(parts):
        level, word = _of_words(segment, facts)
        if level and (ends or not word.endswith(_TRAILING)):
            return level, word
        ends = ends and len(segment) == 1
    return "", ""


def _of_words(words: list[str], facts: _Facts) -> tuple[str, str]:
    """The level of a clause; a call or an afterthought at its end is passed over."""
    called = len(words) > 1 and words[-1] in _listed("vocatives")
    for count in (len(words), len(words) - 1)[called:]:
        word = words[count - 1]
        if level := _of_word(word, facts, alone=count == 1):
            return level, word
        if not called:
            break
    return "", ""


def _of_word(word: str, facts: _Facts, *, alone: bool) -> str:
    if not facts.hage and _is_none(word, alone=alone):
        return ""
    letters = unicodedata.normalize("NFD", word)
    truths = {
        "": True,
        "question": facts.question,
        "hage": facts.hage,
        "not-alone": not alone,
    }
    for rule in _rules_by_last().get(letters[-1], ()):
        holds = letters == rule.ending if rule.when == "exact" else truths[rule.when]
        if holds and letters.endswith(rule.ending):
            return rule.level
    return ""


def _is_none(word: str, *, alone: bool) -> bool:
    """Whether a word looks like a predicate and is none: a noun, a cry, a call."""
    bare = _DETERMINER.sub("", word)
    if {word, bare} & set(_listed("nouns")) or word.endswith(_listed("particles")):
        return True
    if not alone:
        return False
    calls = word.endswith("야") and not word.endswith("이야") and word not in _listed("stating")
    return calls or word in _listed("cries") or word in _listed("vocatives")


def _letters(ending: str) -> str:
    """An ending of the table as decomposed letters; ``~ㄴ`` is a final consonant."""
    if ending.startswith("~"):
        return chr(_FINALS[ending[1]]) + unicodedata.normalize("NFD", ending[2:])
    return unicodedata.normalize("NFD", ending)


@cache
def _table() -> dict[str, Any]:
    return read_table("endings_ko", "subkit.terminology")


@cache
def _rules_by_last() -> dict[str, tuple[_Rule, ...]]:
    """The rules by the last letter of their ending, the longest first, conditions before none."""
    found: dict[str, list[_Rule]] = {}
    for row in _table()["rule"]:
        for ending in row["ends"]:
            rule = _Rule(row["level"], _letters(ending), row.get("when", ""))
            found.setdefault(rule.ending[-1], []).append(rule)
    return {
        last: tuple(sorted(rules, key=lambda rule: (-len(rule.ending), not rule.when)))
        for last, rules in found.items()
    }


@cache
def _listed(name: str) -> tuple[str, ...]:
    return tuple(_table()[name])
