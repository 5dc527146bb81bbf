"""Cues to translate: sentences of the demo domain, each with its reference in every language."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

from subkit.language import join_words
from subkit.model import Cue, Span, Track
from training.grammar import Grammar

__all__ = ["LANGUAGES", "Film", "make_film", "texts_of"]

LANGUAGES = ("en", "es", "ko")
_SPEED = 15  # characters a second at which cues are timed


@dataclass(frozen=True)
class Film:
    """Cues, the ids of the cues of each sentence, and its references by language."""

    track: Track
    sentences: list[tuple[tuple[str, ...], dict[str, str]]]


def make_film(count: int, language: str, split: float = 0.0, pace: float = 1.0) -> Film:
    """A film of ``count`` different sentences; ``split`` of those with five words take two cues.

    Args:
        count: Sentences.
        language: Language spoken.
        split: Share of longer sentences that go over two cues.
        pace: How long cues are on screen, against 15 characters a second.
    """
    draw = random.Random(11)  # noqa: S311 - which sentences, not a secret
    grammar = Grammar()
    drawn: dict[str, dict[str, str]] = {}
    while len(drawn) < count:
        sentence = grammar.sample_split(draw, held_out=True)
        drawn.setdefault(sentence[language], sentence)
    cues: list[Cue] = []
    sentences, at = [], Fraction(0)
    for sentence in drawn.values():
        words = sentence[language].split()
        half = len(words) // 2 if len(words) >= 5 and draw.random() < split else len(words)
        ids = []
        for part in filter(None, (words[:half], words[half:])):
            text = " ".join(part)
            seconds = Fraction(max(1, round(24 * pace * len(text) / _SPEED)), 24)
            span = Span(at, at + seconds)
            cues.append(Cue(id=f"c{len(cues) + 1}", span=span, lines=(text,)))
            ids.append(cues[-1].id)
            at = span.end + Fraction(1, 12)
        sentences.append((tuple(ids), sentence))
    return Film(Track(id=language, language=language, cues=tuple(cues)), sentences)


def texts_of(film: Film, said: dict[str, str], language: str) -> list[str]:
    """What a system wrote for each sentence of the film."""
    return [join_words((said[name] for name in ids), language) for ids, _ in film.sentences]
