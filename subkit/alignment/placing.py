"""Cues that the likeliest path leaves without an offset go with the section beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.alignment.cue_odds import GRID, odds_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from subkit.alignment.cue_odds import CueOdds
    from subkit.alignment.section_search import OffsetRun

    Floats = NDArray[np.float64]

__all__ = ["place_all"]


def place_all(
    runs: Sequence[OffsetRun], cues: Floats, evidence: CueOdds
) -> tuple[list[tuple[int, int, float]], list[int]]:
    """Return a place for every cue, and the cues that were not found there.

    Args:
        runs: The likeliest path, in order; a run without an offset stands beside ones with it.
        cues: In-times and out-times, seconds, in order, shape ``(n, 2)``.
        evidence: Of the reference.

    Returns:
        First cue, behind the last, and offset of each section; indices of the cues that no
        evidence speaks for, and of those outside of the reference.
    """
    import numpy as np

    placed = [[run.first, run.last, run.offset] for run in runs if run.offset is not None]
    if not placed:
        return [], list(range(len(cues)))
    missing: list[int] = []
    for number, run in enumerate(runs):
        if run.offset is not None:
            continue
        before = runs[number - 1].offset if number else None
        after = runs[number + 1].offset if number + 1 < len(runs) else None
        mine = cues[run.first : run.last]
        left, right = (
            np.full(len(mine), -np.inf if other is not None else 0.0)
            if offset is None
            else odds_at(mine, evidence, offset)
            for offset, other in ((before, after), (after, before))
        )
        split = _split(left, right)
        for parts, first in ((left[:split], run.first), (right[split:], run.first + split)):
            if parts.sum() < 0:
                missing += range(first, first + len(parts))
        for section in placed:
            if section[1] == run.first:
                section[1] += split
            if section[0] == run.last:
                section[0] -= len(mine) - split
    sections = [(int(first), int(last), float(offset)) for first, last, offset in placed]
    return sections, sorted({*missing, *_outside(sections, cues, evidence)})


def _split(left: Floats, right: Floats) -> int:
    """How many of the cues go with the section before them."""
    import numpy as np

    kept = np.concatenate([[0.0], np.cumsum(left)])
    rest = np.concatenate([np.cumsum(right[::-1])[::-1], [0.0]])
    return int((kept + rest).argmax())


def _outside(
    sections: Sequence[tuple[int, int, float]], cues: Floats, evidence: CueOdds
) -> list[int]:
    end = len(evidence.start) / GRID
    return [
        index
        for first, last, offset in sections
        for index in range(first, last)
        if cues[index, 1] + offset <= 0 or cues[index, 0] + offset >= end
    ]
