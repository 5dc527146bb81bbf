"""Which script a character or a text is written in."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import Counter
from functools import lru_cache

__all__ = ["script_of"]

# Start of block, end (inclusive), ISO 15924 code; the blocks of Unicode 15's Scripts.txt that hold
# the letters of the languages we know. Sorted.
_BLOCKS = (
    (0x0041, 0x024F, "Latn"),
    (0x0250, 0x02AF, "Latn"),
    (0x0370, 0x03FF, "Grek"),
    (0x0400, 0x052F, "Cyrl"),
    (0x0530, 0x058F, "Armn"),
    (0x0590, 0x05FF, "Hebr"),
    (0x0600, 0x06FF, "Arab"),
    (0x0700, 0x074F, "Syrc"),
    (0x0750, 0x077F, "Arab"),
    (0x0780, 0x07BF, "Thaa"),
    (0x07C0, 0x07FF, "Nkoo"),
    (0x08A0, 0x08FF, "Arab"),
    (0x0900, 0x097F, "Deva"),
    (0x0980, 0x09FF, "Beng"),
    (0x0A00, 0x0A7F, "Guru"),
    (0x0A80, 0x0AFF, "Gujr"),
    (0x0B00, 0x0B7F, "Orya"),
    (0x0B80, 0x0BFF, "Taml"),
    (0x0C00, 0x0C7F, "Telu"),
    (0x0C80, 0x0CFF, "Knda"),
    (0x0D00, 0x0D7F, "Mlym"),
    (0x0D80, 0x0DFF, "Sinh"),
    (0x0E00, 0x0E7F, "Thai"),
    (0x0E80, 0x0EFF, "Laoo"),
    (0x0F00, 0x0FFF, "Tibt"),
    (0x1000, 0x109F, "Mymr"),
    (0x10A0, 0x10FF, "Geor"),
    (0x1100, 0x11FF, "Hang"),
    (0x1200, 0x139F, "Ethi"),
    (0x1780, 0x17FF, "Khmr"),
    (0x1800, 0x18AF, "Mong"),
    (0x1C80, 0x1C8F, "Cyrl"),
    (0x1C90, 0x1CBF, "Geor"),
    (0x1E00, 0x1EFF, "Latn"),
    (0x1F00, 0x1FFF, "Grek"),
    (0x2C60, 0x2C7F, "Latn"),
    (0x2D00, 0x2D2F, "Geor"),
    (0x2DE0, 0x2DFF, "Cyrl"),
    (0x3005, 0x3007, "Hani"),
    (0x3040, 0x309F, "Hira"),
    (0x30A0, 0x30FF, "Kana"),
    (0x3130, 0x318F, "Hang"),
    (0x31F0, 0x31FF, "Kana"),
    (0x3400, 0x4DBF, "Hani"),
    (0x4E00, 0x9FFF, "Hani"),
    (0xA640, 0xA69F, "Cyrl"),
    (0xA720, 0xA7FF, "Latn"),
    (0xA960, 0xA97F, "Hang"),
    (0xAC00, 0xD7FF, "Hang"),
    (0xF900, 0xFAFF, "Hani"),
    (0xFB1D, 0xFB4F, "Hebr"),
    (0xFB50, 0xFDFF, "Arab"),
    (0xFE70, 0xFEFF, "Arab"),
    (0xFF21, 0xFF5A, "Latn"),
    (0xFF66, 0xFF9F, "Kana"),
    (0x1E900, 0x1E95F, "Adlm"),
    (0x20000, 0x323AF, "Hani"),
)
_STARTS = tuple(start for start, _, _ in _BLOCKS)
_NONE = "Zyyy"


@lru_cache(maxsize=4096)
def letter_script(char: str) -> str:
    """ISO 15924 code of one letter or mark; ``Zyyy`` for anything else.

    Hiragana, katakana, Han and Hangul are told apart here (``Hira``, ``Kana``, ``Hani``, ``Hang``).
    """
    code = ord(char)
    if char == "\u30fc":  # the long-vowel mark is written in both kana
        return "Kana"
    place = bisect_right(_STARTS, code) - 1
    if place < 0 or code > _BLOCKS[place][1] or unicodedata.category(char)[0] not in "LM":
        return _NONE
    return _BLOCKS[place][2]


def script_of(text: str) -> str:
    """ISO 15924 code of the script that most letters of ``text`` are in.

    Kana with or without Han is ``Jpan``, Hangul with or without Han ``Kore``, Han alone ``Hani``;
    a text without letters is ``Zyyy``.
    """
    if text.isascii():
        return "Latn" if any(map(str.isalpha, text)) else _NONE
    counts = Counter(letter_script(char) for char in text)
    del counts[_NONE]
    if not counts:
        return _NONE
    kana = counts.pop("Hira", 0) + counts.pop("Kana", 0)
    hangul = counts.pop("Hang", 0)
    han = counts.pop("Hani", 0)
    if kana:
        counts["Jpan"] = kana + han
    if hangul:
        counts["Kore"] = hangul + (0 if kana else han)
    if han and not kana and not hangul:
        counts["Hani"] = han
    return max(counts, key=lambda script: (counts[script], script))
