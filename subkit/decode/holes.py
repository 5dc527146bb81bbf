"""Voice without words inside a window, and when to accept words recognised there later.

A decoder that leaves a sentence out gives no sign of it, but alignment does: a word is stretched
over what was left out, or voice is left before the first word and after the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.decode.beam_search import Decoded
    from subkit.decode.taking import Take
    from subkit.decode.words import TimedWord

__all__ = ["find_holes", "is_believed", "may_be_speech"]

_LONG_WORD = 1.5
"""Seconds: a word this long hides others."""

_LEAST_VOICE = 1.2
"""Seconds of voice in a hole: what is said in less is a word or two."""

_MARGIN = 0.2

_SURE_SCORE = -0.5
_SURE_WORDS = 0.6
"""Of 25 clips of noise, music, laughter and silence, one passes both (docs/decoding.md)."""

_MAYBE_SCORE = -0.8
_MAYBE_WORDS = 0.5
"""Less sure than that, what was heard where nobody speaks is an invention."""


def find_holes(take: Take) -> list[tuple[float, float]]:
    """Return where voice has no words, in seconds from the start of the window.

    Args:
        take: A window that has been gone over. Where nobody told where its voice is, or where it
            has no words at all, nothing is found.
    """
    if not take.words or not take.voice or take.window.skipped:
        return []
    first, last = take.words[0], take.words[-1]
    candidates = [
        (0.0, first.start),
        *((word.start, word.end) for word in take.words if word.end - word.start >= _LONG_WORD),
        (last.end, take.seconds),
    ]
    return [
        (max(0.0, start - _MARGIN), min(take.seconds, end + _MARGIN))
        for start, end in candidates
        if _shared(take.voice, start, end) >= _LEAST_VOICE
    ]


def is_believed(take: Take, decoded: Decoded, words: Sequence[TimedWord]) -> bool:
    """Return whether what a pass gave may become words.

    Always in a window of speech; where no voice was found, or other words were there first, only
    what is sure.
    """
    if take.fills_hole:
        return may_be_speech(decoded.score, words)
    if take.window.skipped:
        return decoded.score >= _SURE_SCORE and _mean(words) >= _SURE_WORDS
    return True


def may_be_speech(score: float, words: Sequence[TimedWord]) -> bool:
    """Return whether uncertain words should still be reported to a person."""
    return score >= _MAYBE_SCORE and _mean(words) >= _MAYBE_WORDS


def _mean(words: Sequence[TimedWord]) -> float:
    """Mean probability of the words, 0 without any."""
    sure = [word.probability for word in words if word.text.strip()]
    return sum(sure) / len(sure) if sure else 0.0


def _shared(voice: Sequence[tuple[float, float]], start: float, end: float) -> float:
    """Seconds of voice between two times."""
    return sum(max(0.0, min(end, stop) - max(start, begin)) for begin, stop in voice)
