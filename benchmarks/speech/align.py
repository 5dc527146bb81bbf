"""Alignment of what was heard with what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

__all__ = ["Step", "align"]


@dataclass(frozen=True)
class Step:
    """One step through both texts.

    Attributes:
        kind: ``"match"``, ``"sub"``, ``"del"`` or ``"ins"``.
        said: First and last + 1 of the reference.
        heard: First and last + 1 of what was heard.
    """

    kind: str
    said: tuple[int, int]
    heard: tuple[int, int]


def align(said: Sequence[str], heard: Sequence[str], *, compounds: bool = True) -> list[Step]:
    """The steps with the fewest errors; among equals those with the most matches.

    Rows are filled at once by numpy: 3,500 words take less than a second.

    Args:
        said: The reference.
        heard: What a system made of it.
        compounds: Two words that together are one of the other side count as a match.
    """
    numbers: dict[str, int] = {}
    a = _numbered(said, numbers)
    b = _numbered(heard, numbers)
    a_pairs = _numbered([x + y for x, y in pairwise(said)], numbers)
    b_pairs = _numbered([x + y for x, y in pairwise(heard)], numbers)
    table = _fill(a, b, a_pairs, b_pairs, compounds=compounds)
    return _walk(table, a, b, (a_pairs, b_pairs) if compounds else None)


# An error costs a large number, a substitution one more than that: of two ways with as many errors
# the one with fewer substitutions, so with more matches, is taken.
_ERROR = 4096
_SUB = _ERROR + 1


def _numbered(words: Sequence[str], numbers: dict[str, int]) -> np.ndarray:
    return np.array([numbers.setdefault(word, len(numbers)) for word in words], np.int64)


def _fill(
    a: np.ndarray, b: np.ndarray, a_pairs: np.ndarray, b_pairs: np.ndarray, *, compounds: bool
) -> np.ndarray:
    """The least cost up to every pair of places."""
    table = np.empty((a.size + 1, b.size + 1), np.int32)
    steps = np.arange(b.size + 1, dtype=np.int32) * _ERROR
    table[0] = steps
    for i in range(1, a.size + 1):
        before, row = table[i - 1], table[i]
        row[0] = i * _ERROR
        other = np.where(b == a[i - 1], 0, _SUB)
        np.minimum(before[1:] + _ERROR, before[:-1] + other, out=row[1:])
        if compounds and i > 1:
            one = np.flatnonzero(b == a_pairs[i - 2])
            row[one + 1] = np.minimum(row[one + 1], table[i - 2][one])
        if compounds and b.size > 1:
            two = np.flatnonzero(b_pairs == a[i - 1])
            row[two + 2] = np.minimum(row[two + 2], before[two])
        row[:] = np.minimum.accumulate(row - steps) + steps
    return table


def _walk(
    table: np.ndarray,
    a: np.ndarray,
    b: np.ndarray,
    pairs: tuple[np.ndarray, np.ndarray] | None,
) -> list[Step]:
    """Back from the end along steps of least cost."""
    i, j = a.size, b.size
    steps: list[Step] = []
    while i or j:
        cost = int(table[i, j])
        if i and j and a[i - 1] == b[j - 1] and cost == table[i - 1, j - 1]:
            kind, back = "match", (1, 1)
        elif pairs and i > 1 and j and pairs[0][i - 2] == b[j - 1] and cost == table[i - 2, j - 1]:
            kind, back = "match", (2, 1)
        elif pairs and i and j > 1 and pairs[1][j - 2] == a[i - 1] and cost == table[i - 1, j - 2]:
            kind, back = "match", (1, 2)
        elif i and j and cost == table[i - 1, j - 1] + _SUB:
            kind, back = "sub", (1, 1)
        elif i and cost == table[i - 1, j] + _ERROR:
            kind, back = "del", (1, 0)
        else:
            kind, back = "ins", (0, 1)
        steps.append(Step(kind, (i - back[0], i), (j - back[1], j)))
        i, j = i - back[0], j - back[1]
    return steps[::-1]
