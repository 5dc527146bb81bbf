"""Subtitle tracks and fonts inside media files: which there are, and their packets.

PyAV only takes the file apart here. What it decodes has lost ``{curly}`` text, ids and settings,
so the bytes of the packets go on as they are; what they mean is known to ``subkit.formats``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.errors import MediaError
from subkit.interfaces.text_packets import PacketTrack, TextPacket
from subkit.media.container import demux, open_media, require_file
from subkit.media.probing import stream_language
from subkit.media.stream_timing import find_beginnings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from av.container import InputContainer

    Stream = Any

__all__ = ["Attachment", "TextStream", "TextStreams", "find_text", "read_packets"]

_PICTURES = {
    "dvdsub": "VobSub pictures",
    "pgssub": "PGS pictures",
    "dvbsub": "DVB pictures",
    "xsub": "DivX pictures",
}
_TEXT = {
    "srt": "SubRip",
    "subrip": "SubRip",
    "text": "plain text",
    "webvtt": "WebVTT",
    "ass": "ASS",
    "ssa": "ASS",
    "mov_text": "MP4 timed text",
    "ttml": "TTML",
    "libzvbi_teletextdec": "teletext",
    "dvb_teletext": "teletext",
}
_SAME = {"subrip": "srt", "text": "srt", "ssa": "ass", "libzvbi_teletextdec": "dvb_teletext"}
_MAX_BYTES = 64 << 20
"""Of one track: a thousand times a feature film's text."""
_MAX_ATTACHED = 512 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStream:
    """A subtitle track of a media file.

    Attributes:
        index: Its number among all streams of the file, as players and ffmpeg count.
        codec: ``srt``, ``webvtt``, ``ass``, ``mov_text``, ``ttml``, ``dvb_teletext``, or as libav
            names it; empty where libav does not know it.
        title: Its own name in the file; empty where it has none.
        called: What its codec is, for people: ``"SubRip"``, ``"PGS pictures"``.
        kind: ``"text"``, ``"pictures"`` or ``"unknown"``.
        language: BCP 47; ``None`` where the file does not say.
        default: It is shown unless the viewer chooses.
        forced: It is shown also to viewers who want no subtitles.
        sdh: It is for the deaf and hard of hearing.
        pages: Numbers of teletext pages.
    """

    index: int
    codec: str
    called: str
    kind: str
    title: str = ""
    language: str | None = None
    default: bool = False
    forced: bool = False
    sdh: bool = False
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file inside a media file, mostly a font."""

    name: str
    mimetype: str
    data: bytes = field(repr=False)

    @property
    def is_font(self) -> bool:
        """Whether it is a font, by its type or its name."""
        ending = self.name.lower().rpartition(".")[2]
        return "font" in self.mimetype or ending in {"ttf", "otf", "ttc", "otc"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStreams:
    """What a media file holds for the screen beside its picture.

    Attributes:
        streams: Its subtitle tracks.
        attachments: Files inside it.
        zero: Where its first picture stands on its own clock, in seconds.
        began: Where its earliest stream begins on it: where ffmpeg begins to count.
        duration: In seconds; 0 where the file does not say.
    """

    streams: tuple[TextStream, ...]
    attachments: tuple[Attachment, ...]
    zero: Fraction
    began: Fraction
    duration: Fraction


def find_text(path: Path) -> TextStreams:
    """Return the subtitle tracks and attachments of a media file.

    Raises:
        InputError: no such file, or it cannot be read.
        MediaError: not media.
    """
    with open_media(path) as container:
        streams = tuple(_described(s) for s in container.streams if s.type == "subtitle")
        attachments = tuple(_attached(container, path))
        began = Fraction(container.start_time or 0, 1_000_000)
        duration = Fraction(container.duration or 0, 1_000_000)
        heard = bool(container.streams.video or container.streams.audio)
        zero = find_beginnings(container).zero if heard else Fraction(0)
    return TextStreams(
        streams=streams, attachments=attachments, zero=zero, began=began, duration=duration
    )


def _described(stream: Stream) -> TextStream:
    from av.stream import Disposition

    context = stream.codec_context
    name = context.name if context is not None else ""
    kind = "text" if name in _TEXT else "pictures" if name in _PICTURES else "unknown"
    tags = {key.lower(): value for key, value in stream.metadata.items()}
    title = tags.get("title") or tags.get("name") or ""
    disposition = Disposition(stream.disposition)
    pages = _pages(bytes(context.extradata or b"")) if _TEXT.get(name) == "teletext" else ()
    return TextStream(
        index=stream.index,
        codec=_SAME.get(name, name),
        called=_TEXT.get(name) or _PICTURES.get(name) or name or "unknown",
        kind=kind,
        title=" ".join(title.split())[:200],
        language=stream_language(tags.get("language", "").split(",")[0]),
        default=bool(disposition & Disposition.default),
        forced=bool(disposition & Disposition.forced),
        sdh=bool(disposition & Disposition.hearing_impaired),
        pages=pages,
    )


def _pages(descriptor: bytes) -> tuple[int, ...]:
    """Teletext pages as the descriptor names them: type and magazine, then the page in BCD."""
    pairs = zip(descriptor[::2], descriptor[1::2], strict=False)
    return tuple(((m & 7) or 8) * 100 + (page >> 4) * 10 + (page & 15) for m, page in pairs)


def _attached(container: InputContainer, path: Path) -> Iterator[Attachment]:
    total = 0
    attached: list[Stream] = [s for s in container.streams if s.type == "attachment"]
    for stream in attached:
        data = bytes(stream.data or b"")
        total += len(data)
        if total > _MAX_ATTACHED:
            raise MediaError(f"{path} has more than {_MAX_ATTACHED >> 20} MiB of attachments.")
        tags = {key.lower(): value for key, value in stream.metadata.items()}
        name = tags.get("filename", f"attachment-{stream.index}")
        yield Attachment(name=name, mimetype=tags.get("mimetype", ""), data=data)


def read_packets(
    path: Path,
    streams: Iterable[TextStream],
    zero: Fraction,
    tell: Callable[[float], None] = lambda _: None,
) -> dict[int, PacketTrack]:
    """Return the packets of subtitle tracks by stream index; the file is read through once.

    Args:
        path: The media file.
        streams: Which, as :func:`find_text` gave them.
        zero: Of the times, in seconds on the file's clock.
        tell: Hears how many seconds of it are read.

    Raises:
        MediaError: the file is damaged, or a track has more than 64 MiB.
    """
    found = require_file(path)
    wanted = {stream.index: stream for stream in streams}
    packets: dict[int, list[TextPacket]] = {index: [] for index in wanted}
    sizes = dict.fromkeys(wanted, 0)
    headers: dict[int, bytes] = {}
    with open_media(found) as container:
        for index in wanted:
            context = container.streams[index].codec_context
            headers[index] = bytes(context.extradata or b"") if context is not None else b""
        for packet in demux(container):
            if packet.pts is None:
                continue
            index, start = packet.stream_index, packet.pts * packet.time_base
            if index not in wanted:
                tell(float(start))
                continue
            sizes[index] += packet.size
            if sizes[index] > _MAX_BYTES:
                raise MediaError(f"{found}, stream {index} has more than 64 MiB of text.")
            packets[index].append(_taken(packet, start - zero))
    return {
        index: PacketTrack(
            codec=stream.codec,
            packets=tuple(sorted(packets[index], key=lambda packet: packet.start)),
            header=headers[index],
            name=f"{path.name}, stream {index}",
            language=stream.language or "und",
        )
        for index, stream in wanted.items()
    }


def _taken(packet: Any, start: Fraction) -> TextPacket:
    beside = {
        side.data_type: bytes(side).decode(errors="replace") for side in packet.iter_sidedata()
    }
    lasting = (packet.duration or 0) * packet.time_base
    return TextPacket(
        start=start,
        end=start + lasting if lasting > 0 else None,
        data=bytes(packet),
        ident=beside.get("webvtt_identifier", ""),
        settings=beside.get("webvtt_settings", ""),
    )
