"""Where a text may be broken, and how bad each break is."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Any

from subkit.language.joining import unspaced
from subkit.language.marks import (
    CLAUSE_ENDS,
    CLOSING,
    OPENING,
    bare,
    is_closing,
    is_dash,
    is_opening,
)
from subkit.language.scripts import letter_script
from subkit.language.sentences import is_sentence_end
from subkit.language.tables import read_table
from subkit.language.tags import resolve_language
from subkit.language.widths import clusters

__all__ = ["FORBIDDEN", "NEUTRAL", "break_cost", "break_points"]

NEUTRAL = 5.0
"""Cost of a break between two words of which nothing is known."""

FORBIDDEN = 100.0
"""Cost of a break that no reader would accept: inside a word, before closing marks."""

_CLAUSE = 1.0
_NAME = 8.0
_NUMBER = 9.0
_TITLE = 12.0
_DASH_BEFORE = 2.0
_SPEAKER = 0.5
_QUOTES = "\"'’”»)]」』）"

# JIS X 4051 / W3C JLREQ 3.1.7: what may not begin a line, besides closing marks.
_NOT_FIRST = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶーｰ々〻ゝゞヽヾ・〜～"
_THAI_AFTER = "ะาำๅๆฯ"  # vowels and marks that follow their consonant
_THAI_BEFORE = "เแโใไ"  # vowels written before their consonant
_JA_PARTICLES = "はがをにでともへのやかねよ"
_ZH_CLOSE = "的了吗吧呢啊过着们地得呀嘛"  # belong to what stands before
_ZH_BIND = "不没很太更最在把被从向和跟对给是我你他她这那每一"  # bind to what follows

_Table = dict[str, float]


@lru_cache(maxsize=65536)
def break_cost(left: str, right: str, language: str) -> float:
    """How bad it is to end a line or a cue between ``left`` and ``right``.

    Args:
        left: The word before the break, with its punctuation.
        right: The word after it.
        language: BCP 47 tag; function words are known for de, en, es, fr, it, ko, nl and pt, others
            go by punctuation, names and numbers.

    Returns:
        0 after a sentence, 1 after a clause, 5 between two words of which nothing is known, up to
        12 where grammar binds them, 100 where no break is legal.
    """
    if not left or not right or is_closing(right) or is_opening(left):
        return FORBIDDEN
    cost = _dash_cost(left, right, language)
    if cost is None:
        cost = _mark_cost(left, right, language)
    if cost is not None:
        return cost
    base = resolve_language(language).base
    if unspaced(left[-1]) or unspaced(right[0]):
        return _unspaced_cost(left[-1], right[0], base)
    return _word_cost(left, right, base)


def _dash_cost(left: str, right: str, language: str) -> float | None:
    """A dash alone stays with what follows: it may open a line of dialogue."""
    if is_dash(left):
        return FORBIDDEN if len(left) == 1 else NEUTRAL
    if is_dash(right):
        return _SPEAKER if is_sentence_end(left, language) else _DASH_BEFORE
    return None


def _mark_cost(left: str, right: str, language: str) -> float | None:
    """Cost by the mark that ends ``left``, if one does."""
    if is_sentence_end(left, language, following=right):
        return 0.0
    text = left.rstrip(_QUOTES)
    if text[-1:] in CLAUSE_ENDS and text:
        return _CLAUSE
    if text.endswith(("…", "...")):
        return _CLAUSE
    return _TITLE if text.endswith(".") else None


def break_points(text: str, language: str) -> tuple[int, ...]:
    """The offsets at which ``text`` may be broken, ascending, none at its ends.

    A line is ``text[a:b]`` without white space at its ends. In writing with spaces (and in Thai,
    Lao, Khmer, Burmese, for want of a dictionary) breaks stand after white space; in Japanese and
    Chinese between characters, never against kinsoku, never inside a Latin word or a number.
    """
    between = resolve_language(language).base in ("ja", "zh", "yue")
    points: list[int] = []
    offset = 0
    left = ""
    for cluster in clusters(text):
        if left and not cluster.isspace():
            spaced = left.isspace() and left not in "\u00a0\u202f\u2007"
            if spaced or (between and _breaks_unspaced(left, cluster)):
                points.append(offset)
        left = cluster
        offset += len(cluster)
    first = len(text) - len(text.lstrip())
    return tuple(point for point in points if point > first)


def _breaks_unspaced(left: str, right: str) -> bool:
    if not (unspaced(left[0]) or unspaced(right[0])):
        return False
    return _unspaced_cost(left[-1], right[0], "") < FORBIDDEN


def _unspaced_cost(before: str, after: str, base: str) -> float:
    """Cost between two characters of writing without spaces."""
    if _is_illegal(before, after):
        return FORBIDDEN
    if before in "。？！｡":
        return 0.0
    if before in CLAUSE_ENDS or before == "\u3000":
        return _CLAUSE
    if base == "ja":
        return _japanese_cost(before, after)
    if base in ("zh", "yue"):
        return _chinese_cost(before, after)
    # Thai, Lao, Khmer, Burmese: probably inside a word.
    return 10.0 if letter_script(before) == letter_script(after) else NEUTRAL


def _is_illegal(before: str, after: str) -> bool:
    if after in CLOSING or after in _NOT_FIRST or before in OPENING:
        return True
    if after in _THAI_AFTER or before in _THAI_BEFORE:
        return True
    return unicodedata.category(after) in ("Mn", "Mc", "Me", "Cf")


def _chinese_cost(before: str, after: str) -> float:
    if after in _ZH_CLOSE or before in _ZH_BIND:
        return 10.0
    return 4.0 if before in _ZH_CLOSE else NEUTRAL + 1


def _japanese_cost(before: str, after: str) -> float:
    """A bunsetsu begins where kana give way to kanji or katakana, best after a particle."""
    first, second = letter_script(before), letter_script(after)
    if first == "Hira" and second != "Hira":
        return 3.0 if before in _JA_PARTICLES else NEUTRAL
    if first == "Hira" and second == "Hira":
        return 7.0 if before in _JA_PARTICLES else 10.0
    return 12.0 if first == second else 10.0


def _word_cost(left: str, right: str, base: str) -> float:
    first, second = bare(left), bare(right)
    if first[-1:].isdigit() and (second[:1].isdigit() or len(second) <= 4):
        return _NUMBER
    after = _after(first, base)
    before = _before(second, base)
    if after is not None and after > NEUTRAL:
        return after
    if before is not None and before > NEUTRAL:
        return before
    if base != "de" and _is_name_part(left) and _is_name_part(right):
        return _NAME
    return min(cost for cost in (after, before, NEUTRAL) if cost is not None)


def _is_name_part(word: str) -> bool:
    text = word.strip(CLOSING + OPENING)
    return len(text) > 1 and text[0].isupper() and not text[1:].isupper()


def _after(word: str, base: str) -> float | None:
    tables = _tables(base)
    cost = tables["after"].get(word)
    if cost is None and "'" in word:
        cost = tables["after"].get(word.rsplit("'", 1)[1])
    return cost if cost is not None else _affix(tables["after_endings"], word, ends=True)


def _before(word: str, base: str) -> float | None:
    tables = _tables(base)
    cost = tables["before"].get(word)
    if cost is None and "'" in word:
        cost = tables["before"].get(word.split("'", 1)[0] + "'")
    return cost if cost is not None else _affix(tables["before_starts"], word, ends=False)


def _affix(table: _Table, word: str, *, ends: bool) -> float | None:
    """Cost of the longest ending (or start) of ``word`` in the table."""
    if not table:
        return None
    for size in range(min(len(word) - (1 if ends else 0), 4), 0, -1):
        cost = table.get(word[-size:] if ends else word[:size])
        if cost is not None:
            return cost
    return None


@cache
def _tables(base: str) -> dict[str, _Table]:
    facts: dict[str, Any] = read_table("breaks").get(base, {})
    tables: dict[str, _Table] = {}
    for kind in ("after", "before", "after_endings", "before_starts"):
        table = tables.setdefault(kind, {})
        for group in facts.get(kind, ()):
            for word in group["words"].split():
                table.setdefault(word, float(group["cost"]))
    return tables
