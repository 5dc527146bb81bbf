"""Models of other kinds, with random weights: they say nonsense, and every guard has work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from subkit.decode import RecognitionOptions, WhisperRecognizer
from subkit.errors import EngineError, PlanError
from subkit.model import canonical
from tests.decode.conftest import make_window, model_facts
from tests.decode.random_model import write_model

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.interfaces import SpeechWindow
    from tests.decode.conftest import Clip


@pytest.fixture(scope="module")
def windows(clips: dict[str, Clip]) -> list[SpeechWindow]:
    broken = clips["es"].samples.copy()
    broken[1000:1100] = np.nan
    sounds = [clips["en"].samples, broken, np.zeros(800), np.ones(790) * 0.1]
    return [make_window(sound, index=i) for i, sound in enumerate(sounds)]


@pytest.mark.parametrize("mode", ["exact", "fast"])
@pytest.mark.parametrize(
    "kind",
    [
        {"bands": 128, "decoder_layers": 4},  # as turbo
        {"bands": 128, "told_bands": False},
        {"decoder_layers": 2},  # as distilled ones
        {"multilingual": False},
    ],
    ids=str,
)
def test_nonsense_is_decoded_and_doubted(
    tmp_path: Path, windows: list[SpeechWindow], kind: dict[str, Any], mode: str
) -> None:
    facts = model_facts(write_model(tmp_path / "m", **kind), languages=(), demo=False)
    options = RecognitionOptions(
        device="cpu", threads=1, beam_size=2, best_of=1, mode=mode, temperatures=(0.0, 1.0)
    )
    recognizer = WhisperRecognizer(facts, options)
    results = recognizer.recognize(windows)
    assert len(results) == len(windows)
    for window, result in zip(windows, results, strict=True):
        canonical(result)
        assert result.window.warnings
        at = window.span.start
        for word in result.words:
            assert at <= word.span.start <= word.span.end <= window.span.end
            at = word.span.end
    if not kind.get("multilingual", True):
        assert {one.window.language for one in results} == {"en"}


def test_a_model_without_alignment_heads_is_refused(tmp_path: Path) -> None:
    facts = model_facts(write_model(tmp_path / "m", heads=False))
    with pytest.raises(EngineError, match="alignment heads") as caught:
        WhisperRecognizer(facts, RecognitionOptions(device="cpu", threads=1))
    assert "ct2-transformers-converter" in caught.value.remedy


def test_english_only_speaks_english(tmp_path: Path) -> None:
    facts = model_facts(write_model(tmp_path / "m", multilingual=False), languages=(), demo=False)
    with pytest.raises(PlanError, match="English-only"):
        WhisperRecognizer(facts, RecognitionOptions(device="cpu", threads=1, language="ko"))
