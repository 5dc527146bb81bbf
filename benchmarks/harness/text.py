"""Word error rate and how far two texts are apart."""

from __future__ import annotations

import unicodedata

__all__ = ["count_errors", "error_rate", "plain_words"]


def plain_words(text: str) -> list[str]:
    """Words as they are compared: lower case, no punctuation, NFKC."""
    text = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(
        letter if unicodedata.category(letter)[0] in "LNM" or letter == "'" else " "
        for letter in text
    )
    return [word.strip("'") for word in kept.split() if word.strip("'")]


def count_errors(reference: list[str], heard: list[str]) -> int:
    """Fewest substitutions, deletions and insertions that turn one into the other.

    Levenshtein's distance by rows; insertions along a row are a running minimum, which numpy does
    at once, so that hours of text take seconds.
    """
    import numpy as np

    numbers: dict[str, int] = {}
    a = np.array([numbers.setdefault(word, len(numbers)) for word in reference], np.int64)
    b = np.array([numbers.setdefault(word, len(numbers)) for word in heard], np.int64)
    steps = np.arange(b.size + 1)
    row = steps.copy()
    for i, word in enumerate(a, start=1):
        best = np.empty_like(row)
        best[0] = i
        best[1:] = np.minimum(row[1:] + 1, row[:-1] + (b != word))
        row = np.minimum.accumulate(best - steps) + steps
    return int(row[-1])


def error_rate(reference: str, heard: str) -> float:
    """Word error rate: errors by words of the reference (1 if only ``heard`` has words)."""
    words = plain_words(reference)
    found = plain_words(heard)
    if not words:
        return 1.0 if found else 0.0
    return count_errors(words, found) / len(words)
