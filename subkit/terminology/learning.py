"""Propose glossary entries from existing translations, by co-occurrence.

A source form and a target form belong together if they stand in the same cues more often than
chance makes likely. The measure is the log-likelihood ratio (T. Dunning, "Accurate Methods for the
Statistics of Surprise and Coincidence", Computational Linguistics 19, 1993); Dice's coefficient
says how much of each other's occurrences they share.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from math import log
from typing import TYPE_CHECKING

from subkit.language import resolve_language, script_of, sentences
from subkit.language.data_tables import read_table
from subkit.model import Term, TermKind
from subkit.terminology.inflection import word_forms
from subkit.terminology.korean import is_suffix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Proposal", "learn_terms", "log_likelihood"]

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_POSSESSIVE = re.compile(r"['’]s?$")
_RUN = re.compile(r"[\u30a1-\u30fa\u30fc]{2,}|[\u3400-\u9fff]{2,}|[\u0e00-\u0e7f]{2,}")
SURE = 10.83
"""Log-likelihood ratio from which the odds of chance are below 1 in 1000 (χ², one degree)."""
LIKELY = 6.63
"""The same for 1 in 100: enough for a second rendering of a term that is known."""
MIN_DICE = 0.5
_CAPITAL_NOUNS = {"de", "lb"}
"""Languages that write every noun with a capital, so that it says nothing of names."""
_LONGEST = 3
_CHARACTERS = (2, 8)
_MOST_PAIRS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A term that the texts speak for.

    Attributes:
        term: The entry to be; its target is the rendering that comes most often.
        count: Cues with the source form.
        together: Cues in which the target form stands with it.
        score: Log-likelihood ratio of the two.
        renderings: Every rendering found with its number of cues, the most frequent first; more
            than one is an inconsistency.
    """

    term: Term
    count: int
    together: int
    score: float
    renderings: tuple[tuple[str, int], ...]


def learn_terms(
    pairs: Sequence[tuple[str, str]],
    source_language: str,
    language: str,
    *,
    known: Iterable[Term] = (),
    least: int = 2,
) -> list[Proposal]:
    """Names and terms of a translation, the most certain first.

    Names are words with a capital inside a sentence (in scripts that have capitals); terms are
    other runs of up to three words. What ``known`` has for this direction is not proposed again.

    Args:
        pairs: Source and target text of each cue or unit.
        source_language: BCP 47.
        language: BCP 47 language of the targets.
        known: Entries there are.
        least: Cues in which a name must come; a term must come in one more.
    """
    texts = [(a, b) for a, b in pairs[:_MOST_PAIRS] if a.strip() and b.strip()]
    taken = {term.source.casefold() for term in known}
    names = _names([a for a, _ in texts], source_language)
    sources = [_forms(a, source_language) for a, _ in texts]
    targets = [_forms(b, language) for _, b in texts]
    counts = Counter(form for forms in sources for form in forms)
    wanted = {
        form
        for form, count in counts.items()
        if form not in taken and count >= (least if form in names else least + 1)
    }
    if resolve_language(source_language).spaces and names:
        wanted = {form for form in wanted if form in names or not _has_name(form, names)}
    table = _Table(sources, targets, wanted)
    direction = (source_language, language)
    found = [p for form in sorted(wanted) if (p := _proposal(table, form, names, direction))]
    return sorted(_distinct(found), key=lambda p: (-p.score, p.term.source))


def log_likelihood(together: int, first: int, second: int, total: int) -> float:
    """Dunning's G² of two events that come ``first`` and ``second`` times in ``total`` trials."""
    cells = (
        (together, first, second),
        (first - together, first, total - second),
        (second - together, total - first, second),
        (total - first - second + together, total - first, total - second),
    )
    return 2 * sum(
        seen * log(seen * total / (row * column)) for seen, row, column in cells if seen > 0
    )


class _Table:
    """Which forms stand in which cues."""

    def __init__(
        self, sources: list[dict[str, str]], targets: list[dict[str, str]], wanted: set[str]
    ) -> None:
        self.total = len(sources)
        self.places: dict[str, list[int]] = {form: [] for form in wanted}
        self.written: dict[str, Counter[str]] = {form: Counter() for form in wanted}
        for place, forms in enumerate(sources):
            for form, written in forms.items():
                if form in wanted:
                    self.places[form].append(place)
                    self.written[form][written] += 1
        self.targets = targets
        self.counts = Counter(form for forms in targets for form in forms)

    def best(self, places: list[int]) -> tuple[str, int, float] | None:
        """The target form that goes best with these cues: form, cues together, likelihood."""
        together = Counter(form for place in places for form in self.targets[place])
        ranked = [
            (log_likelihood(n, len(places), self.counts[form], self.total), n, len(form), form)
            for form, n in together.items()
            if n >= 2
            and 2 * n / (len(places) + self.counts[form]) >= MIN_DICE
            and n * self.total > len(places) * self.counts[form]
        ]
        if not ranked:
            return None
        score, n, _, form = max(ranked)
        return form, n, score


