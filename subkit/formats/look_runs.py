"""Stretches of letters that look the same, for readers that know the look of each letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["value_runs"]


def value_runs(values: Sequence[object]) -> Iterator[tuple[int, int, object]]:
    """Yield stretches of one value as begin, end and value.

    ``None`` (a space, a line break) belongs to the stretch around it, and to none at its edges.
    """
    start = end = 0
    now: object = None
    for index, value in enumerate(values):
        if value is None:
            continue
        if value != now:
            if now is not None:
                yield start, end, now
            start, now = index, value
        end = index + 1
    if now is not None:
        yield start, end, now
