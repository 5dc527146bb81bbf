"""Detect loops: a few words repeated over and over.

Recognisers and translators fall into loops where they hear or understand nothing. People say
"No, no, no, no, no!" too, so one word counts from the sixth time on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["IN_CUE", "IN_WINDOW", "find_loop", "most_rounds"]

IN_CUE: Mapping[int, int] = {1: 6, 2: 4, 3: 4, 4: 3, 5: 3, 6: 3}
"""Words of a phrase -> how often it comes in a row in one cue before that is a loop."""

IN_WINDOW: Mapping[int, int] = {1: 6, 2: 4, 3: 4, 4: 4, 5: 4, 6: 4}
"""The same for a window of recognition, which is longer: a chorus has a line three times."""


def find_loop(
    units: Sequence[str], rounds: Mapping[int, int] = IN_CUE
) -> tuple[Sequence[str], int] | None:
    """Return the repeated phrase and how often it occurs, or ``None``.

    Args:
        units: Words, or characters in writing without spaces; empty ones are in no loop.
        rounds: Units of a phrase -> how often it comes before it is a loop.
    """
    if len(set(units)) == len(units):
        return None
    for size, least in rounds.items():
        same = 0
        for place in range(size, len(units)):
            same = same + 1 if units[place] and units[place] == units[place - size] else 0
            if same >= size * (least - 1):
                return units[place - size + 1 : place + 1], same // size + 1
    return None


def most_rounds(units: Sequence[str], sizes: range) -> int:
    """Return how often the most repeated phrase comes in a row; 1 where none is repeated.

    Args:
        units: Words or characters.
        sizes: How long a phrase may be.
    """
    return max((_rounds(units, size) for size in sizes), default=1)


def _rounds(units: Sequence[str], size: int) -> int:
    longest = same = 0
    for place in range(size, len(units)):
        same = same + 1 if units[place] == units[place - size] else 0
        longest = max(longest, same)
    return longest // size + 1
