"""Mel spectra as the voice encoder was trained on: librosa's numbers, without librosa.

40 bands of the Slaney scale with area-normalised filters over 25 ms of a Hann window every 10 ms,
power, not logarithmic. Frame ``n`` is centred on sample ``160 n``; beyond the ends is silence.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subkit.interfaces import Samples

__all__ = ["BANDS", "HOP", "mel_frames"]

BANDS = 40
HOP = 160
"""Samples from one frame to the next: 10 ms at 16 kHz."""

_LENGTH = 400
_RATE = 16000
_BLOCK = 1024
"""Frames whose spectrum is taken at once: less than 4 MB."""

_BREAK_HZ, _BREAK_MEL = 1000.0, 15.0
_STEP_HZ = 200.0 / 3
"""Slaney's scale: straight up to 1 kHz, then 27 steps to each 6.4-fold."""


def mel_frames(samples: Samples) -> Samples:
    """Return the mel spectrum of samples at 16 kHz, shape ``(len(samples) // 160 + 1, 40)``."""
    import numpy as np

    window, filters = _constants()
    padded = np.pad(np.asarray(samples, dtype=np.float32), _LENGTH // 2)
    views = np.lib.stride_tricks.sliding_window_view(padded, _LENGTH)[::HOP]
    frames = np.empty((len(views), BANDS), dtype=np.float32)
    for first in range(0, len(views), _BLOCK):
        spectrum = np.fft.rfft(views[first : first + _BLOCK] * window, axis=1)
        power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
        frames[first : first + _BLOCK] = power @ filters
    return frames


@lru_cache(maxsize=1)
def _constants() -> tuple[Samples, Samples]:
    """The analysis window, shape ``(400,)``, and the filters, shape ``(201, 40)``."""
    import numpy as np

    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_LENGTH) / _LENGTH)).astype(np.float32)
    bins = np.linspace(0, _RATE / 2, _LENGTH // 2 + 1)
    log_step = np.log(6.4) / 27
    top = _BREAK_MEL + np.log(_RATE / 2 / _BREAK_HZ) / log_step
    mels = np.linspace(0, top, BANDS + 2)
    edges = np.where(
        mels < _BREAK_MEL, mels * _STEP_HZ, _BREAK_HZ * np.exp(log_step * (mels - _BREAK_MEL))
    )
    rising = (bins[:, None] - edges[None, :-2]) / np.diff(edges)[:-1]
    falling = (edges[None, 2:] - bins[:, None]) / np.diff(edges)[1:]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return window, (triangles * 2 / (edges[2:] - edges[:-2])).astype(np.float32)
