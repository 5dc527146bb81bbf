"""Correct word times by the energy of the audio.

Alignment by attention gives words that touch: the first one begins where the window begins, and a
pause belongs to the word before or after it. So each word is held to the sound inside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.decode.blocks import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.interfaces import Samples

__all__ = ["HOP", "Activity", "activity", "hold_to_sound", "hold_to_voice"]

HOP = 0.01
"""Seconds a frame."""

_RANGE_DB = 35.0
_SHARE = 0.25
_LEAST_DB = 10.0
_BRIDGE = 0.25
_SILENT_EDGE = 0.08
_MARGIN = 0.02
_LEAST_SILENCE = 10

_LONGEST_WORD, _LONGEST_LETTER = 0.4, 0.08
"""Seconds that a word lasts at most, with so much for each letter: "I'm" 0.6, "gatekeepers" 1.3."""

_TOUCHING = 0.05
_TAIL = 0.1
_AHEAD = 1.0
_NEAR = 0.1
_LEAST_SOUND = 0.03


@dataclass(frozen=True, slots=True)
class Activity:
    """Whether there is sound, one truth for each 10 ms; empty where it cannot be told."""

    frames: tuple[bool, ...]

    def any(self, start: float, end: float) -> bool:
        """Whether there is sound between two times in seconds, or it cannot be told."""
        return not self.frames or any(self.frames[int(start / HOP) : int(end / HOP) + 1])

    def longest_silence(self, first: int, last: int) -> int | None:
        """Return the middle of the longest silence between two frames, ``None`` without any."""
        best = begin = 0
        middle = None
        for frame in range(max(0, first), min(last, len(self.frames))):
            if self.frames[frame]:
                begin = frame + 1
            elif frame + 1 - max(begin, first) > best:
                best = frame + 1 - max(begin, first)
                middle = frame - best // 2
        return middle if best >= _LEAST_SILENCE else None


def activity(samples: Samples) -> Activity:
    """Where a window's sound stands out.

    Frames count as sound that are less than 35 dB under the loud ones (95th percentile) and in the
    upper three quarters, in dB, between the quiet ones (5th) and those. Where loud and quiet lie
    less than 10 dB apart (music, steady noise, one tone) nothing is told.

    Args:
        samples: Mono at 16 kHz, shape ``(n,)``.
    """
    import numpy as np

    hop = int(HOP * SAMPLE_RATE)
    count = samples.size // hop
    if count < 10:
        return Activity(())
    power = np.mean(np.square(samples[: count * hop].reshape(count, hop), dtype=np.float64), axis=1)
    # 30 ms around each frame: one period of a low voice is longer than a frame.
    padded = np.pad(power, 1, mode="edge")
    level = 10 * np.log10((padded[:-2] + padded[1:-1] + padded[2:]) / 3 + 1e-10)
    quiet, loud = np.percentile(level, [5, 95])
    if loud - quiet < _LEAST_DB:
        return Activity(())
    threshold = max(loud - _RANGE_DB, quiet + _SHARE * (loud - quiet))
    return Activity(tuple((level > threshold).tolist()))


def hold_to_voice(
    times: Sequence[tuple[float, float]],
    letters: Sequence[int],
    voice: Sequence[tuple[float, float]],
) -> list[tuple[float, float]]:
    """Return word times with words that are too long for their letters held to the voice.

    Alignment gives a pause to the word after or before it: the first word of a line begins where
    the last line ended. Where another word follows at once its end is right, else its start; it is
    held to the stretch of voice that lies there. Under music this is the only sign of the pause.

    Args:
        times: Seconds, in order.
        letters: How many each word has.
        voice: Stretches of voice in the same seconds, in order.
    """
    found = []
    for number, (start, end) in enumerate(times):
        longest = _LONGEST_WORD + _LONGEST_LETTER * letters[number]
        following = times[number + 1][0] if number + 1 < len(times) else None
        # Alignment begins with the window, so the first word's start says nothing.
        first = number == 0 and start <= 0
        if not voice or (end - start <= longest and not first):
            found.append((start, end))
        elif first or (following is not None and following - end < _TOUCHING):
            found.append(_start_held(start, end, longest, voice))
        else:
            stop = max((b for a, b in voice if a - _NEAR <= start <= b + _NEAR), default=start)
            found.append((start, min(end, max(stop + _MARGIN, start + longest / 2))))
    return found


def _start_held(
    start: float, end: float, longest: float, voice: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """Start a word whose end is right where the voice around its end begins.

    A word that was aligned to the silence before its line begins where the line does. Voice is
    found late, so half of what such a word may last stays before its end.
    """
    ahead = min((a for a, _ in voice if a > end + _NEAR), default=end)
    if start <= 0 and not _is_voiced(voice, start, end) and 0 < ahead - end < _AHEAD:
        return ahead - _MARGIN, ahead + _LEAST_SOUND
    begins = [a for a, b in voice if a - _NEAR <= end <= b + _NEAR]
    if not begins and end - start <= longest:
        return start, end
    return max(start, min(min(begins, default=end) - _MARGIN, end - longest / 2)), end


def _is_voiced(voice: Sequence[tuple[float, float]], start: float, end: float) -> bool:
    return any(a - _NEAR < end and b + _NEAR > start for a, b in voice)


def hold_to_sound(
    times: Sequence[tuple[float, float]], heard: Activity
) -> list[tuple[float, float]]:
    """Each word's start and end moved to the sound it covers.

    An edge moves inward only over 80 ms of silence or more, so that closures of stops stay, and
    20 ms of it are kept. A word with a pause of 250 ms inside keeps the part with the most sound. A
    word without any sound is left as it is. An end before a pause moves outward with the sound that
    goes on, by 100 ms at most: alignment leaves the last sounds of a phrase early.

    Args:
        times: Seconds from the start of the window, in order.
        heard: The window's activity.
    """
    held = [_held(start, end, heard.frames) for start, end in times]
    following = [start for start, _ in held[1:]] + [float("inf")]
    return [
        (start, _carried_on(end, limit, heard.frames))
        for (start, end), limit in zip(held, following, strict=False)
    ]


def _carried_on(end: float, limit: float, frames: tuple[bool, ...]) -> float:
    """Extend the end of a word over sound that continues into a pause."""
    if end < 0 or limit - end <= _TOUCHING:
        return end
    last = first = int(end / HOP + 0.5)
    stop = min(len(frames), first + round(_TAIL / HOP), int(min(limit, end + 1) / HOP))
    while last < stop and frames[last]:
        last += 1
    return max(end, last * HOP) if last > first else end


def _held(start: float, end: float, frames: tuple[bool, ...]) -> tuple[float, float]:
    first, last = int(start / HOP + 0.5), int(end / HOP + 0.5)
    runs = _runs(frames, first, last)
    if not runs:
        return start, end
    begin, stop, _ = max(runs, key=lambda run: run[2])
    sound_start, sound_end = begin * HOP, stop * HOP
    if sound_start - start >= _SILENT_EDGE:
        start = sound_start - _MARGIN
    if end - sound_end >= _SILENT_EDGE:
        end = sound_end + _MARGIN
    return start, end


def _runs(frames: tuple[bool, ...], first: int, last: int) -> list[tuple[int, int, int]]:
    """Stretches of sound in ``[first, last)``, shorter pauses bridged: begin, end, sound frames."""
    bridge = round(_BRIDGE / HOP)
    runs: list[tuple[int, int, int]] = []
    for i in range(max(0, first), min(last, len(frames))):
        if not frames[i]:
            continue
        if runs and i - runs[-1][1] < bridge:
            begin, _, count = runs[-1]
            runs[-1] = (begin, i + 1, count + 1)
        else:
            runs.append((i, i + 1, 1))
    return [run for run in runs if run[2] * HOP >= _LEAST_SOUND]
