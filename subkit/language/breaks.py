"""Where a text may be broken, and how bad each break is."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Any

from subkit.language.data_tables import read_table
from subkit.language.joining import unspaced
from subkit.language.punctuation import (
    CLAUSE_ENDS,
    CLOSING,
    OPENING,
    bare,
    is_closing,
    is_dash,
    is_opening,
)
from subkit.language.scripts import letter_script
from subkit.language.sentence_ends import is_sentence_end
from subkit.language.syntax import syntax_of
from subkit.language.tags import resolve_language
from subkit.language.widths import clusters

__all__ = ["FORBIDDEN", "NEUTRAL", "break_cost", "break_points", "is_article"]

NEUTRAL = 5.0
"""Cost of a break between two words of which nothing is known."""

FORBIDDEN = 100.0
"""Cost of a break that no reader would accept: inside a word, before closing marks."""

_CLAUSE = 1.0
_NAME = 8.0
_BOUND = 10.5
_NUMBER = 9.0
_TITLE = 12.0
_DASH_BEFORE = 8.0
_LEARNED = 0.8
"""Share of the learned cost where there is one; the rest is the listed words'."""
_SPEAKER = 0.5
_ARTICLE = 12.0
_QUOTES = "\"'’”»)]」』）"

# JIS X 4051 / W3C JLREQ 3.1.7: what may not begin a line, besides closing marks.
_NOT_FIRST = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶーｰ々〻ゝゞヽヾ・〜～"
_THAI_AFTER = "ะาำๅๆฯ"  # vowels and marks that follow their consonant
_THAI_BEFORE = "เแโใไ"  # vowels written before their consonant
_ZH_CLOSE = "的了吗吧呢啊过着们地得呀嘛"  # belong to what stands before
_ZH_BIND = "不没很太更最在把被从向和跟对给是我你他她这那每一"  # bind to what follows

_Table = dict[str, float]


@lru_cache(maxsize=65536)
def break_cost(left: str, right: str, language: str, *, before: str = "", after: str = "") -> float:
    """How bad it is to end a line or a cue between ``left`` and ``right``.

    Args:
        left: The word before the break, with its punctuation.
        right: The word after it.
        language: BCP 47 tag; function words are known for de, en, es, fr, it, ko, nl and pt, for en
            and fr also how words bind (see ``subkit.language.syntax``), others go by punctuation,
            names and numbers.
        before: The word before ``left``, where there is one.
        after: The word after ``right``.

    Returns:
        0 after a sentence, 1 after a clause, 5 between two words of which nothing is known, 8 and
        more where grammar binds them, 21 to 24 where they must not be split (article and noun,
        preposition and object), 100 where no break is legal.
    """
    if not left or not right or is_closing(right) or is_opening(left):
        return FORBIDDEN
    cost = _dash_cost(before, left, right, language)
    if cost is None:
        cost = _mark_cost(left, right, language)
    if cost is not None:
        return cost
    base = resolve_language(language).base
    cost = _particle_cost(before, left, right, base)
    if cost is not None:
        return cost
    if unspaced(left[-1]) or unspaced(right[0]):
        return _firm(_unspaced_cost(left, right, base))
    listed = _word_cost(left, right, base)
    syntax = syntax_of(base)
    if syntax is None or not bare(left) or not bare(right):
        return _firm(listed)
    learned = syntax.cost((before, left, right, after))
    mixed = _LEARNED * learned + (1 - _LEARNED) * listed
    return _firm(max(mixed, listed if listed >= _NAME else 0.0))


def is_article(word: str, language: str) -> bool:
    """Whether a word is of those that bind tightest to the next: articles, possessives, titles.

    By the list of the language alone, so that it does not change with what was learned.
    """
    base = resolve_language(language).base
    return _tables(base)["after"].get(bare(word), 0.0) >= _ARTICLE


def _firm(cost: float) -> float:
    """What must not be split weighs twice: no evenness of lines makes up for it."""
    return cost if cost <= _BOUND or cost >= FORBIDDEN else 2 * cost


def _dash_cost(before: str, left: str, right: str, language: str) -> float | None:
    """A dash that opens a line of dialogue stays with what follows, others with what is before."""
    if is_dash(left):
        opens = not before or is_sentence_end(before, language)
        return FORBIDDEN if opens and len(left) == 1 else _CLAUSE
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
    return _unspaced_cost(left, right, "") < FORBIDDEN


def _unspaced_cost(left: str, right: str, base: str) -> float:
    """Cost between two stretches of writing without spaces."""
    before, after = left[-1], right[0]
    if _is_illegal(before, after):
        return FORBIDDEN
    if before in "。？！｡":
        return 0.0
    if before in CLAUSE_ENDS or before == "\u3000":
        return _CLAUSE
    if base == "ja":
        return _japanese_cost(left, right)
    if base in ("zh", "yue"):
        return _chinese_cost(left, right)
    # Thai, Lao, Khmer, Burmese: probably inside a word.
    return 10.0 if letter_script(before) == letter_script(after) else NEUTRAL


def _is_illegal(before: str, after: str) -> bool:
    if after in CLOSING or after in _NOT_FIRST or before in OPENING:
        return True
    if after in _THAI_AFTER or before in _THAI_BEFORE:
        return True
    return unicodedata.category(after) in ("Mn", "Mc", "Me", "Cf")


def _chinese_cost(left: str, right: str) -> float:
    after, before = _listed(left, right, "zh")
    if after is not None:
        return after
    if right[0] in _ZH_CLOSE or left[-1] in _ZH_BIND:
        return 10.0
    if before is not None:
        return before
    return 4.0 if left[-1] in _ZH_CLOSE else NEUTRAL + 2


def _japanese_cost(left: str, right: str) -> float:
    """A bunsetsu begins where kana give way to kanji or katakana, best after a particle."""
    first, second = letter_script(left[-1]), letter_script(right[0])
    if first != "Hira":
        return 12.0
    after, before = _listed(left, right, "ja")
    if second != "Hira":
        return NEUTRAL if after is None else after
    if before is not None or after is None:
        return 11.0
    # Between kana nothing tells a particle from a part of a word.
    return min(11.0, after + 2)


def _listed(left: str, right: str, base: str) -> tuple[float | None, float | None]:
    """Costs by the end of what stands before and the start of what follows."""
    tables = _tables(base)
    after = _affix(tables["after_endings"], "\0" + left, ends=True)
    return after, _affix(tables["before_starts"], right, ends=False)


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


def _particle_cost(before: str, left: str, right: str, base: str) -> float | None:
    """Cost beside the particle of a verb; ``None`` where there is none."""
    verbs, particles = _phrasal(base)
    if bare(left) in verbs and bare(right) in particles:
        return _BOUND
    return NEUTRAL if bare(before) in verbs and bare(left) in particles else None


@cache
def _phrasal(base: str) -> tuple[frozenset[str], frozenset[str]]:
    """Verbs and the particles that belong to them (“come on”): a particle is no preposition."""
    facts: dict[str, str] = read_table("breaks").get(base, {}).get("phrasal", {})
    return (
        frozenset(facts.get("verbs", "").split()),
        frozenset(facts.get("particles", "").split()),
    )


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
