"""Captions, titles and markers of Final Cut Pro (``.fcpxml``).

The reader takes ``<caption>`` and ``<title>`` wherever they stand in a timeline, their times
counted through the clips around them; captions of each role, and so of each language, are a track,
markers a track of their own. Italics, bold, underline, colour, face and size of ``<text-style>``
are marks.

Recipe: FCPXML 1.10, a gap as long as the film with the captions in it on lane 1, as iTT captions in
the language of the track; times in whole frames of the film.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from subkit.errors import FormatError, TimecodeError
from subkit.files.plain_text import MAX_BYTES, Repairs
from subkit.files.xml import harmless_doctype, local_name, parse
from subkit.formats.colors import hex_color
from subkit.formats.cue_text import in_order, put_in_order
from subkit.formats.loss_tally import LossTally
from subkit.formats.losses import losses_of
from subkit.formats.mark_runs import MarkBuilder, MarkedRun, runs, tidied
from subkit.formats.track_looks import without_names
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import Cue, Feature, FrameRate, Media, Placement, Span, Track

__all__ = ["FcpxmlReader", "FcpxmlWriter"]

_DOCTYPE = harmless_doctype("fcpxml")
_TIME = re.compile(r"(\d{1,18})(?:/(\d{1,18}))?s")
_ROLE = re.compile(r"[^?]*\?captionFormat=[A-Za-z0-9]+\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})")
_DEPTH = 200
_USUAL_SIZE = "13"
"""Size of a caption that nobody chose."""
_CARRIES = frozenset({"italic", "bold", "underline", "color", "font", "size", "place"})
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?")


def _seconds(text: str | None) -> Fraction:
    match = _TIME.fullmatch((text or "").strip())
    return Fraction(int(match[1]), int(match[2] or 1) or 1) if match else Fraction(0)


class FcpxmlReader:
    """Reads FCPXML; see the module for what it takes."""

    extension = "fcpxml"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The first track and what was repaired; cue ids are the places in it.

        Raises:
            FormatError: not FCPXML, or no caption, title or marker in it.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """A track for each language, one for markers, and what was repaired."""
        name, repairs = asked.name, Repairs()
        _require_size(data, name)
        root = parse(data, name, doctype=_DOCTYPE)
        sequence = next((e for e in root.iter() if local_name(e) == "sequence"), None)
        if local_name(root) != "fcpxml" or sequence is None:
            raise _fault(name, "no sequence of Final Cut Pro in it")
        start = _seconds(sequence.get("tcStart"))
        found = _Timeline(asked.start if asked.start is not None else start, repairs)
        found.walk(sequence)
        if not found.cues:
            raise _fault(name, "no caption, title or marker in it")
        project = next((e for e in root.iter() if local_name(e) == "project"), None)
        return FileContent(
            tracks=_tracks(found.cues, asked, repairs),
            repairs=tuple(repairs.sentences()),
            rate=_rate(root, sequence.get("format"), sequence.get("tcFormat") == "DF"),
            start=start,
            title="" if project is None else (project.get("name") or ""),
        )


def _require_size(data: bytes, name: str) -> None:
    if len(data) > MAX_BYTES:
        raise _fault(name, f"{len(data)} bytes, more than {MAX_BYTES}")


def _fault(name: str, what: str) -> FormatError:
    return FormatError(
        f"{name!r}, line 1, column 1: {what}.",
        remedy="Export the project's XML from Final Cut Pro.",
        line=1,
        column=1,
    )


def _rate(root: Any, wanted: str | None, drop: bool) -> FrameRate | None:
    for element in root.iter():
        if local_name(element) == "format" and element.get("id") == wanted:
            frame = _seconds(element.get("frameDuration"))
            try:
                rate = 1 / frame if frame else Fraction(25)
                return FrameRate(rate, drop_frame=drop and rate in _DROPPING)
            except TimecodeError:
                return None
    return None


_DROPPING = (Fraction(30000, 1001), Fraction(60000, 1001))


@dataclass(slots=True)
class _Timeline:
    """Walks through a sequence and collects its texts by role."""

    start: Fraction
    repairs: Repairs
    cues: dict[str, list[Cue]] = field(default_factory=dict)

    def walk(self, sequence: Any) -> None:
        """Collect the texts; the times of an element are those of the clip around it."""
        todo = [(child, Fraction(0), 0) for child in reversed(sequence)]
        while todo:
            element, shift, depth = todo.pop()
            begin = shift + _seconds(element.get("offset"))
            kind = local_name(element)
            if kind in ("caption", "title"):
                self._text(element, begin)
                continue
            if kind in ("marker", "chapter-marker"):
                self._marker(element, shift)
                continue
            if depth < _DEPTH:
                inner = (
                    shift
                    if kind == "spine" and element.get("offset") is None
                    else (begin - _seconds(element.get("start")))
                )
                todo += [(child, inner, depth + 1) for child in reversed(element)]

    def _span(self, begin: Fraction, length: Fraction) -> Span:
        begin -= self.start
        if begin < 0:
            self.repairs.add("A time before the programme's start was put there")
        start = max(begin, Fraction(0))
        return Span(start, max(begin + length, start))

    def _text(self, element: Any, begin: Fraction) -> None:
        match = _ROLE.fullmatch(element.get("role") or "")
        builder = MarkBuilder()
        looks = {s.get("id"): s for s in element if local_name(s) == "text-style-def"}
        place = Placement()
        for text in (child for child in element if local_name(child) == "text"):
            if text.get("placement") == "top":
                place = Placement(vertical="top")
            if builder.length:
                builder.write("\n")
            _between(builder, text.text)
            for part in text:
                _styled(builder, part, looks)
                _between(builder, part.tail)
        lines, marks = tidied(*builder.finish())
        cues = self.cues.setdefault(match[1] if match else "", [])
        span = self._span(begin, _seconds(element.get("duration")))
        cues.append(
            Cue(id=str(len(cues) + 1), span=span, lines=lines, marks=marks, placement=place)
        )

    def _marker(self, element: Any, shift: Fraction) -> None:
        text = " ".join((element.get("value") or element.get("note") or "").split())
        cues = self.cues.setdefault("markers", [])
        begin = shift + _seconds(element.get("start"))
        span = self._span(begin, _seconds(element.get("duration")))
        cues.append(Cue(id=str(len(cues) + 1), span=span, lines=(text,) if text else ()))


def _between(builder: MarkBuilder, text: str | None) -> None:
    """Take in text outside all styles, unless it only sets the elements apart."""
    if text and text.strip():
        builder.write(text)


def _styled(builder: MarkBuilder, part: Any, looks: dict[str | None, Any]) -> None:
    """Take in the text of a ``text-style`` with the look that it refers to."""
    definition = looks.get(part.get("ref"))
    style = part if definition is None else next(iter(definition), part)
    for name, feature in _FLAGS.items():
        if style.get(name) in ("1", "true"):
            builder.begin(feature, tag="style")
    color = [float(c) for c in (style.get("fontColor") or "").split() if _NUMBER.fullmatch(c)]
    if len(color) in (3, 4):
        told = "#" + "".join(f"{round(255 * min(c, 1)):02x}" for c in (*color, 1.0)[:4])
        if told != "#ffffffff":
            builder.begin(Feature.COLOR, told, tag="style")
    font = style.get("font") or ""
    if font and not font.startswith("."):  # ".AppleSystemUIFont": no face was chosen
        builder.begin(Feature.FONT, font, tag="style")
    size = style.get("fontSize") or ""
    if _NUMBER.fullmatch(size) and size != _USUAL_SIZE:
        builder.begin(Feature.SIZE, size, "points", tag="style")
    builder.write("".join(part.itertext()))
    builder.end("style")


_FLAGS = {
    "italic": Feature.ITALIC,
    "bold": Feature.BOLD,
    "underline": Feature.UNDERLINE,
}


def _tracks(found: dict[str, list[Cue]], asked: ReadRequest, repairs: Repairs) -> tuple[Track, ...]:
    tracks: dict[str, Track] = {}
    order = sorted(found, key=lambda role: role == "markers")
    for role in order:
        language = role if role not in ("", "markers") else asked.language
        if language.partition("-")[0] == asked.language.partition("-")[0]:
            language = asked.language
        track_id = language if language not in tracks else f"{language}.{role or 'titles'}"
        cues = tuple(put_in_order(found[role], repairs))
        tracks[track_id] = Track(id=track_id, language=language, cues=cues)
    return tuple(tracks.values())


class FcpxmlWriter:
    """Writes FCPXML; see the module for the recipe."""

    extension = "fcpxml"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """The file's bytes; ``note`` becomes a note of the project."""
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(self, track: Track, media: Media, asked: WriteRequest) -> WrittenFile:
        """The file's bytes, and what of the track captions do not hold."""
        from lxml import etree

        track = without_names(track, "fcpxml")
        grid, tally = media.frame_grid, LossTally()
        frame = 1 / grid.rate
        base = grid.time(grid.frame(media.programme_start))
        cues = in_order(track)
        ends = [cue.span.end for cue in cues]
        length = grid.time(grid.frame(max([media.duration, *ends])))
        root = etree.Element("fcpxml", version="1.10")
        resources = etree.SubElement(root, "resources")
        size = {"width": str(media.width or 1920), "height": str(media.height or 1080)}
        etree.SubElement(resources, "format", id="r1", frameDuration=_told(frame), **size)
        event = etree.SubElement(etree.SubElement(root, "library"), "event", name="subkit")
        title = " ".join((asked.title or track.id).split())
        project = etree.SubElement(event, "project", name=_safe(title))
        sequence = etree.SubElement(
            project, "sequence", format="r1", duration=_told(length), tcStart=_told(base),
            tcFormat="DF" if grid.drop_frame else "NDF",
        )  # fmt: skip
        if asked.note:
            etree.SubElement(sequence, "note").text = _safe(asked.note)
        spine = etree.SubElement(sequence, "spine")
        gap = etree.SubElement(
            spine, "gap", name="Gap", offset=_told(base), start=_told(base), duration=_told(length)
        )
        for number, cue in enumerate(cues, start=1):
            start, end = grid.snap(cue.span.start), grid.snap(cue.span.end)
            if (start, end) != (cue.span.start, cue.span.end):
                tally.add("times", cue.id)
            caption = etree.SubElement(
                gap, "caption", lane="1", offset=_told(base + start), name=f"c{number}",
                start=_told(base), duration=_told(end - start),
                role=f"iTT?captionFormat=ITT.{track.language}",
            )  # fmt: skip
            _write_text(caption, cue, number, tally)
        losses = losses_of(track, _CARRIES, format="fcpxml")
        body = etree.tostring(root, encoding="unicode", pretty_print=False)
        text = f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n{body}\n'
        return WrittenFile(data=text.encode(), losses=tally.losses(losses))


