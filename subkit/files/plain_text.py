"""Bytes to text and lines of text, the same for every text format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.errors import FormatError, InputError
from subkit.files.encodings import text_of
from subkit.files.regular_files import open_regular
from subkit.files.repairs import Repairs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = [
    "MAX_BYTES",
    "Repairs",
    "decode",
    "is_blank",
    "kept_places",
    "read_small_file",
    "split_lines",
]

MAX_BYTES = 64 * 2**20
"""Largest file that is read: a thousand times a feature film's subtitles."""

_UNSHOWN = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_FEW = 8
"""Control characters that a text may hold by some slip, whatever its length."""


def read_small_file(path: Path, limit: int) -> bytes:
    """The bytes of a file.

    Raises:
        InputError: it cannot be read, or has more than ``limit`` bytes.
    """
    try:
        with open_regular(path) as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{str(path)!r} cannot be read: {reason}.") from error
    if len(data) > limit:
        raise InputError(f"{str(path)!r} has more than {limit} bytes.")
    return data


def decode(data: bytes, name: str, repairs: Repairs, language: str = "und") -> str:
    r"""The text of a file, its line breaks made ``\n``; its encoding is judged from its bytes.

    Another encoding than UTF-8, bytes that mean nothing and control characters are told to
    ``repairs``.

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
    text = text_of(data, repairs, language).replace("\r\r\n", "\n").replace("\r\n", "\n")
    text = text.replace("\r", "\n")
    unshown = sum(1 for _ in _UNSHOWN.finditer(text))
    if unshown > _FEW and unshown * 50 > len(text):
        at = next(_UNSHOWN.finditer(text)).start()
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise FormatError(
            f"{name!r} is not a text file: line {line}, column {column} holds a control character.",
            remedy="Check that it is the right file.",
            line=line,
            column=column,
        )
    return _without_zeros(text, repairs) if unshown else text


def _without_zeros(text: str, repairs: Repairs) -> str:
    """Take zero bytes out; other control characters are told, and go with ``split_lines``."""
    for number, line in enumerate(text.split("\n"), start=1):
        if "\0" in line:
            repairs.add("Zero bytes were left out", f"line {number}")
        if _UNSHOWN.search(line.replace("\0", "")):
            repairs.add("Control characters were left out", f"line {number}")
    return text.replace("\0", "")


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


def kept_places(text: str) -> list[int]:
    """Where each place of a text is in the lines that :func:`split_lines` makes of it, joined.

    The last entry is that of the place behind the text.
    """
    rows, start = [], 0
    for match in _BREAK.finditer(text):
        rows.append((start, match.start(), match.end()))
        start = match.end()
    rows.append((start, len(text), len(text)))
    filled = [
        i for i, (low, high, _) in enumerate(rows) if _UNSHOWN.sub("", text[low:high]).strip()
    ]
    first, last = (filled[0], filled[-1]) if filled else (len(rows), -1)
    shown, moved, at = set(filled), list[int](), 0
    for number, (low, high, stop) in enumerate(rows):
        for place in range(low, stop):
            moved.append(at)
            at += number in shown and place < high and _UNSHOWN.match(text[place]) is None
        at += first <= number < last
    return [*moved, at]
