"""What a media file is: its streams, frames and length."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from subkit.model.time import FrameRate, Span

__all__ = ["SOUND_ONLY_RATE", "AudioStream", "Media", "SoundFault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioStream:
    """One audio stream of a media file; ``index`` counts audio streams from 0."""

    index: int
    codec: str
    channels: int
    layout: str
    sample_rate: int
    language: str | None = None
    title: str | None = None
    start: Fraction = Fraction(0)
    """Seconds from the first video frame as shown to the first sample; may be negative."""
    default: bool = False
    """The stream a player starts with."""
    extra: str = ""
    """Beside the film's own sound: ``"commentary"``, ``"audio description"``; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFault:
    """Something wrong with the sound of a media file, found when it was read.

    Attributes:
        kind: ``"cut-short"``, ``"gap"``, ``"clock-jump"`` or ``"damaged"``.
        span: Where, in seconds of the media.
        count: Damaged packets; 0 for the other kinds.
    """

    kind: str
    span: Span
    count: int = 0


SOUND_ONLY_RATE = FrameRate(Fraction(25))
"""The frame grid of media without video: 40 ms, fine enough to read and coarse enough to edit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A media file as it was found.

    Attributes:
        path: Path as given, absolute.
        digest: Content digest (see ``subkit.media.file_digest``).
        duration: Seconds, from the first video frame (or first sample) to the end.
        frame_rate: Frame rate of the video; ``None`` without video.
        variable_frame_rate: The stream's frames are not evenly spaced; ``frame_rate`` is the mean.
        programme_start: Real time in seconds that the first frame's timecode stands for.
        audio: The audio streams.
        width: Picture width in pixels, 0 without video.
        height: Picture height in pixels, 0 without video.
    """

    path: str
    digest: str
    duration: Fraction
    frame_rate: FrameRate | None = None
    variable_frame_rate: bool = False
    programme_start: Fraction = Fraction(0)
    audio: tuple[AudioStream, ...] = ()
    width: int = 0
    height: int = 0

    @property
    def frame_grid(self) -> FrameRate:
        """The frame grid of cues: that of the video, otherwise :data:`SOUND_ONLY_RATE`."""
        return self.frame_rate or SOUND_ONLY_RATE
