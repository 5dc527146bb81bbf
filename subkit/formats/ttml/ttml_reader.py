"""Reads the TTML family: documents of every age and profile; the package says what is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from subkit.errors import FormatError
from subkit.files.plain_text import MAX_BYTES, Repairs
from subkit.files.xml import parse
from subkit.formats.cue_text import put_in_order
from subkit.formats.ttml.ttml_body import BodyWalk
from subkit.formats.ttml.ttml_cascade import Cascade, Computed, named_attributes, named_in_file
from subkit.formats.ttml.ttml_cues import DocumentLook, ParagraphCues
from subkit.formats.ttml.ttml_head import agents_of, head_facts, head_metadata
from subkit.formats.ttml.ttml_layout import Grid
from subkit.formats.ttml.ttml_names import short_name
from subkit.formats.ttml.ttml_times import clock_of
from subkit.interfaces.file_contents import FileContent, ReadRequest
from subkit.model import Cue, Span, Track
from subkit.model.styling import Carried

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

    from subkit.formats.ttml.ttml_pieces import Paragraph
    from subkit.formats.ttml.ttml_times import MediaClock

__all__ = ["TtmlReader"]

_STAYS = Fraction(5)
"""Seconds that the last cue stays where the file says no end at all."""

_PAIR = re.compile(r"\s*(\d{1,5})\s+(\d{1,5})\s*")
_PIXELS = re.compile(r"\s*(\d{1,5})px\s+(\d{1,5})px\s*")


class TtmlReader:
    """Reads TTML; see the package for what it takes."""

    extension = "ttml"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """Return the first track and what was repaired.

        Raises:
            FormatError: not TTML, or pictures only.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """Return what the file holds: a track for each language that has a division of its own.

        Raises:
            FormatError: not TTML, or pictures only.
        """
        if len(data) > MAX_BYTES:
            _refuse(
                f"{asked.name!r} has {len(data)} bytes; subtitle files are read up to {MAX_BYTES}."
            )
        root = parse(data, asked.name)
        if short_name(str(root.tag)) not in ("tt:tt", "tt"):
            _refuse(f"{asked.name!r} is not TTML: its first element is not <tt>.", root)
        repairs = Repairs()
        document = _document(root, asked, repairs)
        cues = _cues(document, asked, repairs)
        tracks = _tracks(document, cues, asked, repairs)
        return FileContent(
            tracks=tracks,
            repairs=tuple(repairs.sentences()),
            rate=document.clock.rate if document.clock.stated else None,
            start=document.start,
            title=document.title,
        )


