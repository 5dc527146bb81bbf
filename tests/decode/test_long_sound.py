"""Hours of sound go through the front end in the memory of one window."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest

from subkit.decode import SileroVoiceDetector, WindowOptions, speech_windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Samples
    from tests.decode.conftest import Clip

RATE = 16_000


@pytest.mark.parametrize("hours", [0.05, pytest.param(10.0, marks=pytest.mark.soak)])
def test_windows_of_hours_of_sound(clips: dict[str, Clip], hours: float) -> None:
    total = int(hours * 3600 * RATE)
    # Pauses of 1 s are shortened, one of 20 s ends a window whatever the mode.
    once = [np.zeros(RATE, np.float32), clips["en"].samples] * 5 + [np.zeros(20 * RATE, np.float32)]
    scene = np.concatenate(once)

    def blocks() -> Iterator[Samples]:
        for at in range(0, total, scene.size):
            yield scene[: total - at]

    spoken = last = 0
    detector = SileroVoiceDetector()
    options = WindowOptions(min_silence_seconds=15.0)
    tracemalloc.start()
    try:
        for number, window in enumerate(speech_windows(blocks(), detector, options)):
            assert window.index == number
            assert window.span.start * RATE >= last
            last = int(window.span.end * RATE)
            spoken += window.samples.size
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total - scene.size <= last <= total
    assert 5 * clips["en"].samples.size * (total // scene.size) < 1.5 * spoken < 1.5 * total
    assert peak < 40e6
