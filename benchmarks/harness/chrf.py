"""chrF, the character n-gram F-score of Popović (2015), as sacrebleu computes it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["chrf"]

_ORDER, _BETA = 6, 2


def chrf(written: Sequence[str], references: Sequence[str]) -> float:
    """chrF2 of a corpus, 0 to 100: n-grams up to 6, white space left out, one reference each."""
    found, asked, shared = [0] * _ORDER, [0] * _ORDER, [0] * _ORDER
    for text, reference in zip(written, references, strict=True):
        for n in range(_ORDER):
            ours, theirs = _grams(text, n + 1), _grams(reference, n + 1)
            found[n] += sum(ours.values())
            asked[n] += sum(theirs.values())
            shared[n] += sum((ours & theirs).values())
    precision = recall = 0.0
    orders = 0
    for n in range(_ORDER):
        if found[n] and asked[n]:
            precision += shared[n] / found[n]
            recall += shared[n] / asked[n]
            orders += 1
    if not orders or precision + recall == 0:
        return 0.0
    precision, recall = precision / orders, recall / orders
    return 100 * (1 + _BETA**2) * precision * recall / (_BETA**2 * precision + recall)


def _grams(text: str, size: int) -> Counter[str]:
    letters = "".join(text.split())
    return Counter(letters[i : i + size] for i in range(len(letters) - size + 1))
