"""Lists of the stage as tables: dialogue list (XLSX, CSV), character list, ADR cue sheet (CSV).

Each is a row of titles and a row for each line; :data:`LISTS` says which fields of a line stand
under which titles. Every cell is text that no spreadsheet computes.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from subkit.errors import FormatError
from subkit.exchange.dub_files.dub_clock import asked_clock
from subkit.exchange.dub_files.dub_rows import (
    FIELDS,
    RowReader,
    character_rows,
    line_rows,
    row_losses,
)
from subkit.exchange.dub_files.dub_scripts import dub_losses, no_variant
from subkit.exchange.xlsx import cell_text, put_text, read_pages
from subkit.files.csv_tables import read_rows, write_rows
from subkit.files.repairs import Repairs
from subkit.formats.ttml.ttml_paragraphs import clean
from subkit.interfaces.file_contents import WrittenFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from subkit.exchange.dub_files.dub_scripts import DubReply, DubScript
    from subkit.interfaces.file_contents import ReadRequest

__all__ = [
    "LISTS",
    "read_adr",
    "read_csv",
    "read_xlsx",
    "write_adr",
    "write_characters",
    "write_csv",
    "write_xlsx",
]

_DIALOGUE = {
    "Line": "id",
    "Loop": "loop",
    "In-Timecode": "in",
    "Out-Timecode": "out",
    "Character": "character",
    "Screen": "screen",
    "Kind": "kind",
    "Source": "source",
    "Dialogue": "text",
    "Alternate": "alternate",
    "Annotations": "note",
    "Reason": "reason",
    "Take": "take",
}
_ADR = {
    "Cue Number": "number",
    "Character": "character",
    "In": "in",
    "Out": "out",
    "Text": "text",
    "Alternate Text": "alternate",
    "Notes": "note",
    "Reason": "reason",
    "On/Off Screen": "screen",
    "Done": "done",
}
_CHARACTERS = {
    "Character": "character",
    "Prefix": "prefix",
    "Actor": "actor",
    "Gender": "gender",
    "Colour": "colour",
    "Note": "note",
    "Lines": "lines",
    "Loops": "loops",
}
LISTS = {"dub-xlsx": _DIALOGUE, "dub-csv": _DIALOGUE, "adr": _ADR, "characters": _CHARACTERS}
"""Format -> title of a column -> field of a row."""

_WIDE = {"Source", "Dialogue", "Text", "Alternate", "Alternate Text", "Annotations", "Notes"}
_CAST = ("prefix", "actor", "gender", "colour", "note")
_PAGE_COLUMNS = 64
_PAGE_ROWS = 200_001
_KEEP = "Keep the first row as subkit wrote it."


def _writer(name: str) -> Callable[[DubScript, str], WrittenFile]:
    """Return what writes a list."""

    def write(script: DubScript, variant: str = "") -> WrittenFile:
        if variant:
            raise no_variant(name, variant)
        titles = LISTS[name]
        rows = list(character_rows(script) if name == "characters" else line_rows(script))
        if name == "dub-xlsx":
            data = _book(script, rows)
        else:
            shown = [{title: row[field] for title, field in titles.items()} for row in rows]
            data = write_rows(list(titles), shown)
        lost = () if name == "characters" else row_losses(script, titles.values())
        return WrittenFile(data=data, losses=dub_losses(lost))

    return write


def _reader(name: str) -> Callable[[bytes, ReadRequest], DubReply]:
    """Return what reads a list that came back."""
    fields = frozenset(LISTS[name].values())
    carries = {FIELDS[one] for one in fields if one in FIELDS} - {"", "loops", "source"}

    def read(data: bytes, asked: ReadRequest) -> DubReply:
        repairs = Repairs()
        reader = RowReader(asked, asked_clock(asked, repairs), repairs, frozenset(carries))
        if name == "dub-xlsx":
            _read_book(reader, data, asked.name)
        else:
            for place, row in _csv_rows(data, asked.name, LISTS[name], repairs):
                reader.line(row, place)
        return reader.reply()

    return read


def _csv_rows(
    data: bytes, name: str, titles: Mapping[str, str], repairs: Repairs
) -> Iterable[tuple[str, dict[str, str]]]:
    rows = read_rows(
        data,
        name,
        columns=tuple(titles.values()),
        required=("in", "text"),
        aliases={_plain(title): field for title, field in titles.items()},
        repairs=repairs,
    )
    return [(f"line {row.line}", row.cells) for row in rows]


def _plain(title: str) -> str:
    return re.sub(r"[\s_-]+", "_", title.strip().casefold())


def _book(script: DubScript, rows: list[dict[str, str]]) -> bytes:
    """Return the workbook: lines, characters, what a new cut changed, and how it was made."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    page.title = "Dialogue List"
    _fill(page, _DIALOGUE, rows)
    _fill(book.create_sheet("Characters"), _CHARACTERS, list(character_rows(script)))
    changes = [{"change": change} for change in script.changes]
    _fill(book.create_sheet("Change Log"), {"Change": "change"}, changes)
    facts = {
        "Title": script.title,
        "Language": script.track.language,
        "Adapted from": script.source_language if script.source is not None else "",
        "Frames a second": "" if script.rate is None else str(script.rate.rate),
        "Film": script.media,
        "How it was made": script.note,
    }
    info = [{"fact": fact, "value": value} for fact, value in facts.items()]
    _fill(book.create_sheet("Project Info"), {"Fact": "fact", "Value": "value"}, info)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(page: Any, titles: Mapping[str, str], rows: Iterable[Mapping[str, str]]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for place, title in enumerate(titles, start=1):
        cell = page.cell(row=1, column=place)
        put_text(cell, title, quoted=False)
        cell.font = Font(bold=True)
        wide = title in _WIDE or len(titles) < len(_ADR)
        page.column_dimensions[get_column_letter(place)].width = 42 if wide else 14
    for number, row in enumerate(rows, start=2):
        for place, field in enumerate(titles.values(), start=1):
            put_text(page.cell(row=number, column=place), clean(row[field]))
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _read_book(reader: RowReader, data: bytes, name: str) -> None:
    pages = read_pages(data, name, _page_rows)
    cast = next((rows for titles, rows in pages if "actor" in titles), [])
    for _, row in cast:
        if who := row.get("character", "").strip():
            reader.character(who, **{fact: row.get(fact, "").strip() for fact in _CAST})
    if cast:
        reader.carries |= {"cast"}
    lines = next((rows for titles, rows in pages if {"in", "text"} <= titles), None)
    if lines is None:
        raise FormatError(
            f"{name!r} has no sheet with the columns In-Timecode and Dialogue.", remedy=_KEEP
        )
    for place, row in lines:
        reader.line(row, place)


def _page_rows(page: Any) -> tuple[frozenset[str], list[tuple[str, dict[str, str]]]]:
    """Return the fields that a sheet has titles for, and its rows."""
    page.reset_dimensions()  # what the file says of its size need not be true
    rows = page.iter_rows(max_col=_PAGE_COLUMNS, max_row=_PAGE_ROWS)
    known = {_plain(t): f for titles in (_DIALOGUE, _CHARACTERS) for t, f in titles.items()}
    if "Characters" in page.title:
        known |= {_plain(title): field for title, field in _CHARACTERS.items()}
    head = [known.get(_plain(cell_text(cell)[0]), "") for cell in next(iter(rows), ())]
    found = []
    for number, cells in enumerate(rows, start=2):
        texts = [cell_text(cell)[0] for cell in cells]
        row = {field: text for field, text in zip(head, texts, strict=False) if field and text}
        if row:
            found.append((f"{page.title}, row {number}", row))
    return frozenset(head), found


write_xlsx, read_xlsx = _writer("dub-xlsx"), _reader("dub-xlsx")
write_csv, read_csv = _writer("dub-csv"), _reader("dub-csv")
write_adr, read_adr = _writer("adr"), _reader("adr")
write_characters = _writer("characters")
