"""A known text to its film: which of its words are said, and when; what is said beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.alignment.spoken_windows import cut_windows
from subkit.alignment.spoken_words import merge_words
from subkit.alignment.text_passages import find_passages
from subkit.alignment.text_units import units_of
from subkit.model import Span, to_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.alignment.given_text import GivenText
    from subkit.alignment.spoken_windows import SpokenWindow
    from subkit.alignment.spoken_words import SpokenWord
    from subkit.alignment.text_passages import Passage
    from subkit.model import Word

__all__ = ["AlignedText", "AskedText", "PlacedWord", "UnlistedSpeech", "align_text"]

_LIKELY = 0.05
"""Probability of a word, given the audio and the words before, below which it was not said."""

_SHORTEST = 0.03
"""Seconds: the decoder presses words that nobody says into less."""

_AROUND = 3
_NEIGHBOURS = 0.5
"""Share of the words around one, so many on each side, that must be said for it to be believed."""

_ENOUGH = 0.1
"""Share of the text that must be found for the rest to be believed."""

_UNLISTED = 3
"""Words in a row that the text does not have, from which on they are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedText:
    """Words that may be said in a span of the film, put to an aligner.

    Attributes:
        span: At most 30 s.
        words: In order, written as a recogniser would.
    """

    span: Span
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedWord:
    """A word of the text and when it is said.

    Attributes:
        text: As written.
        line: Number of its line.
        span: When, seconds; ``None`` where it was not found.
        confidence: How sure it is that it is said there, from 0 to 1.
        method: ``"recognised"``: heard as written; ``"aligned"``: the recogniser was asked for it;
            empty where it was not found.
    """

    text: str
    line: int
    span: Span | None = None
    confidence: float = 0.0
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlistedSpeech:
    """Words that were heard and that the text does not have."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedText:
    """A text with the times of its words.

    Attributes:
        words: All of them, in the order of the text.
        unlisted: What was heard beside them, in order of time.
        passages: Runs of text that were found, each whole and in order.
        moved: How many of them are said elsewhere than their place in the text says.
        asked: Windows in which the recogniser was asked for the words.
        reasons: Why it should not be believed; empty where it should.
    """

    words: tuple[PlacedWord, ...] = ()
    unlisted: tuple[UnlistedSpeech, ...] = ()
    passages: int = 0
    moved: int = 0
    asked: int = 0
    reasons: tuple[str, ...] = ()

    @property
    def found(self) -> int:
        """How many words were found."""
        return sum(word.span is not None for word in self.words)

    @property
    def share(self) -> float:
        """How many of the words were found, from 0 to 1."""
        return self.found / len(self.words) if self.words else 0.0

    def unspoken(self) -> list[tuple[int, int]]:
        """Return the stretches of the text that were not found: first word, behind the last."""
        found: list[tuple[int, int]] = []
        for at, word in enumerate(self.words):
            if word.span is not None:
                continue
            if found and found[-1][1] == at:
                found[-1] = (found[-1][0], at + 1)
            else:
                found.append((at, at + 1))
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data; times are seconds as fractions."""
        return {**to_plain(self), "found": self.found, "unspoken": self.unspoken()}


def align_text(
    text: GivenText,
    heard: Sequence[Word],
    duration: Fraction,
    ask: Callable[[Sequence[AskedText]], Sequence[Sequence[Word]]],
) -> AlignedText:
    """Find the words of a text in a film.

    Args:
        text: The text.
        heard: Words that were recognised in the film, in order of time.
        duration: Of the film, seconds.
        ask: Gives for each text the times of all its words, as an aligner does.

    Returns:
        Every word of the text, with a time where it is said. Where ``reasons`` are given it should
        not be used unasked.
    """
    words = text.words()
    refused = _refused_before(words, heard)
    if refused:
        return AlignedText(
            words=tuple(PlacedWord(text=w.text, line=w.line) for w in words), reasons=refused
        )
    texts = [word.text for word in words]
    given = units_of(texts, text.language)
    units = units_of([word.text for word in heard], text.language)
    passages = find_passages([unit.key for unit in given], [unit.key for unit in units])
    items = merge_words(passages, given, units, texts, heard) if passages else []
    forms = text.forms(words)
    work = _Work(items, forms, heard, float(duration), ask)
    placed = work.placed()
    found = AlignedText(
        words=tuple(
            replace(placed[n], text=word.text, line=word.line)
            if n in placed
            else PlacedWord(text=word.text, line=word.line)
            for n, word in enumerate(words)
        ),
        unlisted=_unlisted(work.items, placed, heard),
        passages=len(passages),
        moved=_moved(passages),
        asked=work.asked,
    )
    return replace(found, reasons=_doubts(found))


def _refused_before(words: Sequence[object], heard: Sequence[Word]) -> tuple[str, ...]:
    if not words:
        return ("The text has no words.",)
    if not heard:
        return ("No speech was recognised in the film.",)
    return ()


def _doubts(found: AlignedText) -> tuple[str, ...]:
    if not found.passages:
        return ("No passage of the text was heard in the film.",)
    if found.share < _ENOUGH:
        return (f"Only {found.found} of {len(found.words)} words were found.",)
    return ()


def _moved(passages: Sequence[Passage]) -> int:
    """Passages outside of the longest series whose order is the same on both sides."""
    best: list[int] = []
    for at, passage in enumerate(passages):
        before = [best[n] for n in range(at) if passages[n].heard < passage.heard]
        best.append(max(before, default=0) + 1)
    return len(passages) - max(best, default=0)


