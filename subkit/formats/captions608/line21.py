"""Byte pairs of line 21: parity, control codes, and what they mean (47 CFR 15.119, CEA-608-E)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from subkit.formats.captions608.line21_letters import BASIC, EXTENDED, SPECIAL

__all__ = [
    "BLACK",
    "CLEAR",
    "COLORS",
    "PARITY",
    "PLAIN",
    "WHITE",
    "Code",
    "Look",
    "background_code",
    "code_of",
    "control_code",
    "hex_word",
    "letter_foreground",
    "midrow_code",
    "pac_code",
    "row_look",
    "tab_code",
]

WHITE, BLACK, CLEAR = "#ffffffff", "#000000ff", "#00000000"
COLORS = (WHITE, "#00ff00ff", "#0000ffff", "#00ffffff", "#ff0000ff", "#ffff00ff", "#ff00ffff")
"""The colours of letters by number; a background may also be black."""

PARITY = tuple(value | (0x80 if value.bit_count() % 2 == 0 else 0) for value in range(128))
"""Seven bits -> the byte with odd parity."""

_CONTROLS = (
    *("RCL", "BS", "AOF", "AON", "DER", "RU2", "RU3", "RU4"),  # 0x20 to 0x27
    *("FON", "RDC", "TR", "RTD", "EDM", "CR", "ENM", "EOC"),  # 0x28 to 0x2F
)
_ROWS = {
    (0x11, 0): 1,
    (0x11, 1): 2,
    (0x12, 0): 3,
    (0x12, 1): 4,
    (0x15, 0): 5,
    (0x15, 1): 6,
    (0x16, 0): 7,
    (0x16, 1): 8,
    (0x17, 0): 9,
    (0x17, 1): 10,
    (0x10, 0): 11,
    (0x13, 0): 12,
    (0x13, 1): 13,
    (0x14, 0): 14,
    (0x14, 1): 15,
}
_PAC_BYTES = {row: (high, 0x40 | upper << 5) for (high, upper), row in _ROWS.items()}


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look: colours as ``#rrggbbaa``, empty for white on black."""

    color: str = ""
    italic: bool = False
    underline: bool = False
    background: str = ""


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Code:
    """What a byte pair means.

    Attributes:
        kind: ``text``, ``special``, ``extended``, ``pac``, ``midrow``, ``background``, ``black``
            (black letters), ``tab``, ``control``, ``null`` or ``unknown``.
        second: Whether a control code is for the second channel of its field.
        text: Its letters, the name of a control, or the background's colour. In a special code,
            an empty text is the transparent space.
        row: Row of a preamble, 1 to 15.
        column: Indent of a preamble, or the columns of a tab offset.
        look: Of a preamble or mid-row code; italics keep the colour there was.
    """

    kind: str
    second: bool = False
    text: str = ""
    row: int = 0
    column: int = 0
    look: Look = PLAIN


@cache
def code_of(high: int, low: int) -> Code:
    """Return what two bytes without their parity bits mean."""
    if high == low == 0:
        return Code("null")
    if high >= 0x20:
        return Code(
            "text", text="".join(BASIC[byte - 0x20] for byte in (high, low) if byte >= 0x20)
        )
    if high >= 0x10 and low >= 0x20:
        return _control(high & 0x17, low, second=bool(high & 0x08))
    if high == 0 and low >= 0x20:
        return Code("text", text=BASIC[low - 0x20])
    return Code("unknown")


def _control(high: int, low: int, *, second: bool) -> Code:
    if low >= 0x40:
        row = _ROWS.get((high, low >> 5 & 1))
        if row is None:
            return Code("unknown", second)
        column = (low >> 1 & 7) * 4 if low & 0x10 else 0
        return Code("pac", second, row=row, column=column, look=_pac_look(low))
    if high in (0x14, 0x15) and low < 0x30:
        return Code("control", second, text=_CONTROLS[low - 0x20])
    if high in (0x12, 0x13):
        return Code("extended", second, text=EXTENDED[(high - 0x12) * 32 + low - 0x20])
    return _rare(high, low, second=second)


def _rare(high: int, low: int, *, second: bool) -> Code:
    if high == 0x11 and low < 0x30:
        return Code("midrow", second, look=_style(low >> 1 & 7, low & 1))
    if high == 0x11:
        return Code("special", second, text=SPECIAL[low - 0x30])
    if high == 0x17 and 0x21 <= low <= 0x23:
        return Code("tab", second, column=low - 0x20)
    if high == 0x17 and low in (0x2E, 0x2F):
        return Code("black", second, look=Look(color=BLACK, underline=bool(low & 1)))
    color = _backgrounds().get((high, low))
    return Code("background", second, text=color) if color else Code("unknown", second)


@cache
def _backgrounds() -> dict[tuple[int, int], str]:
    """Pair -> colour, solid and half transparent."""
    found = {(0x17, 0x2D): CLEAR}
    for number, color in enumerate((*COLORS, BLACK)):
        found[0x10, 0x20 | number << 1] = color
        found[0x10, 0x21 | number << 1] = color[:7] + "80"
    return found


def _pac_look(low: int) -> Look:
    return Look(underline=bool(low & 1)) if low & 0x10 else _style(low >> 1 & 7, low & 1)


def _style(number: int, underline: int) -> Look:
    if number == 7:
        return Look(italic=True, underline=bool(underline))
    return Look(color=COLORS[number] if number else "", underline=bool(underline))


def row_look(look: Look) -> bool:
    """Return whether a preamble can set a look's letters: not a colour and italics at once."""
    return look.color != BLACK and not (look.color and look.italic)


def hex_word(pair: tuple[int, int]) -> str:
    """Return a pair as files write it: four hexadecimal digits with parity."""
    return f"{PARITY[pair[0]]:02x}{PARITY[pair[1]]:02x}"


def control_code(name: str) -> tuple[int, int]:
    """Return the pair of a control such as ``EOC``."""
    return 0x14, 0x20 + _CONTROLS.index(name)


def pac_code(row: int, column: int, look: Look) -> tuple[int, int]:
    """Return the preamble of a row: an indent in steps of four, or a look at column 0."""
    high, low = _PAC_BYTES[row]
    if look.italic:
        style = 7 << 1
    elif look.color and not column:
        style = COLORS.index(look.color) << 1
    else:
        style = 0x10 | column // 4 << 1
    return high, low | style | look.underline


def midrow_code(look: Look) -> tuple[int, int]:
    """Return the code that changes the look of letters in a row, and shows as a space."""
    number = 7 if look.italic else COLORS.index(look.color or WHITE)
    return 0x11, 0x20 | number << 1 | look.underline


def letter_foreground(look: Look) -> tuple[int, int]:
    """Return the code for black letters, which stands in place of the space before it."""
    return 0x17, 0x2E | look.underline


def background_code(color: str) -> tuple[int, int]:
    """Return the code of a background, which stands in place of the space before it."""
    wanted = color or BLACK
    return next(pair for pair, known in _backgrounds().items() if known == wanted)


def tab_code(columns: int) -> tuple[int, int]:
    """Return the code that moves one to three columns to the right."""
    return 0x17, 0x20 + columns
