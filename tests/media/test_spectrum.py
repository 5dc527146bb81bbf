"""The spectrum: tones stand in their band, and blocks make no difference."""

from __future__ import annotations

import numpy as np

from subkit.media.spectrum import BANDS, COLUMNS_PER_SECOND, spectrum_blocks


def tone(hertz: float, seconds: float, level: float = 1.0) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hertz * np.arange(int(16_000 * seconds)) / 16_000)).astype(
        np.float32
    )


def test_a_tone_stands_in_its_band_at_its_loudness() -> None:
    columns = np.concatenate(list(spectrum_blocks([tone(1000, 1), tone(5030, 1, 0.1)])))
    assert columns.shape == (2 * COLUMNS_PER_SECOND, BANDS)
    first, second = columns[8], columns[COLUMNS_PER_SECOND + 8]
    assert abs(int(first.argmax()) - 1000 // 125) <= 1
    assert first.max() >= 250  # full scale
    assert second.argmax() == 5030 // 125
    assert 180 <= second.max() <= 195  # -20 dB of 80
    assert first[50] < 60
    assert not np.concatenate(list(spectrum_blocks([np.zeros(16_000, np.float32)]))).any()


def test_blocks_make_no_difference() -> None:
    sound = np.concatenate([tone(300, 0.7), tone(2000, 0.63)])
    whole = np.concatenate(list(spectrum_blocks([sound])))
    parts = np.concatenate(list(spectrum_blocks(np.split(sound, [1, 700, 701, 9000]))))
    assert (whole == parts).all()
    assert list(spectrum_blocks([])) == []
