"""A new cut found by its sound: real speech, cut, moved, at another speed, under other noise."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from subkit.alignment.landmarks import Landmarks, Speed, hear
from subkit.alignment.sound_map import map_sound
from subkit.demo import scene_file
from subkit.media import audio_blocks, probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.alignment import CutMap

Sound = NDArray[np.float32]
RATE = 16_000
FRAME = Fraction(1, 24)


@pytest.fixture(scope="module")
def film() -> Sound:
    """The sound of the demo film: 72 seconds of speech and music."""
    return np.concatenate(list(audio_blocks(probe(scene_file()))))


@pytest.fixture(scope="module")
def old(film: Sound) -> Landmarks:
    return heard(film)


def heard(sound: Sound, speed: Speed | None = None, block: int = RATE) -> Landmarks:
    def blocks() -> Iterator[Sound]:
        for first in range(0, len(sound), block):
            yield sound[first : first + block]

    return hear(blocks(), speed or Speed())


def part(film: Sound, start: float, end: float) -> Sound:
    return film[round(start * RATE) : round(end * RATE)]


def places(cuts: CutMap, *times: float) -> list[float | None]:
    """Where times of the old cut are in the new one, to a frame."""
    found = [cuts.times(Fraction(time).limit_denominator(1000)) for time in times]
    return [round(float(one[0]) * 24) / 24 if one else None for one in found]


def test_a_scene_taken_out(film: Sound, old: Landmarks) -> None:
    new = np.concatenate([part(film, 0, 20), part(film, 35, 72)])
    cuts = map_sound(old, heard(new), FRAME)
    assert cuts.reasons == ()
    assert places(cuts, 10, 19, 25, 30, 36, 60) == [10, 19, None, None, 21, 45]


def test_two_scenes_in_the_other_order(film: Sound, old: Landmarks) -> None:
    new = np.concatenate([part(film, 0, 20), part(film, 40, 60), part(film, 20, 40)])
    cuts = map_sound(old, heard(new), FRAME)
    assert places(cuts, 10, 30, 50, 65) == [10, 50, 30, None]


def test_a_strange_scene_put_in_is_new(film: Sound, old: Landmarks) -> None:
    strange = np.random.default_rng(1).normal(0, 0.05, 12 * RATE).astype(np.float32)
    new = np.concatenate([part(film, 0, 30), strange, part(film, 30, 72)])
    cuts = map_sound(old, heard(new), FRAME)
    assert places(cuts, 20, 40) == [20, 52]
    assert any(one.start < 36 < one.end for one in cuts.fresh())


def test_other_noise_under_the_speech(film: Sound, old: Landmarks) -> None:
    noise = np.random.default_rng(2).normal(0, 1, len(film)).astype(np.float32)
    new = film + noise * np.sqrt(np.mean(film**2)) * 0.3
    cuts = map_sound(old, heard(part(new, 15, 70)), FRAME)
    assert places(cuts, 20, 50, 68) == [5, 35, 53]


def test_a_film_that_runs_at_25_frames_a_second(film: Sound, old: Landmarks) -> None:
    at = np.arange(0, len(film) - 1, 25 / 24)
    fast = np.interp(at, np.arange(len(film)), film).astype(np.float32)
    cuts = map_sound(old, heard(fast, Speed(Fraction(24, 25), pitched=True)))
    assert cuts.reasons == ()
    assert [float(cuts.times(Fraction(t))[0]) for t in (10, 60)] == pytest.approx(
        [9.6, 57.6], abs=1 / 24
    )


def test_another_film_is_refused(film: Sound) -> None:
    first, second = heard(part(film, 0, 36)), heard(part(film, 36, 72))
    cuts = map_sound(first, second, FRAME)
    assert "of its sound is in the old cut" in cuts.reasons[0]


@pytest.mark.parametrize("sound", [np.zeros(0, np.float32), np.zeros(20 * RATE, np.float32)])
def test_silence_is_like_nothing(old: Landmarks, sound: Sound) -> None:
    cuts = map_sound(old, heard(sound), FRAME)
    assert cuts.passages == ()
    assert cuts.reasons


def test_blocks_of_any_size_give_the_same_landmarks(film: Sound) -> None:
    some = part(film, 5, 20)
    first, second = heard(some), heard(some, block=777)
    assert np.array_equal(first.places, second.places)
    assert np.array_equal(first.hashes, second.hashes)
    assert np.array_equal(first.bands, second.bands)
