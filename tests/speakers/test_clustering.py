"""Vectors of one voice end in one group, however many voices and vectors there are."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from subkit.speakers import clustering
from subkit.speakers.clustering import center_of, group_voices, join_groups

Vectors = NDArray[np.float32]


def voices(counts: list[int], noise: float, seed: int = 1) -> tuple[Vectors, NDArray[np.int64]]:
    """Vectors around one direction for each voice, mixed in time, and whose they are."""
    chance = np.random.default_rng(seed)
    directions = np.maximum(chance.normal(size=(len(counts), 256)), 0)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    whose = chance.permutation(np.repeat(np.arange(len(counts)), counts))
    spread = chance.normal(size=(len(whose), 256)) / 16 * noise
    vectors = directions[whose] + spread
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), whose


def _agree(labels: NDArray[np.int64], whose: NDArray[np.int64]) -> bool:
    pairs = set(zip(labels.tolist(), whose.tolist(), strict=True))
    return len(pairs) == len(set(labels.tolist())) == len(set(whose.tolist()))


@pytest.mark.parametrize("counts", [[1], [30], [20, 20], [40, 15, 5], [6] * 40])
def test_each_voice_is_a_group(counts: list[int]) -> None:
    vectors, whose = voices(counts, 0.4)
    assert _agree(group_voices(vectors), whose)


def test_more_vectors_than_are_compared_at_once_make_the_same_groups(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clustering, "_AT_ONCE", 50)
    vectors, whose = voices([90, 60, 80], 0.4)
    assert _agree(group_voices(vectors), whose)


@pytest.mark.parametrize("noise", [0.2, 0.8])
def test_parts_of_one_voice_are_joined_in_clean_and_in_noisy_sound(noise: float) -> None:
    vectors, whose = voices([60, 60], noise)
    parts = whose * 3 + np.arange(len(whose)) % 3
    times = np.linspace(0, len(whose) / 5, len(whose), dtype=np.float64)
    labels = join_groups(vectors, times, parts, alike=0.87, count=None)
    assert _agree(labels, whose)


def test_a_number_of_speakers_that_is_given_is_kept() -> None:
    vectors, whose = voices([40, 40, 40], 0.4)
    times = np.linspace(0, len(whose) / 5, len(whose), dtype=np.float64)
    for count in (1, 2, 3):
        labels = join_groups(vectors, times, whose, alike=0.0, count=count)
        assert len(set(labels.tolist())) == count


def test_windows_that_share_sound_say_nothing_of_a_voice() -> None:
    vectors, _ = voices([8], 0.1)
    vectors = np.concatenate([vectors, voices([8], 0.1, seed=2)[0]])
    labels = np.repeat([0, 1], 8)
    near = join_groups(vectors, np.zeros(16), labels, alike=0.1, count=None)
    assert len(set(near.tolist())) == 2  # no pair is far enough apart to be compared


def test_centers_have_length_one() -> None:
    vectors, whose = voices([5, 9], 0.3)
    assert np.allclose(np.linalg.norm(center_of(vectors, whose), axis=1), 1, atol=1e-5)
