"""Real speech, the embedded model, and ways to make windows by hand."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import subkit
from subkit.decode import RecognitionOptions, WhisperRecognizer
from subkit.engines.cards import read_decoding
from subkit.interfaces import ModelFacts, SpeechWindow
from subkit.model import Span

if TYPE_CHECKING:
    from subkit.interfaces import Samples

# Errors are counted as the benchmarks count them; those are no installed package.
sys.path.append(str(Path(__file__).resolve().parents[2]))

DATA = Path(__file__).parents[1] / "data" / "speech"
MODEL = Path(subkit.__file__).parent / "demo" / "models" / "recognizer"


@dataclass(frozen=True, slots=True)
class Clip:
    """One spoken sentence and where it is audible."""

    samples: Samples
    text: str
    start: float
    end: float


@pytest.fixture(scope="session")
def clips() -> dict[str, Clip]:
    """A sentence in each of the demo model's languages."""
    from faster_whisper import decode_audio

    entries: dict[str, dict[str, Any]] = json.loads((DATA / "speech.json").read_text())["clips"]
    return {
        language: Clip(
            decode_audio(str(DATA / f"{language}.flac")), one["text"], one["start"], one["end"]
        )
        for language, one in entries.items()
    }


def model_facts(directory: Path = MODEL, **changes: Any) -> ModelFacts:
    """Facts of the embedded recogniser, the measured ones from its card."""
    card = json.loads((MODEL / "subkit.json").read_text(encoding="utf-8"))
    facts: dict[str, Any] = {
        "name": "demo",
        "directory": str(directory),
        "digest": "sha256:0",
        "demo": True,
        "languages": ("en", "es", "ko"),
        "window_seconds": 10.0,
        "low_score": card["low_score"],
        "decoding": read_decoding(card, ""),
    }
    return ModelFacts(**(facts | changes))


def make_recognizer(facts: ModelFacts | None = None, /, **options: Any) -> WhisperRecognizer:
    """The embedded model, or another, with these options, on the CPU."""
    chosen: dict[str, Any] = {"device": "cpu", "threads": 1, **options}
    return WhisperRecognizer(facts or model_facts(), RecognitionOptions(**chosen))


@pytest.fixture(scope="session")
def recognizer() -> WhisperRecognizer:
    """The embedded model, eight windows at once."""
    return make_recognizer(batch_size=8)


def make_window(
    samples: Any, *, start: Fraction = Fraction(0), index: int = 0, **more: Any
) -> SpeechWindow:
    """A window of these samples that begins at ``start`` seconds."""
    audio = np.asarray(samples, dtype=np.float32)
    span = Span(start, start + Fraction(audio.size, 16_000))
    return SpeechWindow(index=index, span=span, samples=audio, digest=f"test:{index}", **more)
