"""DOCX tables: written beside python-docx's template, read with tracked changes and comments.

A reviewer may write into ``edited`` or change ``target`` itself; with Word's Track Changes on, the
text before (insertions out, deletions in) and after (the other way round) are both in the file. A
deleted row is a row left out. Word's own comments belong to the row that they stand in.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from subkit.errors import FormatError
from subkit.exchange.archive import open_archive, repack
from subkit.exchange.columns import HELP, cells, header, is_blank_row, returned
from subkit.exchange.sheet_rows import MAX_ROWS, Basis, Remark, Reply, clean, too_many_rows
from subkit.files.plain_text import Repairs
from subkit.files.xml import local_name, parse, qualified

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from subkit.exchange.sheet_rows import Returned, Sheet

__all__ = ["read", "write"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_SHOWN = ("id", "in", "out", "speaker", "source", "target", "edited", "comment", "notes", "state")
"""Columns of the table; the basis stands as hidden text behind the id."""
_WIDTHS = (1150, 1350, 1350, 1050, 2250, 2250, 2250, 1300, 1200, 1350)
"""Of a landscape page, in twentieths of a point."""
_INSERTED, _DELETED = {"ins", "moveTo"}, {"del", "moveFrom"}
_SKIPPED = {"instrText", "delInstrText", "Fallback", "rPr", "pPr", "tcPr", "trPr", "tblPr"}
_PIECES = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "\u2011"}
_MAX_COLUMNS = 64


def write(sheet: Sheet) -> bytes:
    """The file's bytes."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = Mm(12)
    document.core_properties.title = clean(f"{sheet.title} {sheet.track}")
    document.core_properties.author = "subkit"
    document.core_properties.comments = ""
    document.add_heading(clean(f"{sheet.title}: {sheet.track}"), level=1)
    document.add_paragraph(f"Limits ({sheet.limits.profile}): {sheet.limits}")
    document.add_paragraph(HELP)
    table = document.add_table(rows=0, cols=0, style="Table Grid")._tbl  # noqa: SLF001
    _fill(table, sheet)
    for line in sheet.note.split("\n"):
        document.add_paragraph(clean(line))
    stream = io.BytesIO()
    document.save(stream)
    return repack(stream.getvalue())


def _fill(table: Any, sheet: Sheet) -> None:
    """Rows as elements: python-docx takes quadratic time for a table this long."""
    from lxml import etree

    def element(parent: Any, name: str, **attributes: str) -> Any:
        made = etree.SubElement(parent, qualified(_W, name))
        for key, value in attributes.items():
            made.set(qualified(_W, key), value)
        return made

    grid = table.find(qualified(_W, "tblGrid"))
    for width in _WIDTHS:
        element(grid, "gridCol", w=str(width))
    head = element(table, "tr")
    properties = element(head, "trPr")
    element(properties, "cantSplit")
    element(properties, "tblHeader")
    for column, width in zip(_SHOWN, _WIDTHS, strict=True):
        _cell(element, head, column, width, bold=True)
    for row in sheet.rows:
        line = element(table, "tr")
        element(element(line, "trPr"), "cantSplit")
        values = cells(row)
        for column, width in zip(_SHOWN, _WIDTHS, strict=True):
            hidden = f" {values['basis']}" if column == "id" else ""
            _cell(element, line, values[column], width, hidden=hidden)


def _cell(
    element: Any, row: Any, text: str, width: int, *, bold: bool = False, hidden: str = ""
) -> None:
    cell = element(row, "tc")
    element(element(cell, "tcPr"), "tcW", w=str(width), type="dxa")
    paragraph = element(cell, "p")
    for words, mark in ((text, "b" if bold else ""), (hidden, "vanish")):
        if not words:
            continue
        run = element(paragraph, "r")
        look = element(run, "rPr")
        if mark:
            element(look, mark)
        element(look, "sz", val="18")
        for number, line in enumerate(words.split("\n")):
            if number:
                element(run, "br")
            piece = element(run, "t")
            piece.text = line
            piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def read(data: bytes, name: str) -> Reply:
    """The rows of every table that has a header of ours.

    Raises:
        FormatError: not DOCX, damaged, larger than any sheet, or no such table.
    """
    members = open_archive(data, name, needs="[Content_Types].xml")
    main = _related(members, "", "officeDocument", name)
    if main is None:
        raise FormatError(
            f"{name!r} is not a Word document.", remedy="Save it as DOCX.", line=1, column=1
        )
    root = _parse(members[main], f"{name}: {main}")
    comments = _read_comments(members, main, name)
    repairs = Repairs()
    rows: list[Returned] = []
    known = False
    for number, table in enumerate(root.iter(qualified(_W, "tbl")), start=1):
        lines = _lines(table)
        first = next(lines, None)
        places = header([_text(cell) for cell in first[1]]) if first is not None else None
        if places is None:
            continue
        known = True
        for line, (row, row_cells) in enumerate(lines, start=2):
            rows += _returned(row, row_cells, places, comments, f"table {number}, row {line}")
            if len(rows) > MAX_ROWS:
                raise too_many_rows(name)
    if not known:
        raise FormatError(
            f"{name!r} has no table with the columns id and edited (or target).",
            remedy="Keep the first row of the table as subkit wrote it.",
            line=1,
            column=1,
        )
    for remark in comments.values():
        repairs.add("A comment stands at no row of the table", f"{remark.who}: {remark.text[:80]}")
    return Reply(rows=tuple(rows), repairs=tuple(repairs.sentences()))


