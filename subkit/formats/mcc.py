r"""MacCaption (``.mcc``): captions of line 21 and CEA-708 as ancillary data, a packet a frame.

Recipe: the head with its text, ``UUID``, ``Creation Program`` and ``Time Code Rate``, then a line
for each frame that carries data: time code, tab, an ancillary packet (DID 61, SDID 01) with a
caption packet of SMPTE ST 334-2 (time code, triplets, services, checksum), hexadecimal with the
format's letters for frequent groups. The rate is that of the media (23.976, 24, 25, 29.97 drop and
non-drop, 30, 50, 59.94, 60), else 29.97 drop-frame. A cue stands there twice: in channel 1 of field
1 as SCC has it, and in service 1 of CEA-708 with all its letters. Where line 21 has not the letters
(Korean), service 1 stands alone: Korean letters go as EUC-KR in P16 (0x18), as Korean broadcasters
send them, those of other scripts as Unicode.

The reader gives a track for each channel and service; a service that says the same as channel 1 is
read once. It knows EUC-KR and Unicode in P16. Wrong checksums, packets that are cut short and data
of other kinds are listed.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, uuid5

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode
from subkit.formats.captions608.caption_machine import Line21Field
from subkit.formats.captions608.caption_schedule import CaptionSchedule
from subkit.formats.captions608.line21 import PARITY
from subkit.formats.captions608.line21_letters import nearest_letters
from subkit.formats.captions708.caption_packets import (
    DIGITAL_DATA,
    DIGITAL_START,
    RATES,
    PacketMaker,
    parse_packet,
    triplets_a_frame,
)
from subkit.formats.captions708.service_codes import ServiceSchedule, digital_packet
from subkit.formats.captions708.service_cues import service_cues_of
from subkit.formats.captions708.service_windows import CaptionService
from subkit.formats.cue_text import in_order, plain_content
from subkit.formats.loss_tally import LossTally
from subkit.formats.losses import losses_of
from subkit.formats.mcc_lines import MCC_HEAD, hex_data, parse_mcc
from subkit.formats.scc import CARRIED_IN_608, channel_tracks
from subkit.formats.track_looks import with_looks
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import Carried, FrameRate, Media, Track, small_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.formats.captions708.caption_packets import Triplet
    from subkit.formats.mcc_lines import DataLine, MccText
    from subkit.model import Cue

__all__ = ["MccReader", "MccWriter"]

_DROP = FrameRate(Fraction(30000, 1001), drop_frame=True)
_HOLD = 4
"""Seconds that a last caption gets which nothing erases."""
_OWN_FIELDS = ("UUID", "Creation Program", "Creation Date", "Creation Time")
_STRANGE_SHARE = 0.2
"""Share of letters that line 21 has not, from which on a track is not written in it."""
_DIGITAL = CARRIED_IN_608 - {"delay", "area", "mode"}


class MccWriter:
    """Writes MacCaption; see the module for the recipe."""

    extension = "mcc"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """The file's bytes; ``note`` has no place in this format and is left out."""
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(self, track: Track, media: Media, asked: WriteRequest) -> WrittenFile:  # noqa: ARG002
        """Return the file's bytes and what it could not hold."""
        track = with_looks(track, "mcc")
        rate = media.frame_rate
        rate = rate if rate is not None and rate.rate in RATES.values() else _DROP
        start = media.programme_start
        lost = LossTally()
        cues = in_order(track)

        def frame(time: Fraction) -> int:
            return rate.frame(time + start)

        for cue in cues:
            times = (cue.span.start + start, cue.span.end + start)
            if any(rate.snap(time) != time for time in times):
                lost.add("times", cue.id)
        both = not _is_strange(cues)
        line21 = CaptionSchedule(frame, lost, step=2 if rate.nominal > 30 else 1)
        if both:
            line21.send(cues)
        # What the service cannot hold, line 21 cannot hold either, and has told.
        service = ServiceSchedule(
            frame,
            LossTally() if both else lost,
            room=2 * (triplets_a_frame(rate.rate) - 2),
            korean=_is_korean(track),
        )
        service.send(cues)
        language = _LANGUAGES.get(track.language.split("-")[0], "und")
        services = [(0, language), (1, language)] if both else [(1, language)]
        maker = PacketMaker(rate, services)
        lines = []
        for at, triplets in _frames(line21, service, rate):
            timecode = rate.timecode(rate.time(at))
            lines.append(f"{timecode}\t{hex_data(maker.packet(timecode, triplets))}")
        others = losses_of(track, CARRIED_IN_608 if both else _DIGITAL, format="mcc")
        data = "\n".join([*_head(track, rate, lines), *lines]) + "\n"
        return WrittenFile(data=data.encode(), losses=lost.losses(others))


