from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.decode.features import LogMel

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
