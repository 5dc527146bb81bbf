"""Diarization error: missed speech, false alarms and confused speakers over all speech.

As pyannote.metrics counts it, which measures the same cases beside it: speakers are mapped one to
one for the least error, and a collar is left out, half of it on each side of every true boundary.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.speaker_cases import Turn

__all__ = ["DiarizationError", "diarization_error"]

_STEP = 0.01


@dataclass(frozen=True, kw_only=True)
class DiarizationError:
    """Seconds missed, falsely told, given to another, and spoken in all."""

    missed: float
    false: float
    confused: float
    total: float

    @property
    def rate(self) -> float:
        """The error, as a share of all speech."""
        return (self.missed + self.false + self.confused) / self.total if self.total else 0.0


def diarization_error(
    true: Iterable[Turn], told: Iterable[Turn], *, collar: float = 0.25
) -> DiarizationError:
    """Compare who was said to speak with who does."""
    true, told = list(true), list(told)
    end = max((turn[1] for turn in (*true, *told)), default=0.0) + 1
    first, second = _grid(true, end), _grid(told, end)
    kept = np.ones(first.shape[1], dtype=bool)
    for start, stop, _ in true:
        for edge in (start, stop):
            low = max(round((edge - collar / 2) / _STEP), 0)
            kept[low : round((edge + collar / 2) / _STEP)] = False
    first, second = first[:, kept], second[:, kept]
    many, said = first.sum(axis=0), second.sum(axis=0)
    right = _matched(first.astype(np.float64) @ second.T.astype(np.float64))
    return DiarizationError(
        missed=float(np.maximum(many - said, 0).sum()) * _STEP,
        false=float(np.maximum(said - many, 0).sum()) * _STEP,
        confused=float(np.minimum(many, said).sum() - right) * _STEP,
        total=float(many.sum()) * _STEP,
    )


def _grid(turns: list[Turn], end: float) -> NDArray[np.int64]:
    names = sorted({who for _, _, who in turns})
    grid = np.zeros((max(len(names), 1), round(end / _STEP)), dtype=np.int64)
    for start, stop, who in turns:
        grid[names.index(who), round(start / _STEP) : round(stop / _STEP)] = 1
    return grid


def _matched(shared: NDArray[np.float64]) -> float:
    """The most time that one-to-one pairs share."""
    from scipy.optimize import linear_sum_assignment  # comes with pyannote.metrics

    rows, columns = linear_sum_assignment(-shared)
    return float(shared[rows, columns].sum())
