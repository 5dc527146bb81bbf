"""MP4 timed text (``tx3g``, 3GPP TS 26.245) -> a track; read only, written by ffmpeg.

A packet is the length of a text, the text, and boxes. ``styl`` says of stretches of it, counted in
characters, whether they are bold, italic or underlined, their size and colour; a stretch that looks
as the track's usual text is none. An empty text is the pause between two cues. A track that is
always shown (``forced``) says so in its header.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.formats.packet_files import shown_until
from subkit.model import Cue, Span, Track
from subkit.model.mark_moves import sorted_marks
from subkit.model.styling import Feature, Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.files.plain_text import Repairs
    from subkit.interfaces.text_packets import PacketTrack

__all__ = ["track_of_mov_text"]

_FACES = ((1, Feature.BOLD), (2, Feature.ITALIC), (4, Feature.UNDERLINE))
_RECORD = struct.Struct(">HHHBB4s")


@dataclass(frozen=True, slots=True)
class _Usual:
    """How text looks of which no box speaks."""

    face: int = 0
    size: int = 0
    color: bytes = b"\xff\xff\xff\xff"


def track_of_mov_text(track: PacketTrack, repairs: Repairs) -> Track:
    """Return the cues of a track of MP4 timed text.

    Raises:
        FormatError: a packet is shorter than it says.
    """
    usual = _usual(track.header)
    cues: list[Cue] = []
    for packet, end in shown_until(replace(track, packets=tuple(_texts(track))), repairs):
        text, boxes = _parted(packet.data, track.name)
        if end <= 0 or end <= packet.start:
            repairs.add("A cue ends before the first picture or lasts no time; it was left out")
            continue
        marks = tuple(_marks(boxes, text, usual))
        clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
        if clean != text:  # offsets count characters as they stood
            marks = ()
            repairs.add("A cue has other line breaks than its styles count; they were left out")
        stripped = clean.rstrip("\n")
        marks = tuple(m for m in marks if m.end <= len(stripped))
        cues.append(
            Cue(
                id=str(len(cues) + 1),
                span=Span(max(packet.start, Fraction(0)), end),
                lines=tuple(stripped.split("\n")),
                marks=tuple(sorted_marks(marks)),
            )
        )
    return Track(id=track.language, language=track.language, cues=tuple(cues))


def _texts(track: PacketTrack) -> Iterator:  # type: ignore[type-arg]
    return (packet for packet in track.packets if packet.data[:2] not in (b"", b"\0", b"\0\0"))


def _usual(header: bytes) -> _Usual:
    """The default style of the sample description, behind flags, places, colour and box."""
    if len(header) < 30:
        return _Usual()
    _, _, _, face, size, color = _RECORD.unpack_from(header, 18)
    return _Usual(face, size, color)


def _parted(data: bytes, name: str) -> tuple[str, bytes]:
    length = int.from_bytes(data[:2], "big")
    text = data[2 : 2 + length]
    if len(text) < length:
        raise FormatError(
            f"{name}: a text says that it has {length} bytes, and has {len(text)}.",
            remedy="The file may be cut short; copy it again.",
        )
    encoding = "utf-16" if text[:2] in (b"\xfe\xff", b"\xff\xfe") else "utf-8"
    return text.decode(encoding, errors="replace").strip("\0"), data[2 + length :]


def _marks(boxes: bytes, text: str, usual: _Usual) -> Iterator[Mark]:
    """Marks of the ``styl`` boxes, as far as they speak of letters that are there."""
    while len(boxes) >= 8:
        size = int.from_bytes(boxes[:4], "big")
        if size < 8 or size > len(boxes):
            return
        if boxes[4:8] == b"styl":
            yield from _styles(boxes[10:size], text, usual)
        boxes = boxes[size:]


def _styles(records: bytes, text: str, usual: _Usual) -> Iterator[Mark]:
    for place in range(0, len(records) - _RECORD.size + 1, _RECORD.size):
        start, end, _, face, size, color = _RECORD.unpack_from(records, place)
        end = min(end, len(text))
        if start >= end:
            continue
        for bit, feature in _FACES:
            if face & bit and not usual.face & bit:
                yield Mark(start=start, end=end, feature=feature)
        if color != usual.color:
            yield Mark(start=start, end=end, feature=Feature.COLOR, value=f"#{color.hex()}")
        if usual.size and size != usual.size:
            percent = str(round(100 * size / usual.size))
            yield Mark(start=start, end=end, feature=Feature.SIZE, value=percent)
