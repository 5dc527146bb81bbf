"""How tightly grammar binds two words, from the words around the gap.

A linear model over the words, their endings and their neighbours: a table of weights for a language
(``data/syntax-*.json``), made by ``training/break_costs.py`` from treebanks, which the table names.
It knows what a list of function words cannot: that an adjective goes with its noun, an object with
its verb, a noun before a verb ends a phrase.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from subkit.language.punctuation import bare

__all__ = ["Context", "Syntax", "gap_features", "syntax_of"]

Context = tuple[str, str, str, str]
"""Two words before a gap and two after it, with their marks; empty where there is none."""

_ENDING = 3
_LONG_ENDING = 4


@dataclass(frozen=True, slots=True)
class Syntax:
    """The model of one language.

    Attributes:
        mean: Cost of a gap of which no feature is known.
        common: The words that stand for themselves; others are known by their ending.
        weights: Cost that each feature adds.
    """

    mean: float
    common: frozenset[str]
    weights: dict[str, float]

    def cost(self, context: Context) -> float:
        """Break cost of a gap, about 1 (between clauses) to 12 (article and noun)."""
        weights = self.weights
        total = self.mean
        for feature in gap_features(context, self.common):
            total += weights.get(feature, 0.0)
        return min(12.0, max(1.5, total))


def gap_features(context: Context, common: frozenset[str]) -> tuple[str, ...]:
    """What the model sees of a gap: each a letter for its kind, then words or endings."""
    first, left, right, last = context
    a, b, c, d = (_class(word, common) for word in context)
    return (
        "l" + b,
        "r" + c,
        "p" + a + _mark(first),
        "n" + d + _mark(last),
        f"m{b}|{c}",
        f"o{a}|{b}",
        f"q{c}|{d}",
        f"t{a}|{c}",
        "s" + _shape(left) + _shape(right),
        f"e{left[-2:]}|{right[-2:]}",
        "x" + bare(left)[-_LONG_ENDING:],
        "y" + bare(right)[-_LONG_ENDING:],
    )


@cache
def syntax_of(base: str) -> Syntax | None:
    """The model of a language, by its base subtag; ``None`` for one without."""
    source = files("subkit.language.data") / f"syntax-{base}.json"
    if not base.isalpha() or not source.is_file():
        return None
    facts = json.loads(source.read_text(encoding="utf-8"))
    weights = {
        kind + feature: number / 10
        for kind, numbers in facts["weights"].items()
        for feature, number in numbers.items()
    }
    return Syntax(facts["mean"], frozenset(facts["common"].split()), weights)


def _class(word: str, common: frozenset[str]) -> str:
    """A common word is itself, another its ending; numbers and marks are all alike."""
    if not word:
        return "^"
    core = bare(word)
    if not core:
        return "."
    if core[0].isdigit():
        return "#"
    if core in common:
        return core
    elided, apostrophe, _ = core.partition("'")
    if apostrophe and elided + "'" in common:
        return elided + "'"
    return "~" + core[-_ENDING:]


def _mark(word: str) -> str:
    if word[-1:] in {",", ";", ":"}:
        return ","
    return "." if word[-1:] in {".", "?", "!", "…"} else ""


def _shape(word: str) -> str:
    core = word.strip("\"'«»()[]“”")
    if core[:1].isdigit():
        return "9"
    return "A" if len(core) > 1 and core[0].isupper() else "a"
