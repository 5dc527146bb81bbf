"""Counts that the evaluation reports: word errors, and errors of times."""

from __future__ import annotations

import re
from dataclasses import dataclass

import jiwer
import numpy as np


def normalise(text: str) -> str:
    """Lower case, without punctuation, single spaces."""
    return " ".join(re.sub(r"[^\w\s]", "", text.lower()).split())


@dataclass
class WordErrors:
    """Word errors summed over texts.

    Attributes:
        errors: substitutions, deletions and insertions.
        words: words of the references.
        texts: number of texts.
        exact: texts recognised letter for letter, punctuation included.
    """

    errors: int = 0
    words: int = 0
    texts: int = 0
    exact: int = 0

    def add(self, reference: str, hypothesis: str) -> int:
        """Adds one text; returns its word errors."""
        counts = jiwer.process_words(normalise(reference), normalise(hypothesis))
        errors = counts.substitutions + counts.deletions + counts.insertions
        self.errors += errors
        self.words += len(normalise(reference).split())
        self.texts += 1
        self.exact += reference.strip() == hypothesis.strip()
        return errors

    @property
    def percent(self) -> float:
        """Word error rate in percent."""
        return 100 * self.errors / max(1, self.words)


def describe_times(errors: list[float]) -> str:
    """Median, mean absolute and 90th percentile of the absolute errors, milliseconds."""
    if not errors:
        return "none"
    size = np.abs(errors)
    return (
        f"median {np.median(errors) * 1000:+.0f}, mean absolute {size.mean() * 1000:.0f}, "
        f"p90 {np.percentile(size, 90) * 1000:.0f} ms (n {len(errors)})"
    )