def _write_text(caption: Any, cue: Cue, number: int, tally: LossTally) -> None:
    from lxml import etree

    place = {"top": "top"}.get(cue.placement.vertical, "bottom")
    if cue.placement.vertical == "middle" or cue.placement.horizontal != "center":
        tally.add("place", cue.id)
    tally.add_unsaid(cue, clear=False, units=("points",))
    lines, marks = tidied(cue.text, cue.marks)
    text = etree.SubElement(caption, "text", placement=place)
    defined: dict[tuple[tuple[str, str], ...], str] = {}
    for run in runs("\n".join(lines), marks):
        look = _look(run)
        ref = defined.setdefault(tuple(look.items()), f"ts{number}-{len(defined) + 1}")
        etree.SubElement(text, "text-style", ref=ref).text = _safe(run.text)
    for values, ref in defined.items():
        definition = etree.SubElement(caption, "text-style-def", id=ref)
        etree.SubElement(definition, "text-style", **dict(values))


def _look(run: MarkedRun) -> dict[str, str]:
    color = hex_color(run.value(Feature.COLOR) or "white") or "#ffffffff"
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5, 7)]
    size = run.value(Feature.SIZE) or ""
    look = {
        "font": _safe(run.value(Feature.FONT) or ".AppleSystemUIFont"),
        "fontSize": size if _NUMBER.fullmatch(size) else _USUAL_SIZE,
        "fontColor": " ".join(f"{part:.4g}" for part in parts),
    }
    return {**look, **{name: "1" for name, feature in _FLAGS.items() if run.has(feature)}}


def _told(time: Fraction) -> str:
    return f"{time.numerator}/{time.denominator}s" if time.denominator > 1 else f"{time}s"


def _safe(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return re.sub(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