def _refuse(message: str, element: Element | None = None) -> NoReturn:
    line = 1 if element is None else element.sourceline
    raise FormatError(message, remedy="Check that it is a subtitle file.", line=line or 1, column=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """What a document says beside its cues."""

    clock: MediaClock
    paragraphs: list[Paragraph]
    maker: ParagraphCues
    start: Fraction | None
    title: str
    carried: tuple[Carried, ...]


def _document(root: Element, asked: ReadRequest, repairs: Repairs) -> _Document:
    parameters = named_attributes(root)
    clock = clock_of(parameters, asked.rate, repairs)
    grid = _grid(parameters)
    head = _child(root, "head")
    body = _child(root, "body")
    cascade = Cascade(grid, repairs)
    if head is not None:
        cascade.learn(_all(head, ("tt:style", "tt:initial"), within="styling"))
    regions = _regions(head, cascade, repairs)
    walk = BodyWalk(clock, cascade, regions, repairs)
    paragraphs: list[Paragraph] = []
    if body is not None:
        if "ebuttp:sequenceIdentifier" in parameters and body.attrib.pop("dur", None):
            repairs.add("The duration of a part of a live sequence was left out", "<body>")
        preserve = parameters.get("xml:space") == "preserve"
        paragraphs = walk.paragraphs(body, parameters.get("xml:lang", ""), preserve=preserve)
    _say_pictures(walk.pictures, paragraphs, asked, repairs)
    attributes = named_attributes(body) if body is not None else {}
    said = cascade.specified(attributes, lambda: "<body>")
    look = DocumentLook.of(paragraphs, said, cascade.below(cascade.root(), said))
    metadata = head_metadata(head)
    maker = ParagraphCues(
        grid=grid,
        regions=regions,
        agents=agents_of(metadata),
        look=look,
        language=_language(parameters, paragraphs),
        repairs=repairs,
    )
    kept, title, start = head_facts(metadata, clock, repairs)
    return _Document(
        clock=clock,
        paragraphs=paragraphs,
        maker=maker,
        start=start,
        title=title,
        carried=(*kept, *(look.carried() if paragraphs else ())),
    )


def _grid(parameters: Mapping[str, str]) -> Grid:
    cells = _PAIR.fullmatch(parameters.get("ttp:cellResolution", ""))
    pixels = _PIXELS.fullmatch(parameters.get("tts:extent", ""))
    columns, rows = (int(cells[1]), int(cells[2])) if cells else (32, 15)
    width, height = (int(pixels[1]), int(pixels[2])) if pixels else (0, 0)
    return Grid(
        columns=columns or 32, rows=rows or 15, width=Fraction(width), height=Fraction(height)
    )


def _child(element: Element, name: str) -> Element | None:
    wanted = (f"tt:{name}", name)
    return next((child for child in element if short_name(str(child.tag)) in wanted), None)


def _all(head: Element, names: tuple[str, ...], *, within: str) -> list[Element]:
    return [
        element
        for part in head
        if short_name(str(part.tag)) == f"tt:{within}"
        for element in part
        if short_name(str(element.tag)) in names
    ]


def _regions(head: Element | None, cascade: Cascade, repairs: Repairs) -> dict[str, Computed]:
    found: dict[str, Computed] = {}
    for element in () if head is None else _all(head, ("tt:region",), within="layout"):
        attributes = named_attributes(element)
        place = partial(named_in_file, element)
        said = cascade.specified(attributes, place)
        for child in element:
            kind = short_name(str(child.tag))
            if kind == "tt:style":
                nested = cascade.specified(named_attributes(child), place)
                said = {**said, **{k: v for k, v in nested.items() if k not in attributes}}
            elif kind == "tt:set":
                repairs.add("Animation (set) is not kept", f"line {child.sourceline}")
        if "begin" in attributes or "end" in attributes:
            repairs.add("Times of a region are not kept", place())
        if id_ := attributes.get("xml:id"):
            found[id_] = cascade.below(cascade.root(), said)
    return found


def _say_pictures(
    pictures: list[Element], paragraphs: list[Paragraph], asked: ReadRequest, repairs: Repairs
) -> None:
    texts = any(piece.text.strip() for p in paragraphs for piece in p.pieces)
    if pictures and not texts:
        _refuse(f"{asked.name!r} holds pictures of subtitles and no text.", pictures[0])
    for element in pictures:
        repairs.add("A picture was left out", named_in_file(element))


def _language(parameters: Mapping[str, str], paragraphs: list[Paragraph]) -> str:
    """Return the language of the document: what all its paragraphs are in, else what it says."""
    spoken = {paragraph.language for paragraph in paragraphs}
    return spoken.pop() if len(spoken) == 1 else parameters.get("xml:lang", "")


def _cues(document: _Document, asked: ReadRequest, repairs: Repairs) -> list[tuple[str, Cue]]:
    """Return cues with the language of the division they are in."""
    start = asked.start if asked.start is not None else document.start
    found: list[tuple[str, Cue]] = []
    paragraphs = _joined(document.paragraphs)
    open_ends = any(paragraph.end is None for paragraph, _ in paragraphs)
    starts = sorted({paragraph.start for paragraph, _ in paragraphs}) if open_ends else []
    for paragraph, id_ in paragraphs:
        if paragraph.end is not None and paragraph.end <= paragraph.start:
            if any(piece.text.strip() for piece in paragraph.pieces):
                repairs.add(
                    "A paragraph that ends before it begins was left out",
                    named_in_file(paragraph.element),
                )
            continue
        if not paragraph.pieces and not paragraph.timed:
            continue
        ends = _end_for(paragraph.start, starts)
        made = document.maker.cues(paragraph, ends)
        open_end = paragraph.end is None and any(
            p.end is None for p in paragraph.pieces if p.text.strip()
        )
        if open_end and any(cue.lines for cue in made):
            repairs.add(
                "A paragraph without end or duration ends at the next cue, else after 5 seconds",
                named_in_file(paragraph.element),
            )
        for number, cue in enumerate(made):
            own = id_ or cue.id
            own = f"{own}.{number + 1}" if own and number else own
            if not cue.lines and (not paragraph.timed or paragraph.end is None):
                continue
            found.append(
                (
                    paragraph.section,
                    _moved(cue if cue.id == own else replace(cue, id=own), start, repairs),
                )
            )
    return found


def _end_for(start: Fraction, starts: list[Fraction]) -> Fraction:
    from bisect import bisect_right

    at = bisect_right(starts, start)
    return min(starts[at], start + 2 * _STAYS) if at < len(starts) else start + _STAYS


def _moved(cue: Cue, start: Fraction | None, repairs: Repairs) -> Cue:
    """Return a cue with times from the programme's start."""
    if not start:
        return cue
    begin, end = cue.span.start - start, cue.span.end - start
    if begin < 0:
        repairs.add("A time before the programme's start was made its start", cue.id[:40])
    return replace(cue, span=Span(max(begin, Fraction(0)), max(end, Fraction(0))))


def _joined(paragraphs: list[Paragraph]) -> list[tuple[Paragraph, str]]:
    """Return paragraphs, those that are lines of one timed division as one, and its id.

    So does imsc-rosetta: a division has the times, and each paragraph in it is a line.
    """
    found: list[tuple[Paragraph, str]] = []
    for paragraph in paragraphs:
        holder, timed = paragraph.holder
        before = found[-1][0] if found else None
        if not timed or paragraph.timed:
            found.append((paragraph, ""))
            continue
        same = before is not None and before.holder[0] is holder and not before.timed
        if same and before is not None and before.region == paragraph.region:
            pieces = before.pieces
            if pieces and paragraph.pieces:
                line_break = replace(pieces[-1], text="\n", preserve=True, rubies=())
                pieces = (*pieces, line_break, *paragraph.pieces)
            found[-1] = (replace(before, pieces=pieces or paragraph.pieces), found[-1][1])
        else:
            id_ = named_attributes(holder).get("xml:id", "")
            found.append((paragraph, id_ if "xml:id" not in paragraph.attributes else ""))
    return found


def _tracks(
    document: _Document, cues: list[tuple[str, Cue]], asked: ReadRequest, repairs: Repairs
) -> tuple[Track, ...]:
    """Return a track for each language with a division of its own, else one."""
    file_language = document.maker.language or "und"
    sections = list(dict.fromkeys(section for section, _ in cues if section))
    apart = len(sections) > 1 and all(section for section, _ in cues)
    regions = tuple(document.maker.kept.values())
    found = []
    for section in sections if apart else [""]:
        own = [cue for language, cue in cues if not apart or language == section]
        language = section or (asked.language if asked.language != "und" else file_language)
        if apart:
            own = [
                replace(cue, language=None if cue.language == section else cue.language)
                for cue in own
            ]
        own = put_in_order(_identified(own, repairs), repairs)
        track = Track(
            id=language,
            language=language,
            cues=tuple(own),
            regions=regions,
            carried=document.carried,
        )
        found.append(track)
    if not cues:
        repairs.add("The file holds no cue")
    return tuple(found)


def _other(language: str | None, than: str) -> str | None:
    return None if language == than else language


def _identified(cues: list[Cue], repairs: Repairs) -> list[Cue]:
    """Return cues with an id each: the file's, else its place; a repeated one is replaced."""
    taken = {cue.id for cue in cues}
    seen: set[str] = set()
    found = []
    for number, cue in enumerate(cues, start=1):
        id_ = cue.id
        if not id_ or id_ in seen:
            if id_:
                repairs.add("A repeated cue id was replaced", id_[:40])
            id_ = str(number)
            while id_ in taken:
                id_ += "+"
            taken.add(id_)
        seen.add(id_)
        found.append(cue if cue.id == id_ else replace(cue, id=id_))
    return found
