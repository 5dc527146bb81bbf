"""Tables in text: CSV as spreadsheets and terminology tools write it, whatever the delimiter."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

__all__ = ["MAX_CELL", "TableRow", "guarded", "read_rows", "unguarded", "write_rows"]

MAX_ROWS = 200_000
MAX_CELL = 2000
"""Longest text of one cell that is taken for one."""

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"''*[=+\-@\t\r\n＝＋－＠]")
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row: its cells by column, and the line of the file that it begins on."""

    line: int
    cells: dict[str, str]


def guarded(text: str) -> str:
    """A text as a cell that no spreadsheet computes."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What :func:`guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text


def read_rows(
    data: bytes,
    name: str,
    *,
    columns: Collection[str],
    required: Collection[str],
    aliases: Mapping[str, str],
    repairs: Repairs,
) -> list[TableRow]:
    """The rows of a table whose first row names its columns; empty rows are left out.

    Delimiter (comma, semicolon, tab or bar) and encoding (UTF-8, UTF-16, else Korean or Western
    Windows) are found out. The apostrophe that keeps a spreadsheet from computing a cell is taken
    off.

    Args:
        data: The file's bytes.
        name: Its name, for errors.
        columns: The columns there are.
        required: Those that must be there.
        aliases: Other names of columns, in small letters, to their name.
        repairs: Hears what was set right.

    Raises:
        FormatError: not text, too large, a required column is missing, or a quote is not closed.
    """
    text = decode(data, name, repairs)
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise FormatError(f"{name!r} is empty.", line=1, column=1)
    delimiter, header = _header(lines[first], columns, aliases)
    missing = [column for column in required if column not in header]
    if missing:
        raise FormatError(
            f"{name!r}, line {first + 1}: there is no column {', '.join(missing)}.",
            remedy=f"The first row names the columns: {', '.join(columns)}.",
            line=first + 1,
            column=1,
        )
    _tell_unknown(header, columns, repairs)
    return list(_rows(lines[first + 1 :], first + 2, delimiter, header, name))


def write_rows(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    """A CSV table in UTF-8 with a byte order mark, so that Excel reads its accents right.

    A cell that a spreadsheet would compute gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(row.get(column, "")) for column in columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _header(
    line: str, columns: Collection[str], aliases: Mapping[str, str]
) -> tuple[str, list[str]]:
    """The delimiter under which most columns have names we know, and the columns."""

    def split(delimiter: str) -> list[str]:
        cells = next(csv.reader([line], delimiter=delimiter), [])
        plain = [re.sub(r"[\s_-]+", "_", cell.strip().strip("\ufeff").casefold()) for cell in cells]
        return [aliases.get(cell, cell) for cell in plain]

    best = max(_DELIMITERS, key=lambda d: (len(set(split(d)) & set(columns)), line.count(d)))
    return best, split(best)


def _tell_unknown(header: list[str], columns: Collection[str], repairs: Repairs) -> None:
    for column in header:
        if column and column not in columns:
            near = get_close_matches(column, columns, n=1)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            repairs.add(f"Column {column!r} is not known and was left out{hint}")
        elif column and header.count(column) > 1:
            repairs.add(f"Column {column!r} is there more than once; the last one counts")


def _rows(
    lines: list[str], number: int, delimiter: str, header: list[str], name: str
) -> Iterator[TableRow]:
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, strict=True)
    read = 0
    count = 0
    while True:
        begins = number + read
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"{name!r}, line {begins}: {error}."
            raise FormatError(message, remedy="Look for a quote.", line=begins, column=1) from error
        read = reader.line_num
        count += 1
        if count > MAX_ROWS:
            raise FormatError(f"{name!r} has more than {MAX_ROWS} rows.", line=begins, column=1)
        if any(cell.strip() for cell in cells):
            pairs = zip(header, cells, strict=False)
            yield TableRow(
                line=begins, cells={column: unguarded(cell.strip()) for column, cell in pairs}
            )
