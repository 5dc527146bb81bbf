r"""Which letters an ASS script shows in which font, and a small script that asks for all of them.

The renderer alone knows which font it will take for a letter: by name, by what the system offers in
its place, and letter by letter where that font has none. So it is asked, with a script of a second
in which every letter of the film stands once in each of its styles.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from subkit.formats.ass_script import EVENT_FIELDS, parse_script

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["font_trial", "letters_shown", "with_font"]

_BLOCK = re.compile(r"\{([^{}]*)\}")
_FONT = re.compile(r"\\fn([^\\{}]*)")
_DRAWING = re.compile(r"\\p(\d+)")
_ESCAPE = re.compile(r"\\[NnhH]")
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp"})
_AT_ONCE = 120
"""Letters in a line of the trial."""


def letters_shown(script: str) -> dict[tuple[str, str], str]:
    r"""Return the letters that are drawn, by style and by the font of a ``\fn`` (else empty)."""
    parsed = parse_script(script)
    order = parsed.event_order or EVENT_FIELDS[parsed.variant]
    columns = [name.strip().lower() for name in order.split(",")]
    style, text = columns.index("style"), columns.index("text")
    found: dict[tuple[str, str], set[str]] = {}
    for _, line in parsed.events:
        kind, _, rest = line.partition(":")
        fields = rest.split(",", len(columns) - 1)
        if kind.strip().lower() != "dialogue" or len(fields) < len(columns):
            continue
        for font, piece in _pieces(fields[text]):
            found.setdefault((fields[style].strip(), font), set()).update(piece)
    drawn = {key: "".join(sorted(filter(_is_drawn, letters))) for key, letters in found.items()}
    return {key: letters for key, letters in drawn.items() if letters}


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Stretches of an event's text, each with the font that an override names."""
    font, drawing, place = "", False, 0
    for block in _BLOCK.finditer(text):
        if not drawing:
            yield font, _ESCAPE.sub("", text[place : block.start()])
        place = block.end()
        for name in _FONT.findall(block[1]):
            font = name.strip()
        for scale in _DRAWING.findall(block[1]):
            drawing = scale.strip("0") != ""
    if not drawing:
        yield font, _ESCAPE.sub("", text[place:])


def _is_drawn(letter: str) -> bool:
    return unicodedata.category(letter) not in _UNSHOWN and not "\ufe00" <= letter <= "\ufe0f"


def font_trial(script: str) -> str:
    """Return a script of a second that shows every letter once in each style and font."""
    parsed = parse_script(script)
    section = "[V4+ Styles]" if parsed.variant == "ass" else "[V4 Styles]"
    lines = ["[Script Info]", *parsed.head, "", section, f"Format: {parsed.style_order}"]
    lines += [*parsed.styles, "", "[Events]", f"Format: {EVENT_FIELDS['ass']}"]
    for (style, font), letters in letters_shown(script).items():
        named = f"{{\\an7\\q1\\fn{font}}}" if font else "{\\an7\\q1}"
        for place in range(0, len(letters), _AT_ONCE):
            # A brace or a backslash would begin an override; every font has them.
            text = re.sub(r"[\\{}]", "", letters[place : place + _AT_ONCE])
            lines.append(f"Dialogue: 0,0:00:00.00,0:00:09.00,{style},,0,0,0,,{named}{text}")
    return "\n".join(lines) + "\n"


def with_font(script: str, font: str) -> str:
    """Return a script all of whose styles have a font."""
    lines = script.split("\n")
    columns: list[str] = []
    for number, line in enumerate(lines):
        key, colon, rest = line.partition(":")
        if not colon:
            continue
        if key.strip().lower() == "format" and "fontname" in rest.lower():
            columns = [name.strip().lower() for name in rest.split(",")]
        elif key.strip().lower() == "style" and columns:
            fields = rest.split(",")
            if len(fields) == len(columns):
                fields[columns.index("fontname")] = font
                lines[number] = f"{key}:{','.join(fields)}"
    return "\n".join(lines)
