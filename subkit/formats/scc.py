r"""Scenarist closed captions (``.scc``): line 21 captions (CEA-608) as hexadecimal pairs.

Recipe: ``Scenarist_SCC V1.0``, an empty line, then lines of a time code, a tab and pairs, each
followed by an empty line. A pair goes out in each frame at 30000/1001; the time code is that of
the first one, drop-frame (``;``) or non-drop (``:``). Drop-frame is written unless the media counts
non-drop or runs at 24000/1001, whose time codes non-drop keeps. Codes are sent twice.

A pop-on caption is loaded (``ENM RCL``, rows, text) so that ``EOC`` falls in the frame of the
in-time; ``EDM`` stands in that of the out-time. A caption that begins less than its load after the
one before loads with single codes; if it is still late, it is shown late and the loss says so.
Roll-up and paint-on text is sent from the in-time on. Letters and looks are those of CEA-608; what
it has not is replaced by the nearest, or left out, and told.

The reader runs the pairs through a decoder and makes a cue of each caption that it showed: italics,
underlines, colours, backgrounds, rows and columns, and how it came on screen. It takes spaces for
the tab, wrong parity, unknown codes, frame numbers of 30 and more, lines of more than 32 letters
and lines that send more than there is time for, and lists each of them. Pairs are sent one a frame:
what stands late in a line comes later than its time code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode
from subkit.formats.captions608.caption_cues import cues_of
from subkit.formats.captions608.caption_machine import Line21Field
from subkit.formats.captions608.caption_schedule import EOC, CaptionSchedule
from subkit.formats.captions608.line21 import hex_word
from subkit.formats.cue_text import in_order, plain_content
from subkit.formats.loss_tally import LossTally
from subkit.formats.losses import losses_of
from subkit.formats.track_looks import with_looks
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import FrameRate, Media, Track

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from subkit.formats.captions608.caption_machine import Caption
    from subkit.model import Cue

__all__ = ["CARRIED_IN_608", "SccReader", "SccWriter", "channel_tracks"]

HEAD = "Scenarist_SCC V1.0"
CARRIED_IN_608 = frozenset(
    ("italic", "underline", "color", "background", "delay", "place", "area", "mode")
)
"""What line 21 holds; what it holds only in part is told cue by cue."""
_RATE = Fraction(30000, 1001)
_FILM = Fraction(24000, 1001)
_LINE = re.compile(r"[ \t\ufeff]*(\d{1,3}):(\d{1,2}):(\d{1,2})([:;.,])(\d{1,2})(?!\d)[ \t]*(.*)")
_HOLD = 120
"""Frames that a last caption gets which nothing erases."""
_DROP_MARKS = ";,"
_TEN_MINUTES = 17_982


class SccWriter:
    """Writes Scenarist closed captions; see the module for the recipe."""

    extension = "scc"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """The file's bytes; ``note`` has no place in this format and is left out."""
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(self, track: Track, media: Media, asked: WriteRequest) -> WrittenFile:  # noqa: ARG002
        """Return the file's bytes and what line 21 could not hold."""
        track = with_looks(track, "scc")
        rate = FrameRate(_RATE, drop_frame=_drops(media))
        lost = LossTally()
        start = media.programme_start

        def frame(time: Fraction) -> int:
            return rate.frame(time + start)

        schedule = CaptionSchedule(frame, lost)
        cues = in_order(track)
        for cue in cues:
            times = (cue.span.start + start, cue.span.end + start)
            if any(rate.snap(time) != time for time in times):
                lost.add("times", cue.id)
            if not _is_line21_place(cue):
                lost.add("area", cue.id)
        schedule.send(cues)
        lines = _lines(schedule, rate)
        others = losses_of(track, CARRIED_IN_608, format="scc")
        data = "\n\n".join([HEAD, *lines]) + "\n"
        return WrittenFile(data=data.encode(), losses=lost.losses(others))


def _drops(media: Media) -> bool:
    rate = media.frame_rate
    if rate is None or rate.rate == _FILM:
        return rate is None
    return rate.drop_frame or rate.rate not in (_RATE, 2 * _RATE)


def _is_line21_place(cue: Cue) -> bool:
    place = cue.placement
    return place.area is None and (place.cell is None or place.cell.grid == "608")


def _lines(schedule: CaptionSchedule, rate: FrameRate) -> list[str]:
    """A line for each run of pairs; one that shows a caption ends there."""
    found: list[str] = []
    words: list[str] = []
    before, shows = -2, False
    for frame, pair in sorted(schedule.pairs.items()):
        if frame != before + 1 or (shows and pair != EOC):
            found += [" ".join(words)] if words else []
            words = [f"{rate.timecode(rate.time(frame))}\t{hex_word(pair)}"]
        else:
            words.append(hex_word(pair))
        before, shows = frame, pair == EOC
    return [*found, " ".join(words)] if words else found


