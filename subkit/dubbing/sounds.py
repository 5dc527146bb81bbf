"""Sounds without words that an actor makes too: breaths and reactions, as suggestions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.model import LineKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from subkit.dubbing.utterances import Utterance
    from subkit.model import Transcript

__all__ = ["Sound", "kind_of_text", "sounds_without_words"]

_EDGE = Fraction(3, 20)
"""Voice this near to a word is the word's own beginning or end."""
_LEAST = Fraction(3, 10)
_LONGEST = Fraction(5)
"""Longer voice without words is speech that was not understood, and no sound of one actor."""
_BREATH = Fraction(6, 10)
_BEFORE = Fraction(1, 2)
"""A short sound that ends this shortly before a line is taken for the breath before it."""
_SURE = 0.3

_BRACKETED = re.compile(r"[\[(（［*♪].*[\])）］*♪]", re.DOTALL)
_BREATHS = re.compile(
    r"breath|inhal|exhal|pant|gasp|sigh|숨|한숨|respir|suspir|sospir|soupir|atmet|seufz|息", re.I
)
_SUNG = ("♪", "♫")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A stretch of voice without words.

    Attributes:
        span: When.
        kind: A breath or a reaction.
        speaker: Of the nearest line within a second, where one is near.
        confidence: 0 to 1; low, since nobody listened for what it is.
    """

    span: Span
    kind: LineKind
    speaker: str | None
    confidence: float = _SURE


def kind_of_text(text: str) -> LineKind:
    """Return what a line is by its text: a song, a sound in brackets, else dialogue."""
    stripped = text.strip()
    if stripped.startswith(_SUNG) or stripped.endswith(_SUNG):
        return LineKind.SONG
    if _BRACKETED.fullmatch(stripped):
        return LineKind.BREATH if _BREATHS.search(stripped) else LineKind.REACTION
    return LineKind.DIALOGUE


def sounds_without_words(transcript: Transcript, lines: Sequence[Utterance]) -> tuple[Sound, ...]:
    """Return stretches in which a voice was detected and no word was understood.

    Args:
        transcript: What was heard, with where a voice was detected.
        lines: What was understood, in order of time.
    """
    words = sorted(
        (
            Span(max(Fraction(0), w.span.start - _EDGE), w.span.end + _EDGE)
            for w in transcript.words
        ),
        key=lambda span: span.start,
    )
    rests = (span for voice in transcript.voice for span in _without(voice, words))
    return tuple(_sound(span, lines) for span in rests if _LEAST <= span.duration <= _LONGEST)


def _without(voice: Span, words: Iterable[Span]) -> list[Span]:
    """What is left of a stretch of voice between words."""
    start, left = voice.start, list[Span]()
    for word in words:
        if word.end <= start:
            continue
        if word.start >= voice.end:
            break
        if word.start > start:
            left.append(Span(start, word.start))
        start = max(start, word.end)
    if start < voice.end:
        left.append(Span(start, voice.end))
    return left


def _sound(span: Span, lines: Sequence[Utterance]) -> Sound:
    following = next((one for one in lines if one.span.start >= span.end), None)
    if (
        following is not None
        and span.duration <= _BREATH
        and following.span.start - span.end <= _BEFORE
    ):
        return Sound(span=span, kind=LineKind.BREATH, speaker=following.speaker)
    near = min(lines, key=lambda one: _distance(one.span, span), default=None)
    who = near.speaker if near is not None and _distance(near.span, span) <= 1 else None
    return Sound(span=span, kind=LineKind.REACTION, speaker=who)


def _distance(first: Span, second: Span) -> Fraction:
    return max(first.start - second.end, second.start - first.end, Fraction(0))
