from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.decode.onset import Activity, activity, hold_to_sound, hold_to_voice

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
def test_edges_move_inward_but_for_the_tail_of_a_phrase(
    sounds: list[bool], times: list[tuple[float, float]]
) -> None:
    words = [(start, start + length) for start, length in times]
    for (start, end), (begin, stop) in zip(
        words, hold_to_sound(words, Activity(tuple(sounds))), strict=True
    ):
        assert start <= begin <= stop <= end + 0.1 + 0.01


def test_the_end_of_a_phrase_follows_its_sound_for_100_ms_at_most() -> None:
    heard = activity(bursts(4, (0.5, 1.06), (2.0, 2.8)))
    times = [(0.5, 0.8), (0.8, 1.0), (2.0, 2.4)]
    first, second, last = hold_to_sound(times, heard)
    assert first == (0.5, 0.8)
    assert second == pytest.approx((0.8, 1.07), abs=0.021)
    assert last == pytest.approx((2.0, 2.5))


def test_the_end_of_a_phrase_never_reaches_into_the_next_word() -> None:
    heard = activity(bursts(3, (0.5, 1.5)))
    assert hold_to_sound([(0.5, 0.9), (0.96, 1.5)], heard)[0][1] <= 0.96


@given(
    times=st.lists(st.tuples(st.floats(0, 20), st.floats(0, 8), st.integers(0, 14)), max_size=10),
    voice=st.lists(st.tuples(st.floats(0, 5), st.floats(0.05, 5)), max_size=6),
)
def test_words_are_held_to_the_voice_inward_and_only_if_too_long(
    times: list[tuple[float, float, int]], voice: list[tuple[float, float]]
) -> None:
    words, letters = [(a, a + b) for a, b, _ in times], [count for *_, count in times]
    stretches, at = [], 0.0
    for pause, length in voice:
        stretches.append((at + pause, at + pause + length))
        at += pause + length
    held = hold_to_voice(words, letters, stretches)
    assert len(held) == len(words)
    for (start, end), count, (begin, stop) in zip(words, letters, held, strict=True):
        if start == 0:  # where alignment begins: see the tests below
            continue
        assert start <= begin <= stop <= end
        longest = 0.4 + 0.08 * count
        if end - start <= longest or not stretches:
            assert (begin, stop) == (start, end)
        else:
            # What is left is never less than half of what such a word may last.
            assert stop - begin >= longest / 2 - 1e-9


def test_the_first_word_of_a_window_begins_with_the_voice() -> None:
    """Alignment begins with the window: of the first word only the end says anything."""
    around = hold_to_voice([(0.0, 0.9), (0.9, 1.2)], [8, 4], [(0.3, 1.4)])
    assert around == [(pytest.approx(0.28), 0.9), (0.9, 1.2)]
    before = hold_to_voice([(0.0, 0.5), (0.5, 1.2)], [2, 6], [(0.8, 1.4)])
    assert before == [(pytest.approx(0.78), pytest.approx(0.83)), (0.5, 1.2)]
    assert hold_to_voice([(0.0, 0.5)], [4], [(3.0, 4.0)]) == [(0.0, 0.5)]


def test_the_first_word_of_a_line_does_not_begin_where_the_last_line_ended() -> None:
    voice = [(0.0, 2.0), (7.0, 9.0)]
    words = [(1.5, 2.0), (2.0, 7.4), (7.4, 8.0)]
    assert hold_to_voice(words, [4, 4, 4], voice) == [
        (1.5, 2.0),
        pytest.approx((6.98, 7.4)),
        (7.4, 8.0),
    ]
    # Nor does the last word of a line go on to the next one: there its start is right.
    words = [(1.5, 6.0), (7.0, 7.5)]
    assert hold_to_voice(words, [4, 4], voice) == [pytest.approx((1.5, 2.02)), (7.0, 7.5)]
    # A long word of a slow speaker stays.
    assert hold_to_voice([(0.0, 1.3)], [12], voice) == [(0.0, 1.3)]
    assert hold_to_voice(words, [4, 4], []) == words
