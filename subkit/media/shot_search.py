"""The shot changes of a media file, in one streamed pass over its pictures."""

from __future__ import annotations

import logging
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import MediaError
from subkit.media.changes import ShotChange, ShotOptions, find_changes
from subkit.media.container import open_media, require_file
from subkit.media.frames import Frames
from subkit.media.stream_timing import find_beginnings, main_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from av.container import InputContainer
    from numpy.typing import NDArray

    from subkit.model import Media

    Picture = NDArray[np.float32]
    Frame = Any

__all__ = ["ShotChange", "ShotOptions", "find_shots", "thumbnail"]

_LOG = logging.getLogger(__name__)

_ROWS, _COLUMNS, _POINTS = 36, 64, 2
"""Cells of a thumbnail, and points taken of each cell in both directions."""

_BYTE_LUMA = ("yuv4", "yuvj4", "nv12", "nv16", "nv21", "gray")
"""Pixel formats (their beginnings) whose first plane is luma, a byte a pixel."""

_RESTART = 1
_BEYOND = 60
_USUAL_STEP = Fraction(1, 25)


def find_shots(
    media: Media,
    options: ShotOptions | None = None,
    *,
    tell: Callable[[float], None] | None = None,
    warn: Callable[[str], None] | None = None,
) -> Iterator[ShotChange]:
    """The shot changes, streamed; memory does not grow with the length of the media.

    Every picture is decoded (so the frame is exact) and looked at in a small grid of points. Times
    are those of the project: exact, from the first picture shown. Damaged packets are skipped.

    Args:
        media: As ``probe`` found it; without video there are no shot changes.
        options: What counts as one.
        tell: Hears the time reached in seconds, now and then.
        warn: Takes one sentence for each thing a person should know of.

    Raises:
        MediaError: no picture can be decoded.
        InputError: the file is not there any more.
    """
    if media.frame_rate is None:
        return iter(())
    require_file(Path(media.path))
    pictures = _pictures(media, tell or (lambda _: None), warn or _LOG.warning)
    return find_changes(pictures, options or ShotOptions())


def _pictures(
    media: Media, tell: Callable[[float], None], warn: Callable[[str], None]
) -> Iterator[tuple[Fraction, Picture]]:
    path = Path(media.path)
    with open_media(path) as container:
        zero = find_beginnings(container, stamps=0).zero
    told = 0.0
    clock = _Clock(zero, media)
    with open_media(path) as container:
        frames = _main_pictures(container, warn)
        for frame in frames or ():
            time = clock.time(frame)
            if time - told >= 1:
                told = float(time)
                tell(told)
            yield time, thumbnail(frame)
    if not clock.counted:
        raise MediaError(
            f"No picture of {media.path} can be decoded, so no shot changes are found.",
            remedy="Give a list with --shots FILE, or --shots none.",
            path=media.path,
        )
    if frames is not None and frames.damaged:
        warn(f"{frames.damaged} damaged pictures of {media.path} were passed over.")


def _main_pictures(container: InputContainer, warn: Callable[[str], None]) -> Frames | None:
    """The frames of the main video; ``None`` if there is none that can be decoded."""
    stream = main_video(container)
    if stream is None or stream.codec_context is None:
        return None
    stream.thread_type = "AUTO"
    # What the loop filter smooths is far below what a thumbnail shows.
    stream.codec_context.options = {"skip_loop_filter": "all"}
    return Frames(container, stream, warn)


class _Clock:
    """Times of pictures from the first one on; never falling, whatever the stamps say."""

    def __init__(self, zero: Fraction, media: Media) -> None:
        self.counted = 0
        self._shift = -zero
        self._last = Fraction(0)
        self._step = 1 / media.frame_rate.rate if media.frame_rate else _USUAL_STEP
        self._latest = media.duration + _BEYOND

    def time(self, frame: Frame) -> Fraction:
        """Seconds at which ``frame`` is first seen."""
        following = self._last + self._step if self.counted else Fraction(0)
        self.counted += 1
        if frame.pts is None:
            self._last = following
            return following
        time = Fraction(frame.pts * frame.time_base) + self._shift
        if time < self._last - _RESTART or time > self._latest:  # a clock that starts anew
            self._shift += following - time
            time = following
        self._last = max(time, self._last)
        return self._last


def thumbnail(frame: Frame) -> Picture:
    """Luma of ``frame`` in 36 rows of 64, 0 to 255: each value the mean of four points."""
    import numpy as np

    if not frame.format.name.startswith(_BYTE_LUMA) or frame.format.components[0].bits != 8:
        frame = frame.reformat(
            width=_COLUMNS * _POINTS, height=_ROWS * _POINTS, format="gray",
            interpolation="FAST_BILINEAR",
        )  # fmt: skip
    plane = frame.planes[0]
    luma = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    places, columns = _grid(frame.height, frame.width)
    points = luma[places].take(columns, axis=1).astype(np.float32)
    rows = points[::_POINTS] + points[1::_POINTS]
    picture: Picture = (rows[:, ::_POINTS] + rows[:, 1::_POINTS]) / 4
    return picture


@lru_cache(maxsize=4)
def _grid(height: int, width: int) -> Any:
    """Rows and columns of the points; the same for a whole film."""
    import numpy as np

    return np.array(_places(height, _ROWS)), np.array(_places(width, _COLUMNS))


def _places(length: int, cells: int) -> list[int]:
    """Places of points spread evenly over ``length`` pixels."""
    count = cells * _POINTS
    return [(2 * place + 1) * length // (2 * count) for place in range(count)]
