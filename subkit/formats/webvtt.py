r"""WebVTT (``.vtt``), after https://www.w3.org/TR/webvtt1/.

Recipe: UTF-8 without byte order mark and ``\n`` line breaks; ``WEBVTT`` with what stood beside
it, the note as ``NOTE`` block, STYLE blocks and regions, then blocks of the cue's id,
``HH:MM:SS.mmm --> HH:MM:SS.mmm`` with settings for a place other than bottom centre, and the lines.
Milliseconds are the nearest, so the frame is found again and cues never come to overlap. ``&``,
``<`` and ``>`` are escaped, so an arrow in the text cannot end a cue; an empty line inside a cue is
written as a no-break space. A speaker is written as ``<v>``, a cue's own language as ``<lang>``,
marks as :mod:`subkit.formats.webvtt_markup` says. NOTE blocks that came from WebVTT stand before
the cue that they stood before. A disclosure that subkit wrote into an earlier file gives way to a
new one.

The reader keeps STYLE, REGION and NOTE blocks, header lines, settings and all tags. A block without
a timing line that can be read, which the standard ignores, is quoted. HLS segments behind each
other keep their times by ``X-TIMESTAMP-MAP``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode, split_lines
from subkit.formats.cue_text import (
    in_order,
    is_disclosure,
    plain_content,
    put_in_order,
    readable_cues,
)
from subkit.formats.losses import counted, losses_of
from subkit.formats.text_times import is_timing, parse_timing, stamp
from subkit.formats.time_map import TimeMap
from subkit.formats.track_looks import with_looks
from subkit.formats.webvtt_css import OWN_BLOCK, class_looks, own_block
from subkit.formats.webvtt_markup import CueClasses, cue_payload, lost_marks, parse_payload
from subkit.formats.webvtt_place import cue_settings, read_region, read_settings
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import Carried, Cue, Mark, Media, NamedStyle, Region, Track

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["WebVttReader", "WebVttWriter"]

_ID = re.compile(
    r"(?!WEBVTT|NOTE|STYLE|REGION)[^\s\x00-\x1f](?:[^\x00-\x1f\x7f\x85\u2028\u2029]*\S)?"
)
_MINUTES = re.compile(r"[ \t]{0,9}\d{1,6}:\d{1,2}[.,:]")
_ARROW = re.compile(r"-{2,}>")


_HEAD = ("head note", "style", "region", "disclosure")
"""Kinds of blocks that stand before the first cue."""
_CARRIES = frozenset(
    {
        *("italic", "bold", "underline", "strike", "color", "background", "font", "size", "ruby"),
        *("combine", "language", "voice", "css_class", "delay", "place", "area", "vertical"),
        *("speaker", "cue language", "style", "region"),
    }
)


class WebVttWriter:
    """Writes WebVTT; see the module for the recipe."""

    extension = "vtt"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """Return the bytes of the file; ``note`` becomes a NOTE block at the top."""
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(
        self,
        track: Track,
        media: Media,  # noqa: ARG002
        asked: WriteRequest,
    ) -> WrittenFile:
        """Return the bytes of the file, and what of the track WebVTT does not hold."""
        track = with_looks(track, "vtt")
        classes = CueClasses(styled=frozenset(s.id for s in track.styles if _own(s)))
        cues = in_order(track)
        payloads = [cue_payload(cue, classes) for cue in cues]
        between: dict[str, list[str]] = {}
        ids = {cue.id for cue in cues}
        for block in _carried(track):
            if block.kind not in (*_HEAD, "head"):
                place = block.before if block.before in ids else ""
                between.setdefault(place, []).append(_safe(block.text))
        blocks = _head(track, asked.note, classes)
        for cue, payload in zip(cues, payloads, strict=True):
            blocks += between.get(cue.id, [])
            blocks.append(_block(cue, payload))
        blocks += between.get("", [])
        losses = losses_of(track, _CARRIES, format="vtt")
        lost = [(m.feature.value, cue.id) for cue in cues for m in lost_marks(cue, classes)]
        more = (
            counted(f, [c for g, c in lost if g == f]) for f in dict.fromkeys(f for f, _ in lost)
        )
        return WrittenFile(data="\n".join(blocks).encode(), losses=(*losses, *more))


def _carried(track: Track) -> list[Carried]:
    return [block for block in track.carried if block.format == "vtt"]


def _own(named: NamedStyle | Region) -> bool:
    return named.source.startswith("vtt ")


def _safe(text: str) -> str:
    """A block as it was, but that it can neither end early nor begin a cue."""
    lines = [line for line in text.split("\n") if line and not _is_meant(line)]
    return "".join(f"{line}\n" for line in lines)


def _head(track: Track, note: str, classes: CueClasses) -> list[str]:
    """The blocks before the first cue."""
    carried = _carried(track)
    blocks = [f"WEBVTT{next((b.text for b in carried if b.kind == 'head'), '')}\n"]
    if lines := [line for line in split_lines([_ARROW.sub("->", note)]) if line]:
        blocks.append("".join(f"{line}\n" for line in ("NOTE", *lines)))
    kept = [b for b in carried if b.kind in _HEAD and not (lines and b.kind == "disclosure")]
    again = [block.text for block in kept if block.kind == "region"]  # of an id given before
    blocks += [_safe(block.text) for block in kept if block.kind != "region"]
    blocks += [_safe(region.source[4:]) for region in track.regions if _own(region)]
    blocks += map(_safe, again)
    return [*blocks, *filter(None, [own_block(classes.rules)])]


def _block(cue: Cue, payload: list[str]) -> str:
    span = cue.span
    place = cue_settings(cue.placement, len(payload))
    lines = [f"{stamp(span.start, '.')} --> {stamp(span.end, '.')}{place}", *payload]
    if _ID.fullmatch(cue.id) and "-->" not in cue.id:
        lines.insert(0, cue.id)
    return "".join(f"{line}\n" for line in lines)


class WebVttReader:
    """Reads WebVTT; see the module for what it takes."""

    extension = "vtt"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired.

        Cue ids are those of the file; a cue without one, or with another's, has its place.

        Raises:
            FormatError: no ``WEBVTT`` at its start, or no timing line that can be read.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """The track, its blocks and what was repaired, as :meth:`read`."""
        repairs, name, language = Repairs(), asked.name, asked.language
        lines = decode(data, name, repairs, language).split("\n")
        first = lines[0].removeprefix("\ufeff")
        if not re.match(r"WEBVTT(?:[ \t]|$)", first):
            raise FormatError(
                f"{name!r} does not begin with WEBVTT but with {first[:40]!r}.",
                remedy="Check that it is a WebVTT file.",
                line=1,
                column=1,
            )
        header, blocks = _blocks(lines, repairs)
        file = _FileReader(name, repairs, TimeMap(repairs))
        file.head(first[len("WEBVTT") :], header)
        file.styles(blocks)
        cues = readable_cues(blocks, file.block, repairs)
        cues = _identified(file.clock.without_repeated(cues), repairs)
        carried = file.placed(cues)
        cues = put_in_order(cues, repairs)
        track = Track(
            id=language,
            language=language,
            cues=tuple(cues),
            styles=tuple(file.named),
            regions=tuple(file.regions),
            carried=carried,
        )
        return plain_content(track, repairs, asked)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines that stand together, and the number of the first one, from 1."""

    number: int
    lines: list[str]

    @property
    def line(self) -> int:
        """The number of its first line with an arrow."""
        return self.number + next((i for i, line in enumerate(self.lines) if "-->" in line), 0)

    @property
    def quote(self) -> str:
        """What stands in it, for a message."""
        return " ".join(self.lines)

    @property
    def kind(self) -> str:
        """Its first word."""
        return (self.lines[0].split() or [""])[0]


