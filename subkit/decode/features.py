"""Log-mel features: faster-whisper's numbers, bit for bit, in less time and memory.

The filters and the order of all operations that round are faster-whisper's own. What is saved are
copies and large temporary arrays: the spectrum is taken in blocks that stay in the cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from subkit.interfaces import Samples

__all__ = ["LogMel"]

_BLOCK = 384
"""Frames whose spectrum is taken at once: less than 2 MB."""

_SPAN = 4096
"""Frames whose filters are applied at once.

Small matrix products may add in another order, so none is smaller than this unless the audio is.
"""

_PADDING = 160
"""Zero samples that faster-whisper adds at the end: one frame, which its callers drop again."""


class LogMel:
    """Computes the features of a model.

    Args:
        extractor: faster-whisper's ``FeatureExtractor`` of the model; it has filters and lengths.
    """

    def __init__(self, extractor: Any) -> None:
        import numpy as np

        self._filters: Samples = extractor.mel_filters
        self._length: int = extractor.n_fft
        self._hop: int = extractor.hop_length
        self._window: Samples = np.hanning(self._length + 1)[:-1].astype(np.float32)

    def __call__(self, samples: Samples) -> Samples:
        """Normalised log-mel spectrum, float32, shape ``(bands, frames)``; 10 ms a frame.

        Equal to ``FeatureExtractor()(samples)[:, :-1]``: without the frame that is padding.

        Args:
            samples: Mono float32 at 16 kHz, shape ``(n,)``; ``n`` at least 1.
        """
        import numpy as np

        padded = np.pad(samples.astype(np.float32, copy=False), (0, _PADDING))
        padded = np.pad(padded, self._length // 2, mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(padded, self._length)[:: self._hop]
        count = windows.shape[0] - 1
        mel = np.empty((self._filters.shape[0], count), np.float32)
        start = 0
        while start < count:
            end = count if count - start < 2 * _SPAN else start + _SPAN
            mel[:, start:end] = self._filters @ self._power(windows[start:end]).T
            start = end
        np.maximum(mel, np.float32(1e-10), out=mel)
        np.log10(mel, out=mel)
        np.maximum(mel, mel.max() - np.float32(8.0), out=mel)
        mel += np.float32(4.0)
        mel /= np.float32(4.0)
        without_padding: Samples = mel[:, :-1]
        return without_padding

    def _power(self, windows: Samples) -> Samples:
        """Power spectrum of some frames: shape ``(frames, n_fft / 2 + 1)``."""
        import numpy as np

        power = np.empty((windows.shape[0], self._length // 2 + 1), np.float32)
        for start in range(0, windows.shape[0], _BLOCK):
            block = power[start : start + _BLOCK]
            spectrum = np.fft.rfft(windows[start : start + _BLOCK] * self._window)
            # numpy 1 gives complex128, as it does to faster-whisper.
            np.abs(spectrum.astype(np.complex64, copy=False), out=block)
            np.square(block, out=block)
        return power
