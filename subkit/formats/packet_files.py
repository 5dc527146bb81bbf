"""Packets of a container -> the file that they were made of.

SubRip: the text of a packet is the cue's lines, and its times are the container's. WebVTT:
likewise, with the id and the settings beside the text; the header holds what stood before the first
cue. ASS: the header is the script up to its events; a packet is ``ReadOrder, Layer, Style, Name,
margins, Effect, Text``, and ``ReadOrder`` says where it stood in the file. TTML: each packet is a
document. (Matroska "Subtitles" and "Codec Mappings"; ISO 14496-30.) The bytes of the text are given
back as they are.

One thing cannot be given back: an empty line within a cue, which would end it. It is left out, and
said.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs
from subkit.formats.text_times import stamp
from subkit.model import small_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.interfaces.text_packets import PacketTrack, TextPacket

__all__ = ["FILE_FORMATS", "file_of_packets", "shown_until"]

FILE_FORMATS = {
    "srt": "srt",
    "webvtt": "vtt",
    "ass": "ass",
    "mov_text": "srt",
    "ttml": "ttml",
}
"""Codec -> the format of the file that it is taken out to, where nobody asks for another."""

_LONGEST = Fraction(5)
"""Seconds that a cue without an out-time stays, unless the next one comes before."""

_FIELDS = ("Layer", "Style", "Name", "MarginL", "MarginR", "MarginV", "Effect", "Text")
_FORMAT = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"


def file_of_packets(track: PacketTrack, repairs: Repairs) -> bytes:
    """Return the bytes of the file, in the format of the track's codec.

    Args:
        track: Of ``srt``, ``webvtt``, ``ass``, or of ``ttml`` with one document.
        repairs: Hears what could not be given back.

    Raises:
        FormatError: a packet is not what its codec demands, or no file is made of this codec.
    """
    if track.codec == "srt":
        blocks = list(_srt_blocks(track, repairs))
    elif track.codec == "webvtt":
        blocks = list(_vtt_blocks(track, repairs))
    elif track.codec == "ass":
        return _script(track, repairs)
    elif track.codec == "ttml" and len(track.packets) == 1:
        return track.packets[0].data
    else:
        raise FormatError(f"{track.name}: no file is made of {track.codec} packets as they are.")
    return b"\n".join(blocks)


def shown_until(track: PacketTrack, repairs: Repairs) -> Iterator[tuple[TextPacket, Fraction]]:
    """Yield packets with their out-times; one that has none ends before the next, or after 5 s."""
    for number, packet in enumerate(track.packets):
        if packet.end is not None:
            yield packet, packet.end
            continue
        later = (p.start for p in track.packets[number + 1 : number + 50] if p.start > packet.start)
        repairs.add("A cue has no out-time; it was given one")
        yield packet, min(next(later, packet.start + _LONGEST), packet.start + _LONGEST)


def _timed(track: PacketTrack, repairs: Repairs) -> Iterator[tuple[TextPacket, Fraction, Fraction]]:
    """Packets with times that a file can hold."""
    for packet, end in shown_until(track, repairs):
        if end <= 0:
            repairs.add("A cue ends before the first picture; it was left out")
            continue
        if packet.start < 0:
            repairs.add("A cue begins before the first picture; it begins with it now")
        yield packet, max(packet.start, Fraction(0)), end


def _lines(data: bytes, repairs: Repairs) -> bytes:
    """The lines of a payload, each closed by a line break, without those that would end the cue."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip(b"\n\0").split(b"\n")
    kept = [line for line in lines if line.strip()]
    if len(kept) < len(lines) and kept:
        repairs.add("An empty line within a cue was left out: it would end the cue")
    return b"".join(line + b"\n" for line in kept)


def _srt_blocks(track: PacketTrack, repairs: Repairs) -> Iterator[bytes]:
    for number, (packet, start, end) in enumerate(_timed(track, repairs), start=1):
        head = f"{number}\n{stamp(start, ',')} --> {stamp(end, ',')}\n"
        yield head.encode() + _lines(packet.data, repairs)


def _vtt_blocks(track: PacketTrack, repairs: Repairs) -> Iterator[bytes]:
    header = track.header.replace(b"\r\n", b"\n").strip()
    yield (header if header.startswith(b"WEBVTT") else b"WEBVTT\n\n" + header).strip() + b"\n"
    for packet, start, end in _timed(track, repairs):
        ident = _one_line(packet.ident)
        settings = _one_line(packet.settings)
        head = f"{ident}\n" if ident else ""
        head += " ".join(filter(None, (f"{stamp(start, '.')} --> {stamp(end, '.')}", settings)))
        yield f"{head}\n".encode() + _lines(packet.data, repairs)


def _one_line(text: str) -> str:
    return " ".join(text.replace("-->", "").split())


def _script(track: PacketTrack, repairs: Repairs) -> bytes:
    """The script, its events where they belong: behind the other lines of their section."""
    header = track.header.replace(b"\r\n", b"\n").strip(b"\0\n ").split(b"\n")
    begin = next((n for n, line in enumerate(header) if line.strip().lower() == b"[events]"), None)
    if begin is None:
        header += [b"", b"[Events]", b"Format: " + _FORMAT.encode()]
        begin = len(header) - 2
    rest = range(begin + 1, len(header))
    end = next((n for n in rest if header[n].lstrip().startswith(b"[")), len(header))
    while end > begin + 1 and not header[end - 1].strip():
        end -= 1
    stated = [line for line in header[begin:end] if line.lower().startswith(b"format:")]
    names = (stated[0].decode(errors="replace") if stated else f"Format: {_FORMAT}")[7:].split(",")
    columns = [name.strip().lower() for name in names]
    if not stated:
        header.insert(begin + 1, b"Format: " + _FORMAT.encode())
        end += 1
    events = [line for _, line in sorted(_events(track, columns, repairs), key=lambda e: e[0])]
    return b"\n".join((*header[:end], *events, *header[end:])) + b"\n"


def _events(
    track: PacketTrack, columns: Iterable[str], repairs: Repairs
) -> Iterator[tuple[int, bytes]]:
    """Lines of events, each with its place in the file that it came from."""
    for packet, start, end in _timed(track, repairs):
        order, comma, rest = packet.data.rstrip(b"\r\n\0").partition(b",")
        parts = rest.split(b",", len(_FIELDS) - 1)
        number = small_number(order.decode("ascii", "replace"))
        if not comma or len(parts) < len(_FIELDS) or number is None:
            repairs.add("An event is not what ASS demands; it was left out")
            continue
        fields = {name.lower(): part for name, part in zip(_FIELDS, parts, strict=True)}
        fields |= {"start": _clock(start), "end": _clock(end), "marked": b"Marked=0"}
        line = b",".join(fields.get(column, b"") for column in columns)
        yield number, b"Dialogue: " + line.replace(b"\r\n", b"\\N").replace(b"\n", b"\\N")


def _clock(time: Fraction) -> bytes:
    """``H:MM:SS.cc``, the nearest centisecond."""
    whole = int(time * 100 + Fraction(1, 2))
    seconds, hundredths = divmod(whole, 100)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{hundredths:02}".encode()
