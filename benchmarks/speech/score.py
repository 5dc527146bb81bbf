"""Errors of a system on a film, by utterance, and how sure a difference of two systems is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.speech.align import Step, align
from benchmarks.speech.normal import tokens, tokens_of_words

if TYPE_CHECKING:
    from benchmarks.speech.films import Utterance

__all__ = [
    "Difference",
    "Heard",
    "Scored",
    "UtteranceErrors",
    "bootstrap",
    "rate_interval",
    "score_film",
]

_LOST = 0.8
_SHORT = 3


@dataclass(frozen=True)
class Heard:
    """A word a system heard: seconds, text, and how sure it is of it (1 if it does not say)."""

    start: float
    end: float
    text: str
    confidence: float = 1.0


@dataclass(frozen=True)
class UtteranceErrors:
    """Errors in one utterance.

    Attributes:
        recording: Its name, which may occur in several films.
        said: Words (or characters) of the reference.
        sub: Put in place of others.
        deleted: Not heard.
        inserted: Heard and not said, after its first word and up to the next utterance's.
        lost: At least four fifths of its three words or more are missing.
    """

    recording: str
    said: int
    sub: int = 0
    deleted: int = 0
    inserted: int = 0
    lost: bool = False

    @property
    def errors(self) -> int:
        """All of them."""
        return self.sub + self.deleted + self.inserted


@dataclass(frozen=True)
class Scored:
    """A system's film, scored.

    Attributes:
        utterances: In the order of the film.
        right: For each heard word whether it is right; ``None`` for one that is not compared.
        pairs: Words that are one word on both sides and the same: number of the utterance, of the
            word in it, of the heard word.
    """

    utterances: tuple[UtteranceErrors, ...]
    right: tuple[bool | None, ...]
    pairs: tuple[tuple[int, int, int], ...]

    @property
    def errors(self) -> int:
        """All errors."""
        return sum(one.errors for one in self.utterances)

    @property
    def said(self) -> int:
        """Words (or characters) of the reference."""
        return sum(one.said for one in self.utterances)

    def counts(self) -> dict[str, int]:
        """Errors by kind, and utterances lost whole."""
        return {
            "said": self.said,
            "errors": self.errors,
            "sub": sum(one.sub for one in self.utterances),
            "del": sum(one.deleted for one in self.utterances),
            "ins": sum(one.inserted for one in self.utterances),
            "lost": sum(one.lost for one in self.utterances),
            "utterances": len(self.utterances),
        }


@dataclass(frozen=True)
class Difference:
    """Points of the error rate by which one system differs from another, with 95 % limits."""

    points: float
    low: float
    high: float

    def text(self) -> str:
        """For example ``"-4.8 [-8.8, -1.7]"``."""
        return f"{self.points:+.1f} [{self.low:+.1f}, {self.high:+.1f}]"


def score_film(utterances: Sequence[Utterance], heard: Sequence[Heard], language: str) -> Scored:
    """Align a whole film and give each utterance its errors.

    Args:
        utterances: What is said, in order.
        heard: What a system heard, in order.
        language: Of the film, or ``"mixed"``.
    """
    said: list[str] = []
    owners: list[tuple[int, int]] = []
    for number, one in enumerate(utterances):
        words = [word for _, _, word in one.words] or one.text.split()
        made, places = tokens_of_words(words, language)
        if not one.words:
            # Numbers may be spelled over several words: the text as a whole counts.
            made = list(tokens(one.text, language))
            places = [-1] * len(made)
        said += made
        owners += [(number, place) for place in places]
    found, sources = tokens_of_words([word.text for word in heard], language)
    steps = align(said, found)
    return Scored(
        _by_utterance(utterances, owners, steps),
        _right(len(heard), sources, steps),
        _pairs(owners, sources, steps),
    )


def _by_utterance(
    utterances: Sequence[Utterance], owners: Sequence[tuple[int, int]], steps: Sequence[Step]
) -> tuple[UtteranceErrors, ...]:
    counts = np.zeros((len(utterances), 4), int)
    for number, _ in owners:
        counts[number, 0] += 1
    kinds = {"sub": 1, "del": 2, "ins": 3}
    for step in steps:
        if step.kind in kinds and len(utterances):
            at = step.said[0] if step.kind != "ins" else max(0, step.said[0] - 1)
            counts[owners[at][0] if owners else 0, kinds[step.kind]] += 1
    return tuple(
        UtteranceErrors(one.recording, n, sub, gone, more, lost=n >= _SHORT and gone >= _LOST * n)
        for one, (n, sub, gone, more) in zip(utterances, counts.tolist(), strict=True)
    )


def _right(count: int, sources: Sequence[int], steps: Sequence[Step]) -> tuple[bool | None, ...]:
    """A heard word is right if all it is compared by is."""
    right: list[bool | None] = [None] * count
    for step in steps:
        for at in range(*step.heard):
            word = sources[at]
            right[word] = step.kind == "match" and right[word] is not False
    return tuple(right)


def _pairs(
    owners: Sequence[tuple[int, int]], sources: Sequence[int], steps: Sequence[Step]
) -> tuple[tuple[int, int, int], ...]:
    alone_said = _once(owners)
    alone_heard = _once(sources)
    return tuple(
        (*owners[step.said[0]], sources[step.heard[0]])
        for step in steps
        if step.kind == "match"
        and step.said[1] - step.said[0] == 1 == step.heard[1] - step.heard[0]
        and owners[step.said[0]][1] >= 0
        and owners[step.said[0]] in alone_said
        and sources[step.heard[0]] in alone_heard
    )


def _once(items: Sequence[object]) -> set[object]:
    seen: dict[object, int] = {}
    for one in items:
        seen[one] = seen.get(one, 0) + 1
    return {one for one, times in seen.items() if times == 1}


def bootstrap(
    base: Sequence[UtteranceErrors],
    other: Sequence[UtteranceErrors],
    *,
    clusters: bool = False,
    draws: int = 10_000,
    seed: int = 1,
) -> Difference:
    """By how many points ``other`` has more errors than ``base``: paired bootstrap over utterances.

    Args:
        base: Of all films, in order.
        other: The same utterances.
        clusters: Draw recordings with all their occurrences in all films, not single utterances:
            wider, and what is to be expected of other recordings.
        draws: How often.
        seed: Of the draws.

    Raises:
        ValueError: they are not the same utterances, or none.
    """
    same = [(a.recording, a.said) for a in base] == [(b.recording, b.said) for b in other]
    if not base or not same:
        raise ValueError("the systems were not scored on the same utterances")
    n = np.array([one.said for one in base], float)
    more = np.array([b.errors - a.errors for a, b in zip(base, other, strict=True)], float)
    names = [one.recording for one in base] if clusters else None
    return _interval(more, n, names, draws, seed)


def rate_interval(
    scored: Sequence[UtteranceErrors], *, draws: int = 10_000, seed: int = 1
) -> Difference:
    """The error rate itself in per cent, with its limits over utterances."""
    n = np.array([one.said for one in scored], float)
    errors = np.array([one.errors for one in scored], float)
    return _interval(errors, n, None, draws, seed)


def _interval(
    value: np.ndarray, n: np.ndarray, names: list[str] | None, draws: int, seed: int
) -> Difference:
    point = 100 * value.sum() / n.sum()
    if names is not None:
        order = {name: at for at, name in enumerate(dict.fromkeys(names))}
        places = np.array([order[name] for name in names])
        value = np.bincount(places, value)
        n = np.bincount(places, n)
    random = np.random.default_rng(seed)
    found: list[np.ndarray] = []
    for _ in range(0, draws, 500):
        chosen = random.integers(n.size, size=(min(500, draws), n.size))
        found.append(100 * value[chosen].sum(axis=1) / n[chosen].sum(axis=1))
    low, high = np.percentile(np.concatenate(found), [2.5, 97.5])
    return Difference(float(point), float(low), float(high))