def _lines(table: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Each row of a table with its cells, not those of tables inside it."""
    wrappers = {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"}

    def below(parent: Any, kind: str) -> Iterator[Any]:
        for child in parent:
            if local_name(child) == kind:
                yield child
            elif local_name(child) in wrappers:
                yield from below(child, kind)

    for row in below(table, "tr"):
        yield row, list(below(row, "tc"))[:_MAX_COLUMNS]


def _returned(
    row: Any,
    row_cells: Sequence[Any],
    places: Mapping[str, int],
    comments: dict[str, Remark],
    place: str,
) -> list[Returned]:
    """What a row says: nothing if it was deleted with Track Changes on."""
    if row.find(f"{qualified(_W, 'trPr')}/{qualified(_W, 'del')}") is not None:
        return []
    found = {column: row_cells[at] for column, at in places.items() if at < len(row_cells)}
    values = {column: _text(cell) for column, cell in found.items()}
    identity, _, hidden = values.get("id", "").strip().rpartition(" ")
    if Basis.parse(hidden) != Basis():
        values |= {"id": identity, "basis": hidden}
    target = found.get("target")
    before = None if target is None else _text(target, after=False)
    tracked = before if before != values.get("target") else None
    remarks = [comments.pop(key) for key in _comment_keys(row) if key in comments]
    if is_blank_row(values) and not remarks:
        return []
    return [returned(values, place, remarks=remarks, before=tracked)]


def _text(cell: Any, *, after: bool = True) -> str:
    """The text of a cell, after its tracked changes or before them."""
    hidden = _DELETED if after else _INSERTED
    pieces: list[str] = []
    _gather(cell, hidden, pieces)
    return "".join(pieces).strip("\n")


def _gather(element: Any, hidden: set[str], pieces: list[str]) -> None:
    for child in element:
        name = local_name(child)
        if name in hidden or name in _SKIPPED:
            continue
        if name in {"t", "delText"}:
            pieces.append(child.text or "")
        elif name in _PIECES:
            pieces.append(_PIECES[name])
        else:
            _gather(child, hidden, pieces)
            if name == "p" and not _joins_next(child, hidden):
                pieces.append("\n")


def _joins_next(paragraph: Any, hidden: set[str]) -> bool:
    """Whether the mark at a paragraph's end is not there: deleted, or not yet put in."""
    marks = paragraph.find(f"{qualified(_W, 'pPr')}/{qualified(_W, 'rPr')}")
    return marks is not None and any(local_name(mark) in hidden for mark in marks)


def _comment_keys(row: Any) -> Iterator[str]:
    for name in ("commentRangeStart", "commentReference"):
        for anchor in row.iter(qualified(_W, name)):
            yield anchor.get(qualified(_W, "id"), "")


def _related(members: Mapping[str, bytes], part: str, kind: str, name: str) -> str | None:
    """The part that ``part`` (empty: the file as a whole) names as its ``kind``, if it is there."""
    folder, slash, own = part.rpartition("/")
    relations = f"{folder}{slash}_rels/{own}.rels"
    for relation in parse(members[relations], name) if relations in members else ():
        if relation.get("Type", "").endswith(f"/{kind}"):
            target = relation.get("Target", "")
            path = target[1:] if target.startswith("/") else f"{folder}{slash}{target}"
            if path in members:
                return path
    return None


def _parse(data: bytes, name: str) -> Any:
    """A part's root; the standard's strict form has another namespace for the same elements."""
    return parse(data.replace(_STRICT.encode(), _W.encode()), name)


def _read_comments(members: Mapping[str, bytes], main: str, name: str) -> dict[str, Remark]:
    """Word's comments by id."""
    part = _related(members, main, "comments", name)
    if part is None:
        return {}
    root = _parse(members[part], f"{name}: {part}")
    done = set(_read_done(members, main, name))
    found = {}
    for comment in root.iter(qualified(_W, "comment")):
        if text := clean(_text(comment)):
            key = comment.get(qualified(_W, "id"), "")
            who = clean(comment.get(qualified(_W, "author"), "")).replace("\n", " ")
            paragraphs = (each.get(qualified(_W14, "paraId")) for each in comment.iter())
            found[key] = Remark(text=text, who=who, resolved=not done.isdisjoint(paragraphs))
    return found


def _read_done(members: Mapping[str, bytes], main: str, name: str) -> Iterator[str]:
    """Ids of the paragraphs that end comments which were resolved ([MS-DOCX] 2.5.3.1)."""
    part = _related(members, main, "commentsExtended", name)
    root = () if part is None else _parse(members[part], f"{name}: {part}")
    for state in root:
        if state.get(qualified(_W15, "done")) in {"1", "true", "on"}:
            yield state.get(qualified(_W15, "paraId"), "")
