from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from faster_whisper.utils import get_assets_path
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subkit.decode import SileroVoiceDetector
from subkit.decode.silero import lay_side_by_side
from subkit.interfaces import VoiceDetector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Samples
    from tests.decode.conftest import Clip

CHUNK = 512


@pytest.fixture(scope="module")
def detector() -> SileroVoiceDetector:
    return SileroVoiceDetector()


@pytest.fixture(scope="module")
def loud() -> SileroVoiceDetector:
    """One that listens at the sound's own level alone, as faster-whisper does."""
    return SileroVoiceDetector(levels=(1.0,))


def expected(audio: Samples) -> Samples:
    """What faster-whisper gives, padded as its own ``get_speech_timestamps`` pads."""
    from faster_whisper.vad import get_vad_model

    padded = np.pad(audio, (0, CHUNK - audio.size % CHUNK))
    found: Samples = get_vad_model()(padded)[: -(-audio.size // CHUNK)]
    return found


def cut(audio: Samples, sizes: list[int]) -> Iterator[Samples]:
    """The audio in blocks of these sizes, again and again."""
    at, turn = 0, 0
    while at < audio.size:
        yield audio[at : at + sizes[turn % len(sizes)]]
        at += sizes[turn % len(sizes)]
        turn += 1


def listen(detector: SileroVoiceDetector, blocks: Iterator[Samples]) -> tuple[Samples, Samples]:
    found = list(detector.probabilities(blocks))
    if not found:
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    for audio, probability in found:
        assert audio.size == CHUNK * probability.size
    return np.concatenate([a for a, _ in found]), np.concatenate([p for _, p in found])


def test_is_a_voice_detector(detector: SileroVoiceDetector) -> None:
    assert isinstance(detector, VoiceDetector)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(1, 70_000), min_size=1, max_size=5),
    length=st.integers(0, 145_000),
)
def test_same_bits_as_faster_whisper_however_the_stream_is_cut(
    loud: SileroVoiceDetector, clips: dict[str, Clip], sizes: list[int], length: int
) -> None:
    if sum(sizes) / len(sizes) < 50:
        sizes = [*sizes, 4001]
    audio = np.concatenate([clip.samples for clip in clips.values()])[:length]
    heard, probability = listen(loud, cut(audio, sizes))
    assert np.array_equal(heard[: audio.size], audio)
    assert not heard[audio.size :].any()
    assert np.array_equal(probability, expected(audio) if length else probability[:0])


@pytest.mark.parametrize("length", [1, 447, 448, 449, 511, 512, 513, 512 * 64, 512 * 64 + 480])
def test_last_chunk(loud: SileroVoiceDetector, clips: dict[str, Clip], length: int) -> None:
    audio = np.concatenate([clip.samples for clip in clips.values()])[6000 : 6000 + length]
    _, probability = listen(loud, cut(audio, [4000]))
    assert np.array_equal(probability, expected(audio))


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(500, 70_000), length=st.integers(1, 145_000))
def test_the_surest_of_two_levels_counts_however_the_stream_is_cut(
    detector: SileroVoiceDetector, clips: dict[str, Clip], size: int, length: int
) -> None:
    audio = np.concatenate([clip.samples for clip in clips.values()])[:length]
    heard, probability = listen(detector, cut(audio, [size]))
    assert np.array_equal(heard[: audio.size], audio)
    softer = (audio * np.float32(0.03)).astype(np.float32)
    assert np.array_equal(probability, np.maximum(expected(audio), expected(softer)))


def test_the_network_that_faster_whisper_carries_is_laid_side_by_side() -> None:
    network = Path(get_assets_path(), "silero_vad_v6.onnx").read_bytes()
    assert lay_side_by_side(network) is not None
    assert lay_side_by_side(network + b"\0") is None


def test_another_network_runs_as_it_is(
    detector: SileroVoiceDetector, clips: dict[str, Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subkit.decode.voice.lay_side_by_side", lambda _: None)
    plain = SileroVoiceDetector()
    audio = np.concatenate([clip.samples for clip in clips.values()])
    _, probability = listen(plain, cut(audio, [5000]))
    _, wide = listen(detector, cut(audio, [5000]))
    assert np.array_equal(probability, wide)


def test_tells_speech_from_silence_and_noise(
    detector: SileroVoiceDetector, clips: dict[str, Clip]
) -> None:
    noise = np.random.default_rng(1).standard_normal(48_000).astype(np.float32) * np.float32(0.05)
    _, quiet = listen(detector, iter([np.zeros(48_000, np.float32), noise]))
    assert quiet.max() < 0.5
    for clip in clips.values():
        _, probability = listen(detector, iter([clip.samples]))
        assert (probability > 0.5).mean() > 0.6


def test_bad_samples_do_not_poison_what_follows(
    detector: SileroVoiceDetector, clips: dict[str, Clip]
) -> None:
    speech = clips["en"].samples
    bad = np.array([np.nan, np.inf, -np.inf, 1e30] * 128, np.float32)
    heard, probability = listen(detector, iter([bad, speech]))
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= 1
    assert (probability[1:] > 0.5).mean() > 0.6


def test_stereo_is_refused(detector: SileroVoiceDetector) -> None:
    with pytest.raises(ValueError, match="mono"):
        list(detector.probabilities(iter([np.zeros((2, 512), np.float32)])))


def test_streams(detector: SileroVoiceDetector) -> None:
    """Results come while the stream still runs: memory is bounded by the block, not the film."""
    given = 0

    def blocks() -> Iterator[Samples]:
        nonlocal given
        for _ in range(1000):
            given += 1
            yield np.zeros(16_000, np.float32)

    next(iter(detector.probabilities(blocks())))
    assert given <= 3
