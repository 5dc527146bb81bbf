"""What is said in a film, as one sequence: words of the text where it has them, else those heard.

Between two runs of equal units text and recogniser say different things. Which of them is right is
not decided here: a word of the text stands in place of what was heard there, so that the decoder
can be asked for it, and what was heard stands beside it for the case that it is not believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.alignment.text_passages import Passage
    from subkit.alignment.text_units import TextUnit
    from subkit.model import Word

__all__ = ["SpokenWord", "merge_words"]

_SKIP = 0.6
"""Cost of a word that has no partner; two unlike words that are partners cost 1."""

_LETTERS = 22
"""Letters a second that are said at most: more text than that is not put into a gap."""

_EDGE = 6.0
"""Seconds beyond a passage in which more of its text is looked for."""

_MOST = 120
"""Words on either side of a gap that are paired one by one."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word that may be said.

    Attributes:
        given: Number of the word of the text; ``None`` where the text has none.
        heard: Words that were heard there, in order; none where nothing was.
        span: When, seconds, as far as it is known.
        exact: The word was heard as it is written.
    """

    given: int | None
    heard: tuple[int, ...]
    span: tuple[float, float] | None
    exact: bool = False


def merge_words(
    passages: Sequence[Passage],
    given: Sequence[TextUnit],
    heard: Sequence[TextUnit],
    texts: Sequence[str],
    words: Sequence[Word],
) -> list[SpokenWord]:
    """Return all that may be said in the film, in order of time.

    Args:
        passages: Passages that were found.
        given: Units of the text.
        heard: Units of what was heard.
        texts: Words of the text.
        words: Words that were heard.
    """
    return _Sequence(passages, given, heard, texts, words).items()


@dataclass(frozen=True, slots=True)
class _Place:
    """A passage: its place in the text, and its first and last word that was heard as written."""

    place: int
    first: SpokenWord
    last: SpokenWord


class _Sequence:
    """Blocks and what lies around them, walked through once."""

    def __init__(
        self,
        passages: Sequence[Passage],
        given: Sequence[TextUnit],
        heard: Sequence[TextUnit],
        texts: Sequence[str],
        words: Sequence[Word],
    ) -> None:
        self._passages = sorted(passages, key=lambda passage: passage.heard)
        self._texts = texts
        self._words = words
        self._given, self._heard = given, heard
        self._times = _unit_times(heard, words)
        self._in_text = sorted(passages, key=lambda passage: passage.given)

    def items(self) -> list[SpokenWord]:
        """Walk through the film: gap, passage, gap."""
        found: list[SpokenWord] = []
        before: _Place | None = None
        for passage in self._passages:
            exact = self._exact(passage)
            if not exact:
                continue
            here = _Place(self._in_text.index(passage), exact[0], exact[-1])
            found += self._between(before, here)
            found.append(exact[0])
            for left, right in pairwise(exact):
                found += [*self._gap(left, right), right]
            before = here
        return [*found, *self._between(before, None)]

    def _exact(self, passage: Passage) -> list[SpokenWord]:
        """Words of a passage all of whose units were heard in a row."""
        pairs = {run.given + n: run.heard + n for run in passage.runs for n in range(run.length)}
        found: list[SpokenWord] = []
        first, last = passage.given
        while first > 0 and self._given[first - 1].word == self._given[first].word:
            first -= 1
        at = first
        while at < last:
            word, end = self._given[at].word, at
            while end < len(self._given) and self._given[end].word == word:
                end += 1
            mine = [pairs.get(unit) for unit in range(at, end)]
            if mine[0] is not None and mine == list(range(mine[0], mine[0] + len(mine))):
                units = range(mine[0], mine[0] + len(mine))
                heard = tuple(dict.fromkeys(self._heard[unit].word for unit in units))
                span = (self._times[units[0]][0], self._times[units[-1]][1])
                found.append(SpokenWord(word, heard, span, exact=True))
            at = end
        return found

    def _gap(self, left: SpokenWord, right: SpokenWord) -> list[SpokenWord]:
        assert left.given is not None
        assert right.given is not None
        texts = list(range(left.given + 1, right.given))
        words = list(range(left.heard[-1] + 1, right.heard[0]))
        if not (texts or words):
            return []
        assert left.span is not None
        assert right.span is not None
        room = max(right.span[0] - left.span[1], 0.0)
        return self._paired(_fitting(texts, self._texts, room, both=True), words)

    def _between(self, before: _Place | None, after: _Place | None) -> list[SpokenWord]:
        """What lies between two passages, or at an end of the film."""
        if before and after and after.place == before.place + 1:
            return self._gap(before.last, after.first)
        first = before.last.heard[-1] + 1 if before else 0
        words = list(range(first, after.first.heard[0] if after else len(self._words)))
        tail, head = self._near(words, before, after)
        rest = words[len(tail) : len(words) - len(head)]
        found: list[SpokenWord] = []
        if before:
            following = range((before.last.given or 0) + 1, self._first_of(before.place + 1))
            texts = _fitting(list(following), self._texts, self._length(tail), both=False)
            found += self._paired(texts, tail)
        found += [self._alone(n) for n in rest]
        if after:
            leading = range(self._behind(after.place - 1), after.first.given or 0)
            texts = _fitting(list(leading)[::-1], self._texts, self._length(head), both=False)
            found += self._paired(texts[::-1], head)
        return found

    def _near(
        self, words: Sequence[int], before: _Place | None, after: _Place | None
    ) -> tuple[list[int], list[int]]:
        """The words close behind a passage, and those close before the next one."""
        tail: list[int] = []
        head: list[int] = []
        if before and before.last.span:
            limit = before.last.span[1] + _EDGE
            tail = [n for n in words if float(self._words[n].span.end) <= limit]
        if after and after.first.span:
            limit = after.first.span[0] - _EDGE
            head = [n for n in words if float(self._words[n].span.start) >= limit]
        if len(tail) + len(head) > len(words):
            middle = len(words) // 2
            tail, head = list(words[:middle]), list(words[middle:])
        return tail, head

    def _first_of(self, place: int) -> int:
        """The first word of the text that is in a passage, by its place in the text."""
        if place >= len(self._in_text):
            return len(self._texts)
        return self._given[self._in_text[place].given[0]].word

    def _behind(self, place: int) -> int:
        """The first word of the text behind a passage, likewise."""
        return self._given[self._in_text[place].given[1] - 1].word + 1 if place >= 0 else 0

    def _end(self, number: int) -> float:
        return float(self._words[number].span.end) if number >= 0 else 0.0

    def _length(self, numbers: Sequence[int]) -> float:
        """Seconds that words take, and some for one that was not heard."""
        if not numbers:
            return 1.0
        return self._end(numbers[-1]) - float(self._words[numbers[0]].span.start) + 0.5

    def _alone(self, number: int) -> SpokenWord:
        return SpokenWord(None, (number,), _span(self._words[number]))

    def _paired(self, texts: Sequence[int], words: Sequence[int]) -> list[SpokenWord]:
        """Words of the text and words that were heard, each with the one most like it."""
        if len(texts) > _MOST or len(words) > _MOST:
            return _in_step(texts, words, self._words)
        said = [_plain(self._texts[n]) for n in texts]
        heard = [_plain(self._words[n].text) for n in words]
        found: list[SpokenWord] = []
        for one, other in _pairs(said, heard):
            if one is None:
                assert other is not None
                found.append(self._alone(words[other]))
            elif other is None:
                found.append(SpokenWord(texts[one], (), None))
            else:
                number = words[other]
                found.append(SpokenWord(texts[one], (number,), _span(self._words[number])))
        return found


def _span(word: Word) -> tuple[float, float]:
    return float(word.span.start), float(word.span.end)


def _unit_times(units: Sequence[TextUnit], words: Sequence[Word]) -> list[tuple[float, float]]:
    """Seconds of each unit: its share of the letters of its word."""
    letters: dict[int, int] = {}
    for unit in units:
        letters[unit.word] = letters.get(unit.word, 0) + len(unit.key)
    found: list[tuple[float, float]] = []
    done: dict[int, int] = {}
    for unit in units:
        start, end = _span(words[unit.word])
        at = done.get(unit.word, 0)
        done[unit.word] = at + len(unit.key)
        step = (end - start) / letters[unit.word]
        found.append((start + at * step, start + done[unit.word] * step))
    return found


def _fitting(numbers: list[int], texts: Sequence[str], seconds: float, *, both: bool) -> list[int]:
    """The words next to what was heard that can be said in the time; from both ends, or one."""
    room = seconds * _LETTERS + 8
    kept: tuple[list[int], list[int]] = ([], [])
    rest = list(numbers)
    while rest:
        side = 1 if both and len(kept[0]) > len(kept[1]) else 0
        number = rest.pop() if side else rest.pop(0)
        room -= len(texts[number]) + 1
        if room < 0:
            break
        kept[side].append(number)
    return [*kept[0], *kept[1][::-1]]


def _plain(word: str) -> str:
    return "".join(char for char in word.casefold() if char.isalnum())


def _in_step(texts: Sequence[int], words: Sequence[int], heard: Sequence[Word]) -> list[SpokenWord]:
    """Too many to compare: each word of the text beside the one at the same share of the way."""
    found: list[SpokenWord] = []
    done = 0
    for at, number in enumerate(texts):
        place = (at + 1) * len(words) // max(1, len(texts))
        mine = tuple(words[done:place])
        span = (_span(heard[mine[0]])[0], _span(heard[mine[-1]])[1]) if mine else None
        found.append(SpokenWord(number, mine, span))
        done = max(done, place)
    return found + [SpokenWord(None, (n,), _span(heard[n])) for n in words[done:]]


def _pairs(said: Sequence[str], heard: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """The pairing that costs least: unlike words may be partners, or stand alone."""
    rows, columns = len(said) + 1, len(heard) + 1
    cost = [[(i + j) * _SKIP for j in range(columns)] for i in range(rows)]
    for i in range(1, rows):
        for j in range(1, columns):
            unlike = 1.0 - _likeness(said[i - 1], heard[j - 1])
            cost[i][j] = min(
                cost[i - 1][j - 1] + unlike, cost[i - 1][j] + _SKIP, cost[i][j - 1] + _SKIP
            )
    found: list[tuple[int | None, int | None]] = []
    i, j = len(said), len(heard)
    while i or j:
        if i and j:
            unlike = 1.0 - _likeness(said[i - 1], heard[j - 1])
            if abs(cost[i][j] - cost[i - 1][j - 1] - unlike) < 1e-9:
                i, j = i - 1, j - 1
                found.append((i, j))
                continue
        if i and abs(cost[i][j] - cost[i - 1][j] - _SKIP) < 1e-9:
            i -= 1
            found.append((i, None))
        else:
            j -= 1
            found.append((None, j))
    return found[::-1]


@lru_cache(maxsize=65536)
def _likeness(one: str, other: str) -> float:
    """From 0 to 1: the share of letters that two words have in common, in order."""
    if one == other:
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
