"""Find the channels that carry the dialogue from samples spread over the media."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from subkit.media.channels import center_index
from subkit.media.container import demux, open_media
from subkit.media.source import shape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Powers = NDArray[np.float64]

__all__ = ["centre_carries_signal", "channels_cancel"]

_PLACES = 12
_SECONDS = 3
_MOST_PACKETS = 10_000
_AUDIBLE = 10.0 ** (-60 / 10)
_BESIDE = 10.0 ** (-20 / 10)


def centre_carries_signal(path: Path, audio_index: int, duration: Fraction) -> bool:
    """Whether the centre channel is in use, judged at twelve places spread over the media.

    It is when, at one place at least, it is louder than -60 dBFS, and over all places no more than
    20 dB softer than the louder of the front left and right.

    Args:
        path: The media.
        audio_index: Which audio stream, counted from 0.
        duration: Length of the media in seconds.

    Raises:
        MediaError: the media cannot be read.
    """
    loudest = 0.0
    center = side = 0.0
    for names, power, _ in _powers(path, audio_index, duration):
        index = center_index(names)
        if index is None:
            continue
        loudest = max(loudest, float(power[index]))
        center += float(power[index])
        fronts = [power[names.index(name)] for name in ("FL", "FR") if name in names]
        side += float(max(fronts, default=0.0))
    return loudest > _AUDIBLE and center >= side * _BESIDE


def channels_cancel(path: Path, audio_index: int, duration: Fraction) -> bool:
    """Return whether a mix of all channels loses the sound, as where one of two is inverted.

    It does when, over twelve places, the mix is 20 dB softer than the loudest channel or more.

    Args:
        path: The media.
        audio_index: Which audio stream, counted from 0.
        duration: Length of the media in seconds.

    Raises:
        MediaError: the media cannot be read.
    """
    loudest = mixed = 0.0
    for _, power, mix in _powers(path, audio_index, duration):
        loudest += float(power.max())
        mixed += mix
    return loudest > _AUDIBLE and mixed < loudest * _BESIDE


def _powers(
    path: Path, audio_index: int, duration: Fraction
) -> Iterator[tuple[tuple[str, ...], Powers, float]]:
    """Channel names, mean power of each channel and of their mean, at each place."""
    import av

    with open_media(path) as container:
        stream = container.streams.audio[audio_index]
        for place in range(_PLACES):
            offset = int(duration * place / _PLACES * 1_000_000)
            try:
                container.seek(offset + (container.start_time or 0))
            except av.error.FFmpegError:
                if place:
                    return
            power = _power_here(container, stream)
            if power is not None:
                yield power


def _power_here(container: Any, stream: Any) -> tuple[tuple[str, ...], Powers, float] | None:
    import av
    import numpy as np

    first: Any = None
    total: Powers | None = None
    mixed = 0.0
    samples = 0
    # Packed: reading planes one by one crashes PyAV from eight channels on.
    resampler = av.AudioResampler(format="flt")
    for frame in _frames_here(container, stream):
        first = first or frame
        if samples >= _SECONDS * frame.sample_rate or shape(frame) != shape(first):
            break
        for packed in resampler.resample(frame):
            values = packed.to_ndarray().reshape(packed.samples, -1).astype(np.float64)
            values = np.clip(np.nan_to_num(values), -1, 1)
            squares = (values**2).sum(axis=0)
            mixed += float((values.mean(axis=1) ** 2).sum())
            total = squares if total is None else total + squares
            samples += packed.samples
    if total is None or not samples:
        return None
    names = tuple(channel.name for channel in first.layout.channels)
    return names, total / samples, mixed / samples


def _frames_here(container: Any, stream: Any) -> Iterator[Any]:
    """Frames from here on, past damage; not for ever."""
    import av

    with suppress(av.error.FFmpegError):
        for packet in islice(demux(container, stream), _MOST_PACKETS):
            yield from _decoded(packet)


def _decoded(packet: Any) -> list[Any]:
    import av

    try:
        return list(packet.decode())
    except av.error.FFmpegError:
        return []
