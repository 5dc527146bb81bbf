"""The sound of a title -> the voice in every tenth of a second in which somebody speaks.

The sound is streamed: held is one stretch of voice, and of all others only the vectors (about
10 kB a second of speech at half precision).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.speakers.mel import HOP, mel_frames
from subkit.speakers.voice_encoder import FRAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from subkit.interfaces import Samples
    from subkit.model import Span
    from subkit.speakers.voice_encoder import VoiceEncoder

__all__ = ["LONG_STEP", "SHORT_STEP", "VoicedStretch", "hear_stretches"]

LONG_STEP, SHORT_STEP = 0.2, 0.1
"""Seconds from one window of 1.6 s to the next, and of those of 0.8 s."""

_SHORT_FRAMES = FRAMES // 2
_RATE = 16000
_JOIN = 0.3
"""Seconds of a pause over which a stretch goes on: shorter ones are inside of sentences."""

_LONGEST = 30.0
"""Seconds after which a stretch is cut, so that memory is bounded."""

_LOUDNESS = 10 ** (-30 / 20)
"""What the encoder was trained on: soft sound was raised to -30 dBFS, loud sound left."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VoicedStretch:
    """A stretch of voice, and the voices heard in it.

    Attributes:
        start: Seconds.
        end: Seconds.
        long_times: Middle of each window of 1.6 s.
        long_voices: Its voice, shape ``(n, 256)``; float16.
        short_times: Middle of each window of 0.8 s.
        short_voices: Likewise.
    """

    start: float
    end: float
    long_times: NDArray[np.float64]
    long_voices: NDArray[np.float16]
    short_times: NDArray[np.float64]
    short_voices: NDArray[np.float16]


def hear_stretches(
    blocks: Iterable[Samples],
    voice: Sequence[Span],
    encoder: VoiceEncoder,
    tell: Callable[[float], None] | None = None,
) -> Iterator[VoicedStretch]:
    """Yield the stretches of voice with the voices in them.

    Args:
        blocks: Mono at 16 kHz, in order.
        voice: Where somebody speaks, in order.
        encoder: Hears the voices.
        tell: Is told up to which second it has heard.
    """
    for start, samples in _cut(blocks, _stretches(voice)):
        frames = mel_frames(_raised(samples))[: max(len(samples) // HOP, 1)]
        length = len(frames) * HOP / _RATE
        long_times, long_windows = _windows(frames, FRAMES, LONG_STEP)
        short_times, short_windows = _windows(frames, _SHORT_FRAMES, SHORT_STEP)
        yield VoicedStretch(
            start=start,
            end=start + length,
            long_times=long_times + start,
            long_voices=encoder.voices(long_windows).astype("float16"),
            short_times=short_times + start,
            short_voices=encoder.voices(short_windows).astype("float16"),
        )
        if tell is not None:
            tell(start + length)


def _stretches(voice: Sequence[Span]) -> list[tuple[float, float]]:
    """Spans with the short pauses between them, none longer than the longest."""
    found: list[list[float]] = []
    for span in voice:
        start, end = float(span.start), float(span.end)
        if found and start - found[-1][1] < _JOIN and end - found[-1][0] <= _LONGEST:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    cut: list[tuple[float, float]] = []
    for start, end in found:
        parts = max(int((end - start) / _LONGEST + 0.999), 1)
        step = (end - start) / parts
        cut += [(start + step * part, start + step * (part + 1)) for part in range(parts)]
    return cut


def _cut(
    blocks: Iterable[Samples], stretches: Sequence[tuple[float, float]]
) -> Iterator[tuple[float, Samples]]:
    """Give each stretch's samples, where the sound reaches it."""
    import numpy as np

    waiting = iter(stretches)
    wanted = next(waiting, None)
    held: list[Samples] = []
    at = 0  # number of the first sample that is held
    for block in blocks:
        held.append(block)
        total = at + sum(map(len, held))
        while wanted is not None and round(wanted[1] * _RATE) <= total:
            sound = np.concatenate(held)
            first = max(round(wanted[0] * _RATE) - at, 0)
            piece = sound[first : round(wanted[1] * _RATE) - at]
            if len(piece) >= HOP:
                yield (at + first) / _RATE, piece
            held, at = [sound[first:]], at + first
            wanted = next(waiting, None)
        if wanted is None:
            return
        skip = min(round(wanted[0] * _RATE), total) - at
        if skip > 0:
            sound = np.concatenate(held)[skip:]
            held, at = [sound], at + skip
    if wanted is not None and held:
        sound = np.concatenate(held)
        first = max(round(wanted[0] * _RATE) - at, 0)
        if len(sound) - first >= HOP:
            yield (at + first) / _RATE, sound[first:]


def _raised(samples: Samples) -> Samples:
    import numpy as np

    loudness = float(np.sqrt(np.mean(samples**2, dtype=np.float64)))
    raised: Samples = samples * np.float32(max(_LOUDNESS / max(loudness, 1e-6), 1.0))
    return raised


def _windows(frames: Samples, length: int, step: float) -> tuple[NDArray[np.float64], Samples]:
    """Middles, and windows of that many frames around them, held inside of the stretch.

    A stretch that is shorter than a window is heard over and over.
    """
    import numpy as np

    count, hop = len(frames), round(step * 100)
    middles = np.arange(hop / 2, count, hop) if count > hop else np.array([count / 2])
    if count <= length:
        places = np.tile(np.arange(length) % count, (len(middles), 1))
    else:
        starts = np.clip(np.round(middles - length / 2), 0, count - length).astype(int)
        places = starts[:, None] + np.arange(length)
    return middles / 100, frames[places]
