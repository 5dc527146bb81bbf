"""Vectors of voices -> groups of one speaker each.

Two steps of agglomerative clustering. The first joins what is plainly one voice. The second joins
groups by how alike their voices are *as against how alike each is to itself*: noise, music and a
bad microphone make a voice less like itself too, and so one threshold serves clean and noisy sound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Labels = NDArray[np.int64]

__all__ = ["center_of", "group_voices", "join_groups"]

PLAINLY = 0.7
"""Mean cosine between two groups that are plainly one voice (benchmarks/speakers.py)."""

_AT_ONCE = 1200
"""Vectors that are compared with each other at once, each with each; more are grouped in parts."""

_APART = 1.6
"""Seconds between two windows that share no sound, so that their likeness says something."""

_USUAL, _USUAL_WEIGHT = 0.75, 20.0
"""How alike a voice is to itself where its group has few pairs, and how many pairs that counts."""


def group_voices(vectors: Vectors, *, alike: float = PLAINLY) -> Labels:
    """Return the group of each vector: average linkage, stopped at a mean cosine.

    Args:
        vectors: Of length 1, shape ``(n, d)``.
        alike: The mean cosine at which two groups are no longer joined.

    Returns:
        Numbers from 0 without gaps, shape ``(n,)``. Time grows with the square of
        the vectors up to 1,200, and in proportion beyond.
    """
    import numpy as np

    if len(vectors) <= _AT_ONCE:
        return _link(vectors, np.ones(len(vectors)), alike)
    parts: list[Labels] = []
    sums: list[Vectors] = []
    base = 0
    for first in range(0, len(vectors), _AT_ONCE):
        part = vectors[first : first + _AT_ONCE]
        labels = _link(part, np.ones(len(part)), alike)
        count = int(labels.max()) + 1
        sums.append(np.stack([part[labels == group].sum(axis=0) for group in range(count)]))
        parts.append(labels + base)
        base += count
    labels = np.concatenate(parts)
    whole = np.concatenate(sums)
    weights = np.bincount(labels).astype(float)
    if len(whole) > 2 * _AT_ONCE:  # what never came to a second of speech joins nothing
        kept = np.sort(np.argsort(-weights, kind="stable")[: 2 * _AT_ONCE])
    else:
        kept = np.arange(len(whole))
    joined = np.arange(len(whole)) + len(kept)
    joined[kept] = _link(whole[kept] / weights[kept, None], weights[kept], alike)
    return _numbered(joined[labels])


def _link(means: Vectors, weights: NDArray[np.float64], alike: float) -> Labels:
    """Average linkage of groups by their means and weights."""
    import numpy as np

    sums = means * weights[:, None]
    sizes = weights.astype(float).copy()
    labels = np.arange(len(means))
    scores = (sums @ sums.T) / np.outer(sizes, sizes)
    np.fill_diagonal(scores, -2)
    for _ in range(len(means) - 1):
        nearest = scores.argmax(axis=1)
        one = int(scores[np.arange(len(scores)), nearest].argmax())
        other = int(nearest[one])
        if scores[one, other] < alike:
            break
        sums[one] += sums[other]
        sizes[one] += sizes[other]
        labels[labels == other] = one
        gone = scores[one] == -2
        scores[one] = (sums @ sums[one]) / (sizes * sizes[one])
        scores[one, gone] = -2
        scores[one, [one, other]] = -2
        scores[:, one] = scores[one]
        scores[other] = -2
        scores[:, other] = -2
    return _numbered(labels)


def join_groups(
    vectors: Vectors, times: NDArray[np.float64], labels: Labels, *, alike: float, count: int | None
) -> Labels:
    """Return groups joined by likeness to each other over likeness to themselves.

    Args:
        vectors: Shape ``(n, d)``.
        times: Middle of each window, seconds: pairs that share sound do not count.
        labels: Group of each, from 0 without gaps.
        alike: The ratio, near 1 for one voice, at which groups are no longer joined.
        count: How many groups there shall be at the end, instead; fewer stay as few.
    """
    import numpy as np

    groups = int(labels.max()) + 1
    totals, pairs = _pairs(vectors, times, labels, groups)
    alive = np.ones(groups, dtype=bool)
    while alive.sum() > max(count or 1, 1):
        own = (np.diag(totals) + _USUAL * _USUAL_WEIGHT) / (np.diag(pairs) + _USUAL_WEIGHT)
        between = totals / np.maximum(pairs, 1e-9)
        ratio = np.where(pairs > 0, between / np.sqrt(np.outer(own, own)), 0.0)
        np.fill_diagonal(ratio, -2)
        ratio[~alive] = -2
        ratio[:, ~alive] = -2
        one, other = map(int, np.unravel_index(int(ratio.argmax()), ratio.shape))
        if count is None and ratio[one, other] < alike:
            break
        for table in (totals, pairs):
            table[one] += table[other]
            table[:, one] += table[:, other]
        labels = np.where(labels == other, one, labels)
        alive[other] = False
    return _numbered(labels)


def _pairs(
    vectors: Vectors, times: NDArray[np.float64], labels: Labels, groups: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum of cosines and number of pairs between groups, of windows that share no sound."""
    import numpy as np

    sums = np.zeros((groups, vectors.shape[1]))
    np.add.at(sums, labels, vectors)
    sizes = np.bincount(labels, minlength=groups).astype(float)
    totals, pairs = sums @ sums.T, np.outer(sizes, sizes)
    reach = 1
    near = np.flatnonzero(times[1:] - times[:-1] < _APART)
    pairs_near = [(near, near + 1)]
    while len(near):  # windows are in order of time: those near are a few places apart
        reach += 1
        near = np.arange(len(times) - reach)
        near = near[times[near + reach] - times[near] < _APART]
        pairs_near.append((near, near + reach))
    for first, second in pairs_near:
        cosines = np.einsum("nd,nd->n", vectors[first], vectors[second])
        for one, other in ((labels[first], labels[second]), (labels[second], labels[first])):
            np.subtract.at(totals, (one, other), cosines)
            np.subtract.at(pairs, (one, other), 1.0)
    itself = np.einsum("nd,nd->n", vectors, vectors)
    np.subtract.at(totals, (labels, labels), itself)
    np.subtract.at(pairs, (labels, labels), 1.0)
    return totals, pairs


def center_of(vectors: Vectors, labels: Labels) -> Vectors:
    """Return the direction of each group, shape ``(groups, d)``."""
    import numpy as np

    sums = np.zeros((int(labels.max()) + 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, labels, vectors)
    centers: Vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return centers


def _numbered(labels: Labels) -> Labels:
    """The same groups, numbered from 0 in order of their first vector."""
    import numpy as np

    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    numbered: Labels = rank[inverse]
    return numbered
