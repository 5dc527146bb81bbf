"""Hours of sound go through the front end in the memory of one window."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest

from subkit.decode import SileroVoiceDetector, WindowOptions, speech_windows
from subkit.decode.blocks import AudioBuffer, regroup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.interfaces import Samples
    from subkit.model import Unheard
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


CHUNK = 512


class Saying:
    """A detector that says the same probabilities over and over."""

    def __init__(self, *runs: tuple[float, int]) -> None:
        once = [probability for probability, count in runs for _ in range(count)]
        self._script = np.resize(np.array(once, np.float32), 64 * len(once))

    def probabilities(self, blocks: Iterable[Samples]) -> Iterator[tuple[Samples, Samples]]:
        at = 0
        for block in regroup(blocks, CHUNK * 64):
            audio = np.pad(block, (0, -block.size % CHUNK))
            yield audio, np.take(self._script, range(at, at + audio.size // CHUNK), mode="wrap")
            at += audio.size // CHUNK


@pytest.mark.parametrize(
    ("detector", "level"),
    [
        (Saying((0.0, 1)), 0.0),  # silence
        (Saying((0.0, 1)), 0.1),  # noise that is none of a voice
        (Saying((0.16, 1)), 0.1),  # music that may be one
        (Saying((0.0, 1500), (0.16, 12)), 0.1),  # a short stretch that may be one now and then
        (Saying((0.9, 60), (0.0, 400)), 0.1),  # lines with pauses that are shortened
        (Saying((0.2, 7), (0.3, 2)), 0.1),  # neither sure of voice nor of none
    ],
    ids=["silence", "noise", "music", "seldom", "lines", "flicker"],
)
def test_three_hours_are_never_held(
    detector: Saying, level: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it sounds, no more than minutes of it are kept, and none of it is lost."""
    held: list[int] = []

    class Watched(AudioBuffer):
        def append(self, samples: Samples) -> None:
            super().append(samples)
            held.append(self.end - self.start)

    monkeypatch.setattr("subkit.decode.windows.AudioBuffer", Watched)
    minute = np.random.default_rng(2).standard_normal(60 * RATE).astype(np.float32)
    minute *= np.float32(level)
    options = WindowOptions(min_silence_seconds=15.0)
    total = 180 * 60 * RATE
    unheard = heard = 0

    def count(one: Unheard) -> None:
        nonlocal unheard
        unheard += int(one.span.duration * RATE)

    blocks = (minute for _ in range(180))
    for window in speech_windows(blocks, detector, options, unheard=count):
        heard += window.samples.size
    assert heard + unheard == total
    assert max(held) < 11 * 60 * RATE
    # Not more at the end than in the first half hour.
    assert max(held) <= 1.1 * max(held[: len(held) // 6])
