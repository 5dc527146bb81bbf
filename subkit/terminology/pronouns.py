"""Tu and vous, tú, usted and vos, du and Sie: by pronouns, verb forms and imperatives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from subkit.language.data_tables import read_table

__all__ = ["pronoun_level"]

_TABLE = "address_forms"
_WORD = re.compile(r"[^\W\d_]+")
_CLAUSES = re.compile(r"(?<=[,;:.!?…¡¿])\s*")
_OPENING = re.compile(r"^[\s¡¿\"'«»„“”(—–-]+")


@dataclass(frozen=True, slots=True)
class _Forms:
    """What shows one level."""

    words: frozenset[str]
    first: frozenset[str]
    never_first: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    as_written: bool


def pronoun_level(sentence: str, language: str) -> tuple[str, str]:
    """The level of address and the word that shows it; two empty texts where none does.

    What is quoted does not count where anything else is said.

    Args:
        sentence: One sentence, its tags taken off.
        language: A subtag of ``data/address_forms.toml``.
    """
    levels, ignored, before = _levels(language)
    outside = ignored.sub(" ", sentence)
    text = outside if any(map(str.isalpha, outside)) else sentence
    text = text.replace("’", "'").strip()
    for level, forms in levels.items():
        if found := _evidence(text, forms, before):
            return level, found
    return "", ""


def _evidence(text: str, forms: _Forms, before: re.Pattern[str]) -> str:
    """What shows a level; `before` are the words that an imperative may follow."""
    clauses = [_OPENING.sub("", clause) for clause in _CLAUSES.split(text)]
    if not forms.as_written:
        clauses = [clause.lower() for clause in clauses]
        text = text.lower()
    if word := next((w for w in _WORD.findall(text) if w in forms.words), ""):
        return word
    for clause in (text, *clauses) if forms.as_written else clauses:
        bare = before.sub("", clause)
        begins = _WORD.match(bare)
        if begins and begins.group() in forms.first:
            return begins.group()
        if begins and begins.group() in forms.never_first:
            continue
        for pattern in forms.patterns:
            if found := pattern.search(clause):
                return found.group().strip()
    return ""


@cache
def _levels(language: str) -> tuple[dict[str, _Forms], re.Pattern[str], re.Pattern[str]]:
    table = read_table(_TABLE, "subkit.terminology")[language]
    levels = {}
    for level in table["order"]:
        row = table[level]
        levels[level] = _Forms(
            words=frozenset(row["words"]),
            first=frozenset(row.get("first", ())),
            never_first=frozenset(row.get("not_first", ())),
            patterns=tuple(re.compile(pattern) for pattern in row["patterns"]),
            as_written=row.get("case", False),
        )
    leading = re.compile(f"^(?:(?:{'|'.join(table['before'])})[ ,]+)+")
    return levels, re.compile(table["ignored"]), leading
