"""XLSX sheets, by openpyxl: every cell is text, so nothing is computed and no timecode changes.

The cells that find a cue again are locked against slips (without a password) and the last column
is hidden; the cells for the reviewer are open. Texts that look like formulas stay text, here and
after the next save by a spreadsheet program.
"""

from __future__ import annotations

import io
import re
import zipfile
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from subkit.errors import FormatError, SubkitError
from subkit.exchange.archive import open_archive, repack
from subkit.exchange.columns import COLUMNS, HELP, cells, header, is_blank_row, returned
from subkit.exchange.sheet_rows import MAX_ROWS, MAX_TEXT, Reply, too_many_rows
from subkit.language import half_units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from subkit.exchange.sheet_rows import Returned, Sheet

__all__ = ["cell_text", "put_text", "read", "read_pages", "write"]

T = TypeVar("T")

_WIDTHS = {
    "id": 14,
    "in": 13,
    "out": 13,
    "speaker": 14,
    "source": 42,
    "target": 42,
    "edited": 42,
    "comment": 30,
    "notes": 30,
    "state": 12,
    "cps": 7,
    "basis": 8,
}
_OPEN = {"edited", "comment", "target"}
_MAX_COLUMNS = 64
_HEADER_ROWS = 20
_POINTS, _TALLEST = 15, 405
"""Height of a line of text, and of the tallest row that spreadsheets have."""
_ROWS = "xl/worksheets/sheet1.xml"
_FIXED = re.compile(rb'(<row [^>]*) customHeight="1"')
"""Without it a row grows with what is written into it."""
_NUMBER_FORM = re.compile(r"(?P<thousands>#,##)?0(?:\.(?P<places>0{1,15}))?(?P<percent>%)?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def write(sheet: Sheet) -> bytes:
    """The file's bytes: the sheet of rows, and one that says how it was made."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    page.title = _page_name(sheet.track)
    _write_row(page, 1, COLUMNS)
    slow = None if sheet.limits.max_cps is None else sheet.limits.max_cps
    for number, row in enumerate(sheet.rows, start=2):
        values = cells(row)
        too_fast = slow is not None and row.cps is not None and row.cps > slow
        _write_row(page, number, [values[column] for column in COLUMNS], mark=too_fast)
        lines = max(_lines(*each) for each in values.items())
        page.row_dimensions[number].height = min(_POINTS * lines, _TALLEST)
    _lay_out(page)
    _write_about(book, sheet)
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    members[_ROWS] = _FIXED.sub(rb"\1", members[_ROWS])
    return repack(members)


def _lines(column: str, text: str) -> int:
    """How many lines a text takes in its column."""
    if column == "basis":
        return 1  # hidden
    lines = text.split("\n")
    return sum(-(-half_units(line, "half-width") // _WIDTHS[column]) or 1 for line in lines)


def _write_row(page: Worksheet, number: int, values: Sequence[str], *, mark: bool = False) -> None:
    from openpyxl.styles import Font, PatternFill, Protection

    for place, (column, value) in enumerate(zip(COLUMNS, values, strict=True), start=1):
        cell = page.cell(row=number, column=place)
        put_text(cell, value, quoted=number > 1)
        if number == 1:
            cell.font = Font(bold=True)
        elif column in _OPEN:
            cell.protection = Protection(locked=False)
        if mark and column == "cps":
            cell.fill = PatternFill("solid", fgColor="FFF4B6B6")


def _lay_out(page: Worksheet) -> None:
    from openpyxl.utils import get_column_letter

    for place, column in enumerate(COLUMNS, start=1):
        page.column_dimensions[get_column_letter(place)].width = _WIDTHS[column]
    page.column_dimensions[get_column_letter(len(COLUMNS))].hidden = True
    page.freeze_panes = "B2"
    page.auto_filter.ref = page.dimensions
    page.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(page.protection, allowed, False)  # False: not protected against it
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _write_about(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet("About")
    page.column_dimensions["A"].width = 100
    facts = (
        f"{sheet.title}: {sheet.track}",
        f"{sheet.source_language} → {sheet.language}" if sheet.source_language else sheet.language,
        f"Limits ({sheet.limits.profile}): {sheet.limits}",
        HELP,
        *sheet.note.split("\n"),
    )
    for number, fact in enumerate(facts, start=1):
        cell = page.cell(row=number, column=1)
        put_text(cell, fact)


def put_text(cell: Any, text: str, *, quoted: bool = True) -> None:
    """Put a text into a cell that no spreadsheet computes, wrapped and at the top."""
    from openpyxl.styles import Alignment

    cell.value = _escaped(text) or None
    if text:
        cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = quoted
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _page_name(track: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", "-", track)[:31] or "track"


def _escaped(text: str) -> str:
    """A literal ``_x0041_`` is an escape to a spreadsheet, so its underscore is escaped."""
    return _ESCAPED.sub(lambda match: f"_x005F_x{match[1]}_", text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def read_pages(data: bytes, name: str, read_page: Callable[[Any], T]) -> list[T]:
    """Return what each sheet of a workbook says.

    Args:
        data: The file's bytes.
        name: Its name, for errors.
        read_page: Reads a sheet, row by row.

    Raises:
        FormatError: not XLSX, damaged, or larger than any sheet.
    """
    from openpyxl import load_workbook

    members = open_archive(data, name, needs="[Content_Types].xml")
    try:
        book = load_workbook(io.BytesIO(repack(members)), read_only=True, keep_links=False)
        try:
            return [read_page(page) for page in book.worksheets]
        finally:
            book.close()
    except SubkitError:
        raise
    except Exception as error:  # openpyxl raises anything for parts that contradict each other
        raise FormatError(
            f"{name!r} is not XLSX that can be read: {type(error).__name__}: {error!s:.120}.",
            remedy="Save it again from the spreadsheet program.",
            line=1,
            column=1,
        ) from error


def read(data: bytes, name: str) -> Reply:
    """The rows of every sheet that has a header of ours.

    Raises:
        FormatError: not XLSX, damaged, larger than any sheet, or no such header.
    """
    pages = read_pages(data, name, lambda page: _read_page(page, name))
    known = [rows for rows in pages if rows is not None]
    if not known:
        raise FormatError(
            f"{name!r} has no sheet with the columns id and edited (or target).",
            remedy="Keep the first row as subkit wrote it.",
            line=1,
            column=1,
        )
    return Reply(rows=tuple(row for rows in known for row in rows))


def _read_page(page: Any, name: str) -> list[Returned] | None:
    """Return the rows of one sheet, or ``None`` if its header is not one that subkit writes."""
    page.reset_dimensions()  # what the file says of its size need not be true
    rows = enumerate(page.iter_rows(max_col=_MAX_COLUMNS, max_row=MAX_ROWS + 1), start=1)
    places = None
    for _, row in islice(rows, _HEADER_ROWS):
        if places := header([cell_text(cell)[0] for cell in row]):
            break
    if places is None:
        return None
    found = list(_page_rows(rows, places, page.title))
    if len(found) >= MAX_ROWS:
        raise too_many_rows(name)
    return found


def _page_rows(
    rows: Iterator[tuple[int, Sequence[Any]]], places: dict[str, int], title: str
) -> Iterator[Returned]:
    for number, row in rows:
        values, problem = {}, ""
        for column, place in places.items():
            values[column], wrong = cell_text(row[place]) if place < len(row) else ("", "")
            if wrong and column in _OPEN:
                problem = problem or f"its {column} {wrong}"
        if not is_blank_row(values):
            yield returned(values, f"{title}, row {number}", problem=problem)


def cell_text(cell: Any) -> tuple[str, str]:
    """Return the text of a cell, and what is wrong with it as a text (empty if nothing)."""
    value = cell.value
    if value is None:
        return "", ""
    if isinstance(value, str):
        text = _unescaped(value[: 7 * MAX_TEXT])
        if cell.data_type == "f":
            return text, "holds a formula"
        return text, "holds an error of the spreadsheet" if cell.data_type == "e" else ""
    if isinstance(value, bool):
        return str(value).upper(), ""
    if isinstance(value, (int, float)):
        return _shown(value, cell.number_format or ""), ""
    return str(value)[:100], "holds a date or time instead of text"


def _shown(value: float, form: str) -> str:
    """A number as the sheet shows it: its decimals, thousands and percent sign."""
    first = form.partition(";")[0]
    match = _NUMBER_FORM.fullmatch(first.strip())
    if match is None:
        return f"{value:.15g}"
    places = len(match["places"] or "")
    number = value * 100 if match["percent"] else value
    comma = "," if match["thousands"] else ""
    return f"{number:{comma}.{places}f}{'%' if match['percent'] else ''}"
