"""What systems say where nobody speaks: noise, music, laughter, silence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness.audio import write_wave
from benchmarks.harness.systems import RunError, System
from benchmarks.speech.beds import find_music, level_of, music, pink_noise
from benchmarks.speech.recordings import RATE, Samples, read_sound
from benchmarks.speech.running import Setting, run_once

__all__ = ["make_clips", "measure_noise"]

CONFIDENT = 0.5
_SECONDS = 10
_PARTS = {"sb_noise1.flac": 3, "sb_noise2.wav": 1, "sb_noise4.flac": 1, "sb_noise5.flac": 1}
_MUSAN_NOISE = (29.1, 52.7)


def make_clips(cases: Path) -> dict[str, Samples]:
    """The clips by name, each about ten seconds: recorded ones first, then made ones."""
    random = np.random.default_rng(7)
    clips: dict[str, Samples] = {}
    folder = cases / "speech" / "noise"
    for name, count in _PARTS.items():
        sound = read_sound(folder / name)
        for number in range(count):
            part = sound[number * _SECONDS * RATE : (number + 1) * _SECONDS * RATE]
            clips[f"noise: {name.split('.')[0]}, part {number + 1}"] = part
    mixture = read_sound(folder / "musanmix.flac")
    start, end = (int(edge * RATE) for edge in _MUSAN_NOISE)
    for number, at in enumerate(range(start, end - _SECONDS * RATE + 1, _SECONDS * RATE), 1):
        clips[f"noise: MUSAN, part {number}"] = mixture[at : at + _SECONDS * RATE]
    for number, piece in enumerate(find_music(cases), 1):
        for cut, at in enumerate(range(0, piece.size - 7 * RATE, _SECONDS * RATE), 1):
            clips[f"music: piece {number}, part {cut}"] = piece[at : at + _SECONDS * RATE]
    return {**clips, **_made(random)}


def _made(random: np.random.Generator) -> dict[str, Samples]:
    count = _SECONDS * RATE
    at = np.arange(count) / RATE
    white = random.standard_normal(count)
    made: dict[str, Any] = {
        "silence": np.zeros(count),
        "silence of a room": 3e-4 * white,
        "white noise": 0.05 * white,
        "pink noise, loud": 2 * pink_noise(count, random),
        "hum of 50 Hz": 0.1 * np.sin(2 * np.pi * 50 * at) + 0.03 * np.sin(2 * np.pi * 150 * at),
        "claps": np.where(random.random(count) < 4 / RATE, 0.8, 0.0) + 1e-3 * white,
        "wind": 0.2 * _slow(random, count) * np.convolve(white, np.ones(60) / 60, "same"),
        "laughter, synthetic": _laughter(at, random),
        "guitar, synthetic": _guitar(random, count),
        "music, synthetic": music(count, random, ()),
        "music, synthetic, loud": 3 * music(count, random, ()),
        "siren": 0.2 * np.sin(2 * np.pi * (700 * at + 40 * np.sin(2 * np.pi * 0.5 * at))),
    }
    return {name: np.clip(sound, -1, 1).astype(np.float32) for name, sound in made.items()}


def _slow(random: np.random.Generator, count: int) -> Any:
    """A level that swells and sinks."""
    steps = random.random(count // RATE + 2)
    return np.interp(np.arange(count) / RATE, np.arange(steps.size), steps)


def _laughter(at: Any, random: np.random.Generator) -> Any:
    """A voice without words: bursts five times a second, of a pitch that falls, in three fits."""
    pitch = 2 * np.pi * np.cumsum(320 - 40 * (at % 2.5)) / RATE
    voice = sum(np.sin(n * pitch) / n for n in range(1, 12))
    bursts = np.clip(np.sin(2 * np.pi * 5 * at), 0, 1) ** 2 * ((at % 3.3) < 2.2)
    breath = 0.3 * random.standard_normal(at.size)
    return 0.12 * bursts * (voice + breath)


def _guitar(random: np.random.Generator, count: int) -> Any:
    """Plucked strings (Karplus-Strong), two notes a second."""
    made = np.zeros(count)
    for start in range(0, count - RATE, RATE // 2):
        period = int(RATE / (110 * 2 ** (float(random.integers(0, 20)) / 12)))
        string = random.uniform(-1, 1, period)
        rounds = []
        for _ in range(RATE // period):
            rounds.append(string)
            string = 0.498 * (string + np.roll(string, 1))
        sound = np.concatenate(rounds)
        made[start : start + sound.size] += 0.2 * sound[: count - start]
    return made


def measure_noise(
    systems: Sequence[System], cases: Path, folder: Path, setting: Setting
) -> dict[str, Any]:
    """Words of each system on each clip, with the language told and not told it."""
    clips = make_clips(cases)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [write_wave(folder / f"noise{n:02}.wav", c) for n, c in enumerate(clips.values())]
    rows: dict[str, Any] = {}
    failed: dict[str, str] = {}
    for system in systems:
        for language in ("en", "mixed"):
            name = f"{system.name}, {'told en' if language == 'en' else 'language detected'}"
            try:
                told = run_once(system, paths, language, setting, setting.threads)
            except RunError as error:
                failed[name] = str(error)
                continue
            rows[name] = _row(list(clips), told["words"])
            setting.tell(f"{name}: {rows[name]['confident']} confident words")
    listed = {name: round(level_of(clip), 1) for name, clip in clips.items()}
    return {"clips": listed, "failed": failed, "systems": rows}


def _row(names: Sequence[str], words: Sequence[Sequence[Sequence[Any]]]) -> dict[str, Any]:
    """Count words; one without a confidence counts as confident, for its reader cannot tell."""
    sure = [[w for w in clip if len(w) < 4 or w[3] >= CONFIDENT] for clip in words]
    return {
        "words": sum(len(clip) for clip in words),
        "confident": sum(len(clip) for clip in sure),
        "clips_with_confident": sum(bool(clip) for clip in sure),
        "texts": {
            name: {
                "text": "".join(w[2] for w in clip).strip()[:200],
                "confident": len(sure[number]),
            }
            for number, (name, clip) in enumerate(zip(names, words, strict=True))
            if clip
        },
    }