def _proposal(
    table: _Table, form: str, names: dict[str, str], direction: tuple[str, str]
) -> Proposal | None:
    places = table.places[form]
    best = table.best(places)
    # Terms are sought among many words, of which some go together by chance alone.
    sure = SURE if form in names else SURE + 2 * log(len(table.places))
    if best is None or best[2] < sure:
        return None
    target, together, score = best
    renderings = [(target, together)]
    left = [p for p in places if target not in table.targets[p]]
    while len(left) >= 2 and (other := table.best(left)) and other[2] >= LIKELY:
        renderings.append(other[:2])
        left = [p for p in left if other[0] not in table.targets[p]]
    written = names.get(form) or table.written[form].most_common(1)[0][0]
    return Proposal(
        term=Term(
            source=written,
            target=_as_written(target, table.targets),
            source_language=direction[0],
            language=direction[1],
            kind=TermKind.NAME if form in names else TermKind.TERM,
        ),
        count=len(places),
        together=together,
        score=round(score, 2),
        renderings=tuple((_as_written(text, table.targets), n) for text, n in renderings),
    )


def _distinct(found: list[Proposal]) -> Iterator[Proposal]:
    """Names, and terms that say what no other one says.

    A part of a longer form that never comes without it goes; of several forms for one rendering the
    most certain stays, of equals the shortest.
    """
    ranked = sorted(found, key=lambda p: (-p.score, len(p.term.source), p.term.source))
    whole = [p for p in ranked if not any(_is_part(p, other) for other in ranked)]
    taken: set[str] = set()
    for one in whole:
        if one.term.kind is TermKind.NAME or one.term.target not in taken:
            yield one
        taken.add(one.term.target)


def _is_part(one: Proposal, other: Proposal) -> bool:
    part, longer = one.term.source.casefold(), other.term.source.casefold()
    return part != longer and f" {part} " in f" {longer} " and other.count >= one.count


def _as_written(form: str, texts: list[dict[str, str]]) -> str:
    spellings = Counter(forms[form] for forms in texts if form in forms)
    return spellings.most_common(1)[0][0]


def _names(texts: list[str], language: str) -> dict[str, str]:
    """Words and runs of words written with capitals inside a sentence, casefolded to as written."""
    if resolve_language(language).base in _CAPITAL_NOUNS:
        return {}
    inside: Counter[str] = Counter()
    small: set[str] = set()
    for text in texts:
        if text.isupper():
            continue
        for sentence in sentences(text, language):
            words = [_POSSESSIVE.sub("", word) for word in _WORD.findall(sentence)]
            small.update(word.casefold() for word in words if word[:1].islower())
            run: list[str] = []
            for place, word in enumerate([*words, ""]):
                if word[:1].isupper() and (place or run or len(words) == 1):
                    run.append(word)
                    inside[word] += 1
                else:
                    if len(run) > 1:
                        inside[" ".join(run[:_LONGEST])] += 1
                    run = []
    return {
        name.casefold(): name
        for name in inside
        if name.casefold() not in small | _stopwords(language) and len(name) > 1
    }


def _has_name(form: str, names: dict[str, str]) -> bool:
    return any(word in names for word in form.split())


def _forms(text: str, language: str) -> dict[str, str]:
    """The forms in a text that may be terms: folded form to how it is written."""
    facts = resolve_language(language)
    if not facts.spaces:
        return dict(_characters(text))
    words = [_POSSESSIVE.sub("", word) for word in _WORD.findall(text)]
    if facts.base == "ko":
        words = [_stem(word) for word in words]
    stopwords = _stopwords(language)
    found: dict[str, str] = {}
    for size in range(1, _LONGEST + 1):
        for place in range(len(words) - size + 1):
            run = words[place : place + size]
            ends = {run[0].casefold(), run[-1].casefold()}
            if not ends & stopwords and any(len(word) > 1 for word in run):
                written = " ".join(run)
                found.setdefault(_folded(written, language), written)
    return found


def _folded(written: str, language: str) -> str:
    """A form in small letters, a plural as its singular where that is shorter and regular."""
    folded = written.casefold()
    if folded.endswith("s") and len(folded) > 3 and folded in word_forms(folded[:-1], language):
        return folded[:-1]
    return folded


def _stem(word: str) -> str:
    """A Korean word without the longest particle that leaves two syllables, or one."""
    for cut in range(2, len(word)):
        if is_suffix(word[cut:]):
            return word[:cut]
    return word


def _characters(text: str) -> Iterator[tuple[str, str]]:
    """Runs of two to eight characters of one script other than hiragana."""
    for run in _RUN.findall(text):
        if script_of(run) == "Jpan":  # a katakana word is whole
            yield run, run
            continue
        shortest, longest = _CHARACTERS
        for size in range(shortest, min(longest, len(run)) + 1):
            for place in range(len(run) - size + 1):
                yield run[place : place + size], run[place : place + size]


@cache
def _stopwords(language: str) -> frozenset[str]:
    table = read_table("stopwords", "subkit.terminology")
    return frozenset(table.get(resolve_language(language).base, "").replace("’", "'").split())
