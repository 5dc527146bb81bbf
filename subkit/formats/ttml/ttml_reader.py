"""Reads the TTML family: documents of every age and profile; the package says what is kept."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, NoReturn

from subkit.errors import FormatError
from subkit.files.plain_text import MAX_BYTES, Repairs
from subkit.files.xml import parse
from subkit.formats.cue_text import put_in_order
from subkit.formats.ttml.ttml_body import BodyWalk
from subkit.formats.ttml.ttml_cascade import Cascade, Computed, named_attributes, named_in_file
from subkit.formats.ttml.ttml_cues import DocumentLook, ParagraphCues
from subkit.formats.ttml.ttml_layout import Grid
from subkit.formats.ttml.ttml_names import short_name
from subkit.formats.ttml.ttml_styles import FAMILY
from subkit.formats.ttml.ttml_times import clock_of
from subkit.interfaces.file_contents import FileContent, ReadRequest
from subkit.model import Cue, Span, Track
from subkit.model.styling import Carried

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml.etree import _Element as Element

    from subkit.formats.ttml.ttml_pieces import Paragraph
    from subkit.formats.ttml.ttml_times import MediaClock

__all__ = ["TtmlReader"]

_STAYS = Fraction(5)
"""Seconds that the last cue stays where the file says no end at all."""

_PAIR = re.compile(r"\s*(\d{1,5})\s+(\d{1,5})\s*")
_PIXELS = re.compile(r"\s*(\d{1,5})px\s+(\d{1,5})px\s*")
_TITLES = ("ttm:title", "ebuttm:documentOriginalProgrammeTitle")
_START = "ebuttm:documentStartOfProgramme"
_CLAIM = "ebuttm:conformsToStandard"


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
    said = cascade.specified(attributes, "body")
    look = DocumentLook.of(paragraphs, said, cascade.below(cascade.root(), said))
    metadata = _metadata(head)
    maker = ParagraphCues(
        grid=grid,
        regions=regions,
        agents=_agents(metadata),
        look=look,
        language=_language(parameters, paragraphs),
        repairs=repairs,
    )
    kept, title, start = _head_facts(metadata, clock, repairs)
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
        place = named_in_file(element)
        said = cascade.specified(attributes, place)
        for child in element:
            kind = short_name(str(child.tag))
            if kind == "tt:style":
                nested = cascade.specified(named_attributes(child), place)
                said = {**said, **{k: v for k, v in nested.items() if k not in attributes}}
            elif kind == "tt:set":
                repairs.add("Animation (set) is not kept", f"line {child.sourceline}")
        if "begin" in attributes or "end" in attributes:
            repairs.add("Times of a region are not kept", place)
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


def _metadata(head: Element | None) -> list[Element]:
    """Return what the head says in ``metadata``, one level deep, and beside it."""
    found: list[Element] = []
    for part in () if head is None else head:
        kind = short_name(str(part.tag))
        if kind == "tt:metadata":
            found += list(part)
        elif kind not in ("tt:styling", "tt:layout"):
            found.append(part)
    return found


def _agents(metadata: Iterable[Element]) -> dict[str, str]:
    found = {}
    for element in metadata:
        if short_name(str(element.tag)) != "ttm:agent":
            continue
        names = [" ".join((child.text or "").split()) for child in element]
        id_ = named_attributes(element).get("xml:id", "")
        found[id_] = next((name for name in names if name), id_)
    return found


def _head_facts(
    metadata: Iterable[Element], clock: MediaClock, repairs: Repairs
) -> tuple[tuple[Carried, ...], str, Fraction | None]:
    """Return metadata to give back, the title, and the timecode of the programme's start."""
    kept: list[Carried] = []
    title, start = "", None
    for element in metadata:
        kind = short_name(str(element.tag))
        if kind == "ttm:title":
            title = title or (element.text or "").strip()
            continue
        if kind == "ttm:agent":
            continue
        for inner in element.iter():
            name = short_name(str(inner.tag))
            if name in _TITLES:
                title = title or (inner.text or "").strip()
            elif name == _START and inner.text:
                start = clock.seconds(inner.text.strip(), repairs, named_in_file(inner))
        if (text := _alone(element)) is not None:
            kept.append(Carried(format=FAMILY, kind="metadata", text=text))
    return tuple(kept), title, start


def _alone(element: Element) -> str | None:
    """Return the source of an element with the namespaces it uses and without indentation.

    What a file says that it conforms to is true of that file only: it is taken out, and ``None``
    is left of an element that says nothing else.
    """
    from lxml import etree

    copy = deepcopy(element)
    copy.tail = None
    claims = [inner for inner in copy.iter() if short_name(str(inner.tag)) == _CLAIM]
    for claim in claims:
        parent = claim.getparent()
        if parent is not None:
            parent.remove(claim)
    if claims and not len(copy):
        return None
    for inner in copy.iter():
        if len(inner) and not (inner.text or "").strip():
            inner.text = None
        if inner is not copy and not (inner.tail or "").strip():
            inner.tail = None
    etree.cleanup_namespaces(copy)
    return str(etree.tostring(copy, encoding="unicode"))


def _language(parameters: Mapping[str, str], paragraphs: list[Paragraph]) -> str:
    """Return the language of the document: what all its paragraphs are in, else what it says."""
    spoken = {paragraph.language for paragraph in paragraphs}
    return spoken.pop() if len(spoken) == 1 else parameters.get("xml:lang", "")


def _cues(document: _Document, asked: ReadRequest, repairs: Repairs) -> list[tuple[str, Cue]]:
    """Return cues with the language of the division they are in."""
    start = asked.start if asked.start is not None else document.start
    found: list[tuple[str, Cue]] = []
    paragraphs = _joined(document.paragraphs)
    starts = sorted({paragraph.start for paragraph, _ in paragraphs})
    for paragraph, id_ in paragraphs:
        place = named_in_file(paragraph.element)
        if paragraph.end is not None and paragraph.end <= paragraph.start:
            if any(piece.text.strip() for piece in paragraph.pieces):
                repairs.add("A paragraph that ends before it begins was left out", place)
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
                place,
            )
        for number, cue in enumerate(made):
            own = id_ or cue.id
            own = f"{own}.{number + 1}" if own and number else own
            if not cue.lines and (not paragraph.timed or paragraph.end is None):
                continue
            found.append((paragraph.section, _moved(replace(cue, id=own), start, repairs)))
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
