"""What a media file is: times, streams, frame rate, programme start. Read through PyAV."""

from __future__ import annotations

import logging
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.errors import MediaError, PlanError, TimecodeError
from subkit.language import parse_language
from subkit.media.container import demux, open_media, require_file
from subkit.media.file_digest import media_digest
from subkit.media.stream_timing import find_beginnings, frame_rate, is_uneven, main_video
from subkit.model import AudioStream, FrameRate, Media

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from av.container import InputContainer

    from subkit.media.stream_timing import Beginnings

    Stream = Any

__all__ = ["probe", "stream_language"]

_LOG = logging.getLogger(__name__)
# Seconds: pictures go back by their reordering and sound may pause; a clock jumps further.
_BACK, _AHEAD = 1, 3600
_DROP_RATES = {Fraction(30000, 1001), Fraction(60000, 1001)}
# Bare streams: their length is only guessed from the bit rate, so they are read through.
_EXTRAS = {
    "commentary": re.compile(r"\bcomment(?:ary|aries)?\b|kommentar|commentaire|comentario", re.I),
    "audio description": re.compile(r"audio.?descri|descriptive|\bDVS\b|\bAD\b|hörfilm", re.I),
}
# The clock of a transport stream may begin anew at every splice: nothing it states is its length.
_SPLICED = "mpegts"
_BARE = {"aac", "ac3", "eac3", "dts", "loas", "truehd", "h264", "hevc", "m4v", "mpegvideo"}


def probe(path: Path, *, warn: Callable[[str], None] | None = None) -> Media:
    """Everything the project needs to know of a media file.

    Zero is the first picture as a player shows it, or the first sample where there is no video. A
    file without audio is fine here (see ``require_audio``), and so is one without video.

    Args:
        path: The file.
        warn: Takes one sentence for each thing a person should know of.

    Raises:
        InputError: no such file, not a regular file, empty or not readable.
        MediaError: not media, damaged, a playlist, or without any picture and sound.
    """
    found = require_file(path)
    with open_media(found) as container:
        video = main_video(container)
        if video is None and not container.streams.audio:
            raise MediaError(
                f"{found} holds neither video nor audio ({_others(container)}).",
                remedy="Name the film or sound file.",
                path=str(found),
            )
        beginnings = find_beginnings(container)
        duration = _duration(container, video, beginnings, found)
        rate, uneven = _rate(video, beginnings)
        start, dropping = _programme_start(container, video, rate, warn or _LOG.warning)
        return Media(
            path=str(found),
            digest=media_digest(found),
            duration=duration,
            frame_rate=None if rate is None else FrameRate(rate, drop_frame=dropping),
            variable_frame_rate=uneven,
            programme_start=start,
            audio=tuple(_audio(container, beginnings)),
            width=video.codec_context.width if video and video.codec_context else 0,
            height=video.codec_context.height if video and video.codec_context else 0,
        )


def _others(container: InputContainer) -> str:
    kinds = sorted({stream.type for stream in container.streams})
    return "only " + ", ".join(kinds) if kinds else "no streams"


def _audio(container: InputContainer, beginnings: Beginnings) -> Iterator[AudioStream]:
    from av.stream import Disposition

    for index, stream in enumerate(container.streams.audio):
        context = stream.codec_context
        title = stream.metadata.get("title") or stream.metadata.get("handler_name")
        yield AudioStream(
            index=index,
            codec=context.name if context is not None else "unknown",
            channels=stream.channels if context is not None else 0,
            layout=stream.layout.name if context is not None else "",
            sample_rate=stream.sample_rate if context is not None else 0,
            language=stream_language(stream.metadata.get("language", "")),
            title=None if title == "SoundHandler" else title,
            start=beginnings.audio.get(stream.index, beginnings.zero) - beginnings.zero,
            default=bool(stream.disposition & Disposition.default),
            extra=_extra(int(stream.disposition), title or ""),
        )


def _extra(disposition: int, title: str) -> str:
    """What a stream is beside the film's own sound, by its flags, else by its title."""
    from av.stream import Disposition

    if disposition & int(Disposition.comment):
        return "commentary"
    if disposition & int(Disposition.visual_impaired | Disposition.descriptions):
        return "audio description"
    return next((kind for kind, words in _EXTRAS.items() if words.search(title)), "")


def stream_language(tag: str) -> str | None:
    """A container's language tag (mostly ISO 639-2) as BCP 47; ``None`` where it says nothing."""
    tag = tag.strip("\0 ")[:40]
    try:
        known = parse_language(tag).tag
    except PlanError:
        known = tag
    return None if known in {"", "und", "mul", "mis", "zxx"} else known


