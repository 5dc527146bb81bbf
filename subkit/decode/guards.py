"""Doubts about a window, as short words that go into its record."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.decode.options import RecognitionOptions

__all__ = [
    "LOW_SCORE",
    "compression_ratio",
    "doubts",
    "has_loop",
    "is_doubtful",
    "is_silence",
]

LOW_SCORE = -0.7
"""Mean log-probability below which a window should be looked at: tokens at 50 % on average."""

_MOST_LETTERS = 40
"""Letters and digits a second: nobody speaks so fast, so the text was invented."""


def compression_ratio(text: str) -> float:
    """Bytes of the text over bytes compressed; loops lie above 2.4 (Radford et al. 2022)."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def has_loop(words: Sequence[str]) -> bool:
    """Whether one to six words are said over and over: four times in a row, one word six times."""
    plain = [word.strip(".,!?…:;\"'«»“”¿¡-–—").casefold() for word in words]
    for size in range(1, 7):
        wanted = (5 if size == 1 else 3) * size
        same = 0
        for i in range(size, len(plain)):
            same = same + 1 if plain[i] and plain[i] == plain[i - size] else 0
            if same >= wanted:
                return True
    return False


def is_silence(no_speech: float, score: float, options: RecognitionOptions) -> bool:
    """Whether what was decoded is taken for silence: both numbers must say so."""
    if options.no_speech_threshold is None or no_speech <= options.no_speech_threshold:
        return False
    return options.log_prob_threshold is None or score < options.log_prob_threshold


def is_doubtful(
    text: str,
    *,
    seconds: float,
    score: float,
    no_speech: float,
    low_score: float | None,
    options: RecognitionOptions,
) -> bool:
    """Whether what a short context gave needs a second look with the full one.

    Nothing at all, a low score, a loop, more text than can be said, or perhaps no speech.
    """
    most, silent = options.compression_ratio_threshold, options.no_speech_threshold
    return (
        not text.strip()
        or score < _lowest(low_score, options)
        or (most is not None and compression_ratio(text) > most)
        or has_loop(text.split())
        or _is_too_fast(text, seconds)
        or (silent is not None and no_speech > silent)
    )


def doubts(
    *,
    words: Sequence[str],
    seconds: float,
    score: float,
    ratio: float,
    unsure_language: bool,
    low_score: float | None,
    options: RecognitionOptions,
) -> tuple[str, ...]:
    """Reasons to look at a window.

    They are ``no-speech`` (alone: there are no words), ``low-score``, ``loop``, ``too-fast`` (more
    text than can be said in the time) and ``language-unsure``.
    """
    found = []
    if not words:
        found.append("no-speech")
    else:
        if score < _lowest(low_score, options):
            found.append("low-score")
        most = options.compression_ratio_threshold
        if (most is not None and ratio > most) or has_loop(words):
            found.append("loop")
        if _is_too_fast("".join(words), seconds):
            found.append("too-fast")
        if unsure_language:
            found.append("language-unsure")
    return tuple(found)


def _lowest(low_score: float | None, options: RecognitionOptions) -> float:
    """The mean log-probability that a window should reach."""
    low = LOW_SCORE if low_score is None else low_score
    return low if options.log_prob_threshold is None else max(low, options.log_prob_threshold)


def _is_too_fast(text: str, seconds: float) -> bool:
    return sum(character.isalnum() for character in text) > _MOST_LETTERS * seconds
