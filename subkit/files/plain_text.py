"""Bytes to text and lines of text, the same for every text format."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from subkit.errors import FormatError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = [
    "MAX_BYTES",
    "Repairs",
    "decode",
    "is_blank",
    "read_small_file",
    "split_lines",
]

MAX_BYTES = 64 * 2**20
"""Largest file that is read: a thousand times a feature film's subtitles."""

_UNSHOWN = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_PLACES = 20
_WESTERN = "cp1252"
_CODE_PAGES = {
    "cp874": "th",
    "cp932": "ja",
    "cp949": "ko",
    "cp950": "zh-Hant zh-TW zh-HK",
    "cp1250": "bs cs hr hu pl ro sk sl sq",
    "cp1251": "be bg kk mk mn ru sr uk",
    "cp1253": "el",
    "cp1254": "az tr",
    "cp1255": "he yi",
    "cp1256": "ar fa ur",
    "cp1257": "et lt lv",
    "cp1258": "vi",
    "gb18030": "zh",
}
_PAGE_OF = {tag: page for page, tags in _CODE_PAGES.items() for tag in tags.split()}
"""Language -> what its files were in before UTF-8: the code page of its Windows."""


def read_small_file(path: Path, limit: int) -> bytes:
    """The bytes of a file.

    Raises:
        InputError: it cannot be read, or has more than ``limit`` bytes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{str(path)!r} cannot be read: {reason}.") from error
    if len(data) > limit:
        raise InputError(f"{str(path)!r} has more than {limit} bytes.")
    return data


class Repairs:
    """What a reader mended: one sentence a kind of repair, with the places it was made in."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}

    def add(self, what: str, place: str = "") -> None:
        """Note that ``what`` (a sentence without its full stop) was done at ``place``."""
        self._places.setdefault(what, []).append(place)

    def sentences(self) -> list[str]:
        """One sentence a kind, naming up to twenty places and how many more there are."""
        found = []
        for what, places in self._places.items():
            named = [place for place in places if place]
            where = ", ".join(named[:_PLACES])
            more = f" and {len(named) - _PLACES} more" if len(named) > _PLACES else ""
            found.append(f"{what}: {where}{more}." if named else f"{what}.")
        return found


def decode(data: bytes, name: str, repairs: Repairs, language: str = "und") -> str:
    r"""The text of a file, its line breaks made ``\n``.

    UTF-8 with or without a byte order mark, UTF-16 with one; else it is taken for the code page of
    its language, or for Windows-1252, which ``repairs`` then says.

    Raises:
        FormatError: too large, or not text.
    """
    if len(data) > MAX_BYTES:
        raise FormatError(
            f"{name!r} has {len(data)} bytes; subtitle files are read up to {MAX_BYTES}.",
            remedy="Check that it is a subtitle file.",
            line=1,
            column=1,
        )
    text = _text(data, name, repairs, language).replace("\r\r\n", "\n").replace("\r\n", "\n")
    text = text.replace("\r", "\n")
    if (at := text.find("\0")) >= 0:
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise FormatError(
            f"{name!r} is not a text file: line {line}, column {column} holds a zero byte.",
            line=line,
            column=column,
        )
    return text


def _text(data: bytes, name: str, repairs: Repairs, language: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(data, "utf-16", name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        page = _code_page(language)
    try:
        text = data.decode(page)
    except UnicodeDecodeError:
        page, text = _WESTERN, _strict(data, _WESTERN, name)
    told = "Windows-1252" if page == _WESTERN else f"{page}, as is usual for {language!r}"
    repairs.add(f"The file is not UTF-8; it was read as {told}: check its letters")
    return text


def _code_page(language: str) -> str:
    """Of the longest part of the tag that is known, Windows-1252 without one."""
    parts = language.split("-")
    tags = ("-".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((page for tag in tags if (page := _PAGE_OF.get(tag))), _WESTERN)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise FormatError(
            f"{name!r} is not text in UTF-8, UTF-16 or Windows-1252: byte {column} of line {line} "
            f"means nothing in {encoding}.",
            remedy="Save it as UTF-8.",
            line=line,
            column=column,
        ) from error


def is_blank(line: str) -> bool:
    """Whether a line holds nothing but spaces and tabs (a no-break space is something)."""
    return not line.strip(" \t\ufeff")


def split_lines(lines: Iterable[str]) -> list[str]:
    """Lines that are lines: no break and no control character inside, at the ends none empty.

    An inner line of white space only becomes ``""``.
    """
    lines = list(lines)
    if all(line.isprintable() and not line.isspace() and line for line in lines):
        return lines
    whole = _SURROGATE.sub("\ufffd", "\n".join(lines))
    parts = [_UNSHOWN.sub("", part) for part in _BREAK.split(whole)]
    parts = [part if part.strip() else "" for part in parts]
    while parts and not parts[-1]:
        parts.pop()
    while parts and not parts[0]:
        parts.pop(0)
    return parts
