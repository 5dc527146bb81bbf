"""The sound of a film as landmarks that survive another mix, another codec and another speed.

A landmark is a pair of peaks of the spectrogram: their pitches and how far they are apart. Speech
and effects keep theirs where music is changed under them. Beside landmarks, the loudness of bands
is kept, coarse enough for ten hours of film, fine enough to find the frame of a cut.

Source of the idea: A. Wang, An industrial-strength audio search algorithm (ISMIR 2003).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Samples = NDArray[np.float32]

__all__ = ["BANDS", "HOP", "Landmarks", "Speed", "hear"]

RATE = 16_000
HOP = Fraction(1, 100)
"""Seconds between places."""

_WINDOW = 1024
_LOW, _HIGH = 10, 250
"""Bins that are looked at: 156 to 3,900 Hz."""

BANDS = 24
_REACH_TIME, _REACH_BIN = 6, 6
"""How far around a peak nothing may be louder: places and bins."""

_PER_SECOND = 30
"""Peaks kept of each second, the most prominent first."""

_PAIRS = 5
"""Landmarks that each peak begins."""

_FIRST, _LAST, _WIDE = 3, 63, 31
"""Places and bins that the second peak of a landmark is away."""

_BLOCK = 512
"""Places that are looked at together."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a film runs against another.

    Attributes:
        factor: Time in it over time in the other: 24/25 for one of 24 frames shown at 25.
        pitched: Its pitch changed with the speed, as it does where nobody corrects it.
    """

    factor: Fraction = Fraction(1)
    pitched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Landmarks:
    """A film's landmarks, and its loudness by bands; places count in the time of the other film.

    Attributes:
        hashes: Of each landmark, in order of its place, shape ``(n,)``.
        places: Of each landmark, shape ``(n,)``.
        bands: Loudness in half decibels at each place, shape ``(places, BANDS)``.
        speed: At which speed it was heard.
        duration: Of the film itself, seconds.
    """

    hashes: NDArray[np.int32]
    places: NDArray[np.int32]
    bands: NDArray[np.uint8]
    speed: Speed
    duration: Fraction


def hear(blocks: Iterable[Samples], speed: Speed = Speed()) -> Landmarks:
    """Return the landmarks of a sound.

    Args:
        blocks: Mono, 16 kHz, in order.
        speed: Of the sound against the film that it is to be held against: it is heard as if it
            ran as that one.
    """
    import numpy as np

    window = round(_WINDOW * float(speed.factor)) if speed.pitched else _WINDOW
    step = RATE * float(HOP * speed.factor)
    spectrum = _Spectrum(np.hanning(window).astype(np.float32), step)
    parts = [_part(level) for level in spectrum.levels(blocks)]
    count = sum(len(part[1]) for part in parts)
    peaks, at = [], 0
    for found, bands in parts:
        peaks.append(found + np.array([at, 0], np.int32))
        at += len(bands)
    hashes, places = _pairs(np.concatenate(peaks) if peaks else np.zeros((0, 2), np.int32))
    return Landmarks(
        hashes=hashes,
        places=places,
        bands=np.concatenate([part[1] for part in parts])
        if parts
        else np.zeros((0, BANDS), np.uint8),
        speed=speed,
        duration=count * HOP * speed.factor,
    )


@dataclass(frozen=True, eq=False)
class _Spectrum:
    """How a sound is looked at: samples of a window, its shape, samples between two places.

    Bins are those of a window at the other film's speed: of one that ran faster and higher, the
    window is shorter, and so are its bins wider.
    """

    shape: Floats
    step: float

    def levels(self, blocks: Iterable[Samples]) -> Iterator[Floats]:
        """Give the spectrogram in decibels, some places at a time, shape ``(n, bins)``."""
        import numpy as np

        window = len(self.shape)
        held = np.zeros(window // 2, np.float32)  # a place is the middle of its window
        begin, place = -(window // 2), 0
        for block in blocks:
            held = np.concatenate([held, block])
            while True:
                last = round((place + _BLOCK - 1) * self.step) - window // 2 + window
                if last - begin > len(held):
                    break
                yield self._decibels(held, begin, place, _BLOCK)
                place += _BLOCK
                drop = round(place * self.step) - window // 2 - begin
                held, begin = held[drop:], begin + drop
        rest = max(int((begin + len(held)) / self.step) - place, 0)
        if rest:
            held = np.concatenate([held, np.zeros(window, np.float32)])
            yield self._decibels(held, begin, place, rest)

    def _decibels(self, held: Samples, begin: int, place: int, count: int) -> Floats:
        """Places from one on, of samples that begin at a sample of the film."""
        import numpy as np

        window = len(self.shape)
        middles = np.rint((place + np.arange(count)) * self.step).astype(np.int64)
        starts = middles - window // 2 - begin
        frames = np.lib.stride_tricks.sliding_window_view(held, window)[starts]
        power = np.abs(np.fft.rfft(frames * self.shape, axis=1)[:, : _HIGH + 1]) ** 2
        found: Floats = (10 * np.log10(power / window + 1e-9)).astype(np.float32)
        return found


def _part(level: Floats) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Peaks (place, bin) of some places, and their bands."""
    import numpy as np

    heard = level[:, _LOW:_HIGH]
    edges = np.geomspace(_LOW, _HIGH, BANDS + 1).round().astype(int) - _LOW
    bands = np.add.reduceat(10 ** (heard / 10), edges[:-1], axis=1)
    loud = np.clip(2 * (10 * np.log10(bands + 1e-9) + 90), 0, 255).astype(np.uint8)
    top = _highest(_highest(heard, _REACH_TIME, 0), _REACH_BIN, 1)
    places, bins = np.nonzero((heard >= top) & (heard > -60))
    if not len(places):
        return np.zeros((0, 2), np.int32), loud
    prominence = heard[places, bins] - _mean(heard, 12)[places, bins]
    wanted = max(round(len(level) * float(HOP) * _PER_SECOND), 1)
    if len(places) > wanted:
        best = np.argpartition(-prominence, wanted)[:wanted]
        places, bins = places[best], bins[best]
    order = np.lexsort((bins, places))
    return np.stack([places[order], bins[order]], axis=1).astype(np.int32), loud


