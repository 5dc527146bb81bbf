from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.decode.onset import Activity, activity, hold_to_sound

if TYPE_CHECKING:
    from subkit.interfaces import Samples

RATE = 16_000


def bursts(seconds: float, *sounds: tuple[float, float], floor: float = 1e-4) -> Samples:
    """Noise at -60 dB below bursts of noise."""
    rng = np.random.default_rng(2)
    audio = rng.standard_normal(int(seconds * RATE)) * floor
    for start, end in sounds:
        part = slice(int(start * RATE), int(end * RATE))
        audio[part] = rng.standard_normal(audio[part].size) * 0.1
    return audio.astype(np.float32)


def test_first_word_starts_where_the_sound_starts() -> None:
    heard = activity(bursts(3, (1.0, 1.5), (1.6, 2.0)))
    first, second = hold_to_sound([(0.0, 1.55), (1.55, 3.0)], heard)
    assert first == pytest.approx((0.97, 1.55), abs=0.03)
    assert second == pytest.approx((1.55, 2.03), abs=0.03)


def test_a_word_across_a_pause_keeps_its_larger_part() -> None:
    heard = activity(bursts(4, (0.5, 0.6), (2.0, 2.5)))
    assert hold_to_sound([(0.5, 2.5)], heard) == [pytest.approx((1.97, 2.5), abs=0.03)]


def test_closures_inside_and_at_the_edge_stay() -> None:
    heard = activity(bursts(3, (1.0, 1.2), (1.25, 1.5)))
    assert hold_to_sound([(0.97, 1.24), (1.24, 1.52)], heard) == [(0.97, 1.24), (1.24, 1.52)]


@pytest.mark.parametrize(
    "audio",
    [
        np.zeros(RATE, np.float32),
        np.full(RATE, 0.5, np.float32),
        bursts(1, (0.0, 1.0)),
        np.zeros(0, np.float32),
        np.ones(100, np.float32),
    ],
)
def test_where_nothing_stands_out_nothing_moves(audio: Samples) -> None:
    heard = activity(audio)
    assert heard == Activity(())
    assert heard.any(0.0, 1.0)
    assert hold_to_sound([(0.0, 0.9)], heard) == [(0.0, 0.9)]


def test_a_word_in_silence_is_left() -> None:
    heard = activity(bursts(3, (1.0, 1.5)))
    assert hold_to_sound([(2.0, 2.4)], heard) == [(2.0, 2.4)]
    assert not heard.any(2.0, 2.4)


@given(
    sounds=st.lists(st.booleans(), max_size=120),
    times=st.lists(st.tuples(st.floats(0, 1.3), st.floats(0, 1)), max_size=8),
)
def test_edges_only_move_inward(sounds: list[bool], times: list[tuple[float, float]]) -> None:
    words = [(start, start + length) for start, length in times]
    for (start, end), (begin, stop) in zip(
        words, hold_to_sound(words, Activity(tuple(sounds))), strict=True
    ):
        assert start <= begin <= stop <= end
