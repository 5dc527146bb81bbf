"""Whisper's log-mel spectrogram, as faster-whisper computes it, in torch."""

from __future__ import annotations

import functools

import numpy as np
import torch
from faster_whisper.feature_extractor import FeatureExtractor
from torch.nn import functional

MEL_BANDS = 80
_WINDOW = 400
_HOP = 160
_RANGE = 8.0


@functools.cache
def _filters() -> tuple[torch.Tensor, torch.Tensor]:
    filters = FeatureExtractor(feature_size=MEL_BANDS).mel_filters
    taper = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    return torch.from_numpy(np.asarray(filters, np.float32)), torch.from_numpy(taper)


def log_mel(audio: torch.Tensor) -> torch.Tensor:
    """Log10 mel spectrogram before Whisper's normalisation.

    Args:
        audio: float32 samples at 16 kHz, shape (samples,).

    Returns:
        Spectrogram of shape (80, frames at 100 a second).
    """
    filters, taper = _filters()
    padded = functional.pad(audio, (0, _HOP))
    spectrum = torch.stft(
        padded,
        _WINDOW,
        _HOP,
        window=taper,
        center=True,
        pad_mode="reflect",
        return_complex=True,
    )
    power = spectrum[..., :-1].abs() ** 2
    return (filters @ power).clamp(min=1e-10).log10()


def normalise_mel(spectrum: torch.Tensor, louder_elsewhere: float = 0.0) -> torch.Tensor:
    """Whisper's normalisation: clamp to 8 below the maximum, then (x + 4) / 4.

    Args:
        spectrum: log10 mel spectrogram, shape (80, frames).
        louder_elsewhere: raises the floor by this much (log10 of power), as a louder moment
            elsewhere in the same file does.

    Returns:
        Spectrogram of the same shape.
    """
    floor = spectrum.max() - _RANGE + louder_elsewhere
    return (torch.maximum(spectrum, floor) + 4) / 4
