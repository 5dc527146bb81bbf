"""Warnings about a window, as short keys that are stored with it."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from subkit.signals.loops import IN_WINDOW, find_loop

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from subkit.decode.options import RecognitionOptions

__all__ = [
    "LOW_CONFIDENCE",
    "LOW_SCORE",
    "compression_ratio",
    "doubts",
    "has_loop",
    "is_compressed",
    "is_distrusted",
    "is_silence",
    "without_loops",
]

LOW_SCORE = -0.7
"""Mean log-probability below which a window should be looked at: tokens at 50 % on average."""

LOW_CONFIDENCE = 0.1
"""Most that a word is trusted in a window that loops or may hold no speech."""

_DISTRUSTED = frozenset({"loop", "maybe-no-speech"})
"""Warnings of a window that may hold nothing that was said."""

_LONGER_LOOP = 3
"""Rounds of a phrase that is longer than those of :data:`~subkit.signals.loops.IN_WINDOW`."""

_MARKS = ".,!?…:;\"' \t«»“”¿¡-–—"

_MOST_LETTERS = 40
"""Letters and digits a second: nobody speaks so fast, so the text was invented."""


def compression_ratio(text: str) -> float:
    """Bytes of the text over bytes compressed; loops lie above 2.4 (Radford et al. 2022)."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def is_compressed(ratio: float, options: RecognitionOptions) -> bool:
    """Whether a text compresses so well that it is taken for a loop."""
    most = options.compression_ratio_threshold
    return most is not None and ratio > most


def has_loop(words: Sequence[str]) -> bool:
    """Return whether one to six words come four times in a row, or a single word six times."""
    return find_loop([_plain(word) for word in words], IN_WINDOW) is not None


def without_loops(words: Sequence[str]) -> list[int]:
    """Return the indices of the words that remain without the repetitions of each loop.

    A loop is what :func:`has_loop` finds, or seven words and more three times in a row.
    """
    plain = [_plain(word) for word in words]
    kept = list(range(len(plain)))
    size = 1
    while size <= len(kept) // 2:
        times = IN_WINDOW.get(size, _LONGER_LOOP)
        said = [plain[i] for i in kept]
        left: list[int] = []
        at = 0
        while at < len(said):
            end = at + size
            while end < len(said) and said[end] and said[end] == said[end - size]:
                end += 1
            looped = end - at >= times * size
            left += kept[at : at + size] if looped else kept[at : at + 1]
            at = end if looped else at + 1
        # What was parted by a loop may be one now.
        size = 1 if len(left) < len(kept) else size + 1
        kept = left
    return kept


def _plain(word: str) -> str:
    return word.strip(_MARKS).casefold()


def is_silence(no_speech: float, score: float, options: RecognitionOptions) -> bool:
    """Whether what was decoded is taken for silence: both numbers must say so."""
    if options.no_speech_threshold is None or no_speech <= options.no_speech_threshold:
        return False
    return options.log_prob_threshold is None or score < options.log_prob_threshold


def is_distrusted(warnings: Iterable[str], score: float, options: RecognitionOptions) -> bool:
    """Return whether the words of a window must not look certain, whatever the model says of them.

    Args:
        warnings: Of the window, as :func:`doubts` gives them.
        score: Mean log-probability.
        options: With the thresholds.
    """
    least = options.log_prob_threshold
    return not _DISTRUSTED.isdisjoint(warnings) or (least is not None and score < least)


def doubts(
    *,
    words: Sequence[str],
    seconds: float,
    score: float,
    ratio: float,
    no_speech: float,
    unsure_language: bool,
    low_score: float | None,
    options: RecognitionOptions,
) -> tuple[str, ...]:
    """Reasons to look at a window.

    They are ``no-speech`` (alone: there are no words), ``maybe-no-speech`` (words that the model
    itself doubts are any), ``low-score``, ``loop``, ``too-fast`` (more text than can be said in the
    time) and ``language-unsure``.

    Args:
        words: As decoded, loops and all.
        seconds: Length of the window.
        score: Mean log-probability.
        ratio: Compression ratio.
        no_speech: Probability that there is no speech.
        unsure_language: Neighbours decided the language.
        low_score: The model's own, or ``None``.
        options: With the thresholds.
    """
    found = []
    if not words:
        found.append("no-speech")
    else:
        if score < _lowest(low_score, options):
            found.append("low-score")
        if is_compressed(ratio, options) or has_loop(words):
            found.append("loop")
        if _is_too_fast("".join(words), seconds):
            found.append("too-fast")
        if options.no_speech_threshold is not None and no_speech > options.no_speech_threshold:
            found.append("maybe-no-speech")
        if unsure_language:
            found.append("language-unsure")
    return tuple(found)


def _lowest(low_score: float | None, options: RecognitionOptions) -> float:
    """The mean log-probability that a window should reach."""
    low = LOW_SCORE if low_score is None else low_score
    return low if options.log_prob_threshold is None else max(low, options.log_prob_threshold)


def _is_too_fast(text: str, seconds: float) -> bool:
    return sum(character.isalnum() for character in text) > _MOST_LETTERS * seconds
