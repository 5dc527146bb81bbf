"""Audio to decode: films of any length put together from spoken sentences, with their text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from subkit.demo import scene_file

__all__ = [
    "RATE",
    "Speech",
    "as_wave",
    "make_film",
    "make_scene_film",
    "read_samples",
    "write_wave",
]

RATE = 16_000
CLIPS = Path(__file__).resolve().parents[2] / "tests" / "data" / "speech"
_BETWEEN = (0.35, 0.6, 0.25, 1.1, 0.45)
"""Pauses between sentences in turn, seconds: mostly shorter than what ends a window."""


@dataclass(frozen=True)
class Speech:
    """An audio file and what is said in it, where that is known."""

    path: Path
    seconds: float
    text: str = ""


def read_samples(path: Path) -> Any:
    """A file's sound as mono float32 at 16 kHz."""
    from faster_whisper.audio import decode_audio

    return decode_audio(str(path), sampling_rate=RATE)


def write_wave(path: Path, samples: Any) -> Path:
    """Samples as 16-bit WAV."""
    import wave

    import numpy as np

    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def as_wave(path: Path, folder: Path) -> Path:
    """The same sound as 16 kHz mono WAV, for systems that read nothing else."""
    if path.suffix == ".wav":
        return path
    target = folder / f"{path.stem}.wav"
    return target if target.exists() else write_wave(target, read_samples(path))


def make_film(
    path: Path, seconds: float, languages: tuple[str, ...] = ("en", "es", "ko")
) -> Speech:
    """The spoken test sentences in turn until ``seconds`` are full, with pauses, as WAV.

    Loudness and pauses vary in a fixed order, so that no two windows are the same.
    """
    import numpy as np

    clips = json.loads((CLIPS / "speech.json").read_text(encoding="utf-8"))["clips"]
    sounds = [read_samples(CLIPS / f"{one}.flac") for one in languages]
    parts, texts, total, turn = [], [], 0, 0
    while total < seconds * RATE:
        one = turn % len(languages)
        pause = np.zeros(int(_BETWEEN[turn % len(_BETWEEN)] * RATE), np.float32)
        loudness = np.float32(0.7 + 0.3 * ((turn * 7) % 10) / 10)
        parts += [sounds[one] * loudness, pause]
        texts.append(clips[languages[one]]["text"])
        total += sounds[one].size + pause.size
        turn += 1
    samples = np.concatenate(parts)
    write_wave(path, samples)
    return Speech(path, samples.size / RATE, " ".join(texts))


def make_scene_film(path: Path, seconds: float) -> Speech:
    """The demo scene again and again until ``seconds`` are full, a second between, as WAV.

    It has music, noises and pauses under and between its lines.
    """
    import numpy as np

    told = json.loads(scene_file().with_name("scene.json").read_text(encoding="utf-8"))
    once = np.concatenate([read_samples(scene_file()), np.zeros(RATE, np.float32)])
    times = max(1, round(seconds * RATE / once.size))
    write_wave(path, np.tile(once, times))
    text = " ".join(line["text"] for line in told["lines"])
    return Speech(path, once.size * times / RATE, " ".join([text] * times))
