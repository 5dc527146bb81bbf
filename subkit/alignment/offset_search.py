"""One offset for all cues: every offset at every ratio, by fast Fourier transforms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.alignment.cue_odds import GRID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from subkit.alignment.cue_odds import CueOdds

    Floats = NDArray[np.float64]

__all__ = ["HINT", "LEAST_GAP", "MAX_GAP", "OffsetSearch"]

MAX_GAP = 8.0
"""Seconds: of a longer gap nothing is known, for there may be speech that nobody subtitled."""

LEAST_GAP = 0.3
"""Seconds: a shorter one parts cues, not speech."""

HINT = 6.0
"""Log odds that a cue belongs where its words were heard."""

_HEARD = GRID // 5
"""Places that the time of a word may be wrong by."""


class OffsetSearch:
    """Scores all offsets of cues against one reference.

    Args:
        evidence: Of the reference.
    """

    def __init__(self, evidence: CueOdds) -> None:
        import numpy as np

        self._outside = evidence.outside
        self._known = (evidence.start, evidence.end, np.diff(evidence.cue), np.diff(evidence.gap))
        self._spectra: dict[int, list[NDArray[np.complex128]]] = {}

    def best(self, cues: Floats, hints: Mapping[int, Sequence[float]]) -> tuple[float, float]:
        """Return the log odds of the likeliest offset of all cues, and that offset, seconds.

        Args:
            cues: In-times and out-times, seconds, in order, shape ``(n, 2)``.
            hints: Index of a cue -> offsets at which its words were heard.
        """
        import numpy as np

        places = cues * GRID
        first = int(np.floor(places.min()))
        places = places - first
        length, size = int(np.ceil(places.max())) + 2, len(self._known[0])
        total = 1 << (length + size - 1).bit_length()
        mine = (
            _pulses(places[:, 0], length),
            _pulses(places[:, 1], length),
            _boxes(places, length),
            _boxes(gaps_of(cues) * GRID - first, length),
        )
        spectrum = sum(
            known * np.conj(np.fft.rfft(one, total))
            for known, one in zip(self._of_reference(total), mine, strict=True)
        )
        scores = np.fft.irfft(spectrum, total)
        scores = np.concatenate([scores[-length:], scores[:size]])
        for offset in (offset for offsets in hints.values() for offset in offsets):
            place = round(offset * GRID) + length + first
            if 0 <= place < len(scores):
                scores[max(place - _HEARD, 0) : place + _HEARD + 1] += HINT
        best = int(scores.argmax())
        odds = float(scores[best]) + len(cues) * self._outside
        return odds, (best - length - first) / GRID

    def _of_reference(self, total: int) -> list[NDArray[np.complex128]]:
        import numpy as np

        if total not in self._spectra:
            self._spectra = {total: [np.fft.rfft(known, total) for known in self._known]}
        return self._spectra[total]


def gaps_of(cues: Floats) -> Floats:
    """The gaps behind cues that something is known of, seconds, shape ``(n, 2)``."""
    import numpy as np

    ends = np.maximum.accumulate(cues[:-1, 1])
    found = np.stack([ends, cues[1:, 0]], axis=1)
    wide = found[:, 1] - found[:, 0]
    known: Floats = found[(wide > LEAST_GAP) & (wide < MAX_GAP)]
    return known


def _pulses(places: Floats, length: int) -> Floats:
    import numpy as np

    found = np.zeros(length)
    np.add.at(found, np.rint(places).astype(int), 1.0)
    return found


def _boxes(places: Floats, length: int) -> Floats:
    """How many of the spans lie over each place."""
    import numpy as np

    found = np.zeros(length + 1)
    bounds = np.rint(places).astype(int)
    np.add.at(found, bounds[:, 0], 1.0)
    np.add.at(found, bounds[:, 1], -1.0)
    return np.cumsum(found)[:length]
