"""The letters of line 21, and the nearest of them for those it has not."""

from __future__ import annotations

import unicodedata
from functools import cache

__all__ = ["BASIC", "EXTENDED", "SPECIAL", "SPELLINGS", "Spelling", "nearest_letters"]

_BASIC_CHANGES = {
    0x2A: "á",
    0x5C: "é",
    0x5E: "í",
    0x5F: "ó",
    0x60: "ú",
    0x7B: "ç",
    0x7C: "÷",
    0x7D: "Ñ",
    0x7E: "ñ",
    0x7F: "█",
}
BASIC = tuple(_BASIC_CHANGES.get(code, chr(code)) for code in range(0x20, 0x80))
"""Letters 0x20 to 0x7F."""

SPECIAL = ("®", "°", "½", "¿", "™", "¢", "£", "♪", "à", "", "è", "â", "ê", "î", "ô", "û")
"""Letters 0x11 0x30 to 0x3F; the empty one is the transparent space."""

EXTENDED = (
    *"ÁÉÓÚÜü‘¡*'—©℠•“”ÀÂÇÈÊËëÎÏïÔÙùÛ«»",  # 0x12 0x20 to 0x3F
    *"ÃãÍÌìÒòÕõ{}\\^_|~ÄäÖöß¥¤¦ÅåØø┌┐└┘",  # 0x13 0x20 to 0x3F
)
"""Letters that take the place of the one sent before them, for decoders that lack them."""

Spelling = tuple[tuple[int, int], ...]
"""How a letter is sent: ``(0, byte)`` in half a pair, two bytes in a pair of its own."""

_STAND_INS = {
    "–": "-",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "―": "—",
    "−": "-",
    "…": "...",
    "’": "'",
    "‚": ",",
    "‛": "'",
    "„": '"',
    "‟": '"',
    "‹": "<",
    "›": ">",
    "′": "'",
    "″": '"',
    "×": "x",
    "♫": "♪",
    "♩": "♪",
    "♬": "♪",
    "Œ": "OE",
    "œ": "oe",
    "Æ": "AE",
    "æ": "ae",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "ı": "i",
    "ẞ": "ß",
    "€": "EUR",
    "│": "|",
    "º": "°",
    "·": "•",
    "¹": "1",
    "²": "2",
    "³": "3",
}
_PLAIN_FOR_EXTENDED = {
    "‘": "'",
    "“": '"',
    "”": '"',
    "—": "-",
    "«": "<",
    "»": ">",
    "•": ".",
    "¡": "!",
}
"""What is sent before an extended letter, where its base is not a letter of the basic set."""


def _spellings() -> dict[str, Spelling]:
    found: dict[str, Spelling] = {}
    for index, letter in enumerate(EXTENDED):
        pair = (0x12 + index // 32, 0x20 + index % 32)
        base = unicodedata.normalize("NFD", letter)[0]
        stand_in = _PLAIN_FOR_EXTENDED.get(letter) or (base if base.isascii() else " ")
        known = stand_in if stand_in in BASIC else " "
        found[letter] = ((0, 0x20 + BASIC.index(known)), pair)
    found |= {letter: ((0x11, 0x30 + i),) for i, letter in enumerate(SPECIAL) if letter}
    found |= {letter: ((0, 0x20 + i),) for i, letter in enumerate(BASIC)}
    return found


SPELLINGS = _spellings()
"""Letter -> how it is sent."""


@cache
def nearest_letters(letter: str) -> tuple[str, bool]:
    """Return what line 21 shows for a letter, and whether that is the letter itself.

    A letter that has no near one gives the empty text. Marks that nobody sees (joiners, direction,
    controls) are left out and count as shown.
    """
    if letter in SPELLINGS:
        return letter, True
    kind = unicodedata.category(letter)
    if kind in ("Cf", "Cc") and letter != "\t":
        return "", True
    if kind[0] == "Z" or letter == "\t":
        return " ", True
    if letter in _STAND_INS:
        return _STAND_INS[letter], False
    parts = unicodedata.normalize("NFKD", letter)
    kept = "".join(part for part in parts if part in SPELLINGS)
    if kept:
        return kept, False
    return _STAND_INS.get(parts[0], ""), False
