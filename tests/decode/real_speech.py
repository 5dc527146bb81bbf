"""The real recogniser on real recordings: found once, and skipped where it is not there."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from subkit.decode import (
    RecognitionOptions,
    SileroVoiceDetector,
    WhisperRecognizer,
    WindowOptions,
    fit_windows,
    speech_windows,
)
from subkit.engines import find_model, get_known, package_status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.interfaces import ModelFacts, Samples, SpeechWindow, WindowResult
    from subkit.model import Unheard, Word

DATA = Path(__file__).parents[1] / "data" / "speech"
CASES = Path(__file__).parents[3] / "shared" / "cases"
RATE = 16_000
SURE = 0.5


def find_weights(name: str, folder: Path) -> ModelFacts:
    """The model of that name from its packages; skips the test where they are not installed."""
    known = get_known(name, "recognizer")
    if not package_status(known).complete:
        pytest.skip(f"needs {known.install_command}")
    return find_model(name, "recognizer", models_folder=folder, offline=True)


def case(name: str) -> Path:
    """A file of the cases; skips the test where they are not there."""
    path = CASES / name
    if not path.exists():
        pytest.skip(f"the recordings in {CASES} are not on this machine")
    return path


@lru_cache(maxsize=64)
def sound(path: Path) -> Samples:
    """A recording, mono at 16 kHz."""
    from faster_whisper import decode_audio

    found: Samples = decode_audio(str(path))
    return found


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a piece of sound."""

    windows: tuple[SpeechWindow, ...]
    results: tuple[WindowResult, ...]
    unheard: tuple[Unheard, ...]

    @property
    def words(self) -> list[Word]:
        """All words, in order of time."""
        return sorted((w for r in self.results for w in r.words), key=lambda w: w.span.start)

    @property
    def text(self) -> str:
        """The words in a row."""
        return " ".join(word.text for word in self.words)

    def between(self, start: float, end: float) -> str:
        """The words whose middle lies there."""
        return " ".join(
            word.text
            for word in self.words
            if start <= float(word.span.start + word.span.end) / 2 <= end
        )


def hear(recognizer: WhisperRecognizer, blocks: Iterable[Samples], **window: Any) -> Heard:
    """Sound through voice detection and recognition, as a run has it."""
    options = fit_windows(replace(WindowOptions(), **window), recognizer.model)
    unheard: list[Unheard] = []
    windows = tuple(speech_windows(blocks, SileroVoiceDetector(), options, unheard=unheard.append))
    return Heard(windows, tuple(recognizer.recognize(windows)), tuple(unheard))


def load(facts: ModelFacts, **options: Any) -> WhisperRecognizer:
    """A recogniser on the CPU."""
    chosen: dict[str, Any] = {"device": "cpu", "threads": 2, **options}
    return WhisperRecognizer(facts, RecognitionOptions(**chosen))


def film(paths: list[Path], pause: float = 1.2) -> Samples:
    """Recordings one after the other, a pause before each."""
    gap = np.zeros(int(pause * RATE), np.float32)
    return np.concatenate([part for path in paths for part in (gap, sound(path))])


@lru_cache(maxsize=1)
def manifest() -> tuple[dict[str, str], ...]:
    """Rows of the manifest of recordings."""
    with case("speech/manifest.tsv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file, delimiter="\t"))
