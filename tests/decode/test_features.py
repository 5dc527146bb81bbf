from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.decode.features import ZEROS, LogMel, pad_features, silence_level
from subkit.decode.taking import Take
from tests.decode.conftest import make_window

if TYPE_CHECKING:
    from subkit.interfaces import Samples
    from tests.decode.conftest import Clip


def noise(count: int, seed: int = 0, level: float = 0.1) -> Samples:
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(count) * level).astype(np.float32)


def both(samples: Samples, bands: int) -> tuple[Samples, Samples]:
    from faster_whisper.feature_extractor import FeatureExtractor

    theirs = FeatureExtractor(feature_size=bands)
    return LogMel(theirs)(samples), theirs(samples)[:, :-1]


@settings(max_examples=60)
@given(
    count=st.integers(1, 60_000),
    bands=st.sampled_from([80, 128]),
    seed=st.integers(0, 2**32),
    level=st.sampled_from([0.0, 1e-6, 1e-3, 0.1, 1.0]),
)
def test_the_same_bits_as_faster_whisper(count: int, bands: int, seed: int, level: float) -> None:
    ours, theirs = both(noise(count, seed, level), bands)
    assert ours.dtype == theirs.dtype == np.float32
    assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("bands", [80, 128])
@pytest.mark.parametrize("count", [400, 401, 479_999, 480_000, 480_001, 1_310_720, 1_500_003])
def test_the_same_bits_for_long_windows(count: int, bands: int) -> None:
    ours, theirs = both(noise(count, count), bands)
    assert np.array_equal(ours, theirs)


def test_the_same_bits_for_speech(clips: dict[str, Clip]) -> None:
    for clip in clips.values():
        ours, theirs = both(clip.samples, 80)
        assert np.array_equal(ours, theirs)


def test_memory_is_that_of_the_result_and_a_little() -> None:
    """Ten minutes: faster-whisper would take several times the audio's own size."""
    from faster_whisper.feature_extractor import FeatureExtractor

    samples = noise(600 * 16_000)
    extract = LogMel(FeatureExtractor(feature_size=80))
    tracemalloc.start()
    try:
        features = extract(samples)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * samples.nbytes + features.nbytes + 24e6


@settings(max_examples=60)
@given(
    count=st.integers(1, 480_000),
    bands=st.sampled_from([80, 128]),
    level=st.sampled_from([0.0, 1e-6, 1e-3, 0.1, 1.0]),
    quiet_end=st.booleans(),
)
def test_padded_features_are_those_of_sound_that_silence_follows(
    count: int, bands: int, level: float, quiet_end: bool
) -> None:
    """As OpenAI's Whisper pads: zero samples up to 30 s, then the features."""
    from faster_whisper.feature_extractor import FeatureExtractor

    samples = noise(count, count, level)
    if quiet_end:
        samples[count // 2 :] *= np.float32(1e-5)
    theirs = FeatureExtractor(feature_size=bands)
    padded = theirs(np.pad(samples, (0, 480_000 - count)))[:, :3000]
    features = LogMel(theirs).with_silence(samples)
    ours = pad_features(features, 3000, silence_level(features))
    assert ours.shape == padded.shape == (bands, 3000)
    assert ours.dtype == np.float32
    assert np.allclose(ours, padded, rtol=0, atol=2e-5)


def test_a_window_is_padded_with_silence_or_with_zeros() -> None:
    from faster_whisper.audio import pad_or_trim
    from faster_whisper.feature_extractor import FeatureExtractor

    theirs = FeatureExtractor()
    window = make_window(noise(77_777))
    silent = Take(window, LogMel(theirs)).features()
    assert np.allclose(silent, theirs(np.pad(window.samples, (0, 402_223)))[:, :3000], atol=2e-5)
    zeros = Take(window, LogMel(theirs), ZEROS).features()
    assert np.array_equal(zeros, pad_or_trim(theirs(window.samples)[:, :-1]))
    assert np.abs(silent[:, 500:] - zeros[:, 500:]).min() > 0.1
