"""What a container holds of a subtitle track: its packets, as they stand there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["PacketTrack", "TextPacket"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPacket:
    """One packet of a text track.

    Attributes:
        start: In-time in seconds from the first picture; negative where it began before it.
        end: Out-time; ``None`` where the container gives no duration.
        data: The bytes as they stand in the container.
        ident: The cue's id, where the container keeps it beside the bytes (WebVTT).
        settings: The cue's settings, kept likewise.
    """

    start: Fraction
    end: Fraction | None
    data: bytes
    ident: str = ""
    settings: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketTrack:
    """A text track out of a container.

    Attributes:
        codec: What the packets hold: ``srt``, ``webvtt``, ``ass``, ``mov_text``, ``ttml``.
        packets: In the order of their in-times.
        header: What stands before all packets, such as the styles of ASS; may be empty.
        name: Of the track, for messages: ``"film.mkv, stream 2"``.
        language: BCP 47, ``"und"`` where nobody knows.
    """

    codec: str
    packets: tuple[TextPacket, ...]
    header: bytes
    name: str
    language: str
