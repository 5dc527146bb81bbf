"""Guide voices on the clock of a film: clips laid into one track, and mixed with its sound.

Everything is streamed in blocks; a film of ten hours takes no more memory than one of a minute.
"""

from __future__ import annotations

import wave
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np

__all__ = ["Clip", "mix_arguments", "read_clip", "write_gain", "write_voice"]

_BLOCK = 10
"""Seconds that are made at once."""
_GAIN_RATE = 2000
_RAMP = 0.06
_QUIET = 200
"""Samples below this at the ends of a clip are silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A spoken text in a file of 16-bit samples.

    Attributes:
        path: The file.
        start: Seconds of the media at which it is heard.
        first: Its first sample that is not silence.
        count: Samples from there on.
        rate: Samples a second.
    """

    path: Path
    start: float
    first: int
    count: int
    rate: int

    @property
    def end(self) -> float:
        """When it is over, seconds."""
        return self.start + self.count / self.rate


def read_clip(path: Path, start: float, rate: int) -> Clip:
    """Return a clip without the silence at its ends."""
    import numpy as np

    loud = np.flatnonzero(np.abs(np.fromfile(path, dtype="<i2").astype(np.int32)) > _QUIET)
    first, last = (int(loud[0]), int(loud[-1])) if loud.size else (0, -1)
    return Clip(path=path, start=start, first=first, count=last + 1 - first, rate=rate)


def write_voice(path: Path, clips: Sequence[Clip], seconds: float, rate: int) -> None:
    """Write the clips as one WAV file of the media's length; where two overlap, both are heard."""
    import numpy as np

    ordered = sorted(clips, key=lambda clip: clip.start)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        for begin, length in _blocks(round(seconds * rate), rate * _BLOCK):
            block = np.zeros(length, dtype=np.int32)
            for clip in ordered:
                at = round(clip.start * rate)
                if at >= begin + length:
                    break
                _add(block, begin, clip, at)
            file.writeframes(np.clip(block, -32768, 32767).astype("<i2").tobytes())


def _add(block: np.ndarray, begin: int, clip: Clip, at: int) -> None:
    import numpy as np

    left, right = max(begin, at), min(begin + len(block), at + clip.count)
    if left < right:
        skipped = 2 * (clip.first + left - at)
        samples = np.fromfile(clip.path, dtype="<i2", count=right - left, offset=skipped)
        block[left - begin : left - begin + len(samples)] += samples


def write_gain(
    path: Path, spans: Sequence[tuple[float, float]], seconds: float, floor: float
) -> None:
    """Write how loud the film is, as a WAV file: 1, and ``floor`` within the spans."""
    import numpy as np

    ordered = sorted(spans)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_GAIN_RATE)
        for begin, length in _blocks(round(seconds * _GAIN_RATE), _GAIN_RATE * _BLOCK):
            times = (begin + np.arange(length)) / _GAIN_RATE
            gain = np.ones(length)
            for start, end in ordered:
                if start - _RAMP > times[-1]:
                    break
                if end + _RAMP >= times[0]:
                    away = np.maximum(start - times, times - end)
                    gain = np.minimum(gain, np.clip(away / _RAMP, 0, 1) * (1 - floor) + floor)
            file.writeframes((gain * 32767).astype("<i2").tobytes())


def _blocks(total: int, size: int) -> Iterator[tuple[int, int]]:
    for begin in range(0, total, size):
        yield begin, min(size, total - begin)


def mix_arguments(
    film: Path | None, gain: Path, voice: Path, out: Path, *, tags: dict[str, str], container: str
) -> list[str | Path]:
    """Return what ffmpeg is told: the film's sound at its gain and the voice, as WAV or MP4.

    Args:
        film: The film; ``None`` leaves the voice alone.
        gain: How loud the film is, see :func:`write_gain`.
        voice: The guide voice.
        out: The file to write.
        tags: Of the file.
        container: ``"wav"`` or ``"mp4"``; an MP4 has the film's picture.
    """
    told = [part for key, value in tags.items() for part in ("-metadata", f"{key}={value}")]
    if film is None:
        return ["-i", voice, *told, "-c:a", "pcm_s16le", "-f", "wav", "-y", out]
    both = "aresample=48000,pan=stereo|c0=c0|c1=c0,aformat=fltp"
    graph = (
        "[0:a:0]aresample=48000,aformat=fltp:channel_layouts=stereo[film];"
        f"[1:a]{both}[gain];[2:a]{both}[voice];"
        "[film][gain]amultiply[low];"
        "[low][voice]amix=inputs=2:duration=first:normalize=0[mixed]"
    )
    inputs: list[str | Path] = ["-i", film, "-i", gain, "-i", voice, "-filter_complex", graph]
    picture = ["-map", "0:v:0?", "-c:v", "copy"] if container == "mp4" else []
    coded = ["-c:a", "aac", "-b:a", "192k"] if container == "mp4" else ["-c:a", "pcm_s16le"]
    return [*inputs, *picture, "-map", "[mixed]", *coded, *told, "-f", container, "-y", out]