def _highest(values: Floats, reach: int, axis: int) -> Floats:
    """The highest value within reach on either side, along an axis."""
    import numpy as np

    width, wide = 2 * reach + 1, 1
    pads = [(reach, reach) if n == axis else (0, 0) for n in range(2)]
    held = np.pad(values, pads, constant_values=-np.inf)
    while wide < width:
        step = min(wide, width - wide)
        first, second = [slice(None)] * 2, [slice(None)] * 2
        first[axis], second[axis] = slice(0, held.shape[axis] - step), slice(step, None)
        held = np.maximum(held[tuple(first)], held[tuple(second)])
        wide += step
    return held


def _mean(values: Floats, reach: int) -> Floats:
    """The mean over the bins around each, at the same place."""
    import numpy as np

    total = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    at = np.arange(values.shape[1])
    low, high = np.maximum(at - reach, 0), np.minimum(at + reach + 1, values.shape[1])
    found: Floats = ((total[:, high] - total[:, low]) / (high - low)).astype(np.float32)
    return found


def _pairs(peaks: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Landmarks of peaks in order: each with the next few that are neither too near nor too far."""
    import numpy as np

    hashes, places = [], []
    count = np.zeros(len(peaks), np.int32)
    for ahead in range(1, 48):
        if ahead >= len(peaks):
            break
        first, second = peaks[:-ahead], peaks[ahead:]
        apart, higher = second[:, 0] - first[:, 0], second[:, 1] - first[:, 1]
        good = (apart >= _FIRST) & (apart <= _LAST) & (abs(higher) <= _WIDE)
        good &= count[: len(first)] < _PAIRS
        count[: len(first)][good] += 1
        hashes.append(_hash(first[good, 1], higher[good], apart[good]))
        places.append(first[good, 0])
    if not hashes:
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    found, where = np.concatenate(hashes), np.concatenate(places)
    order = np.argsort(where, kind="stable")
    return found[order], where[order]


def _hash(
    bins: NDArray[np.int32], higher: NDArray[np.int32], apart: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Pitch to 31 Hz, its change to 31 Hz, distance to 20 ms: a peak may be off by one of each."""
    return (bins // 2 * 64 + (higher + _WIDE + 1) // 2) * 64 + apart // 2
