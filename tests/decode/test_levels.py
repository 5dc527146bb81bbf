"""Quiet sound is raised, and what is loud enough is not touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.decode import SileroVoiceDetector
from subkit.decode.levels import level_quiet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Samples
    from tests.decode.conftest import Clip

RATE = 16_000
DB_65 = 10.0 ** (-65 / 20)


def noise(seconds: float, rms: float, seed: int = 3) -> Samples:
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(int(seconds * RATE)) * rms).astype(np.float32).clip(-1, 1)


def levelled(audio: Samples, size: int = 4000) -> Samples:
    blocks = (audio[at : at + size] for at in range(0, audio.size, size))
    return np.concatenate([np.zeros(0, np.float32), *level_quiet(blocks)])


def seconds_of(audio: Samples) -> Samples:
    """RMS of each second."""
    whole = audio[: audio.size // RATE * RATE].reshape(-1, RATE).astype(np.float64)
    found: Samples = np.sqrt(np.mean(whole * whole, axis=1))
    return found


@settings(max_examples=25)
@given(
    loud=st.lists(st.integers(0, 14), min_size=1, max_size=6),
    quiet=st.sampled_from([0.0, 1e-5, 1e-3]),
    rms=st.sampled_from([0.006, 0.05, 0.4]),
)
def test_what_is_within_reach_of_loud_sound_stays_bit_for_bit(
    loud: list[int], quiet: float, rms: float
) -> None:
    """A loud second at least every fifteen: -45 dBFS and more is loud."""
    parts = []
    for number, gap in enumerate(loud):
        parts += [noise(gap, quiet, number), noise(1, rms, number + 100)]
    audio = np.concatenate(parts)
    assert np.array_equal(levelled(audio), audio)


@settings(max_examples=20)
@given(
    levels=st.lists(
        st.tuples(st.sampled_from([0.0, 1e-5, 5e-4, 5e-3, 0.1]), st.integers(1, 25)),
        min_size=1,
        max_size=5,
    ),
    size=st.integers(300, 50_000),
    short=st.integers(0, RATE - 1),
)
def test_gains_are_bounded_smooth_and_independent_of_the_blocks(
    levels: list[tuple[float, int]], size: int, short: int
) -> None:
    audio = np.concatenate([noise(count, rms, count) for rms, count in levels])[: -short or None]
    raised = levelled(audio, size)
    assert np.array_equal(raised, levelled(audio, RATE))
    assert raised.size == audio.size
    assert np.abs(raised).max() <= 1.0
    heard = np.abs(audio) > 1e-7
    gain = raised[heard] / audio[heard]
    assert ((gain > 0.999) & (gain < 100.01)).all()
    # From one second to the next the gain goes in a straight line: no sample jumps.
    places = np.flatnonzero(heard)
    near = np.diff(places) == 1
    assert np.abs(np.diff(gain)[near]).max(initial=0.0) < 0.01


def test_speech_at_minus_65_dbfs_is_raised_to_that_of_an_actor(clips: dict[str, Clip]) -> None:
    speech = clips["en"].samples
    quiet = (speech * (DB_65 / np.sqrt(np.mean(speech**2)))).astype(np.float32)
    raised = levelled(quiet)
    loudest = 20 * np.log10(seconds_of(raised).max())
    assert loudest == pytest.approx(-26, abs=1.5)
    # Nothing but its level has changed.
    assert np.corrcoef(raised, speech)[0, 1] > 0.9999


def test_the_voice_of_quiet_speech_is_found_as_that_of_loud(clips: dict[str, Clip]) -> None:
    speech = np.concatenate([clip.samples for clip in clips.values()])
    quiet = (speech * (DB_65 / np.sqrt(np.mean(speech**2)))).astype(np.float32)

    def voiced(audio: Samples) -> float:
        found = [p for _, p in SileroVoiceDetector().probabilities([audio])]
        return float((np.concatenate(found) >= 0.25).mean())

    assert voiced(levelled(quiet)) > 0.95 * voiced(speech)


def test_sound_is_raised_by_40_db_at_most_and_hiss_and_silence_not_at_all() -> None:
    swelling = noise(20, 1e-5) * np.linspace(0.2, 1, 20 * RATE, dtype=np.float32)
    assert np.allclose(levelled(swelling), swelling * 100, rtol=1e-4)
    hiss = noise(20, 1e-5)
    assert np.array_equal(levelled(hiss), hiss)
    assert not levelled(np.zeros(20 * RATE, np.float32)).any()
    assert levelled(np.zeros(0, np.float32)).size == 0


def test_no_more_than_the_seconds_around_are_held_back() -> None:
    given_ = 0

    def blocks() -> Iterator[Samples]:
        nonlocal given_
        for _ in range(100):
            given_ += 1
            yield np.zeros(RATE, np.float32)

    stream = level_quiet(blocks())
    next(stream)
    assert given_ == 16
    next(stream)
    assert given_ == 17
