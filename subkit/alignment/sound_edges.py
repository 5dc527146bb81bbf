"""Exact offsets and ends of stretches of sound that two films share, from loudness by bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from subkit.alignment.landmarks import Landmarks

    Floats = NDArray[np.float32]

__all__ = ["exact_offset", "likeness", "split_place"]

_AROUND = 25
"""Places on either side over which the mean of a band is taken off."""

_NEAR = 4
"""Places on either side of which the likeness of one is taken."""

_LAGS = 6
"""Places by which the offset of a stretch may be off."""

_LONGEST = 30_000
"""Places of a stretch that are enough to measure its offset."""

_DOUBT = 3.0
"""Sum of likeness, beyond what takes it for the same, under which two places are as likely."""

SAME = 0.5
"""Likeness from which sound is taken to be the same."""


def _shapes(bands: NDArray[np.uint8], first: int, last: int) -> Floats:
    """Loudness of places without its mean over half a second; outside of the film about zero."""
    import numpy as np

    if not len(bands):
        return np.zeros((last - first, bands.shape[1]), np.float32)
    places = np.clip(np.arange(first - _AROUND, last + _AROUND), 0, len(bands) - 1)
    padded = bands[places].astype(np.float32)
    total = np.concatenate([np.zeros((1, bands.shape[1]), np.float32), np.cumsum(padded, axis=0)])
    mean = (total[2 * _AROUND :] - total[: -2 * _AROUND]) / (2 * _AROUND)
    found: Floats = padded[_AROUND : _AROUND + last - first] - mean[: last - first]
    return found


def likeness(old: Landmarks, new: Landmarks, offset: int, first: int, last: int) -> Floats:
    """Return how alike both films sound at places of the new one, from -1 to 1.

    Args:
        old: The old film.
        new: The new one.
        offset: Places to add to those of the old film.
        first: First place in the new film.
        last: Place behind the last.
    """
    import numpy as np

    mine = _shapes(new.bands, first, last)
    other = _shapes(old.bands, first - offset, last - offset)
    box = np.ones(2 * _NEAR + 1, np.float32)
    both, one, two = (
        np.convolve((a * b).sum(axis=1), box, mode="same")
        for a, b in ((mine, other), (mine, mine), (other, other))
    )
    found: Floats = (both / np.sqrt(one * two + 1.0)).astype(np.float32)
    return found


def exact_offset(old: Landmarks, new: Landmarks, offset: int, first: int, last: int) -> float:
    """Return the offset of a stretch in places, exact to a fraction of one.

    Args:
        old: The old film.
        new: The new one.
        offset: As it was found, to a few places.
        first: First place of the stretch in the new film.
        last: Place behind the last.
    """
    import numpy as np

    middle = (first + last) // 2
    first, last = max(first, middle - _LONGEST // 2), min(last, middle + _LONGEST // 2)
    mine = _shapes(new.bands, first, last)
    scores = np.array(
        [
            float((mine * _shapes(old.bands, first - offset - lag, last - offset - lag)).sum())
            for lag in range(-_LAGS, _LAGS + 1)
        ]
    )
    best = int(scores.argmax())
    if best in (0, 2 * _LAGS):
        return float(offset + best - _LAGS)
    left, top, right = scores[best - 1 : best + 2]
    bend = left - 2 * top + right
    return float(offset + best - _LAGS + (0.5 * (left - right) / bend if bend else 0.0))


def split_place(before: Floats, after: Floats) -> tuple[int, int, int, int]:
    """Return where one stretch ends and the next begins, and how far that may be wrong.

    Args:
        before: Likeness of each place at the offset of the stretch before.
        after: Likewise at that of the one after.

    Returns:
        The place behind the last that is surely of the first stretch, the likeliest one, the
        likeliest first place of the second, and the first that is surely of it. Where both sound
        alike, as silence does, sure and likely are far apart.
    """
    import numpy as np

    gained = np.concatenate([[0.0], np.cumsum(before - SAME)])
    rest = np.concatenate([np.cumsum((after - SAME)[::-1])[::-1], [0.0]])
    # The best end up to each place, so that the first may end before the second begins.
    best = np.maximum.accumulate(gained)
    begin = int((best + rest).argmax())
    end = int(gained[: begin + 1].argmax())
    # What either loses where it takes a place less, or leaves one to the other.
    back = np.maximum.accumulate(rest[::-1])[::-1]
    as_end = gained + back
    as_begin = best + rest
    sure_end = int(np.flatnonzero(as_end >= as_end.max() - _DOUBT)[0])
    sure_begin = int(np.flatnonzero(as_begin >= as_begin.max() - _DOUBT)[-1])
    return min(sure_end, end), end, begin, max(sure_begin, begin)
