"""Words of a transcript -> what somebody says in one go, with the pauses in it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.language import is_sentence_end, joiner
from subkit.model import Anchor, AnchorKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from subkit.model import Word

__all__ = ["Utterance", "UtteranceLimits", "build_utterances"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UtteranceLimits:
    """Where one line ends and the next begins, in seconds.

    Attributes:
        pause: A pause that is part of a line, from here on.
        new_event: A pause that always ends a line (as in scripts of what was recorded).
        sentence_pause: A pause that ends a line where a sentence ends.
        full: A line as long as this ends with its sentence.
        longest: A line as long as this ends at its next pause.
    """

    pause: Fraction = Fraction(3, 10)
    new_event: Fraction = Fraction(2)
    sentence_pause: Fraction = Fraction(7, 10)
    full: Fraction = Fraction(7)
    longest: Fraction = Fraction(14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What one speaker says in one go.

    Attributes:
        speaker: Id of the speaker; ``None`` where nobody knows.
        text: On one line.
        span: From its first word to its last.
        anchors: Its words, and its pauses.
        confidence: The mean of its words', where they have one.
        language: BCP 47, where the words have their own.
    """

    speaker: str | None
    text: str
    span: Span
    anchors: tuple[Anchor, ...]
    confidence: float | None
    language: str | None


_LIMITS = UtteranceLimits()


def build_utterances(
    words: Iterable[Word], language: str, limits: UtteranceLimits = _LIMITS
) -> tuple[Utterance, ...]:
    """Return what is said, in order of time; people who speak at once have a line each.

    Args:
        words: As recognised, with their speakers where those are known.
        language: BCP 47 tag of words that have none of their own.
        limits: What ends a line.
    """
    spoken: dict[str | None, list[Word]] = {}
    for word in sorted(words, key=lambda word: word.span.start):
        if word.text.strip():
            spoken.setdefault(word.speaker, []).append(word)
    found = []
    for who, several in spoken.items():
        others = sorted(
            word.span.start for other, said in spoken.items() if other != who for word in said
        )
        runs = _runs(several, others, language, limits)
        found += [_utterance(who, run, language, limits) for run in runs]
    return tuple(sorted(found, key=lambda one: (one.span.start, one.span.end)))


def _runs(
    words: Sequence[Word], others: Sequence[Fraction], language: str, limits: UtteranceLimits
) -> Iterator[list[Word]]:
    """The words of each line of one speaker."""
    run: list[Word] = []
    for word in words:
        if run and _is_new(run, word, others, language, limits):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _is_new(
    run: Sequence[Word],
    word: Word,
    others: Sequence[Fraction],
    language: str,
    limits: UtteranceLimits,
) -> bool:
    last = run[-1]
    gap = word.span.start - last.span.end
    length = last.span.end - run[0].span.start
    if gap >= limits.new_event or (last.language or language) != (word.language or language):
        return True
    if length >= limits.longest and gap >= limits.pause:
        return True
    if not is_sentence_end(last.text, last.language or language, following=word.text):
        return False
    answered = bisect_left(others, last.span.end) < bisect_left(others, word.span.start)
    return gap >= limits.sentence_pause or length >= limits.full or answered


def _utterance(
    who: str | None, run: Sequence[Word], language: str, limits: UtteranceLimits
) -> Utterance:
    spoken = run[0].language or language
    text, last, anchors = "", "", list[Anchor]()
    end = run[0].span.start
    for word in run:
        text += joiner(last, word.text, spoken)
        start = max(word.span.start, end)  # recognisers let words run into each other
        if start - end >= limits.pause and anchors:
            anchors.append(Anchor(kind=AnchorKind.PAUSE, offset=len(text), time=end, end=start))
        end = max(start, word.span.end)
        anchors.append(
            Anchor(
                kind=AnchorKind.WORD,
                offset=len(text),
                time=start,
                end=end,
                confidence=word.confidence,
            )
        )
        text += word.text.strip()
        last = word.text
    sure = [word.confidence for word in run if word.confidence is not None]
    return Utterance(
        speaker=who,
        text=text,
        span=Span(run[0].span.start, end),
        anchors=tuple(anchors),
        confidence=sum(sure) / len(sure) if sure else None,
        language=run[0].language if run[0].language != language else None,
    )
