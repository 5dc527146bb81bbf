"""Word times against times made by hand, and how far a system knows what it got wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from benchmarks.speech.films import Utterance
    from benchmarks.speech.score import Heard, Scored

__all__ = [
    "ConfidenceScore",
    "EdgeErrors",
    "score_confidence",
    "score_edges",
    "word_edges",
]

_BINS = 10


@dataclass(frozen=True)
class EdgeErrors:
    """Errors of starts or ends of words, milliseconds.

    Attributes:
        words: How many were compared.
        mean: Of the sizes.
        bias: Mean with sign; below 0 is early.
        p90: Nine tenths of the sizes are smaller.
        within: Share that is at most 100 ms away.
    """

    words: int
    mean: float
    bias: float
    p90: float
    within: float


def word_edges(
    utterances: Sequence[Utterance], heard: Sequence[Heard], scored: Scored
) -> list[tuple[float, float]]:
    """Errors of start and end, in seconds, of the words that were heard right and have times."""
    found = []
    for number, place, at in scored.pairs:
        start, end, _ = utterances[number].words[place]
        found.append((heard[at].start - start, heard[at].end - end))
    return found


def score_edges(errors: Sequence[float]) -> EdgeErrors:
    """Put the errors of one edge (seconds, signed) in numbers.

    Raises:
        ValueError: there are none.
    """
    if not errors:
        raise ValueError("no word has a time to compare with")
    by = 1000 * np.array(errors, float)
    size = np.abs(by)
    # Times on a grid of 20 ms are not to miss the limit by a rounding.
    within = float(np.mean(size <= 100 + 1e-6))
    return EdgeErrors(
        len(errors), float(size.mean()), float(by.mean()), float(np.percentile(size, 90)), within
    )


@dataclass(frozen=True)
class ConfidenceScore:
    """How far confidence tells right words from wrong ones.

    Attributes:
        words: Compared.
        wrong: Of them.
        ece: Expected calibration error over ten bins of equal width.
        auc: How often a right word is surer than a wrong one; 0.5 is chance.
        doubted: Share of words below 0.5.
        doubted_wrong: Share of wrong ones among those.
        found: Share of all wrong words that are below 0.5.
    """

    words: int
    wrong: int
    ece: float
    auc: float
    doubted: float
    doubted_wrong: float
    found: float


def score_confidence(confidence: Sequence[float], right: Sequence[bool | None]) -> ConfidenceScore:
    """Score confidences; words whose truth is ``None`` are left out.

    Raises:
        ValueError: no word is left.
    """
    pairs = [(c, r) for c, r in zip(confidence, right, strict=True) if r is not None]
    if not pairs:
        raise ValueError("no word to compare")
    sure = np.array([c for c, _ in pairs], float)
    true = np.array([r for _, r in pairs], bool)
    low = sure < 0.5
    wrong = int((~true).sum())
    return ConfidenceScore(
        words=true.size,
        wrong=wrong,
        ece=_calibration_error(sure, true),
        auc=_area(sure[true], sure[~true]),
        doubted=float(low.mean()),
        doubted_wrong=float((~true[low]).mean()) if low.any() else 0.0,
        found=float((low & ~true).sum() / wrong) if wrong else 0.0,
    )


def _calibration_error(sure: np.ndarray, true: np.ndarray) -> float:
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    total = 0.0
    for number in range(_BINS):
        mine = bins == number
        if mine.any():
            total += mine.mean() * abs(sure[mine].mean() - true[mine].mean())
    return float(total)


def _area(right: np.ndarray, wrong: np.ndarray) -> float:
    """Chance that one of ``right`` is above one of ``wrong``; equals count half."""
    if not right.size or not wrong.size:
        return 0.5
    ordered = np.sort(wrong)
    below = np.searchsorted(ordered, right, "left")
    upto = np.searchsorted(ordered, right, "right")
    return float((below + upto).sum() / 2 / right.size / wrong.size)