def _blocks(lines: list[str], repairs: Repairs) -> tuple[list[str], list[_Lines]]:
    """The header lines, and lines between empty ones; a timing line begins a block of its own."""
    at = 1
    while at < len(lines) and lines[at] and "-->" not in lines[at]:
        at += 1
    blocks: list[_Lines] = []
    current, timed = _Lines(at + 1, []), False
    for number, line in enumerate(lines[at:], start=at + 1):
        times = _is_meant(line) and ("-->" in line or not (timed or "&gt;" in line))
        if not line or (times and (timed or len(current.lines) > 1)):
            blocks.append(current)
            current, timed = _Lines(number + (not line), []), False
        if line:
            if "-->" in line and timed and not times:
                place = f"line {number} ({line[:80]!r})"
                repairs.add("An arrow, which ends a cue, was kept as text", place)
            current.lines.append(line)
            timed = timed or times
    return lines[1:at], [block for block in (*blocks, current) if block.lines]


def _is_meant(line: str) -> bool:
    """Whether a line is meant as a timing line; in WebVTT also one of minutes and seconds."""
    return is_timing(line) or ("-->" in line and _MINUTES.match(line) is not None)


@dataclass(slots=True)
class _FileReader:
    """Reads the blocks of a file, and keeps those that are no cues."""

    name: str
    repairs: Repairs
    clock: TimeMap
    classes: CueClasses = field(default_factory=CueClasses)
    named: list[NamedStyle] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    kept: list[tuple[str, str, int]] = field(default_factory=list)
    read: list[Cue] = field(default_factory=list)

    def head(self, beside: str, header: list[str]) -> None:
        """Keep what stands beside and under ``WEBVTT``, but for the time map."""
        maps = [line for line in header if line.startswith("X-TIMESTAMP-MAP")]
        self.clock.hear(maps, 2)
        told = "\n".join([beside, *(line for line in header if line not in maps)])
        if told:
            self.kept.append(("head", told, 0))

    def styles(self, blocks: Iterable[_Lines]) -> None:
        """Learn what classes say, before the cues are read."""
        own: dict[str, tuple[Mark, ...]] = {}
        looks: dict[str, tuple[Mark, ...]] = {}
        for block in blocks:
            if block.kind == "STYLE":
                (own if _is_own(block) else looks).update(class_looks("\n".join(block.lines[1:])))
        self.named = [
            NamedStyle(id=name, looks=found, source=f"vtt ::cue(.{name})")
            for name, found in looks.items()
        ]
        self.classes = CueClasses(own=own, styled=frozenset(looks))

    def block(self, block: _Lines) -> Cue | None:
        """Read a block: a cue, or something to keep."""
        at = next((i for i, line in enumerate(block.lines) if _is_meant(line)), None)
        if at is not None:
            cue = self.clock.moved(self.cue(block, at))
            self.read.append(cue)
            return cue
        kind = block.kind
        text = "\n".join(block.lines)
        if kind == "REGION" and (region := read_region(text)) and not self.read:
            if all(region.id != known.id for known in self.regions):
                self.regions.append(region)
            else:
                self.kept.append(("region", text, 0))
        elif kind in ("NOTE", "STYLE", "REGION"):
            self.keep(kind.lower(), text, own=_is_own(block))
        elif kind == "WEBVTT":
            self.clock.hear(block.lines[1:], block.number + 1)
        elif text.strip():
            place = f"line {block.number}"
            told = text.replace("\n", " ")[:80]
            self.repairs.add(f"Text without a timing line was left out: {told!r}", place)
        return None

    def keep(self, kind: str, text: str, *, own: bool) -> None:
        if own:
            return
        if kind == "note" and is_disclosure(text):
            kind = "disclosure"
        elif kind == "note" and not self.read:
            kind = "head note"
        elif kind != "note" and self.read:
            kind = f"late {kind}"
        self.kept.append((kind, text, len(self.read)))

    def placed(self, cues: list[Cue]) -> tuple[Carried, ...]:
        """The blocks that were kept, each with the id of the cue that it stood before."""
        ids: dict[object, str] = {}
        for cue in cues:
            ids.setdefault((cue.span, cue.lines), cue.id)
        found = []
        for kind, text, at in self.kept:
            before = ""
            if at < len(self.read) and kind not in (*_HEAD, "head"):
                following = self.read[at]
                before = ids.get((following.span, following.lines), "")
            found.append(Carried(format="vtt", kind=kind, text=text, before=before))
        return tuple(found)

    def cue(self, block: _Lines, at: int) -> Cue:
        number = block.number + at
        timing = parse_timing(block.lines[at], number, self.name, ".", self.repairs)
        source = "\n".join(block.lines[at + 1 :])
        payload = parse_payload(source, timing.span, self.classes, f"line {number}", self.repairs)
        return Cue(
            id=block.lines[0].strip() if at else "",
            span=timing.span,
            lines=payload.lines,
            placement=read_settings(timing.rest, len(payload.lines)),
            speaker=payload.speaker,
            language=payload.language,
            marks=payload.marks,
        )


def _is_own(block: _Lines) -> bool:
    """Whether a STYLE block was made for marks, and is made anew each time."""
    return block.lines[1:2] == [OWN_BLOCK]


def _identified(cues: list[Cue], repairs: Repairs) -> list[Cue]:
    """Cues with an id each; a repeated one is replaced and said so."""
    taken = {cue.id for cue in cues}
    seen: set[str] = set()
    found = []
    for number, cue in enumerate(cues, start=1):
        if cue.id and cue.id not in seen:
            seen.add(cue.id)
            found.append(cue)
            continue
        if cue.id:
            repairs.add("A repeated cue id was replaced", cue.id[:40])
        new = str(number)
        while new in taken:
            new += "+"
        taken.add(new)
        found.append(replace(cue, id=new))
    return found
