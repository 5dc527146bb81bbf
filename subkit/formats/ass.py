r"""Advanced SubStation Alpha (``.ass``) and SubStation Alpha (``.ssa``).

Recipe: the note as comments under ``[Script Info]``; ``PlayResX/Y`` from the picture (1920x1080
where there is none), so sizes in the one style are shares of the picture height; a place other than
that of the style as ``{\an1}`` to ``{\an9}``, an exact one as ``\pos``; lines apart by ``\N``; the
speaker in ``Name``; marks as overrides, as :mod:`subkit.formats.ass_text` says.

What came from a script is given back: its head with its comments, its styles, comments among the
events, sections such as fonts, graphics and Aegisub's, and of each event the layer, margins and
effect. Overrides that are not understood stay at their place.

Times have centiseconds. A frame shows a cue from the first frame at or after its in-time, so a time
is rounded down, unless that is nearer to the frame before (from 50 frames a second on); then to the
nearest. Read back to the nearest frame every time on the frame grid gives its frame again, below
100 frames a second, and cues that did not overlap do not overlap.
The format ends at 10 hours: later times raise instead of being clamped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode, split_lines
from subkit.formats.ass_place import EventPlace, picture_of, read_place, written_place
from subkit.formats.ass_script import EVENT_FIELDS, Script, parse_script
from subkit.formats.ass_styles import (
    ASS_STYLE_FIELDS,
    SSA_STYLE_FIELDS,
    StyleSheet,
    default_style,
    style_of,
)
from subkit.formats.ass_text import event_text, read_text
from subkit.formats.cue_text import in_order, plain_content, put_in_order
from subkit.formats.loss_tally import LossTally
from subkit.formats.losses import losses_of
from subkit.formats.track_looks import with_looks
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import Carried, Cue, Feature, FrameRate, Media, Span, Track

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["AssReader", "AssWriter", "SsaReader", "SsaWriter", "centiseconds"]

_LIMIT = 36_000_00
_PICTURE = (1920, 1080)
_TIME = re.compile(r"\s*(-?)(\d{1,3}):(\d{1,3}):(\d{1,3})(?:[.:,](\d{1,6}))?\s*")
_STYLE_FIELDS = {"ass": ASS_STYLE_FIELDS, "ssa": SSA_STYLE_FIELDS}
_SCRIPT_TYPE = {"ass": "v4.00+", "ssa": "v4.00"}
_CARRIES = frozenset(
    {
        *("italic", "bold", "underline", "strike", "color", "outline", "font", "size", "delay"),
        *("place", "area", "speaker", "fade", "style"),
    }
)


class AssWriter:
    """Writes Advanced SubStation Alpha; see the module for the recipe."""

    extension = "ass"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """Return the bytes of the file; ``note`` becomes comments at the top.

        Raises:
            FormatError: a cue ends at or after 10 hours.
        """
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(self, track: Track, media: Media, asked: WriteRequest) -> WrittenFile:
        """Return the bytes of the file, and what of the track the format does not hold.

        Raises:
            FormatError: a cue ends at or after 10 hours.
        """
        track = with_looks(track, "ass", "ssa")
        styles = StyleSheet(track.styles)
        text = _script(track, media, styles, asked.note, self.extension)
        tally = LossTally()
        for cue in track.cues:
            tally.add_unsaid(cue, clear=True, units=("", "points"))
        losses = losses_of(_held(track, styles), _CARRIES, format="ass")
        return WrittenFile(data=text.encode(), losses=tally.losses(losses))


class SsaWriter(AssWriter):
    """Writes SubStation Alpha, the older variant, of which few programs know more than its name."""

    extension = "ssa"


def _held(track: Track, styles: StyleSheet) -> Track:
    """The track without the classes that are styles, of the script or written as overrides."""
    looks = {style.id for style in track.styles if style.looks}
    cues = (
        replace(
            cue,
            marks=tuple(
                m
                for m in cue.marks
                if m.feature is not Feature.CSS_CLASS
                or (m.value not in styles and not looks.issuperset(m.value.split()))
            ),
        )
        for cue in track.cues
    )
    return replace(track, cues=tuple(cues))


def _script(track: Track, media: Media, styles: StyleSheet, note: str, variant: str) -> str:
    own = [block for block in track.carried if block.format == "ass"]
    head = _head(track, media, own, note, variant)
    picture = picture_of(head)
    lines = ["[Script Info]", *head]
    sections: dict[str, list[str]] = {}
    for block in own:
        sections.setdefault(block.kind, []).append(block.text)
    lines += _spaced(sections.get("before styles", ()))
    lines += ["", "[V4+ Styles]" if variant == "ass" else "[V4 Styles]"]
    lines += [f"Format: {_STYLE_FIELDS[variant]}"]
    lines += styles.lines(variant, default_style("Default", picture))
    lines += _spaced(sections.get("before events", ()))
    lines += ["", "[Events]", f"Format: {EVENT_FIELDS[variant]}"]
    lines += _events(track, media.frame_rate, styles, picture, variant)
    lines += _spaced(sections.get("end", ()))
    return "\n".join(lines) + "\n"


def _spaced(sections: Iterable[str]) -> list[str]:
    return [line for section in sections for line in ("", section)]


def _head(track: Track, media: Media, own: list[Carried], note: str, variant: str) -> list[str]:
    kept = {
        block.kind: block.text.split("\n") for block in own if block.kind in ("head", "disclosure")
    }
    notes = [line for line in split_lines([note]) if line] or kept.get("disclosure", [])
    comments = [f"; {line}" for line in notes]
    if "head" in kept:
        return [*comments, *(_typed(line, variant) for line in kept["head"])]
    width, height = (media.width, media.height) if media.width and media.height else _PICTURE
    return [
        *comments,
        f"Title: {' '.join(track.id.split())}",
        f"Language: {' '.join(track.language.split())}",
        f"PlayResX: {width}",
        f"PlayResY: {height}",
        "WrapStyle: 0",
        "ScaledBorderAndShadow: yes",
        f"ScriptType: {_SCRIPT_TYPE[variant]}",
    ]


def _typed(line: str, variant: str) -> str:
    if not line.lower().startswith("scripttype:"):
        return line
    same = "+" in line if variant == "ass" else "+" not in line
    return line if same else f"ScriptType: {_SCRIPT_TYPE[variant]}"


def _events(
    track: Track,
    rate: FrameRate | None,
    styles: StyleSheet,
    picture: tuple[int, int],
    variant: str,
) -> list[str]:
    cues = in_order(track)
    ids = {cue.id for cue in cues}
    between: dict[str, list[str]] = {}
    for block in track.carried:
        if block.format == "ass" and block.kind in ("comment", "event"):
            place = block.before if block.before in ids else ""
            between.setdefault(place, []).append(block.text)
    lines = []
    for cue in cues:
        lines += between.get(cue.id, [])
        lines.append(_event(cue, rate, styles, picture, variant))
    return lines + between.get("", [])


def _event(
    cue: Cue, rate: FrameRate | None, styles: StyleSheet, picture: tuple[int, int], variant: str
) -> str:
    start, end = centiseconds(cue.span.start, rate), centiseconds(cue.span.end, rate)
    if end >= _LIMIT:
        raise FormatError(
            f"Cue {cue.id!r} ends at {float(cue.span.end):.2f} s; ASS holds times below 10 hours.",
            remedy="Export this track as SRT or WebVTT.",
            cue=cue.id,
        )
    style = cue.style if cue.style in styles else "Default"
    place = written_place(cue.placement, styles.place(style), picture)
    tags = place.tags
    if cue.fade is not None:
        tags += f"\\fad({round(cue.fade.up * 1000)},{round(cue.fade.down * 1000)})"
    name = " ".join((cue.speaker or "").replace(",", " ").split())
    text = event_text(cue, tags, styles, picture)
    layer = place.layer if variant == "ass" else "Marked=0"
    fields = [layer, _stamp(start), _stamp(end), style, name, *place.margins, place.effect, text]
    return "Dialogue: " + ",".join(fields)


def centiseconds(time: Fraction, rate: FrameRate | None) -> int:
    """The centisecond that stands for a time: the one before it, if that is in the same frame."""
    before = floor(time * 100)
    if rate is not None and rate.frame(Fraction(before, 100)) == rate.frame(time):
        return before
    return floor(time * 100 + Fraction(1, 2))


def _stamp(time: int) -> str:
    return f"{time // 360_000}:{time // 6000 % 60:02d}:{time // 100 % 60:02d}.{time % 100:02d}"


class AssReader:
    """Reads ASS and SSA; see the module for what it keeps."""

    extension = "ass"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired; cue ids are the numbers of the events.

        Raises:
            FormatError: no section, or no event whose times can be read.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """The track and what was repaired, as :meth:`read`."""
        repairs, name = Repairs(), asked.name
        script = parse_script(decode(data, name, repairs, asked.language))
        if not (script.events or script.styles or script.head or script.sections):
            raise FormatError(
                f"{name!r}, line 1, column 1: no [Script Info] and no [Events], so it is not ASS.",
                remedy="Check that it is a subtitle file.",
                line=1,
                column=1,
            )
        for number, line in script.stray:
            repairs.add(
                f"A line outside all sections was left out: {line[:80]!r}", f"line {number}"
            )
        order = script.style_order or _STYLE_FIELDS[script.variant]
        styles = tuple(
            style_of(line, order, script.variant)
            for line in script.styles
            if line.lower().startswith("style:")
        )
        picture = picture_of(script.head)
        cues, between = _EventReader(script, StyleSheet(styles), picture, name, repairs).read()
        if not cues:
            repairs.add("The file holds no cue")
        carried = (*_read_blocks(script, repairs), *between)
        track = Track(
            id=asked.language,
            language=asked.language,
            cues=tuple(put_in_order(cues, repairs)),
            styles=styles,
            carried=carried,
        )
        content = plain_content(track, repairs, asked)
        title = next((line[6:].strip() for line in script.head if line.startswith("Title:")), "")
        return replace(content, title=title)


def _read_blocks(script: Script, repairs: Repairs) -> list[Carried]:
    found = []
    if script.head:
        found.append(Carried(format="ass", kind="head", text="\n".join(script.head)))
    if script.disclosure:
        told = "\n".join(script.disclosure)
        found.append(Carried(format="ass", kind="disclosure", text=told))
    for before, lines in script.sections:
        kind = "end" if before == "end" else f"before {before}"
        found.append(Carried(format="ass", kind=kind, text="\n".join(lines)))
    for line in script.styles:
        if not line.lower().startswith("style:"):
            repairs.add(f"A line among the styles was left out: {line[:80]!r}")
    return found


class SsaReader(AssReader):
    """Reads SubStation Alpha; either variant is known by its sections."""

    extension = "ssa"


@dataclass(frozen=True, slots=True)
class _EventReader:
    """Reads the events of a script."""

    script: Script
    styles: StyleSheet
    picture: tuple[int, int]
    name: str
    repairs: Repairs

    def read(self) -> tuple[list[Cue], list[Carried]]:
        """The cues, and the comments between them."""
        order = _names(self.script.event_order) or _names(EVENT_FIELDS[self.script.variant])
        if order[-1] != "text":
            order = _names(EVENT_FIELDS[self.script.variant])
            self.repairs.add("A Format line of events that does not end in Text was ignored")
        cues: list[Cue] = []
        kept: list[tuple[str, str, int]] = []
        first: FormatError | None = None
        for number, line in self.script.events:
            kind, _, rest = line.partition(":")
            kind = kind.strip().lower()
            if kind != "dialogue":
                kept.append(("comment" if kind == "comment" else "event", line.strip(), len(cues)))
                continue
            parts = rest.lstrip(" ").split(",", len(order) - 1)
            try:
                fields = dict(zip(order, parts, strict=False))
                cues.append(self._event(fields, str(len(cues) + 1), number))
            except FormatError as error:
                first = first or error
                told = "An event whose times cannot be read was left out"
                self.repairs.add(told, f"line {number} ({line[:120]!r})")
        if first is not None and not cues:
            raise first
        return cues, [
            Carried(
                format="ass", kind=kind, text=text, before=cues[at].id if at < len(cues) else ""
            )
            for kind, text, at in kept
        ]

    def _event(self, fields: dict[str, str], number: str, line: int) -> Cue:
        start, end = (self._time(fields.get(side, ""), line) for side in ("start", "end"))
        if end < start:
            self.repairs.add("An out-time before its in-time was made equal to it", f"line {line}")
            end = start
        lines, marks, overrides = read_text(fields.get("text", ""))
        style = fields.get("style", "").strip().lstrip("*")
        place = EventPlace(
            layer=fields.get("layer", "0").strip() or "0",
            margins=tuple(fields.get(f"margin{side}", "0").strip() or "0" for side in "lrv"),
            effect=fields.get("effect", "").strip(),
            tags="".join(overrides.place),
        )
        return Cue(
            id=number,
            span=Span(start, end),
            lines=lines,
            marks=marks,
            speaker=fields.get("name", fields.get("actor", "")).strip() or None,
            style="" if style == "Default" else style,
            placement=read_place(place, self.styles.place(style), self.picture),
            fade=overrides.fade,
        )

    def _time(self, text: str, line: int) -> Fraction:
        match = _TIME.fullmatch(text)
        if match is None:
            raise FormatError(
                f"{self.name!r}, line {line}, column 1: {text.strip()[:40]!r} is not a time.",
                remedy="Write it as 0:00:01.50.",
                line=line,
                column=1,
            )
        sign, hours, minutes, secs, digits = match.groups()
        time = Fraction(int(hours) * 3600 + int(minutes) * 60 + int(secs))
        time += Fraction(int(digits or 0), 10 ** len(digits or ""))
        if sign and time:
            self.repairs.add("A time before zero was made zero", f"line {line}")
            return Fraction(0)
        return time


def _names(order: str) -> list[str]:
    return [name.strip().lower() for name in order.split(",")] if order.strip() else []
