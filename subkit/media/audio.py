"""The sound of a media file as mono 16 kHz blocks in which the sample number is the time."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from subkit.errors import MediaError
from subkit.language import parse_language
from subkit.media.centre import centre_carries_signal, channels_cancel
from subkit.media.channels import center_index, no_centre
from subkit.media.container import open_media, require_file
from subkit.media.frames import Frames
from subkit.media.source import Run, shape
from subkit.media.stream_timing import find_beginnings
from subkit.media.timeline import Timeline
from subkit.model import SoundFault, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from subkit.media.channels import Channel
    from subkit.model import AudioStream, Media

    Samples = NDArray[np.float32]
    Warn = Callable[[str], None]

__all__ = [
    "SAMPLE_RATE",
    "AudioOptions",
    "audio_blocks",
    "channel_names",
    "dialogue_channel",
    "explain_stream",
    "require_audio",
]

SAMPLE_RATE = 16000
"""Samples a second that recognisers and voice detection take."""

MIN_SAMPLE_RATE = 4000
"""Half of a telephone's. A damaged or hostile file that states 1 would unpack 16,000-fold."""

_LOG = logging.getLogger(__name__)
# Stamps in whole milliseconds wander by 1 ms and live recordings by more; one lost AAC frame is
# 21 ms. Under half a frame of 25 a second, sound is taken to go on without a gap.
_SLACK = 0.020
# A stamp further ahead than this past the end of the media is a broken clock, not silence.
_BEYOND = 60
_LONGEST_GAP = 24 * 3600
# Stamps that go back further than this are a clock that starts anew, not sound told twice.
_OVERLAP = 1
_SHORT = 10
# Seconds of nothing inside a stream that somebody should know of.
_GAP = Fraction(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioOptions:
    """Which sound to hear.

    Attributes:
        stream: Which audio stream, counted from 0; ``None`` takes one in ``language``, else the
            default one; a commentary or audio description only where there is nothing else.
        language: Language looked for when ``stream`` is ``None``, as ``parse_language`` takes it.
        channel: ``"center"``, ``"left"`` or ``"right"``: that channel alone; ``"mix"``: all
            channels; ``"auto"``: the centre where the layout has one that carries signal, the left
            one where the channels of a stereo stream cancel each other out, else the mix; a
            number: that channel, counted from 0.
    """

    stream: int | None = None
    language: str | None = None
    channel: Literal["auto", "center", "mix", "left", "right"] | int = "auto"


def require_audio(media: Media, options: AudioOptions | None = None) -> AudioStream:
    """The audio stream to hear.

    Raises:
        MediaError: there is no audio, not this stream, or no decoder for it; says which streams
            there are.
        PlanError: no such language is known.
    """
    options = options or AudioOptions()
    if not media.audio:
        raise MediaError(
            f"{media.path} has no audio: there is nothing to recognise.",
            remedy="Name a file with sound, or the separate sound file.",
            path=media.path,
        )
    if options.stream is not None and not 0 <= options.stream < len(media.audio):
        raise MediaError(
            f"{media.path} has no audio stream {options.stream}.",
            remedy=f"It has: {_list(media)}.",
            path=media.path,
            stream=options.stream,
        )
    stream = _choose(media, options)
    if stream.channels and 0 < stream.sample_rate < MIN_SAMPLE_RATE:
        raise MediaError(
            f"Audio stream {stream.index} of {media.path} has {stream.sample_rate} samples a"
            f" second: no speech can be heard in less than {MIN_SAMPLE_RATE}.",
            remedy=f"Take another stream, or the recording itself. It has: {_list(media)}.",
            path=media.path,
            stream=stream.index,
        )
    if not stream.channels or not stream.sample_rate:
        raise MediaError(
            f"Audio stream {stream.index} of {media.path} ({stream.codec}) cannot be decoded.",
            remedy=f"Take another stream or convert it first. It has: {_list(media)}.",
            path=media.path,
            stream=stream.index,
        )
    return stream


def _choose(media: Media, options: AudioOptions) -> AudioStream:
    if options.stream is not None:
        return media.audio[options.stream]
    spoken: list[AudioStream] = []
    if options.language is not None:
        wanted = parse_language(options.language).base
        spoken = [s for s in media.audio if (s.language or "").split("-")[0] == wanted]
    return min(media.audio, key=lambda s: (bool(s.extra), s not in spoken, not s.default, s.index))


def explain_stream(media: Media, options: AudioOptions | None = None) -> str:
    """Return which stream is heard among how many, in a sentence; empty where there is one only.

    Raises:
        MediaError: there is no audio, not this stream, or no decoder for it.
        PlanError: no such language is known.
    """
    chosen = require_audio(media, options)
    if len(media.audio) < 2:
        return ""
    others = ", ".join(_named(stream) for stream in media.audio if stream is not chosen)
    return (
        f"Audio stream {_named(chosen)} is heard, of {len(media.audio)}; the others: {others}. "
        "Choose with --audio-stream."
    )


def _named(stream: AudioStream) -> str:
    facts = (stream.language, stream.codec, stream.layout, stream.title)
    told = stream.extra if stream.extra not in (stream.title or "").lower() else ""
    return f"{stream.index} ({' '.join(filter(None, (*facts, told)))})"


def _list(media: Media) -> str:
    return ", ".join(map(_named, media.audio))


def channel_names(stream: AudioStream) -> tuple[str, ...]:
    """Return the names of a stream's channels, such as ``FL``, or numbers."""
    from av import AudioLayout

    try:
        names = tuple(channel.name for channel in AudioLayout(stream.layout).channels)
    except ValueError:
        names = ()
    return names if len(names) == stream.channels else tuple(map(str, range(stream.channels)))


def dialogue_channel(media: Media, options: AudioOptions | None = None) -> Channel:
    """Return what ``"auto"`` comes to for this media: reads a few seconds at twelve places.

    Raises:
        MediaError: no such audio, or a centre channel is asked of a layout without one.
        InputError: the file is not there any more.
    """
    from av import AudioLayout

    options = options or AudioOptions()
    stream = require_audio(media, options)
    if isinstance(options.channel, int) and not 0 <= options.channel < stream.channels:
        raise MediaError(
            f"Audio stream {stream.index} of {media.path} has no channel {options.channel}.",
            remedy=f"Its channels are 0 to {stream.channels - 1}.",
            path=media.path,
            stream=stream.index,
        )
    if options.channel not in {"auto", "center"}:
        return cast("Channel", options.channel)
    try:
        names = tuple(channel.name for channel in AudioLayout(stream.layout).channels)
    except ValueError:
        names = ()
    if options.channel == "center":
        if center_index(names) is None and stream.channels > 1:
            raise no_centre(media.path, stream.layout)
        return "center"
    if center_index(names) is None:
        if stream.channels != 2:
            return "mix"
        cancels = channels_cancel(Path(media.path), stream.index, media.duration)
        return "left" if cancels else "mix"
    if centre_carries_signal(Path(media.path), stream.index, media.duration):
        return "center"
    _LOG.info("%s: the centre channel is silent; all channels are mixed", media.path)
    return "mix"


def audio_blocks(
    media: Media,
    options: AudioOptions | None = None,
    *,
    block_seconds: float = 10.0,
    warn: Warn | None = None,
    faulty: Callable[[SoundFault], None] | None = None,
) -> Iterator[Samples]:
    """The sound from the zero of the project on, streamed.

    Sample ``n`` of all blocks together is the sound at ``n / 16000`` s after the first picture (see
    ``Media``): sound that begins later is led in by silence, what lies before zero is left out, and
    gaps in the stream are filled with silence. Damaged packets are skipped (and so become silence).
    Where a file stops before its stated end, what there is is given and ``warn`` hears of it.

    Args:
        media: As ``probe`` found it.
        options: Which stream and channel.
        block_seconds: Length of a block; the last one may be shorter.
        warn: Takes one sentence for each thing a person should know of.
        faulty: Takes each fault of the sound: damage, gaps, a clock that jumps, an early end.

    Returns:
        Mono float32 blocks in [-1, 1] of shape ``(round(block_seconds * 16000),)``.

    Raises:
        MediaError: no such audio, or nothing of it can be decoded.
        InputError: the file is not there any more.
    """
    options = options or AudioOptions()
    stream = require_audio(media, options)
    block = round(block_seconds * SAMPLE_RATE)
    if block < 1:
        raise ValueError(f"block_seconds must be positive, not {block_seconds}")
    require_file(Path(media.path))
    warn = warn or _LOG.warning
    channel = dialogue_channel(media, options)
    if channel == "left" and options.channel == "auto":
        warn(
            f"The channels of {media.path} cancel each other out; the left one alone is heard."
            " Choose with --dialogue-channel."
        )
    ears = _Ears(warn, faulty or _ignore)
    return _blocks(media, stream.index, block, channel, ears)


@dataclass(frozen=True, slots=True)
class _Ears:
    """Who hears of what is wrong: in sentences, and as values."""

    warn: Warn
    faulty: Callable[[SoundFault], None]


def _ignore(fault: SoundFault) -> None:
    """Nobody asked."""


def _blocks(
    media: Media, index: int, block: int, channel: Channel, ears: _Ears
) -> Iterator[Samples]:
    path = Path(media.path)
    with open_media(path) as container:
        zero = find_beginnings(container, stamps=0).zero
    timeline = Timeline(block)
    with open_media(path) as container:
        source = Frames(container, container.streams.audio[index], ears.warn)
        clock = _Clock(zero, media, ears)
        run: Run | None = None
        for frame in source:
            if not frame.samples or frame.sample_rate < MIN_SAMPLE_RATE:
                continue
            if clock.moves_to(frame) or run is None or run.shape != shape(frame):
                if run is not None:
                    yield from timeline.put(run.finish())
                yield from timeline.move_to(round(clock.here * SAMPLE_RATE))
                run = Run(frame, SAMPLE_RATE, channel)
            clock.pass_by(frame)
            ready = run.feed(frame)
            if ready is not None:
                yield from timeline.put(ready)
        if run is None:
            raise MediaError(
                f"Nothing of audio stream {index} of {media.path} can be decoded.",
                remedy="The file may be damaged; copy or download it again.",
                path=media.path,
                stream=index,
            )
        yield from timeline.put(run.finish())
        yield from timeline.rest()
    _report(source, media, clock.here, ears)


class _Clock:
    """Where the next sample belongs, by the frames' stamps as far as they can be believed."""

    def __init__(self, zero: Fraction, media: Media, ears: _Ears) -> None:
        self._begin = Fraction(0)
        self._samples = 0
        self._rate = 1
        self._shift = -zero
        # Stamp of ``_begin``, in floats: it is asked for a million times in ten hours, and exact
        # to 10 ps there.
        self._origin = float(zero)
        self._latest = media.duration + _BEYOND
        self._path = media.path
        self._ears = ears
        self._started = False
        self._warned = False

    @property
    def here(self) -> Fraction:
        """Time of the next sample in seconds."""
        return self._begin + Fraction(self._samples, self._rate)

    def pass_by(self, frame: Any) -> None:
        """``frame`` is laid out: the next sample is the one behind it."""
        if frame.sample_rate != self._rate:
            self._begin_at(self.here)
            self._rate = frame.sample_rate
        self._samples += frame.samples

    def moves_to(self, frame: Any) -> bool:
        """Whether ``frame`` does not simply follow; ``here`` is then where it belongs."""
        if frame.pts is None:
            return False
        ahead = frame.time - self._origin - self._samples / self._rate
        if self._started and abs(ahead) <= _SLACK:
            return False
        time = Fraction(frame.pts * frame.time_base) + self._shift
        distance = time - self.here
        restarted = self._started and distance < -_OVERLAP
        if restarted or time > self._latest or distance > _LONGEST_GAP:
            self._tell(time)
            self._shift -= distance
            self._origin = float(self._begin - self._shift)
            return False
        if self._started and distance >= _GAP:
            self._ears.faulty(SoundFault(kind="gap", span=Span(self.here, time)))
        self._started = True
        self._begin_at(time)
        return True

    def _begin_at(self, time: Fraction) -> None:
        """Count samples from ``time`` on."""
        self._begin, self._samples = time, 0
        self._origin = float(time - self._shift)

    def _tell(self, time: Fraction) -> None:
        here = max(self.here, Fraction(0))
        self._ears.faulty(SoundFault(kind="clock-jump", span=Span(here, here)))
        if not self._warned:
            self._warned = True
            self._ears.warn(
                f"The clock of {self._path} jumps from {clock_text(self.here)} to "
                f"{clock_text(time)}; the sound is taken to go on without a gap."
            )


def _report(source: Frames, media: Media, end: Fraction, ears: _Ears) -> None:
    """Tell what was damaged and whether the sound stopped early."""
    if source.damaged:
        whole = Span(Fraction(0), max(end, Fraction(0)))
        ears.faulty(SoundFault(kind="damaged", span=whole, count=source.damaged))
        ears.warn(f"{source.damaged} damaged packets of {media.path} became silence.")
    missing = media.duration - end
    if missing > _SHORT:
        ears.faulty(SoundFault(kind="cut-short", span=Span(max(end, Fraction(0)), media.duration)))
        ears.warn(
            f"The sound of {media.path} ends at {clock_text(end)}, {clock_text(missing)} before "
            "the end of the file as it states it; the file may be cut short."
        )


def clock_text(time: Fraction) -> str:
    """``time`` in seconds as ``H:MM:SS``, for messages."""
    whole = int(abs(time))
    return f"{'-' if time < 0 else ''}{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
