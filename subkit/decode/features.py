"""Log-mel features: faster-whisper's numbers, bit for bit, in less time and memory.

The filters and the order of all operations that round are faster-whisper's own. What is saved are
copies and large temporary arrays: the spectrum is taken in blocks that stay in the cache.

A window is padded to the 30 s that the encoder takes. Whisper was trained on sound padded with
silent samples. faster-whisper pads the finished features with 0 instead, which is not silence but a
steady sound: on real speech that costs errors (docs/decoding.md). So windows are padded with what
silence looks like, and with 0 only for a model that was trained so, or to compare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from subkit.interfaces import Samples

__all__ = ["SILENCE", "ZEROS", "LogMel", "pad_features", "silence_level"]

SILENCE = "silence"
"""Padding with silent samples before the features, as in OpenAI's Whisper."""

ZEROS = "zeros"
"""Padding with 0 after the features, as in faster-whisper."""

_RANGE = 8.0
"""Features reach at most this far, in powers of ten, under the loudest point of a window."""

_FLOOR = -10.0
"""Power of ten that stands for no sound at all."""

_EDGE = 3
"""Frames after the end of the sound that still hear some of it: half an analysis window."""

_BLOCK = 384
"""Frames whose spectrum is taken at once: less than 2 MB."""

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

    def with_silence(self, samples: Samples) -> Samples:
        """Return the features of samples that silence follows, with the few frames that hear both.

        What comes after has the same value everywhere: :func:`silence_level`.

        Args:
            samples: Mono float32 at 16 kHz, shape ``(n,)``; ``n`` at least 1.
        """
        import numpy as np

        return self(np.pad(samples, (0, _EDGE * self._hop)))

    def __call__(self, samples: Samples) -> Samples:
        """Return the normalised log-mel spectrum, float32, ``(bands, frames)``; 10 ms a frame.

        Equal to ``FeatureExtractor()(samples)[:, :-1]``: without the frame that is padding.

        Args:
            samples: Mono float32 at 16 kHz, shape ``(n,)``; ``n`` at least 1.
        """
        import numpy as np

        padded = np.pad(samples.astype(np.float32, copy=False), (0, _PADDING))
        padded = np.pad(padded, self._length // 2, mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(padded, self._length)[:: self._hop]
        count = windows.shape[0] - 1
        # In one product: products of other sizes may add in another order.
        mel = self._filters @ self._power(windows[:count]).T
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


def silence_level(features: Samples) -> float:
    """Return the value of silent samples for features of this loudness.

    Args:
        features: Normalised log-mel spectrum of a window, shape ``(bands, frames)``.
    """
    loudest = float(features.max()) * 4.0 - 4.0
    return float((max(_FLOOR, loudest - _RANGE) + 4.0) / 4.0)


def pad_features(features: Samples, frames: int, value: float) -> Samples:
    """Return features padded at the end with ``value``, or cut: shape ``(bands, frames)``."""
    import numpy as np

    kept = features[:, :frames]
    missing = frames - kept.shape[1]
    padded: Samples = np.pad(kept, ((0, 0), (0, missing)), constant_values=value)
    return padded