def _rate(video: Stream | None, beginnings: Beginnings) -> tuple[Fraction | None, bool]:
    if video is None:
        return None, False
    stamps = _indexed(video) or ([] if beginnings.sparse else beginnings.stamps)
    uneven = is_uneven(stamps, video.time_base or Fraction(1, 1000))
    stated = [video.average_rate, video.guessed_rate, video.base_rate]
    if uneven:
        # Only the mean is true of all of it; the beginning may well be regular.
        return frame_rate(stated[:1], []) or frame_rate(stated, beginnings.stamps), True
    return frame_rate(stated, beginnings.stamps), False


def _indexed(video: Stream) -> list[Fraction]:
    """Frame times from the file's index at nine places, where the index lists every frame."""
    entries = video.index_entries
    length = len(entries)
    if not video.frames or length < video.frames * 9 // 10 or length < 1000:
        return []
    stamps: set[Fraction] = set()
    for part in range(9):
        begin = (length - 100) * part // 8
        stamps.update(entry.timestamp * video.time_base for entry in entries[begin : begin + 100])
    # Eight distances lead from place to place; they stay below the share that counts as uneven.
    return sorted(stamps)


def _duration(
    container: InputContainer, video: Stream | None, beginnings: Beginnings, path: Path
) -> Fraction:
    streams = [*container.streams.audio, *([video] if video is not None else [])]
    ends = []
    if container.format.name == _SPLICED:
        return _played(path, container, beginnings)
    if container.format.name not in _BARE:
        for stream in streams:
            if stream.duration and stream.time_base:
                first = stream.start_time or 0
                ends.append((first + stream.duration) * stream.time_base)
        if not ends and container.duration:
            ends.append(Fraction((container.start_time or 0) + container.duration, 1_000_000))
    if not ends:
        ends.append(_last_time(path))
    duration = Fraction(max(ends)) - beginnings.zero
    if duration <= 0:
        raise _empty(path)
    return duration


def _played(path: Path, stated: InputContainer, beginnings: Beginnings) -> Fraction:
    """How long a transport stream plays, read through (no decoding): its clock may begin anew.

    Raises:
        MediaError: it holds nothing to hear or see.
    """
    kinds = {s.index for s in (*stated.streams.audio, *stated.streams.video)}
    ends: dict[int, Fraction] = {}
    shifts: dict[int, Fraction] = {}
    with open_media(path) as container:
        for packet in demux(container):
            if packet.stream_index not in kinds or packet.pts is None:
                continue
            index, shift = packet.stream_index, shifts.get(packet.stream_index, Fraction(0))
            begin = packet.pts * packet.time_base + shift
            end = begin + (packet.duration or 0) * packet.time_base
            ahead = begin - ends.get(index, begin)
            if ahead < -_BACK or ahead > _AHEAD:
                shifts[index] = shift - ahead
                end -= ahead
            ends[index] = max(end, ends.get(index, end))
    duration = max(ends.values(), default=Fraction(0)) - beginnings.zero
    if duration <= 0:
        raise _empty(path)
    return duration


def _empty(path: Path) -> MediaError:
    return MediaError(
        f"{path} has a duration of zero: there is nothing in it to hear or see.",
        remedy="The recording or copy was cut short; copy it again.",
        path=str(path),
    )


def _last_time(path: Path) -> Fraction:
    """End of the last packet, found by reading the file through (no decoding)."""
    last = Fraction(0)
    with open_media(path) as container:
        for packet in demux(container):
            if packet.pts is not None:
                last = max(last, (packet.pts + (packet.duration or 0)) * packet.time_base)
    return last


def _programme_start(
    container: InputContainer,
    video: Stream | None,
    rate: Fraction | None,
    warn: Callable[[str], None],
) -> tuple[Fraction, bool]:
    """Programme start in seconds, and whether its timecode drops frame numbers."""
    tags = _tags(container, "timecode", video)
    if rate is not None and tags:
        text = re.sub(r"[;.](?=\d\d[:;.]\d\d)", ":", tags[0].strip())
        dropping = ";" in text and rate in _DROP_RATES
        try:
            return FrameRate(rate, drop_frame=dropping).parse_timecode(text), dropping
        except TimecodeError as error:
            warn(
                f"The start timecode of {container.name.removeprefix('file:')} is not used: {error}"
            )
    # Broadcast Wave (EBU Tech 3285): samples since midnight.
    reference = container.metadata.get("time_reference", "")
    audio = container.streams.audio
    if video is None and audio and reference.isdecimal() and audio[0].sample_rate:
        return Fraction(int(reference[:18]), audio[0].sample_rate), False
    return Fraction(0), False


def _tags(container: InputContainer, name: str, video: Stream | None) -> list[str]:
    """Values of a tag: of the picture, then the container, then timecode tracks (tmcd)."""
    places = [video.metadata] if video is not None else []
    places += [container.metadata, *(stream.metadata for stream in container.streams.data)]
    return [value for place in places for key, value in place.items() if key.lower() == name]
