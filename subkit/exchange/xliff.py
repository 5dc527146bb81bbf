"""XLIFF 2.0 (OASIS, 5 August 2014) for translation tools, with one unit for each cue.

The unit's ``name`` is the cue's id; its basis stands in a namespace of our own, which tools have to
keep. Line breaks are ``<ph subType="xlf:lb">``, tags are codes with their original data. The room
that lines and reading speed leave is a size restriction in code points; where half widths count
one half, as many again, for that module knows no widths. Comments and the glossary's words are
notes. States: ``initial`` without a text, ``translated`` unreviewed, ``reviewed`` edited, ``final``
approved.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from subkit.errors import FormatError
from subkit.exchange.inline import pieces
from subkit.exchange.sheet_rows import (
    MAX_ROWS,
    MAX_TEXT,
    Basis,
    Remark,
    Reply,
    Returned,
    clean,
    require_pairs,
    require_size,
    text_digest,
    too_many_rows,
    wanted,
)
from subkit.files.xml import SPACE, local_name, parse, qualified
from subkit.model import ReviewState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from subkit.exchange.sheet_rows import Sheet, SheetRow

__all__ = ["NAMESPACE", "read", "write"]

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_READ = (NAMESPACE, "urn:oasis:names:tc:xliff:document:2.2")
_SIZES = "urn:oasis:names:tc:xliff:sizerestriction:2.0"
_OWN = "urn:subkit:exchange:1"
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,200}")
_STATES = {
    ReviewState.UNREVIEWED: "translated",
    ReviewState.EDITED: "reviewed",
    ReviewState.APPROVED: "final",
}
_OURS = "subkit-"
"""Notes with such an id went out; all others came in."""


def write(sheet: Sheet) -> bytes:
    """The file's bytes.

    Raises:
        FormatError: the track has no source.
    """
    from lxml import etree

    require_pairs(sheet, "XLIFF")
    root = etree.Element(
        qualified(NAMESPACE, "xliff"), nsmap={None: NAMESPACE, "slr": _SIZES, "subkit": _OWN}
    )
    root.set("version", "2.0")
    root.set("srcLang", sheet.source_language)
    root.set("trgLang", sheet.language)
    file = etree.SubElement(root, qualified(NAMESPACE, "file"))
    file.set("id", "f1")
    file.set("original", clean(sheet.title))
    file.set("canResegment", "no")
    file.set(qualified(_OWN, "track"), sheet.track)
    file.set(SPACE, "preserve")
    etree.SubElement(file, qualified(_SIZES, "profiles")).set("generalProfile", "xliff:codepoints")
    notes = _child(file, "notes")
    limits = f"{sheet.limits.profile}: {sheet.limits}"
    for number, text in enumerate((limits, *sheet.note.split("\n"))):
        _note(notes, f"file-{number}", text)
    for number, row in enumerate(sheet.rows, start=1):
        _unit(file, row, number, sheet)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _child(parent: Any, name: str, **attributes: str) -> Any:
    from lxml import etree

    made = etree.SubElement(parent, qualified(NAMESPACE, name))
    for key, value in attributes.items():
        made.set(key, value)
    return made


def _note(parent: Any, name: str, text: str, **attributes: str) -> None:
    if clean(text):
        _child(parent, "note", id=_OURS + name, **attributes).text = clean(text)


def _unit(file: Any, row: SheetRow, number: int, sheet: Sheet) -> None:
    unit = _child(file, "unit", id=row.cue if _TOKEN.fullmatch(row.cue) else f"-{number}")
    unit.tail = "\n"
    unit.set("name", row.cue)
    unit.set(qualified(_OWN, "basis"), str(row.basis))
    unit.set(qualified(_OWN, "in"), row.start)
    unit.set(qualified(_OWN, "out"), row.end)
    if row.room:
        room = row.room * 2 if sheet.limits.half_width else row.room
        unit.set(qualified(_SIZES, "sizeRestriction"), str(room))
    _unit_notes(unit, row)
    source, target = clean(row.source), clean(row.text)
    codes = list(dict.fromkeys(p for t in (source, target) for p, code in pieces(t) if code))
    tags = [code for code in codes if code != "\n"]
    if tags:
        data = _child(unit, "originalData")
        for place, tag in enumerate(tags, start=1):
            _child(data, "data", id=f"d{place}").text = tag
    state = _STATES[row.state] if target else "initial"
    segment = _child(unit, "segment", state=state)
    names = {tag: f"d{place}" for place, tag in enumerate(tags, start=1)}
    ids = _fill(_child(segment, "source"), source, names, [])
    if target:
        _fill(_child(segment, "target"), target, names, ids)


def _unit_notes(unit: Any, row: SheetRow) -> None:
    notes = _child(unit, "notes")
    if row.speaker:
        _note(notes, "speaker", row.speaker, category="speaker")
    for number, text in enumerate(row.notes):
        _note(notes, f"term-{number}", text, category="glossary", appliesTo="source")
    for number, remark in enumerate(row.comments):
        said = f"{remark.who}: {remark.text}"
        _note(notes, f"comment-{number}", said, category="comment", appliesTo="target")
    if not len(notes):
        unit.remove(notes)


def _fill(
    parent: Any, text: str, names: Mapping[str, str], known: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Put a text with its codes into an element; a code has the id of its like in ``known``."""
    left = list(known)
    taken = len(known)
    used = []
    last = None
    for piece, is_code in pieces(text):
        if not is_code:
            if last is None:
                parent.text = (parent.text or "") + piece
            else:
                last.tail = (last.tail or "") + piece
            continue
        match = next((code for code in left if code[1] == piece), None)
        if match is None:
            taken += 1
            match = (f"c{taken}", piece)
        else:
            left.remove(match)
        used.append(match)
        last = _child(parent, "ph", id=match[0])
        if piece == "\n":
            last.set("type", "fmt")
            last.set("subType", "xlf:lb")
            last.set("disp", "\u21b5")
        else:
            last.set("dataRef", names[piece])
    return used