_LANGUAGES = {
    "de": "deu",
    "en": "eng",
    "es": "spa",
    "fr": "fra",
    "it": "ita",
    "ja": "jpn",
    "ko": "kor",
    "pt": "por",
}
"""Three letters of ISO 639-2 for what captions are usually in."""


def _is_strange(cues: Sequence[Cue]) -> bool:
    letters = [letter for cue in cues for letter in cue.text if not letter.isspace()]
    strange = sum(nearest_letters(letter) == ("", False) for letter in letters)
    return strange > _STRANGE_SHARE * len(letters)


def _is_korean(track: Track) -> bool:
    hangul = any("\uac00" <= letter <= "\ud7a3" for cue in track.cues for letter in cue.text)
    return hangul or track.language.split("-")[0] == "ko"


def _frames(
    line21: CaptionSchedule, service: ServiceSchedule, rate: FrameRate
) -> Iterator[tuple[int, list[Triplet]]]:
    """The triplets of each frame that has some."""
    sequence = 0
    for at in sorted({*line21.pairs, *service.blocks}):
        triplets: list[Triplet] = []
        if at in line21.pairs:
            first, second = line21.pairs[at]
            triplets.append((0, PARITY[first], PARITY[second]))
        elif rate.nominal <= 30:
            triplets.append((0, 0x80, 0x80))
        if rate.nominal <= 30:
            triplets.append((1, 0x80, 0x80))
        if at in service.blocks:
            packet = digital_packet(service.blocks[at], sequence)
            sequence = (sequence + 1) % 4
            triplets += [
                (DIGITAL_DATA if i else DIGITAL_START, packet[i], packet[i + 1])
                for i in range(0, len(packet), 2)
            ]
        yield at, triplets


def _head(track: Track, rate: FrameRate, lines: Sequence[str]) -> list[str]:
    carried = [block.text for block in track.carried if block.format == "mcc"]
    own = [
        f"UUID={str(uuid5(NAMESPACE_OID, chr(10).join(lines))).upper()}",
        "Creation Program=subkit",
    ]
    label = f"{rate.nominal}{'DF' if rate.drop_frame else ''}"
    return [MCC_HEAD, *(carried or own), f"Time Code Rate={label}", ""]


