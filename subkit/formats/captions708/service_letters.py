"""The letters of CEA-708: one byte, two bytes with a prefix, and P16 for those of other scripts.

P16 (0x18 and two bytes) means what sender and receiver agreed on: Korean broadcasters send EUC-KR,
others Unicode.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["G2", "P16_BASE", "is_euc_kr", "letter_of", "sent_letter", "with_p16"]

P16_BASE = 0x100000
"""Two bytes of P16 stand as a private letter from here on, until all of a service are known."""

G2 = {
    0x20: "\u00a0",
    0x21: "\u00a0",
    0x25: "…",
    0x2A: "Š",
    0x2C: "Œ",
    0x30: "█",
    0x31: "‘",
    0x32: "’",
    0x33: "“",
    0x34: "”",
    0x35: "•",
    0x39: "™",
    0x3A: "š",
    0x3C: "œ",
    0x3D: "℠",
    0x3F: "Ÿ",
    0x76: "⅛",
    0x77: "⅜",
    0x78: "⅝",
    0x79: "⅞",
    0x7A: "│",
    0x7B: "┐",
    0x7C: "└",
    0x7D: "─",
    0x7E: "┘",
    0x7F: "┌",
}
_G2_CODES = {letter: code for code, letter in G2.items()}
_NOTE = "♪"


def letter_of(code: int) -> str:
    """Return the letter of one byte from 0x20 on."""
    return _NOTE if code == 0x7F else chr(code)


def sent_letter(letter: str, *, korean: bool) -> bytes:
    """Return the codes of a letter; empty where there are none.

    Args:
        letter: One code point.
        korean: Letters outside Latin go as EUC-KR, not as Unicode.
    """
    code = ord(letter)
    if letter == _NOTE:
        return b"\x7f"
    if 0x20 <= code < 0x7F or 0xA1 <= code <= 0xFF:
        return bytes((code,))
    if letter in _G2_CODES:
        return bytes((0x10, _G2_CODES[letter]))
    if unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") or code > 0xFFFF:
        return b""
    pair = letter.encode("euc_kr", "ignore") if korean else code.to_bytes(2, "big")
    return b"\x18" + pair if len(pair) == 2 else b""


def is_euc_kr(texts: Iterable[str]) -> bool:
    """Return whether all P16 letters of a service are EUC-KR."""
    found = {ord(letter) - P16_BASE for text in texts for letter in text if _is_p16(letter)}
    return all(
        code >> 8 >= 0xA1 and code & 0xFF >= 0xA1 and _korean(code) != "\ufffd" for code in found
    )


def with_p16(text: str, *, korean: bool) -> str:
    """Return a text whose P16 letters are read as EUC-KR or Unicode, where it has any."""
    if not any(map(_is_p16, text)):
        return text
    return "".join(
        _read(ord(letter) - P16_BASE, korean) if _is_p16(letter) else letter for letter in text
    )


def _is_p16(letter: str) -> bool:
    return ord(letter) >= P16_BASE


def _read(code: int, korean: bool) -> str:
    if korean:
        return _korean(code)
    return "\ufffd" if 0xD800 <= code < 0xE000 or code < 0x20 else chr(code)


def _korean(code: int) -> str:
    try:
        return code.to_bytes(2, "big").decode("euc_kr")
    except UnicodeDecodeError:
        return "\ufffd"