class SccReader:
    """Reads Scenarist closed captions; see the module for what it takes."""

    extension = "scc"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired; see :meth:`read_file`."""
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """Return a track for each caption channel.

        Raises:
            FormatError: no line with a time code, or none of its codes shows a caption.
        """
        repairs = Repairs()
        lines = decode(data, asked.name, repairs, asked.language).split("\n")
        coded, drop = _coded(lines, asked.name, repairs)
        rate = FrameRate(_RATE, drop_frame=drop)
        field = Line21Field(repairs)
        last = _feed(coded, field, repairs, drop=drop)
        channels = field.finish(last, _HOLD)
        tracks = channel_tracks({"": channels[0], ".cc2": channels[1]}, rate, asked.language)
        if not tracks[0].cues:
            _check_empty(coded, asked.name)
            repairs.add("The file holds no cue")
        tracks = tuple(plain_content(track, repairs, asked).tracks[0] for track in tracks)
        return FileContent(tracks=tracks, repairs=tuple(repairs.sentences()), rate=rate)


def channel_tracks(
    channels: Mapping[str, Sequence[Caption]], rate: FrameRate, language: str
) -> tuple[Track, ...]:
    """Return a track for each channel that shows captions; an empty one where none does.

    Args:
        channels: What stands behind the language in the track's id -> the channel's captions.
        rate: What their ticks are.
        language: BCP 47.
    """
    tracks = [
        Track(id=language + suffix, language=language, cues=tuple(cues_of(found, rate.time)))
        for suffix, found in channels.items()
        if found
    ]
    return tuple(tracks) or (Track(id=language, language=language),)


def _check_empty(lines: list[_CodeLine], name: str) -> None:
    """Refuse codes that never show a caption."""
    first = next((line.line for line in lines if line.words), None)
    if first is not None:
        raise FormatError(
            f"{name!r}, line {first}, column 1: its codes never show a caption.",
            remedy="Check that it is a whole SCC file.",
            line=first,
            column=1,
        )


@dataclass(frozen=True, slots=True)
class _CodeLine:
    """A line of codes: its number from 1, its frame by non-drop counting, and its words."""

    line: int
    number: int
    drop: bool
    words: list[str]


def _coded(lines: list[str], name: str, repairs: Repairs) -> tuple[list[_CodeLine], bool]:
    """The lines of codes in order of time, and whether they count drop-frame."""
    found: list[_CodeLine] = []
    headed = lines[0].strip(" \t\ufeff").lower().startswith("scenarist_scc")
    for number, text in enumerate(lines[headed:], start=1 + headed):
        match = _LINE.fullmatch(text)
        if match is not None:
            found.append(_code_line(match, number, repairs))
        elif text.strip():
            place = f"line {number} ({text.strip()[:60]!r})"
            repairs.add("A line without a time code was left out", place)
    if not found and not (headed and not any(line.strip() for line in lines[1:])):
        raise FormatError(
            f"{name!r}, line 1, column 1: no line with a time code and codes was found, so it is "
            "not SCC.",
            remedy="Check that it is a caption file.",
            line=1,
            column=1,
        )
    if not headed:
        repairs.add(f"The first line, {HEAD!r}, is missing")
    drops = sum(line.drop for line in found)
    drop = not found or drops * 2 >= len(found)
    for line in found:
        if line.drop != drop:
            way = "drop-frame" if drop else "non-drop"
            repairs.add(f"Time codes were read as {way}, as most are", f"line {line.line}")
    ordered = sorted(found, key=lambda line: line.number)
    if ordered != found:
        repairs.add("Lines were put in order of time code")
    return ordered, drop


def _code_line(match: re.Match[str], line: int, repairs: Repairs) -> _CodeLine:
    hours, minutes, secs, frames = (int(match[i]) for i in (1, 2, 3, 5))
    if minutes > 59 or secs > 59 or frames > 29:
        repairs.add("A field of a time code beyond its range was carried", f"line {line}")
    number = ((hours * 60 + minutes) * 60 + secs) * 30 + frames
    return _CodeLine(line, number, match[4] in _DROP_MARKS, match[6].split())


def _feed(lines: list[_CodeLine], field: Line21Field, repairs: Repairs, *, drop: bool) -> int:
    """Send the pairs of lines, one a frame; the frame after the last."""
    at = -1
    for line in lines:
        place = f"line {line.line}"
        field.at_place(place)
        start = _frame(line, repairs) if drop else line.number
        if start > at:
            field.pause()
            at = start
        elif start < at:
            repairs.add("More codes than there is time for were sent late", place)
        for word in line.words:
            pair = _pair(word)
            if pair is None:
                repairs.add("Words that are no codes were left out", f"{place} ({word[:20]!r})")
                continue
            field.feed(*pair, at)
            at += 1
    return at


def _frame(line: _CodeLine, repairs: Repairs) -> int:
    """The frame of a drop-frame time code; of one that is skipped, the next there is."""
    minutes, rest = divmod(line.number, 1800)
    if minutes % 10 and rest < 2:
        repairs.add("A time code that drop-frame skips was read as the next", f"line {line.line}")
        rest = 2
    return minutes * 1800 + rest - 2 * (minutes - minutes // 10)


def _pair(word: str) -> tuple[int, int] | None:
    if len(word) != 4:
        return None
    try:
        value = bytes.fromhex(word)
    except ValueError:
        return None
    return value[0], value[1]