class MccReader:
    """Reads MacCaption; see the module for what it takes."""

    extension = "mcc"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The first track and what was repaired; see :meth:`read_file`."""
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """Return a track for each caption channel and service that shows something.

        Raises:
            FormatError: not MacCaption, or none of its data shows a caption.
        """
        repairs = Repairs()
        text = parse_mcc(decode(data, asked.name, repairs, asked.language), asked.name, repairs)
        taken = _Taken(repairs)
        numbers: set[int] = set()
        last = -1
        for line in text.lines:
            last = max(last, _frame(line, text))
            numbers |= taken.take(line, last)
        rate = _rate(text, numbers, asked)
        tracks = taken.tracks(rate, last + 1, asked.language)
        if not tracks[0].cues:
            if text.lines:
                raise FormatError(
                    f"{asked.name!r}, line {text.lines[0].line}, column 1: its data never shows a "
                    "caption.",
                    remedy="Check that its packets are captions (61 01).",
                    line=text.lines[0].line,
                    column=1,
                )
            repairs.add("The file holds no cue")
        head = "\n".join(f"{key}={value}" for key, value in text.fields if key in _OWN_FIELDS)
        carried = (Carried(format="mcc", kind="head", text=head),) if head else ()
        shifted = tuple(
            plain_content(_with(track, carried), repairs, asked).tracks[0] for track in tracks
        )
        return FileContent(tracks=shifted, repairs=tuple(repairs.sentences()), rate=rate)


def _with(track: Track, carried: tuple[Carried, ...]) -> Track:
    return Track(id=track.id, language=track.language, cues=track.cues, carried=carried)


def _frame(line: DataLine, text: MccText) -> int:
    hours, minutes, secs, frames = line.timecode
    nominal = small_number(text.rate.removesuffix("DF"))
    nominal = nominal if nominal in (24, 25, 30, 50, 60) else 30
    number = ((hours * 60 + minutes) * 60 + secs) * nominal + frames
    if text.drop and nominal in (30, 60):
        whole = hours * 60 + minutes
        number -= nominal // 15 * (whole - whole // 10)
    return number


def _rate(text: MccText, numbers: set[int], asked: ReadRequest) -> FrameRate:
    """The frame rate: what the packets say where they agree with the time codes."""
    label = text.rate.removesuffix("DF")
    nominal = int(label) if label in ("24", "25", "30", "50", "60") else 30
    said = [RATES[number] for number in sorted(numbers) if number in RATES]
    said += [asked.rate.rate] if asked.rate is not None else []
    slow = {24: Fraction(24000, 1001), 30: Fraction(30000, 1001), 60: Fraction(60000, 1001)}
    if text.drop and nominal in (30, 60):
        return FrameRate(slow[nominal], drop_frame=True)
    found = next((rate for rate in said if round(rate) == nominal), None)
    return FrameRate(found or slow.get(nominal, Fraction(nominal)))


class _Taken:
    """The decoders of a file: two fields of line 21 and the services of CEA-708."""

    def __init__(self, repairs: Repairs) -> None:
        self._repairs = repairs
        self._fields = (Line21Field(repairs), Line21Field(repairs))
        self._services: dict[int, CaptionService] = {}
        self._packet = bytearray()

    def take(self, line: DataLine, at: int) -> set[int]:
        """Give the data of a line to its decoders; the numbers of frame rates it names."""
        place = f"line {line.line}"
        data = line.data
        if data[:2] != b"\x61\x01" or len(data) < 10:
            self._repairs.add("Ancillary data other than captions (61 01) was left out", place)
            return set()
        packet = parse_packet(data[3 : 3 + data[2]], self._repairs, place)
        if packet is None:
            return set()
        for field in self._fields:
            field.at_place(place)
        for kind, first, second in packet.triplets:
            if kind in (0, 1):
                self._fields[kind].feed(first, second, at)
                continue
            if kind == DIGITAL_START:
                self._packet = bytearray()
            self._packet += bytes((first, second))
            size = (self._packet[0] & 0x3F) * 2 or 128
            if len(self._packet) == size:
                self._blocks(bytes(self._packet), at, place)
        return {packet.rate}

    def _blocks(self, packet: bytes, at: int, place: str) -> None:
        index = 1
        while index < len(packet):
            number, size = packet[index] >> 5, packet[index] & 0x1F
            index += 1
            if number == 7 and size and index < len(packet):
                number = packet[index] & 0x3F
                index += 1
            if not number:
                return
            service = self._services.setdefault(number, CaptionService(self._repairs))
            service.place = place
            service.take(packet[index : index + size], at)
            index += size

    def tracks(self, rate: FrameRate, last: int, language: str) -> tuple[Track, ...]:
        """Return the tracks, those of line 21 first."""
        hold = _HOLD * rate.nominal
        (one, two), (three, four) = (field.finish(last, hold) for field in self._fields)
        channels = {"": one, ".cc2": two, ".cc3": three, ".cc4": four}
        found = [track for track in channel_tracks(channels, rate, language) if track.cues]
        for number, service in sorted(self._services.items()):
            cues = service_cues_of(service.finish(last, hold), rate.time)
            if cues and not any(_same(track.cues, cues, rate) for track in found):
                suffix = f".service{number}" if found else ""
                found.append(Track(id=language + suffix, language=language, cues=tuple(cues)))
        return tuple(found) or (Track(id=language, language=language),)


def _same(cues: Sequence[Cue], others: Sequence[Cue], rate: FrameRate) -> bool:
    """Whether two channels say the same, give or take a quarter of a second."""
    near = Fraction(rate.nominal // 4) / rate.rate
    return len(cues) == len(others) and all(
        _letters(one) == _letters(other) and abs(one.span.start - other.span.start) <= near
        for one, other in zip(cues, others, strict=True)
    )


def _letters(cue: Cue) -> str:
    """What line 21 shows of a cue's text."""
    shown = "".join(nearest_letters(letter)[0] for letter in cue.text if letter != "\n")
    return "".join(shown.split())
