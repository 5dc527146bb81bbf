"""Which sheets there are, by extension; each module is imported when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from subkit.errors import PlanError

if TYPE_CHECKING:
    from subkit.exchange.sheet_rows import Reply, Sheet

__all__ = ["BILINGUAL", "SHEETS", "is_sheet", "read_sheet", "write_sheet"]

SHEETS = {
    "xlsx": "subkit.exchange.xlsx",
    "docx": "subkit.exchange.docx",
    "csv": "subkit.exchange.csv_sheets",
    "xlf": "subkit.exchange.xliff",
    "tmx": "subkit.exchange.tmx",
}
"""Extension -> module with ``write(sheet)`` and ``read(data, name)``."""

BILINGUAL = {"xlf", "xliff", "tmx"}
"""Formats that hold nothing of a track without a source."""

_ALSO = {"xliff": "xlf"}


def _known(extension: str) -> str:
    name = extension.strip().lower().removeprefix(".")
    return _ALSO.get(name, name)


def is_sheet(extension: str) -> bool:
    """Whether this is a format for people elsewhere, not for players."""
    return _known(extension) in SHEETS


def write_sheet(sheet: Sheet, extension: str) -> bytes:
    """The bytes of a sheet in a format.

    Raises:
        PlanError: no such format.
        FormatError: a text is longer than the format holds.
    """
    return cast("bytes", import_module(_module(extension)).write(sheet))


def read_sheet(data: bytes, name: str, extension: str) -> Reply:
    """The rows of a file that came back.

    Raises:
        PlanError: no such format.
        FormatError: the file is not of it, or too large.
    """
    return cast("Reply", import_module(_module(extension)).read(data, name))


def _module(extension: str) -> str:
    known = _known(extension)
    if known not in SHEETS:
        raise PlanError(
            f"subkit does not exchange sheets as {extension!r}.",
            remedy=f"It does as: {', '.join(SHEETS)}.",
            format=extension,
        )
    return SHEETS[known]
