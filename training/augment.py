"""Sounds that make training windows harder: coloured noise, simple music, reverberation, tone."""

from __future__ import annotations

import random

import numpy as np
import torch

SAMPLE_RATE = 16000
_SCALE_STEPS = (0, 2, 4, 5, 7, 9, 11, 12, 14, 16)


def coloured_noise(samples: int, generator: random.Random) -> torch.Tensor:
    """Gaussian noise whose spectrum falls with frequency; standard deviation one.

    Args:
        samples: length.
        generator: chooses how steeply it falls (amplitude as frequency to the power 0 to -0.6).

    Returns:
        Noise of shape (samples,).
    """
    spectrum = torch.fft.rfft(torch.randn(samples))
    slope = generator.uniform(0, 0.6)
    spectrum *= torch.arange(len(spectrum)).float().clamp(min=1) ** -slope
    noise = torch.fft.irfft(spectrum, n=samples)
    return noise / (noise.std() + 1e-9)


def music(samples: int, generator: random.Random) -> torch.Tensor:
    """Chords and melodies of decaying tones with overtones; standard deviation one.

    Args:
        samples: length.
        generator: chooses tempo, key, notes and timbre.

    Returns:
        Music of shape (samples,).
    """
    wave = np.zeros(samples, np.float32)
    step = generator.choice([0.25, 0.4, 0.6, 1.2, 2.5])
    base = generator.choice([110, 147, 196, 262])
    start = 0.0
    while start < samples / SAMPLE_RATE:
        first = int(start * SAMPLE_RATE)
        length = min(samples - first, int(step * generator.uniform(1, 3) * SAMPLE_RATE))
        times = np.arange(length) / SAMPLE_RATE
        envelope = np.minimum(1, times / 0.02) * np.exp(-times / (step * generator.uniform(0.4, 3)))
        for _ in range(generator.randint(1, 3)):
            pitch = base * 2 ** (generator.choice(_SCALE_STEPS) / 12)
            for overtone in range(1, generator.randint(2, 7)):
                tone = np.sin(2 * np.pi * pitch * overtone * times)
                level = overtone ** -generator.uniform(0.7, 2)
                wave[first : first + length] += envelope * tone * level
        start += step
    return torch.from_numpy(wave / (wave.std() + 1e-6))


class MusicLibrary:
    """Half-minute pieces made once, from which windows take excerpts.

    Args:
        seed: seed of the pieces.
        pieces: how many.
    """

    def __init__(self, seed: int = 5, pieces: int = 40) -> None:
        generator = random.Random(seed)
        self._pieces = [music(30 * SAMPLE_RATE, generator) for _ in range(pieces)]

    def excerpt(self, samples: int, generator: random.Random) -> torch.Tensor:
        """A random stretch of at most 30 s, shape (samples,)."""
        piece = generator.choice(self._pieces)
        first = generator.randint(0, max(0, len(piece) - samples))
        return piece[first : first + samples]


def reverberate(audio: torch.Tensor, generator: random.Random) -> torch.Tensor:
    """Adds the decaying tail of a small or middling room (50 to 300 ms).

    Args:
        audio: shape (samples,).
        generator: chooses length and strength of the tail.

    Returns:
        Audio of the same shape.
    """
    length = int(SAMPLE_RATE * generator.uniform(0.05, 0.3))
    response = torch.randn(length) * torch.exp(-torch.arange(length) / (length / 6))
    response[0] = 0
    response *= generator.uniform(0.1, 0.6) / response.norm()
    response[0] = 1
    size = 1 << (len(audio) + length - 1).bit_length()
    product = torch.fft.rfft(audio, size) * torch.fft.rfft(response, size)
    return torch.fft.irfft(product, size)[: len(audio)]


def tone_tilt(bands: int, generator: random.Random) -> torch.Tensor:
    """A smooth random change of tone, as a microphone or a codec makes.

    Args:
        bands: number of mel bands.
        generator: chooses the curve.

    Returns:
        Offsets to a log10 mel spectrum, shape (bands, 1), each within about 0.4.
    """
    knots = torch.tensor([[[generator.uniform(-0.4, 0.4) for _ in range(5)]]])
    curve = torch.nn.functional.interpolate(knots, bands, mode="linear", align_corners=True)
    return curve[0].T
