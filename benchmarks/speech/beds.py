"""What lies under speech in a film: noise, music, rooms."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.speech.recordings import CASES, RATE, Samples, read_sound

__all__ = ["find_music", "find_rooms", "level_of", "music", "pink_noise", "place_in_room"]

_OVERLAP = 0.5
_CLEAR, _LONG = 1.0, 6.0
_ECHO = 0.8


def level_of(samples: Samples) -> float:
    """Root mean square in dB below full scale; silence is -200."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if samples.size else 0.0
    return 10 * float(np.log10(max(power, 1e-20)))


def pink_noise(count: int, random: np.random.Generator) -> Samples:
    """Noise that falls by 3 dB an octave, at -20 dBFS."""
    spectrum = np.fft.rfft(random.standard_normal(count))
    steps = np.arange(spectrum.size)
    spectrum[1:] /= np.sqrt(steps[1:])
    # Below 20 Hz nothing is heard, and it would take most of the level.
    spectrum[steps < 20 * count / RATE] = 0
    noise = np.fft.irfft(spectrum, count)
    return _at_level(noise)


@lru_cache(maxsize=2)
def find_music(cases: Path = CASES) -> tuple[Samples, ...]:
    """Real music without speech; empty if it is not there.

    The music of the MUSAN mixture, as its segments say, and what lies between the lines of a
    trailer, at least a second from each: music with a film's noises.
    """
    found: list[Samples] = []
    path = cases / "speech" / "noise" / "musanmix.flac"
    if path.is_file():
        with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
            rows = [r for r in csv.DictReader(file, delimiter="\t") if r["labels"] == "music"]
        sound = read_sound(path)
        spans = [(float(row["start"]), float(row["stop"])) for row in rows]
        found += [sound[int(a * RATE) : int(b * RATE)] for a, b in spans]
    trailer = cases / "film" / "sintel_trailer.mp4"
    if trailer.is_file():
        sound = read_sound(trailer)
        edges = [0.0]
        for start, end in _lines(trailer.with_suffix(".txt")):
            edges += [start - _CLEAR, end + _CLEAR]
        edges.append(sound.size / RATE)
        spans = list(zip(edges[::2], edges[1::2], strict=True))
        found += [sound[int(a * RATE) : int(b * RATE)] for a, b in spans if b - a >= _LONG]
    return tuple(found)


def _lines(path: Path) -> list[tuple[float, float]]:
    """Start and end of the lines of a text file with times (``00:00:12.2 00:00:14.3 text``)."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line[:1].isdigit():
            times = [[float(part) for part in word.split(":")] for word in line.split()[:2]]
            start, end = (3600 * h + 60 * m + s for h, m, s in times)
            found.append((start, end))
    return found


def music(count: int, random: np.random.Generator, sources: tuple[Samples, ...]) -> Samples:
    """Music of ``count`` samples at -20 dBFS: pieces of the sources, or synthetic without any.

    Pieces begin anywhere, are played up to a tenth faster or slower so that they do not repeat, and
    cross over into each other.
    """
    made = np.zeros(count + RATE, np.float32)
    fade = int(_OVERLAP * RATE)
    at = 0
    while at < count:
        piece = _piece(random, sources)
        piece = piece[: made.size - at].copy()
        short = min(fade, piece.size // 2)
        ramp = np.linspace(0, 1, short, dtype=np.float32)
        piece[:short] *= ramp
        piece[-short:] *= ramp[::-1]
        made[at : at + piece.size] += piece
        at += piece.size - short
    return _at_level(made[:count])


def _at_level(sound: Any) -> Samples:
    """The same sound at -20 dBFS."""
    scaled: Samples = (0.1 * sound / np.sqrt(np.mean(np.square(sound)))).astype(np.float32)
    return scaled


def _piece(random: np.random.Generator, sources: tuple[Samples, ...]) -> Samples:
    """Eight to fifteen seconds."""
    seconds = float(random.uniform(8, 15))
    if not sources:
        return _synthetic(int(seconds * RATE), random)
    source = sources[int(random.integers(len(sources)))]
    speed = float(random.uniform(0.9, 1.1))
    length = min(int(seconds * RATE * speed), source.size)
    start = int(random.integers(source.size - length + 1))
    cut = source[start : start + length]
    places = np.arange(int(length / speed)) * speed
    piece: Samples = np.interp(places, np.arange(length), cut).astype(np.float32)
    return piece


def _synthetic(count: int, random: np.random.Generator) -> Samples:
    """Chords of four tones with overtones, a new one each half second to second, and a beat."""
    made = np.zeros(count)
    at = 0
    while at < count:
        length = min(int(random.uniform(0.5, 1.0) * RATE), count - at)
        seconds = np.arange(length) / RATE
        root = 110 * 2 ** (float(random.integers(0, 24)) / 12)
        for step in (0, 4, 7, 12):
            for overtone in range(1, 5):
                tone = 2 * np.pi * root * 2 ** (step / 12) * overtone * seconds
                made[at : at + length] += np.sin(tone) * np.exp(-2 * seconds) / overtone
        beat = random.standard_normal(length) * np.exp(-30 * seconds)
        made[at : at + length] += 1.5 * beat
        at += length
    return made.astype(np.float32)


@lru_cache(maxsize=2)
def find_rooms(cases: Path = CASES) -> tuple[Samples, ...]:
    """Responses of rooms, 0.8 s from the direct sound on: later is the measurement's noise."""
    found = []
    for path in sorted((cases / "speech" / "rir").glob("*.wav")):
        response = read_sound(path)
        first = int(np.argmax(np.abs(response)))
        found.append(response[first : first + int(_ECHO * RATE)])
    return tuple(found)


def place_in_room(samples: Samples, response: Samples) -> Samples:
    """Speech as it is heard in a room, as loud as before; longer by its echo."""
    count = samples.size + response.size - 1
    size = 1 << (count - 1).bit_length()
    product = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    heard = np.fft.irfft(product, size)[:count].astype(np.float32)
    change = 10 ** ((level_of(samples) - level_of(heard[: samples.size])) / 20)
    louder: Samples = (heard * np.float32(change)).astype(np.float32)
    return louder