class _Work:
    """The windows in which text and recogniser differ, asked for twice at most."""

    def __init__(
        self,
        items: Sequence[SpokenWord],
        forms: Sequence[str],
        heard: Sequence[Word],
        duration: float,
        ask: Callable[[Sequence[AskedText]], Sequence[Sequence[Word]]],
    ) -> None:
        self.items = list(items)
        self.asked = 0
        self._forms = forms
        self._heard = heard
        self._ask = ask
        self._duration = duration

    def placed(self) -> dict[int, PlacedWord]:
        """Return the words that are said, by their number in the text."""
        letters = [max(1, len(self._form(item))) for item in self.items]
        windows = cut_windows(self.items, letters, self._duration)
        open_ones = [window for window in windows if self._is_open(window)]
        first = self._answers(open_ones)
        sure = self._believed(first)
        # What is not said is taken out, what was heard there put back, and the rest asked again:
        # words that nobody says take the time of their neighbours.
        again = [
            window
            for window in open_ones
            if any(self._is_rejected(n, sure) for n in range(window.first, window.last))
        ]
        second = self._answers(again, sure) if again else {}
        answers = {**first, **second}
        sure = self._believed(answers, sure)
        self.asked = len(open_ones)
        found: dict[int, PlacedWord] = {}
        for at in sorted(sure):
            item = self.items[at]
            word = answers.get(at) or self._recognised(item)
            if item.given is None or word is None:
                continue
            found[item.given] = PlacedWord(
                text=word.text,
                line=0,
                span=word.span,
                confidence=round(word.confidence or 0.0, 4),
                method="aligned" if at in answers else "recognised",
            )
        return found

    def _is_open(self, window: SpokenWindow) -> bool:
        mine = self.items[window.first : window.last]
        return any(item.given is not None and not item.exact for item in mine)

    def _form(self, item: SpokenWord) -> str:
        if item.given is not None:
            return self._forms[item.given]
        return " ".join(self._heard[n].text for n in item.heard)

    def _is_rejected(self, at: int, sure: set[int]) -> bool:
        return self.items[at].given is not None and at not in sure

    def _answers(
        self, windows: Sequence[SpokenWindow], sure: set[int] | None = None
    ) -> dict[int, Word]:
        """The words of windows by the number of their item; only those believed, if it is known."""
        asked: list[AskedText] = []
        numbers: list[list[int]] = []
        for window in windows:
            mine: list[int] = []
            words: list[str] = []
            for at in range(window.first, window.last):
                item = self.items[at]
                if item.given is None or (sure is not None and at not in sure):
                    texts = [self._heard[n].text for n in item.heard]
                else:
                    texts = [self._forms[item.given]]
                kept = [one for one in texts if any(map(str.isalnum, one))]
                words += kept
                mine += [at if item.given is not None and len(kept) == 1 else -1] * len(kept)
            if words:
                span = Span(_exact(window.start), _exact(min(window.end, self._duration)))
                asked.append(AskedText(span=span, words=tuple(words)))
                numbers.append(mine)
        found: dict[int, Word] = {}
        for mine, words_found in zip(numbers, self._ask(asked) if asked else [], strict=True):
            pairs = zip(mine, words_found, strict=True)
            found |= {at: word for at, word in pairs if at >= 0 and (sure is None or at in sure)}
        return found

    def _believed(self, answers: dict[int, Word], before: set[int] | None = None) -> set[int]:
        """Items of the text that are said: heard as written, or likely and beside such."""
        text = [at for at, item in enumerate(self.items) if item.given is not None]
        likely = [self._is_likely(at, answers, before) for at in text]
        sums = [0]
        for one in likely:
            sums.append(sums[-1] + one)
        found = set()
        for place, at in enumerate(text):
            if not likely[place]:
                continue
            low, high = max(0, place - _AROUND), min(len(text), place + _AROUND + 1)
            others = sums[high] - sums[low] - 1
            if self.items[at].exact or others >= _NEIGHBOURS * (high - low - 1):
                found.add(at)
        return found

    def _is_likely(self, at: int, answers: dict[int, Word], before: set[int] | None) -> bool:
        if before is not None and at not in before:
            return False
        if self.items[at].exact:
            return True
        word = answers.get(at)
        return (
            word is not None
            and (word.confidence or 0.0) >= _LIKELY
            and word.span.duration >= _exact(_SHORTEST)
        )

    def _recognised(self, item: SpokenWord) -> Word | None:
        if not (item.exact and item.heard and item.span):
            return None
        heard = [self._heard[n] for n in item.heard]
        sure = min(word.confidence or 0.0 for word in heard)
        span = Span(_exact(item.span[0]), _exact(max(item.span)))
        return replace(heard[0], span=span, confidence=sure)


def _exact(seconds: float) -> Fraction:
    return Fraction(max(round(seconds * 1000), 0), 1000)


def _unlisted(
    items: Sequence[SpokenWord], placed: dict[int, PlacedWord], heard: Sequence[Word]
) -> tuple[UnlistedSpeech, ...]:
    """Runs of words that were heard and stand for no word of the text."""
    used = {n for item in items if item.given in placed for n in item.heard}
    found: list[UnlistedSpeech] = []
    run: list[Word] = []
    for number in range(len(heard) + 1):
        if number < len(heard) and number not in used:
            run.append(heard[number])
            continue
        if len(run) >= _UNLISTED:
            span = Span(run[0].span.start, max(word.span.end for word in run))
            found.append(UnlistedSpeech(span=span, text=" ".join(word.text for word in run)))
        run = []
    return tuple(found)
