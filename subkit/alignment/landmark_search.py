"""Which stretches of one film's sound are which of another's: the likeliest path over offsets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from subkit.alignment.landmarks import Landmarks

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

__all__ = ["OffsetStretch", "find_stretches", "windows_found"]

_STEP = 20
"""Places (of 10 ms) of one step of the path."""

_WINDOW = 50
"""Steps in which an offset has to stand out to be tried at all: ten seconds."""

_STANDS_OUT = 12
"""Landmarks of a window, beyond what other offsets have, that an offset needs."""

_MAX_OFFSETS = 400
"""Offsets that are tried, those with the most landmarks first."""

_NEAR = 2
"""Places by which landmarks of one offset may differ."""

_SWITCH = 14.0
"""What another offset has to bring, in landmarks."""

_LEAVE = 6.0
"""What a path loses on its way to no offset at all."""

_CAP = 6.0
"""Landmarks of a step that count: one loud bell is no proof."""

_ABSENT = 0.035
"""What a landmark of the new film that is not in the old one there counts against an offset."""

_CHUNK = 6_000
"""Places of the new film whose landmarks are looked up together."""

_COMMON = 600
"""A hash that the old film has more often says nothing, and is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetStretch:
    """A stretch of the new film that is at one offset from the old one.

    Attributes:
        first: Its first place in the new film.
        last: The place behind its last.
        offset: Places to add to those of the old film.
        found: How many landmarks say so.
    """

    first: int
    last: int
    offset: int
    found: int


class _Index:
    """Landmarks of the old film by hash."""

    def __init__(self, old: Landmarks) -> None:
        import numpy as np

        order = np.argsort(old.hashes, kind="stable")
        self._hashes, self._places = old.hashes[order], old.places[order]

    def matches(self, new: Landmarks) -> Iterator[tuple[Whole, Whole]]:
        """Places in the new film, and offsets, of all that match; some of the film at a time."""
        import numpy as np

        size = int(new.places[-1]) + 1 if len(new.places) else 0
        for begin in range(0, size, _CHUNK):
            first, last = np.searchsorted(new.places, [begin, begin + _CHUNK])
            mine = new.hashes[first:last]
            low = np.searchsorted(self._hashes, mine, "left")
            count = np.searchsorted(self._hashes, mine, "right") - low
            count[count > _COMMON] = 0
            starts = np.cumsum(count) - count
            at = np.repeat(low - starts, count) + np.arange(int(count.sum()))
            places = np.repeat(new.places[first:last], count).astype(np.int64)
            yield places, places - self._places[at]


def windows_found(old: Landmarks, new: Landmarks) -> float:
    """Return the share of the windows of a new film that stand out at some offset, 0 to 1."""
    offsets, windows = _candidates(_Index(old), new)
    return min(len(offsets), 1) * windows


def find_stretches(old: Landmarks, new: Landmarks) -> list[OffsetStretch]:
    """Return the stretches of a new film that an old one has too, in order; to a fifth of a second.

    Args:
        old: The film that is looked in.
        new: The film whose stretches are looked for, heard at the old one's speed.
    """
    import numpy as np

    index = _Index(old)
    offsets, _ = _candidates(index, new)
    if not len(offsets):
        return []
    steps = int(new.places[-1]) // _STEP + 1
    votes = np.zeros((steps, len(offsets)), np.float32)
    for places, found in index.matches(new):
        for near in range(-_NEAR, _NEAR + 1):
            which = np.searchsorted(offsets, found + near)
            good = (which < len(offsets)) & (
                offsets[np.minimum(which, len(offsets) - 1)] == found + near
            )
            np.add.at(votes, (places[good] // _STEP, which[good]), 1.0)
    heard = np.bincount(new.places // _STEP, minlength=steps)[:steps]
    states = _path(np.minimum(votes, _CAP) - _ABSENT * heard[:, None])
    return list(_runs(states, offsets, votes))


def _candidates(index: _Index, new: Landmarks) -> tuple[Whole, float]:
    """Offsets that stand out somewhere, in order, and the share of windows in which one does."""
    weight: dict[int, float] = {}
    windows = good = 0
    width = _WINDOW * _STEP
    for places, offsets in index.matches(new):
        for begin in range(
            int(places.min()) // width * width if len(places) else 0,
            int(places.max()) + 1 if len(places) else 0,
            width // 2,
        ):
            mine = offsets[(places >= begin) & (places < begin + width)]
            windows += 1
            found = False
            for offset, count in _outstanding(mine):
                weight[offset] = weight.get(offset, 0.0) + count
                found = True
            good += found
    return _clustered(weight), good / windows if windows else 0.0


def _outstanding(offsets: Whole) -> Iterator[tuple[int, float]]:
    """The offsets of a window that have more landmarks than chance gives to any."""
    import numpy as np

    if not len(offsets):
        return
    low = int(offsets.min())
    count = np.bincount(offsets - low)
    near = np.convolve(count, np.ones(2 * _NEAR - 1, int), mode="same")
    # The tenth best of all offsets is what chance gives.
    usual = float(np.partition(near, -10)[-10]) if len(near) > 10 else 0.0
    for _ in range(3):
        best = int(near.argmax())
        if near[best] < usual * 1.3 + _STANDS_OUT:
            return
        yield best + low, float(near[best] - usual)
        near[max(best - 2 * _NEAR, 0) : best + 2 * _NEAR + 1] = 0


def _clustered(weight: dict[int, float]) -> Whole:
    """The heaviest offsets, in order, none beside a heavier one."""
    import numpy as np

    kept: list[int] = []
    taken: set[int] = set()
    for offset in sorted(weight, key=lambda one: -weight[one]):
        if offset not in taken and len(kept) < _MAX_OFFSETS:
            kept.append(offset)
            taken.update(range(offset - 2 * _NEAR, offset + 2 * _NEAR + 1))
    return np.array(sorted(kept), np.int64)


def _path(scores: NDArray[np.float32]) -> NDArray[np.int32]:
    """The likeliest state of each step, -1 for none."""
    import numpy as np

    steps, count = scores.shape
    value = np.full(count, -_SWITCH, np.float32)
    absent = 0.0
    came = np.zeros((steps, count), bool)  # from another state
    best_of = np.full(steps, -1, np.int32)  # the best state a step before, -1 for none
    left = np.zeros(steps, np.int32)  # where no offset came from, -1 from itself
    for step in range(steps):
        top = int(value.argmax())
        from_state = float(value[top])
        jump, best = (from_state, top) if from_state > absent else (absent, -1)
        best_of[step] = best
        switched = jump - _SWITCH > value
        came[step] = switched
        value = np.where(switched, np.float32(jump - _SWITCH), value) + scores[step]
        if from_state - _LEAVE > absent:
            absent, left[step] = from_state - _LEAVE, top
        else:
            left[step] = -1
    states = np.full(steps, -1, np.int32)
    state = int(value.argmax()) if float(value.max()) > absent else -1
    for step in range(steps - 1, -1, -1):
        states[step] = state
        if state < 0:
            state = int(left[step])
        elif came[step, state]:
            state = int(best_of[step])
    return states


def _runs(
    states: NDArray[np.int32], offsets: Whole, votes: NDArray[np.float32]
) -> Iterator[OffsetStretch]:
    import numpy as np

    edges = np.flatnonzero(np.diff(states)) + 1
    for first, last in zip([0, *edges], [*edges, len(states)], strict=True):
        state = int(states[first])
        if state >= 0:
            yield OffsetStretch(
                first=int(first) * _STEP,
                last=int(last) * _STEP,
                offset=int(offsets[state]),
                found=int(votes[first:last, state].sum()),
            )
