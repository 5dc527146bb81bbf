"""Amplify quiet audio before detection and recognition.

Below about -50 dBFS voice detection loses first words and the features of speech sink into the
floor. Where half a minute of sound stays under that, it is raised to the level of dialogue. Sound
that is loud enough anywhere near is left as it is, bit for bit.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from subkit.decode.blocks import SAMPLE_RATE, regroup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.interfaces import Samples

__all__ = ["level_quiet"]

_QUIET = 10.0 ** (-45 / 20)
"""Loudest second (RMS) of quiet sound: -45 dBFS."""

_WANTED = 10.0 ** (-26 / 20)
"""What its loudest second is raised to: -26 dBFS, an actor's usual level."""

_SPEECH_STANDS_OUT = 10.0 ** (6 / 20)
"""Of its quietest second: what is as loud all the time is hiss, which is not raised."""

_MOST = 10.0 ** (40 / 20)
"""Noise is not raised by more than 40 dB."""

_AROUND = 15
"""Seconds before and after that are listened to."""


def level_quiet(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """Yield the same sound in blocks of a second, quiet stretches raised.

    The gain changes from second to second in a straight line, so that nothing clicks. Fifteen
    seconds are held back.

    Args:
        blocks: 16 kHz mono float32, any block lengths.
    """
    import numpy as np

    waiting: deque[Samples] = deque()
    levels: deque[float] = deque()
    gain = None
    for block in regroup(blocks, SAMPLE_RATE):
        waiting.append(block)
        levels.append(float(np.sqrt(np.mean(np.square(block, dtype=np.float64)))))
        if len(waiting) > _AROUND:
            wanted = _gain(levels)
            yield _raised(waiting.popleft(), wanted if gain is None else gain, wanted)
            gain = wanted
            if len(levels) > 2 * _AROUND:
                levels.popleft()
    while waiting:
        wanted = _gain(levels)
        yield _raised(waiting.popleft(), wanted if gain is None else gain, wanted)
        gain = wanted


def _gain(levels: Iterable[float]) -> float:
    loudest = max(levels)
    steady = loudest < _SPEECH_STANDS_OUT * min(levels)
    return min(_MOST, _WANTED / loudest) if 0 < loudest < _QUIET and not steady else 1.0


def _raised(block: Samples, first: float, last: float) -> Samples:
    """A second of sound with a gain that goes from ``first`` to ``last``."""
    import numpy as np

    if first == last == 1.0:
        return block
    raised: Samples = block * np.linspace(first, last, block.size, dtype=np.float32)
    return np.clip(raised, -1.0, 1.0, out=raised)
