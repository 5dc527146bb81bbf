r"""CSV sheets: UTF-8 with a byte order mark, so that spreadsheets read the letters right.

A text that a spreadsheet would take for a formula gets an apostrophe before it, and loses it when
it is read; a text that has one of its own gets another. Commas, semicolons and tabs are read.

Spreadsheets save CSV in the letters of one country unless told otherwise, and put ``?`` for all
others. So each basis is followed by letters of several writings: a file that lost them is refused,
before a loss is taken for edits.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.exchange import frameio
from subkit.exchange.columns import COLUMNS, cells, header, is_blank_row, returned
from subkit.exchange.sheet_rows import MAX_ROWS, Reply, require_size, too_many_rows
from subkit.files.csv_tables import guarded, unguarded
from subkit.files.plain_text import Repairs, decode

if TYPE_CHECKING:
    from subkit.exchange.sheet_rows import Sheet

__all__ = ["read", "read_records", "write"]

LETTERS = "✓한é"
"""Stand behind each basis; no encoding but Unicode's has all three."""


def write(sheet: Sheet) -> bytes:
    """The file's bytes."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in sheet.rows:
        values = cells(row)
        values["basis"] += f" {LETTERS}"
        writer.writerow(guarded(values[column]) for column in COLUMNS)
    return stream.getvalue().encode("utf-8-sig")


def read(data: bytes, name: str) -> Reply:
    """The rows of a sheet, or the comments of a Frame.io export.

    Raises:
        FormatError: not text, letters were lost, or no header with ``id`` and ``edited`` (or
            ``target``).
    """
    repairs = Repairs()
    records = read_records(data, name, repairs)
    at, places = next(
        ((i, found) for i, row in enumerate(records[:20]) if (found := header(row))), (0, None)
    )
    if places is None and (timed := frameio.read(records)) is not None:
        return Reply(timed=timed, repairs=tuple(repairs.sentences()))
    if places is None:
        raise FormatError(
            f"{name!r} has no header with the columns id and edited (or target), nor the comment "
            "and timecode of Frame.io.",
            remedy=f"subkit writes: {', '.join(COLUMNS)}.",
            line=1,
            column=1,
        )
    rows = []
    for number, record in enumerate(records[at + 1 :], start=at + 2):
        values = {
            column: unguarded(record[place]) if place < len(record) else ""
            for column, place in places.items()
        }
        values["basis"], _, letters = values.get("basis", "").strip().partition(" ")
        if letters and unicodedata.normalize("NFC", letters.strip()) != LETTERS:
            raise FormatError(
                f"{name!r} lost letters when it was saved: row {number} has {letters!r:.20} for "
                f"{LETTERS!r}.",
                remedy="Save it as CSV UTF-8, or send XLSX.",
                line=number,
                column=1,
            )
        if not is_blank_row(values):
            rows.append(returned(values, f"row {number}"))
    return Reply(rows=tuple(rows), repairs=tuple(repairs.sentences()))


def read_records(data: bytes, name: str, repairs: Repairs) -> list[list[str]]:
    """Read the records of a CSV file with commas, semicolons or tabs.

    Raises:
        FormatError: not text, a quote without end, or too many rows.
    """
    require_size(data, name)
    text = decode(data, name, repairs).removeprefix("\ufeff")
    first = text.lstrip("\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            records.append(record)
            if len(records) > MAX_ROWS:
                raise too_many_rows(name)
    except csv.Error as error:
        line = len(records) + 1
        raise FormatError(
            f"{name!r} is not CSV: {error} in row {line}.",
            remedy="Save it as CSV UTF-8.",
            line=line,
            column=1,
        ) from error
    return records