def read(data: bytes, name: str) -> Reply:
    """The units of a file.

    Raises:
        FormatError: not XLIFF 2, or too large.
    """
    require_size(data, name)
    root = parse(data, name)
    namespace = str(root.tag)[1:].partition("}")[0]
    if local_name(root) != "xliff" or namespace not in _READ:
        version = root.get("version", "of no known version") if "xliff" in namespace else "no"
        raise FormatError(
            f"{name!r} is not XLIFF 2 (it is {version} XLIFF).",
            remedy="Have the translation tool export XLIFF 2.0 or 2.1.",
            line=1,
            column=1,
        )
    rows: list[Returned] = []
    for file in root.iter(qualified(namespace, "file")):
        track = file.get(qualified(_OWN, "track"), "")
        for unit in file.iter(qualified(namespace, "unit")):
            rows.append(_returned(unit, track, root.get("trgLang", "")))
            if len(rows) > MAX_ROWS:
                raise too_many_rows(name)
    return Reply(rows=tuple(rows))


def _returned(unit: Any, track: str, language: str) -> Returned:
    cue = unit.get("name") or unit.get("id", "")
    codes = {
        data.get("id", ""): _plain(data, {})
        for data in _below(unit, "data")
        if local_name(data.getparent()) == "originalData"
    }
    segments = [child for child in unit if local_name(child) in {"segment", "ignorable"}]
    source = "".join(_part(segment, "source", codes) or "" for segment in segments)
    targets = [
        _part(s, "target", codes) for s in segments if local_name(s) == "segment" or len(s) > 1
    ]
    target = "".join(text for text in targets if text is not None)[: MAX_TEXT + 1]
    basis = Basis.parse(unit.get(qualified(_OWN, "basis"), ""))
    if basis == Basis() and source.strip():
        basis = Basis(source=text_digest(source))
    problem = ""
    text: str | None = None
    if any(found is not None for found in targets):
        if not basis.text:
            text, problem = clean(target), "the file lost what its text was made from"
        else:
            text, problem = wanted(target, "", basis)
    if text is not None and any(found is None for found in targets):
        problem = "some of its segments have no target"
    if len(target) > MAX_TEXT:
        text, problem = target[:200], f"its text is longer than {MAX_TEXT} characters"
    states = [s.get("state", "initial") for s in segments if local_name(s) == "segment"]
    if set(states) == {"initial"} and text is not None and target.split() == source.split():
        text = None  # tools fill what nobody translated yet with its source (XLIFF 2.1, 4.3.1.16)
    return Returned(
        place=f"unit {cue}",
        cue=cue,
        track=track,
        basis=basis,
        text=text,
        remarks=tuple(_remarks(unit)),
        finished=bool(states) and set(states) == {"final"},
        problem=problem,
        language=language,
    )


def _below(element: Any, name: str) -> Iterator[Any]:
    return (child for child in element.iter() if local_name(child) == name)


def _remarks(unit: Any) -> Iterator[Remark]:
    """The notes that somebody added."""
    for note in _below(unit, "note"):
        text = clean(note.text or "")[:MAX_TEXT]
        if text and not note.get("id", "").startswith(_OURS):
            yield Remark(text=text)


def _part(segment: Any, name: str, codes: Mapping[str, str]) -> str | None:
    found = next((child for child in segment if local_name(child) == name), None)
    return None if found is None else _plain(found, codes)


def _plain(element: Any, codes: Mapping[str, str]) -> str:
    """The text of an element with its codes as they were in the cue."""
    parts = [element.text or ""]
    for child in element:
        parts += [_code(child, codes), child.tail or ""]
    return "".join(parts)


def _code(element: Any, codes: Mapping[str, str]) -> str:
    name = local_name(element)
    if name == "cp":
        return ""
    if element.get("subType") == "xlf:lb":
        return "\n"
    if name == "pc":
        start = codes.get(element.get("dataRefStart", ""), "")
        return start + _plain(element, codes) + codes.get(element.get("dataRefEnd", ""), "")
    if name in {"ph", "sc", "ec"}:
        return codes.get(element.get("dataRef", ""), element.get("equiv", ""))
    return _plain(element, codes)
