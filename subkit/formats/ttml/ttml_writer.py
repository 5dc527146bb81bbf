"""Writes the TTML family: one serializer, a row of :mod:`ttml_profiles` for each variant."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.files.xml import parse
from subkit.formats.cue_text import in_order
from subkit.formats.losses import counted, losses_of
from subkit.formats.track_looks import without_names
from subkit.formats.ttml.ttml_layout import attributes_of
from subkit.formats.ttml.ttml_names import NAMESPACES, full_name, short_name
from subkit.formats.ttml.ttml_paragraphs import ParagraphWriter, clean
from subkit.formats.ttml.ttml_profiles import profile_of
from subkit.formats.ttml.ttml_styles import FAMILY
from subkit.interfaces.file_contents import Loss, WriteRequest, WrittenFile

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from subkit.formats.ttml.ttml_profiles import TtmlProfile
    from subkit.model import Cue, FrameRate, Media, Track

__all__ = [
    "EbuTtDWriter",
    "ImscWriter",
    "IttWriter",
    "NetflixJapaneseWriter",
    "NetflixWriter",
    "SmpteTtWriter",
    "TtmlWriter",
]


_FONT = frozenset({"tts:fontFamily", "tts:fontSize", "tts:color"})


class TtmlWriter:
    """Writes a variant of TTML; the package has the recipe."""

    def __init__(self, profile: str) -> None:
        self._profile = profile_of(profile)
        self.extension = self._profile.extension

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """Return the bytes of the file; ``note`` becomes a description or comment at the top."""
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(self, track: Track, media: Media, asked: WriteRequest) -> WrittenFile:
        """Return the bytes of the file and what the variant could not hold."""
        from lxml import etree

        profile = profile_of(asked.profile) if asked.profile else self._profile
        track = without_names(track, FAMILY)
        rate = media.frame_grid
        paragraphs = ParagraphWriter(profile=profile, track=track, rate=rate)
        root = _root(track, media, profile)
        head = etree.SubElement(root, full_name("tt:head"))
        body = etree.SubElement(root, full_name("tt:body"))
        division = etree.SubElement(body, full_name("tt:div"))
        written = [paragraphs.paragraph(cue) for cue in in_order(track)]
        title = clean(asked.title or Path(media.path).stem)
        blocks = _metadata(head, track, paragraphs, title, asked.note)
        _styling(head, body, track, paragraphs)
        _layout(head, paragraphs)
        if written:
            division.text = _PARAGRAPHS
        else:
            root.remove(body)
        _indent(root, 0)
        used = [short for short in ("ttm", "itts") if any(f" {short}:" in p for p in written)]
        etree.cleanup_namespaces(root, keep_ns_prefixes=used)
        data = _bytes(root, written, asked.note if profile.note == "comment" else "")
        return WrittenFile(data=data, losses=_losses(track, profile, paragraphs, rate, blocks))


ImscWriter = partial(TtmlWriter, "imsc")
EbuTtDWriter = partial(TtmlWriter, "ebuttd")
SmpteTtWriter = partial(TtmlWriter, "smptett")
IttWriter = partial(TtmlWriter, "itt")
NetflixWriter = partial(TtmlWriter, "netflix")
NetflixJapaneseWriter = partial(TtmlWriter, "netflix-ja")


_PARAGRAPHS = "PARAGRAPHS"
"""Stands for the paragraphs until the rest of the document is text."""


def _bytes(root: Element, paragraphs: list[str], note: str) -> bytes:
    """Return a document, the source of its paragraphs in its division."""
    from lxml import etree

    note = re.sub("-(?=-)|-$", "- ", clean(note).replace("\r", "\n"))  # two hyphens end a comment
    comment = f"<!-- {note} -->\n" if note else ""
    text = str(etree.tostring(root, encoding="unicode"))
    if paragraphs:
        before, _, after = text.rpartition(f"<div>{_PARAGRAPHS}</div>")
        inside = "".join(f"\n      {paragraph}" for paragraph in paragraphs)
        text = f"{before}<div>{inside}\n    </div>{after}"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{comment}{text}\n'.encode()


def _root(track: Track, media: Media, profile: TtmlProfile) -> Element:
    from lxml import etree

    attributes = {full_name("xml:lang"): clean(track.language)}
    attributes |= {full_name(name): value for name, value in profile.root.items()}
    rate = media.frame_grid if profile.times == "timecode" else media.frame_rate
    if rate is not None and profile.name != "ebuttd":
        attributes |= _frame_parameters(rate, timecode=profile.times == "timecode")
    names = {None if short == "tt" else short: uri for short, uri in NAMESPACES.items()}
    del names["xml"]
    return etree.Element(full_name("tt:tt"), attributes, nsmap=names)


def _frame_parameters(rate: FrameRate, *, timecode: bool) -> dict[str, str]:
    factor = rate.rate / rate.nominal
    if factor not in (Fraction(1), Fraction(1000, 1001)):
        return {}
    found = {
        full_name("ttp:frameRate"): str(rate.nominal),
        full_name("ttp:frameRateMultiplier"): "1 1" if factor == 1 else "1000 1001",
    }
    if timecode:
        found[full_name("ttp:timeBase")] = "smpte"
        found[full_name("ttp:dropMode")] = "dropNTSC" if rate.drop_frame else "nonDrop"
    return found


def _metadata(
    head: Element, track: Track, paragraphs: ParagraphWriter, title: str, note: str
) -> int:
    """Add title, note, agents and carried metadata; return how many blocks could not be."""
    from lxml import etree

    profile = paragraphs.profile
    metadata = etree.SubElement(head, full_name("tt:metadata"))
    if profile.title.startswith("ebuttm:"):
        document = etree.SubElement(metadata, full_name("ebuttm:documentMetadata"))
        standard = etree.SubElement(document, full_name("ebuttm:conformsToStandard"))
        standard.text = "urn:ebu:tt:distribution:2014-01"
        etree.SubElement(document, full_name(profile.title)).text = title
    else:
        etree.SubElement(metadata, full_name(profile.title)).text = title
    if note and profile.note == "desc":
        etree.SubElement(metadata, full_name("ttm:desc")).text = clean(note)
    lost = 0
    for block in track.carried:
        if block.format != FAMILY or block.kind != "metadata":
            continue
        element = _carried_element(block.text) if profile.note == "desc" else None
        if element is None:
            lost += 1
        elif short_name(str(element.tag)) != "ttm:desc" or element.text != clean(note):
            metadata.append(element)
    for name, id_ in paragraphs.agents.items():
        attributes = {full_name("xml:id"): id_, "type": "character"}
        agent = etree.SubElement(metadata, full_name("ttm:agent"), attributes)
        etree.SubElement(agent, full_name("ttm:name"), {"type": "full"}).text = clean(name)
    return lost


def _carried_element(text: str) -> Element | None:
    try:
        return parse(text.encode(), "carried metadata")
    except FormatError:
        return None


def _styling(head: Element, body: Element, track: Track, paragraphs: ParagraphWriter) -> None:
    from lxml import etree

    profile = paragraphs.profile
    styling = etree.SubElement(head, full_name("tt:styling"))
    look = dict(profile.look)
    for block in track.carried:
        if block.format == FAMILY and block.kind == "look":
            own = attributes_of(block.text)
            look = {k: v for k, v in own.items() if profile.keeps(k, v) or k in _FONT}
    if look:
        body.set("style", paragraphs.style(look.items()))
    for attributes, id_ in paragraphs.styles.items():
        said = {full_name(name): value for name, value in attributes}
        etree.SubElement(styling, full_name("tt:style"), {full_name("xml:id"): id_, **said})


def _layout(head: Element, paragraphs: ParagraphWriter) -> None:
    from lxml import etree

    layout = etree.SubElement(head, full_name("tt:layout"))
    if not paragraphs.regions:
        paragraphs.default_region()
    for (_, attributes), id_ in paragraphs.regions.items():
        said = {full_name(name): value for name, value in attributes}
        etree.SubElement(layout, full_name("tt:region"), {full_name("xml:id"): id_, **said})


def _indent(element: Element, depth: int) -> None:
    """Put every element on a line of its own."""
    if not len(element):
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in element:
        _indent(child, depth + 1)
        child.tail = "\n" + "  " * (depth + 1)
    element[-1].tail = "\n" + "  " * depth


def _losses(
    track: Track,
    profile: TtmlProfile,
    paragraphs: ParagraphWriter,
    rate: FrameRate,
    blocks: int,
) -> tuple[Loss, ...]:
    lost = dict(paragraphs.lost)
    if profile.times == "timecode":
        off = [cue.id for cue in track.cues if not _on_grid(cue, rate)]
        lost |= {"times": off} if off else {}
    found = list(losses_of(track, profile.carries, format=FAMILY))
    found += [counted(feature, cues) for feature, cues in lost.items()]
    strange = len(paragraphs.unfit)
    strange += sum(not region.source.startswith(FAMILY + " ") for region in track.regions)
    if strange and "region" in profile.carries:
        found.append(_of_track("region", strange))
    if blocks:
        found.append(_of_track("carried", blocks))
    return tuple(found)


def _of_track(feature: str, count: int) -> Loss:
    named = counted(feature, [""] * count)
    return replace(named, cues=())


def _on_grid(cue: Cue, rate: FrameRate) -> bool:
    return all(rate.snap(time) == time for time in (cue.span.start, cue.span.end))
