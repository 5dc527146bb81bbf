"""From many channels to one: the centre, where the dialogue is, or a mix of all."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.errors import MediaError
from subkit.media.container import open_media

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Pan", "center_index", "centre_carries_signal", "pan"]

Pan = str
"""Arguments of libavfilter's ``pan``: how the one channel is made."""

# The surrounds carry echoes of the dialogue at best, the low-frequency channel none.
_WEIGHTS = {"LFE": 0.0, "LFE2": 0.0, "FC": 1.0, "FL": 0.7071, "FR": 0.7071}
_SURROUND = 0.5
_PLACES = 12
_SECONDS = 3
_AUDIBLE = 10.0 ** (-60 / 10)
_BESIDE = 10.0 ** (-20 / 10)


def center_index(names: tuple[str, ...]) -> int | None:
    """Which channel is the centre of a layout with three or more; ``None`` without one."""
    return names.index("FC") if len(names) > 2 and "FC" in names else None


def pan(names: tuple[str, ...], *, center: bool) -> Pan:
    """How one channel is made of a layout.

    Args:
        names: Channel names in order, for example ``("FL", "FR", "FC", "LFE", "BL", "BR")``.
        center: Take the centre alone, where there is one. Otherwise the weighted mean of all, so
            that nothing clips; the low-frequency channel is left out.
    """
    index = center_index(names)
    if center and index is not None:
        return f"mono|c0=c{index}"
    if "FC" in names and len(names) > 2:
        weights = [_WEIGHTS.get(name, _SURROUND) for name in names]
    else:
        weights = [0.0 if name.startswith("LFE") else 1.0 for name in names]
    total = sum(weights)
    if not total:
        weights, total = [1.0] * len(names), float(len(names))
    terms = [f"{weight / total:.6f}*c{i}" for i, weight in enumerate(weights) if weight]
    return "mono|c0=" + "+".join(terms)


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
    for names, power in _powers(path, audio_index, duration):
        index = center_index(names)
        if index is None:
            continue
        loudest = max(loudest, float(power[index]))
        center += float(power[index])
        fronts = [power[names.index(name)] for name in ("FL", "FR") if name in names]
        side += float(max(fronts, default=0.0))
    return loudest > _AUDIBLE and center >= side * _BESIDE


def _powers(
    path: Path, audio_index: int, duration: Fraction
) -> Iterator[tuple[tuple[str, ...], NDArray[np.float64]]]:
    """Channel names and mean power of each channel, at each place."""
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


def _power_here(container: Any, stream: Any) -> tuple[tuple[str, ...], NDArray[np.float64]] | None:
    import av
    import numpy as np

    names: tuple[str, ...] = ()
    total: NDArray[np.float64] | None = None
    samples = 0
    resampler = av.AudioResampler(format="fltp")
    try:
        for packet in container.demux(stream):
            for frame in _decoded(packet):
                layout = tuple(channel.name for channel in frame.layout.channels)
                if names and layout != names:
                    return None if total is None else (names, total / max(1, samples))
                names = layout
                for planar in resampler.resample(frame):
                    values = np.nan_to_num(planar.to_ndarray().astype(np.float64))
                    squares = (np.clip(values, -1, 1) ** 2).sum(axis=1)
                    total = squares if total is None else total + squares
                    samples += planar.samples
            if samples >= _SECONDS * (stream.sample_rate or 48000):
                break
    except av.error.FFmpegError:
        pass
    return None if total is None else (names, total / max(1, samples))


def _decoded(packet: Any) -> list[Any]:
    import av

    try:
        return list(packet.decode())
    except av.error.FFmpegError:
        return []


def no_centre(path: str, layout: str) -> MediaError:
    """The error for a centre asked of a layout that has none."""
    return MediaError(
        f"The audio of {path} is {layout or 'of unknown layout'} and has no centre channel.",
        remedy="Use the dialogue channel auto or mix, or another audio stream.",
        path=path,
        layout=layout,
    )
