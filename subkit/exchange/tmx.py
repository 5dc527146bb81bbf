"""TMX 1.4b (LISA OSCAR, 26 April 2005): pairs of source and target, for translation memories.

A unit a cue; its id is ``track/cue``, its basis and state are properties. Line breaks and tags are
``<ph>``. A unit said in another language than the track of the source has a ``srclang`` of its own;
one said in the language of the target is no pair and left out. Where people approved a line, the
target says who and when.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from subkit.errors import FormatError
from subkit.exchange.inline import is_code, pieces
from subkit.exchange.sheet_rows import (
    MAX_TEXT,
    Basis,
    Reply,
    Returned,
    clean,
    require_pairs,
    require_size,
    too_many_rows,
    wanted,
)
from subkit.files.xml import LANG, harmless_doctype, local_name, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.exchange.sheet_rows import Sheet, SheetRow

__all__ = ["TmxUnit", "read", "read_units", "write"]

_DOCTYPE = harmless_doctype("tmx")
"""The declaration that the standard asks for: it names a file which is never opened."""
_MAX_UNITS = 500_000
_BASIS, _STATE = "x-subkit-basis", "x-subkit-state"


@dataclass(frozen=True, slots=True, kw_only=True)
class TmxUnit:
    """One translation unit.

    Attributes:
        id: Its ``tuid``; empty where it has none.
        texts: Text by language tag as written, lower case.
        properties: Its ``prop`` elements by type.
        actor: Who changed the last text; empty where not said.
        time: When, as TMX writes it.
    """

    id: str
    texts: dict[str, str]
    properties: dict[str, str] = field(default_factory=dict)
    actor: str = ""
    time: str = ""


def write(sheet: Sheet) -> bytes:
    """The file's bytes; cues without a source, a text or another language are left out.

    Raises:
        FormatError: the track has no source.
    """
    from lxml import etree

    require_pairs(sheet, "TMX")
    root = etree.Element("tmx", version="1.4")
    facts = {
        "creationtool": "subkit",
        "creationtoolversion": "1",
        "segtype": "block",
        "o-tmf": "subkit",
        "adminlang": "en",
        "srclang": sheet.source_language,
        "datatype": "plaintext",
    }
    head = etree.SubElement(root, "header", facts)
    for line in sheet.note.split("\n"):
        if clean(line):
            etree.SubElement(head, "note").text = clean(line)
    body = etree.SubElement(root, "body")
    for row in sheet.rows:
        if clean(row.source) and clean(row.text) and row.source_language != sheet.language:
            _unit(body, row, sheet)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _unit(body: Any, row: SheetRow, sheet: Sheet) -> None:
    from lxml import etree

    unit = etree.SubElement(body, "tu")
    unit.set("tuid", f"{row.track}/{row.cue}")
    if row.source_language != sheet.source_language:
        unit.set("srclang", row.source_language)
    unit.tail = "\n"
    for kind, value in ((_BASIS, str(row.basis)), (_STATE, row.state.value)):
        prop = etree.SubElement(unit, "prop")
        prop.set("type", kind)
        prop.text = value
    for language, text in ((row.source_language, row.source), (sheet.language, row.text)):
        variant = etree.SubElement(unit, "tuv")
        variant.set(LANG, language)
        if language == sheet.language and row.approved_by:
            variant.set("changeid", clean(row.approved_by))
            if moment := _moment(row.approved_at):
                variant.set("changedate", moment)
        _fill(etree.SubElement(variant, "seg"), clean(text))


def _moment(time: str) -> str:
    """An ISO 8601 time in UTC as TMX writes it; empty if it is none."""
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)", time)
    return "" if match is None else "{}{}{}T{}{}{}Z".format(*match.groups())


def _fill(segment: Any, text: str) -> None:
    from lxml import etree

    last, number = None, 0
    for piece, code in pieces(text):
        if code:
            number += 1
            last = etree.SubElement(segment, "ph", x=str(number))
            last.set("type", "lb" if piece == "\n" else "fmt")
            last.text = piece
        elif last is None:
            segment.text = piece
        else:
            last.tail = piece


def read(data: bytes, name: str) -> Reply:
    """The units that subkit wrote, as rows; units of other programs have no cue to go to.

    Raises:
        FormatError: not TMX, too large, or without any unit of ours.
    """
    rows = []
    for unit in read_units(data, name):
        track, slash, cue = unit.id.partition("/")
        basis = Basis.parse(unit.properties.get(_BASIS, ""))
        if not slash or not basis.text or len(unit.texts) < 2:
            continue
        text, problem = wanted(list(unit.texts.values())[-1], "", basis)
        rows.append(
            Returned(
                place=f"unit {unit.id}",
                cue=cue,
                track=track,
                basis=basis,
                text=text,
                problem=problem,
            )
        )
    if not rows:
        raise FormatError(
            f"{name!r} has no unit that says which cue it is of.",
            remedy="Give it to subkit translate as a memory, with --tm.",
            line=1,
            column=1,
        )
    return Reply(rows=tuple(rows))


def read_units(data: bytes, name: str) -> Iterator[TmxUnit]:
    """The units of a file, one after the other.

    Raises:
        FormatError: not TMX, or too large.
    """
    require_size(data, name)
    root = parse(data, name, doctype=_DOCTYPE)
    if local_name(root) != "tmx":
        raise FormatError(
            f"{name!r} is not TMX: its root is {local_name(root)!r:.60}.",
            remedy="Export TMX 1.4 from the translation tool.",
            line=1,
            column=1,
        )
    for number, unit in enumerate(root.iter("{*}tu")):
        if number >= _MAX_UNITS:
            raise too_many_rows(name)
        yield _read_unit(unit)


def _read_unit(unit: Any) -> TmxUnit:
    texts: dict[str, str] = {}
    actor = time = ""
    for variant in unit.iterchildren("{*}tuv"):
        language = variant.get(LANG) or variant.get("lang", "")
        segment = variant.find("{*}seg")
        text = clean(_plain(segment))[:MAX_TEXT] if segment is not None else ""
        if language and text:
            texts[language.lower().replace("_", "-")] = text
            actor, time = variant.get("changeid", actor), variant.get("changedate", time)
    properties = {
        prop.get("type", ""): (prop.text or "").strip() for prop in unit.iterchildren("{*}prop")
    }
    return TmxUnit(
        id=unit.get("tuid", ""), texts=texts, properties=properties, actor=actor, time=time
    )


def _plain(element: Any) -> str:
    """The text of a segment; codes of other programs are left out, ours come back."""
    parts = [element.text or ""]
    for child in element:
        inner = _plain(child)
        if local_name(child) == "hi" or is_code(inner):
            parts.append(inner)
        elif child.get("type") == "lb":
            parts.append("\n")
        parts.append(child.tail or "")
    return "".join(parts)
