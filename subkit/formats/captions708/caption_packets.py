"""Caption distribution packets (SMPTE ST 334-2), one a frame, inside ancillary data packets."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.files.plain_text import Repairs
    from subkit.model import FrameRate

__all__ = [
    "DIGITAL_DATA",
    "DIGITAL_START",
    "FIELDS",
    "RATES",
    "CaptionPacket",
    "PacketMaker",
    "Triplet",
    "parse_packet",
    "triplets_a_frame",
]

RATES = {
    1: Fraction(24000, 1001),
    2: Fraction(24),
    3: Fraction(25),
    4: Fraction(30000, 1001),
    5: Fraction(30),
    6: Fraction(50),
    7: Fraction(60000, 1001),
    8: Fraction(60),
}
"""Number in a packet -> frames a second."""

FIELDS = (0, 1)
"""Kinds of a triplet that carry line 21, field 1 and 2."""
DIGITAL_DATA, DIGITAL_START = 2, 3
_ID = b"\x96\x69"
_TIME, _DATA, _SERVICES, _FOOTER = 0x71, 0x72, 0x73, 0x74

Triplet = tuple[int, int, int]
"""Kind and two bytes."""


@dataclass(frozen=True, slots=True)
class CaptionPacket:
    """What a packet holds: the number of its frame rate, and its valid triplets."""

    rate: int
    triplets: tuple[Triplet, ...]


def triplets_a_frame(rate: Fraction) -> int:
    """Return how many triplets a packet has: 600 a second, rounded down as the standard does."""
    return {24: 25, 25: 24, 30: 20, 50: 12, 60: 10}.get(round(rate), 20)


def parse_packet(data: bytes, repairs: Repairs, place: str) -> CaptionPacket | None:
    """Return what a caption packet holds; ``None`` where it is none.

    Args:
        data: From its identifier on.
        repairs: Hears of a wrong length or checksum, and of sections that are not kept.
        place: Where it stands in the file.
    """
    if not data.startswith(_ID) or len(data) < 7:
        repairs.add("Ancillary data that is not a caption packet was left out", place)
        return None
    length = data[2]
    if length > len(data):
        repairs.add("A caption packet that is cut short was read as far as it goes", place)
    elif sum(data[:length]) & 0xFF:
        repairs.add("Caption packets with a wrong checksum were read all the same", place)
    return CaptionPacket(data[3] >> 4, tuple(_triplets(data[:length], repairs, place)))


def _triplets(data: bytes, repairs: Repairs, place: str) -> Iterator[Triplet]:
    at = 7
    while at + 1 < len(data) and data[at] != _FOOTER:
        kind = data[at]
        if kind == _TIME:
            at += 5
        elif kind == _SERVICES:
            at += 2 + 7 * (data[at + 1] & 0x0F)
        elif kind == _DATA:
            end = at + 2 + 3 * (data[at + 1] & 0x1F)
            if data[end : end + 1] not in (b"\x71", b"\x73", b"\x74", b""):
                end = len(data) - 4  # more triplets than its five bits can count
            for i in range(at + 2, min(end, len(data) - 2), 3):
                if data[i] & 0x04:
                    yield data[i] & 0x03, data[i + 1], data[i + 2]
            at = end
        else:
            repairs.add("A section of a caption packet that has no meaning was left out", place)
            at += 2 + data[at + 1]


class PacketMaker:
    """Makes the caption packets of a file, one a frame."""

    def __init__(self, rate: FrameRate, services: Sequence[tuple[int, str]]) -> None:
        """Make packets of a rate.

        Args:
            rate: Its timecode and the triplets of a packet follow.
            services: Number of each service, 0 for line 21, and its language in three letters.
        """
        self._rate = rate
        self._number = next(n for n, known in RATES.items() if known == rate.rate)
        self._count = triplets_a_frame(rate.rate)
        self._services = self._info(services)
        self._sequence = 0

    def packet(self, timecode: str, triplets: Sequence[Triplet]) -> bytes:
        """Return the ancillary packet of a frame: its header, the caption packet, its checksum."""
        body = bytearray()
        for kind, first, second in triplets:
            body += bytes((0xFC | kind, first, second))
        for _ in range(self._count - len(triplets)):
            body += bytes((0xFA, 0, 0))
        sections = self._time(timecode) + bytes((_DATA, 0xE0 | self._count)) + bytes(body)
        sections += self._services
        sequence = self._sequence.to_bytes(2, "big")
        self._sequence = (self._sequence + 1) & 0xFFFF
        footer = bytes((_FOOTER,)) + sequence
        length = 7 + len(sections) + 4
        head = _ID + bytes((length, self._number << 4 | 0x0F, 0xF7)) + sequence
        whole = head + sections + footer
        whole += bytes((-sum(whole) & 0xFF,))
        ancillary = bytes((0x61, 0x01, len(whole))) + whole
        return ancillary + bytes((sum(ancillary) & 0xFF,))

    def _time(self, timecode: str) -> bytes:
        hours, minutes, secs, frames = (int(part) for part in timecode.replace(";", ":").split(":"))
        half = 0
        if self._rate.nominal > 30:
            frames, half = divmod(frames, 2)
        drop = 0x80 if self._rate.drop_frame else 0
        clock = (0xC0 | _bcd(hours % 24), 0x80 | _bcd(minutes), half << 7 | _bcd(secs))
        return bytes((_TIME, *clock, drop | _bcd(frames)))

    def _info(self, services: Sequence[tuple[int, str]]) -> bytes:
        """The section that names the services (caption service descriptors of ATSC A/65)."""
        found = bytearray((_SERVICES, 0xF0 | len(services)))
        for number, language in services:
            tag = language.encode("ascii", "replace")[:3].ljust(3)
            kind = 0xC0 | number if number else 0x7E
            found += bytes((0x80 | number,)) + tag + bytes((kind, 0x3F, 0xFF))
        return bytes(found)


def _bcd(value: int) -> int:
    return value // 10 << 4 | value % 10
