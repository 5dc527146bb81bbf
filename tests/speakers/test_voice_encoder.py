"""The encoder gives what torch gives, and takes no other file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from subkit.engines import default_models_folder, find_voice_weights
from subkit.errors import EngineError
from subkit.speakers.mel import mel_frames
from subkit.speakers.voice_encoder import VoiceEncoder

TORCH = [
    [0.058072, 0.0, 0.056073, 0.0, 0.086542, 0.105241],
    [0.084132, 0.0, 0.040357, 0.013411, 0.112406, 0.087772],
]
"""The first values of the two vectors, by Resemblyzer 0.1.4 with torch 2.14 and librosa 0.11."""

MEL = [0.129746, 0.00029681, 0.00070416, 0.00034276]
"""Bands 0, 10, 20, 30 of frame 100, by librosa 0.11."""


def sound() -> NDArray[np.float32]:
    chance = np.random.default_rng(5)
    time = np.arange(32000) / 16000
    tone = 0.1 * np.sin(2 * np.pi * (150 + 20 * np.sin(5 * time)) * time)
    wave = tone * (1 + np.sin(2 * np.pi * 3 * time)) + 0.01 * chance.standard_normal(32000)
    return np.asarray(wave, dtype=np.float32)


def weights() -> Path:
    found = find_voice_weights(default_models_folder({}))
    if found is None:
        pytest.skip("the voice encoder is not here: subkit models fetch voice-encoder")
    return found


def test_spectra_are_those_of_librosa() -> None:
    frames = mel_frames(sound())
    assert frames.shape == (201, 40)
    assert np.allclose(frames[100, ::10], MEL, rtol=1e-4, atol=1e-6)


def test_sound_shorter_than_a_window_has_a_frame() -> None:
    assert mel_frames(np.zeros(10, np.float32)).shape == (1, 40)


@pytest.mark.models
def test_voices_are_those_of_torch() -> None:
    frames = mel_frames(sound())
    found = VoiceEncoder(weights()).voices(np.stack([frames[:160], frames[20:180]]))
    assert np.allclose(found[:, 1:12:2], TORCH, atol=1e-5)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


@pytest.mark.models
def test_silence_has_a_vector_of_numbers() -> None:
    found = VoiceEncoder(weights()).voices(np.zeros((1, 160, 40), np.float32))
    assert np.isfinite(found).all()


def test_another_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "pretrained.pt"
    path.write_bytes(b"cos\nsystem\n(S'echo'\ntR.")  # a pickle that would run a program
    with pytest.raises(EngineError, match="is not the voice encoder"):
        VoiceEncoder(path)
    with pytest.raises(EngineError, match="cannot be read"):
        VoiceEncoder(tmp_path / "nowhere.pt")
