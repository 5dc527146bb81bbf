"""When streams begin and how evenly frames follow, read from the first packets of a file.

Containers state start times in many ways: edit lists (MP4), codec delay (Matroska), encoder
priming that is cut off on decoding, a clock that starts at 1.4 s (MPEG-TS). What a player shows
first is the first *decoded* picture, and what it plays first the first decoded sample, so the
beginning of each stream is decoded and the frames' own times are taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from subkit.media.container import demux

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av.container import InputContainer

    # Stubs of av are not followed, so its objects are untyped here.
    Stream = Any
    Packet = Any

__all__ = ["Beginnings", "find_beginnings", "frame_rate", "is_uneven", "main_video"]

_STAMPS = 240
_REORDERED = 16
_LATE = 1
_MOST_BYTES = 96 << 20
_MOST_PACKETS = 20_000
_MOST_SECONDS = 30

_WHOLE = (12, 15, 24, 25, 30, 48, 50, 60, 72, 100, 120)
_NTSC = (24000, 30000, 48000, 60000, 120000)
STANDARD_RATES = (*map(Fraction, _WHOLE), *(Fraction(rate, 1001) for rate in _NTSC))
# 24 and 24000/1001 lie 0.1 % apart: less than half of it, and no rate snaps to the wrong one.
_SNAP = Fraction(4, 10_000)


@dataclass(slots=True)
class Beginnings:
    """Where streams begin, in seconds of the container's own clock.

    Attributes:
        video: Time of the first picture shown; ``None`` without video.
        audio: Stream index -> time of the first sample played.
        stamps: Times of the first video packets, in decoding order.
        sparse: Some video packets bear no time (MPEG-PS), so distances between them say nothing.
    """

    video: Fraction | None = None
    audio: dict[int, Fraction] = field(default_factory=dict)
    stamps: list[Fraction] = field(default_factory=list)
    sparse: bool = False

    @property
    def zero(self) -> Fraction:
        """Zero of the project: the first picture; without video, the first sample of any stream."""
        if self.video is not None:
            return self.video
        return min(self.audio.values(), default=Fraction(0))


def main_video(container: InputContainer) -> Stream | None:
    """The picture of a film: the default video stream that is no cover art."""
    from av.stream import Disposition

    still = Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails
    moving = [stream for stream in container.streams.video if not stream.disposition & still]
    preferred = [stream for stream in moving if stream.disposition & Disposition.default]
    return next(iter(preferred or moving), None)


def find_beginnings(container: InputContainer, *, stamps: int = _STAMPS) -> Beginnings:
    """Decode the beginning of every stream of a freshly opened container.

    Reads until each stream has given a frame and ``stamps`` video packets are seen; at most 96 MiB
    or 30 s. A stream silent for so long is taken to begin where the container says.
    """
    video = main_video(container)
    audio = [stream for stream in container.streams.audio if stream.codec_context is not None]
    found = Beginnings()
    size = 0
    clock: Fraction | None = None
    streams = [*audio, video] if video is not None else list(audio)
    for count, packet in enumerate(_packets(container, streams)):
        size += packet.size
        if packet.dts is not None:
            now = packet.dts * packet.time_base
            clock = now if clock is None else clock
            if now - clock > _MOST_SECONDS:
                break
        _take(packet, video, found)
        complete = len(found.audio) == len(audio) and (
            video is None or (found.video is not None and len(found.stamps) >= stamps)
        )
        if complete or size > _MOST_BYTES or count > _MOST_PACKETS:
            break
    _fall_back(found, video, audio)
    return found


def _packets(container: InputContainer, streams: Sequence[Stream]) -> Any:
    """Packets until the end or the first fault."""
    import av

    try:
        yield from demux(container, *streams) if streams else ()
    except av.error.FFmpegError:
        return


def _take(packet: Packet, video: Stream | None, found: Beginnings) -> None:
    index = packet.stream_index
    if video is not None and index == video.index:
        if packet.pts is None:
            found.sparse = found.sparse or bool(packet.size)
        elif not packet.is_discard:
            found.stamps.append(packet.pts * packet.time_base)
        if found.video is None:
            found.video = _first_time(packet)
    elif index not in found.audio and (time := _first_time(packet)) is not None:
        found.audio[index] = time


def _first_time(packet: Packet) -> Fraction | None:
    """Time of the first frame that decoding ``packet`` gives, if it gives one."""
    import av

    if packet.stream.codec_context is None:
        return None
    try:
        frames = packet.decode()
    except av.error.FFmpegError:
        return None
    for frame in frames:
        if frame.pts is not None:
            return Fraction(frame.pts * frame.time_base)
    return None


def _fall_back(found: Beginnings, video: Stream | None, audio: Sequence[Stream]) -> None:
    if video is not None and found.video is None:
        found.video = min(found.stamps, default=_stated(video))
    elif found.video is not None and found.stamps:
        # Cut in the middle of a group of pictures: the sound before the first whole one is heard.
        first = min(found.stamps[:_REORDERED])
        found.video = first if found.video - first > _LATE else found.video
    for stream in audio:
        found.audio.setdefault(stream.index, _stated(stream) or found.zero)


def _stated(stream: Stream) -> Fraction | None:
    if stream.start_time is None or stream.time_base is None:
        return None
    return Fraction(stream.start_time * stream.time_base)


def frame_rate(stated: Sequence[Fraction | None], stamps: Sequence[Fraction]) -> Fraction | None:
    """Frames a second, exact.

    A stated rate near a standard one becomes that one: Matroska's whole milliseconds turn
    24000/1001 into 2398/100.

    Args:
        stated: What the container says, the most trusted first.
        stamps: Times of frames, as a last resort.
    """
    ordered = sorted(set(stamps))
    counted = None
    if len(ordered) > 1:
        counted = (len(ordered) - 1) / (ordered[-1] - ordered[0])
    plausible = [rate for rate in (*stated, counted) if rate is not None and 1 <= rate <= 1000]
    for rate in plausible:
        nearest = min(STANDARD_RATES, key=lambda standard: abs(standard - rate))
        if abs(nearest - rate) <= nearest * _SNAP:
            return nearest
    return plausible[0].limit_denominator(100_000) if plausible else None


def is_uneven(stamps: Sequence[Fraction], tick: Fraction) -> bool:
    """Whether frames are not evenly spaced: more than 2 % of the distances depart from the median.

    Args:
        stamps: Times of frames in any order; groups of them may lie far apart.
        tick: The smallest step the container can state.
    """
    ordered = sorted(set(stamps))
    distances = sorted(b - a for a, b in pairwise(ordered))
    if len(distances) < 8:
        return False
    median = distances[len(distances) // 2]
    slack = max(tick * 3 / 2, median / 10)
    odd = sum(1 for distance in distances if abs(distance - median) > slack)
    return odd * 50 > len(distances)
