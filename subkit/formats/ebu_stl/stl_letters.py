"""The code tables of EBU STL: ISO 6937 with floating accents, and four parts of ISO 8859."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["TABLES", "encode_letter", "letters_of", "table_for"]

TABLES = {
    "00": "iso6937",
    "01": "iso8859_5",
    "02": "iso8859_6",
    "03": "iso8859_7",
    "04": "iso8859_8",
}
"""Number of a table -> its codec; ISO 6937 is our own."""

_HIGH = {
    0xA0: "\u00a0¡¢£$¥#§¤‘“«←↑→↓°±²³×µ¶·÷’”»¼½¾¿",
    0xD0: "—¹®©™♪¬¦",
    0xDC: "⅛⅜⅝⅞ΩÆÐªĦ",
    0xE6: "ĲĿŁØŒºÞŦŊŉĸæđðħıĳŀłøœßþŧŋ\u00ad",
}
_LATIN = {start + i: letter for start, letters in _HIGH.items() for i, letter in enumerate(letters)}
_ACCENTS = {
    0xC1: "\u0300",
    0xC2: "\u0301",
    0xC3: "\u0302",
    0xC4: "\u0303",
    0xC5: "\u0304",
    0xC6: "\u0306",
    0xC7: "\u0307",
    0xC8: "\u0308",
    0xC9: "\u0308",
    0xCA: "\u030a",
    0xCB: "\u0327",
    0xCC: "\u0332",
    0xCD: "\u030b",
    0xCE: "\u0328",
    0xCF: "\u030c",
}
_MARKS = {mark: code for code, mark in reversed(_ACCENTS.items())}
_ODD = {
    (0xC2, "g"): "ģ",  # its cedilla stands above, like an acute
    (0xC2, " "): "´",
    (0xC5, " "): "¯",
    (0xC6, " "): "˘",
    (0xC7, " "): "˙",
    (0xC8, " "): "¨",
    (0xCA, " "): "˚",
    (0xCB, " "): "¸",
    (0xCD, " "): "˝",
    (0xCE, " "): "˛",
    (0xCF, " "): "ˇ",
}
"""Accents over a letter that make no composed letter, and accents alone."""
_CODES = {letter: bytes((code,)) for code, letter in reversed(_LATIN.items())} | {
    "Đ": b"\xe2",
    "Ω": b"\xe0",
    **{letter: bytes((code,)) + base.encode() for (code, base), letter in _ODD.items()},
}
_STAND_INS = {
    "–": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "―": "—",
    "…": "...",
    "‚": ",",
    "„": '"',
    "‹": "<",
    "›": ">",
    "′": "'",
    "″": '"',
    "♫": "♪",
    "♩": "♪",
    "♬": "♪",
    "€": "EUR",
    "ẞ": "ß",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "—": "-",
}
"""What is sent for letters that a table has not."""


def letters_of(data: bytes, table: str) -> Iterator[tuple[str, bool]]:
    """Yield letters of a text field and whether each has a meaning in the table.

    Args:
        data: Codes from 0x20 to 0x7E and from 0xA0 on.
        table: A key of :data:`TABLES`.
    """
    if table != "00":
        for code in data:
            letter = bytes((code,)).decode(TABLES[table], "replace")
            yield letter, letter != "\ufffd"
        return
    at = 0
    while at < len(data):
        code = data[at]
        if code in _ACCENTS and at + 1 < len(data):
            base = chr(data[at + 1])
            letter = _ODD.get((code, base)) or unicodedata.normalize("NFC", base + _ACCENTS[code])
            known = 0x20 <= data[at + 1] < 0x7F
            yield (letter, len(letter) == 1) if known else ("\ufffd", False)
            at += 2 if known else 1
            continue
        letter = chr(code) if code < 0x7F else _LATIN.get(code, "\ufffd")
        yield letter, letter != "\ufffd"
        at += 1


@cache
def encode_letter(letter: str, table: str) -> tuple[bytes, bool]:
    """Return the codes of a letter or its nearest, and whether it is the letter itself."""
    if letter.isascii() and letter.isprintable():
        return letter.encode(), True
    if letter == "\u00a0":
        return b" ", True
    if unicodedata.category(letter) in ("Cf", "Cc"):
        return b"", True
    found = _own(letter, table)
    if found:
        return found, True
    stand_in = _STAND_INS.get(letter)
    if stand_in is None:
        stand_in = "".join(
            part
            for part in unicodedata.normalize("NFKD", letter)
            if not unicodedata.combining(part)
        )
        stand_in = "" if stand_in == letter else stand_in
    codes = (char.encode() if char.isascii() else _own(char, table) for char in stand_in)
    return b"".join(codes), False


def _own(letter: str, table: str) -> bytes:
    if table != "00":
        found = letter.encode(TABLES[table], "ignore")
        return found if found[:1] >= b"\xa0" else b""
    if letter in _CODES:
        return _CODES[letter]
    parts = unicodedata.normalize("NFD", letter)
    if len(parts) == 2 and parts[0].isascii() and parts[1] in _MARKS:
        return bytes((_MARKS[parts[1]],)) + parts[0].encode()
    return b""


def table_for(text: str) -> str:
    """Return the table that holds most letters of a text; the Latin one where they are equal."""
    letters = [letter for letter in text if not letter.isascii() and letter.isalpha()]
    held = {table: sum(bool(_own(letter, table)) for letter in letters) for table in TABLES}
    return max(TABLES, key=lambda table: (held[table], table == "00"))
