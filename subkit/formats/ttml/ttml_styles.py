"""Marks as styling attributes of TTML, and computed attributes as marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.formats.ttml.ttml_layout import attributes_of, attributes_text
from subkit.model.styling import Feature, Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = [
    "FAMILY",
    "INITIAL",
    "PLAIN_MARKS",
    "Look",
    "color_of",
    "looks_of",
    "span_attributes",
    "writable",
]

FAMILY = "ttml"
"""What opaque marks, carried blocks and sources name as their format, in every variant."""

Look = tuple[Feature, str, str]
"""A feature with its value and how."""

_HEX = re.compile(r"#[0-9a-fA-F]{8}")
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?")
_WORDS = re.compile(r"[A-Za-z0-9#(),. ]{1,100}")
_RUBY_HOW = re.compile(
    r"(?:before|after|outside)?(?: (?:start|center|end|spaceAround|spaceBetween|withBase))?"
)
_FONT = re.compile(r"[\w-]+(?: [\w-]+)*")
_OUTLINE = "5"

INITIAL: dict[str, str] = {
    "tts:color": "#ffffffff",
    "tts:backgroundColor": "#00000000",
    "tts:fontStyle": "normal",
    "tts:fontWeight": "normal",
    "tts:textDecoration": "none",
    "tts:textOutline": "none",
    "tts:textEmphasis": "none",
    "tts:textCombine": "none",
    "tts:shear": "0%",
    "tts:direction": "ltr",
    "tts:unicodeBidi": "normal",
    "tts:wrapOption": "wrap",
    "tts:lineHeight": "normal",
    "tts:visibility": "visible",
    "tts:textShadow": "none",
    "tts:rubyReserve": "none",
    "tts:luminanceGain": "1.0",
    "tts:fontFamily": "default",
    "tts:fontVariant": "normal",
    "ebutts:multiRowAlign": "auto",
    "ebutts:linePadding": "0c",
    "itts:fillLineGap": "false",
    "itts:forcedDisplay": "false",
}
"""What attributes are where nobody says (TTML2 and IMSC 1.1)."""

PLAIN_MARKS: dict[Feature, tuple[str, str]] = {
    Feature.ITALIC: ("tts:fontStyle", "italic"),
    Feature.BOLD: ("tts:fontWeight", "bold"),
}
"""Features that an attribute with one value says."""

_VALUES: dict[Feature, tuple[str, re.Pattern[str]]] = {
    Feature.COLOR: ("tts:color", _HEX),
    Feature.BACKGROUND: ("tts:backgroundColor", _HEX),
    Feature.OUTLINE: ("tts:textOutline", _HEX),
    Feature.SIZE: ("tts:fontSize", _NUMBER),
    Feature.FONT: ("tts:fontFamily", re.compile(r"[^\x00-\x1f\"\\]{1,200}")),
    Feature.EMPHASIS: ("tts:textEmphasis", _WORDS),
    Feature.COMBINE: ("tts:textCombine", _WORDS),
    Feature.SHEAR: ("tts:shear", re.compile(r"-?\d{1,3}(?:\.\d{1,4})?")),
}
_LINES = {Feature.UNDERLINE: "underline", Feature.STRIKE: "lineThrough"}
_NAMED = {
    "transparent": "#00000000",
    "black": "#000000ff",
    "silver": "#c0c0c0ff",
    "gray": "#808080ff",
    "white": "#ffffffff",
    "maroon": "#800000ff",
    "red": "#ff0000ff",
    "purple": "#800080ff",
    "fuchsia": "#ff00ffff",
    "magenta": "#ff00ffff",
    "green": "#008000ff",
    "lime": "#00ff00ff",
    "olive": "#808000ff",
    "yellow": "#ffff00ff",
    "navy": "#000080ff",
    "blue": "#0000ffff",
    "teal": "#008080ff",
    "aqua": "#00ffffff",
    "cyan": "#00ffffff",
}
_RGB = re.compile(r"rgba?\(\s*((?:\d{1,3}\s*,\s*){2,3}\d{1,3})\s*\)")


def color_of(text: str) -> str | None:
    """Return a colour expression as ``#rrggbbaa``; ``None`` where it is none."""
    text = text.strip()
    if re.fullmatch(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})", text):
        return (text if len(text) == 9 else text + "ff").lower()
    if match := _RGB.fullmatch(text):
        parts = [min(int(part), 255) for part in match[1].split(",")]
        return "#" + "".join(f"{part:02x}" for part in (*parts, 255)[:4])
    return _NAMED.get(text.lower())


def writable(mark: Mark) -> bool:
    """Whether the value of a mark can be said in TTML at all."""
    if mark.feature is Feature.SIZE and mark.how:
        return False
    if mark.feature is Feature.RUBY:
        return _RUBY_HOW.fullmatch(mark.how) is not None
    known = _VALUES.get(mark.feature)
    return known is None or known[1].fullmatch(mark.value) is not None


def span_attributes(marks: Iterable[Mark]) -> dict[str, str]:
    """Return the styling attributes of a stretch of text; the last mark of a feature counts."""
    found: dict[str, str] = {}
    lines = []
    for mark in marks:
        feature = mark.feature
        if feature in PLAIN_MARKS:
            name, value = PLAIN_MARKS[feature]
            found[name] = value
        elif feature in _LINES:
            lines.append(_LINES[feature])
        elif feature in _VALUES:
            found[_VALUES[feature][0]] = _written(mark)
        elif feature is Feature.OPAQUE:
            found |= attributes_of(mark.value)
    if lines:
        lines += found.get("tts:textDecoration", "").split()
        found["tts:textDecoration"] = " ".join(sorted(set(lines), reverse=True))
    return found


def _written(mark: Mark) -> str:
    value = mark.value
    if mark.feature in (Feature.COLOR, Feature.BACKGROUND, Feature.OUTLINE):
        value = value.lower()
        value = value[:7] if value.endswith("ff") else value
    if mark.feature is Feature.OUTLINE:
        width = mark.how if _NUMBER.fullmatch(mark.how) else _OUTLINE
        return f"{value} {width}%"
    if mark.feature in (Feature.SIZE, Feature.SHEAR):
        return f"{value}%"
    if mark.feature is Feature.FONT:
        return ", ".join(_family(name) for name in value.split(","))
    return value


def _family(name: str) -> str:
    name = name.strip().strip("'")
    return name if _FONT.fullmatch(name) else f'"{name}"'


@dataclass(frozen=True, slots=True)
class _Said:
    """What a computed attribute says: looks, and whether they say all of it."""

    looks: tuple[Look, ...]
    whole: bool = True


def looks_of(computed: Mapping[str, str], size: Fraction) -> tuple[Look, ...]:
    """Return what computed attributes say of text, what is as it is anyway left out.

    Args:
        computed: Attributes that hold for the text, by short name; no ``tts:fontSize``.
        size: The size of its letters in per cent of the document's normal size.
    """
    found: list[Look] = []
    for name, value in computed.items():
        if value == INITIAL.get(name):
            continue
        read = _READ.get(name)
        said = read(value) if read is not None else None
        if said is None or not said.whole:
            text = attributes_text({name: value})
            found.append((Feature.OPAQUE, text, FAMILY))
        if said is not None:
            found += said.looks
    if size != 100:
        found.append((Feature.SIZE, f"{float(round(size, 4)):.10g}", ""))
    return tuple(found)


def _one(feature: Feature, value: str = "", how: str = "") -> _Said:
    return _Said(((feature, value, how),))


def _color(feature: Feature, value: str, how: str = "") -> _Said | None:
    color = color_of(value)
    nothing = feature is Feature.BACKGROUND and color is not None and color.endswith("00")
    if nothing or (feature is Feature.COLOR and color == INITIAL["tts:color"]):
        return _Said(())
    return None if color is None else _one(feature, color, how)


def _decoration(value: str) -> _Said | None:
    words = set(value.split()) - {"none", "noUnderline", "noLineThrough", "noOverline"}
    looks = tuple((feature, "", "") for feature, word in _LINES.items() if word in words)
    return _Said(looks, whole=words <= set(_LINES.values()))


def _outline(value: str) -> _Said | None:
    if value == "none":
        return _Said(())
    words = re.findall(r"rgba?\([^)]*\)|\S+", value)
    color = color_of(words[0]) if words else None
    width = words[1] if color is not None and len(words) > 1 else ""
    share = width.removesuffix("%")
    if width.endswith("em"):
        share = f"{float(width[:-2] or 0) * 100:.10g}" if _NUMBER.fullmatch(width[:-2]) else ""
    if color is None or len(words) > 2 or not _NUMBER.fullmatch(share):
        return None
    return _one(Feature.OUTLINE, color, "" if share == _OUTLINE else share)


def _shear(value: str) -> _Said | None:
    number = value.removesuffix("%")
    if not value.endswith("%") or not re.fullmatch(r"-?\d{1,3}(?:\.\d{1,9})?", number):
        return None
    return _one(Feature.SHEAR, f"{float(number):.6g}") if float(number) else _Said(())


def _kind(feature: Feature, word: str, value: str) -> _Said | None:
    """Return a feature that is on where an attribute has a word, and off where it is normal."""
    if value == "normal":
        return _Said(())
    return _one(feature) if value == word else None


_READ: dict[str, Callable[[str], _Said | None]] = {
    "tts:color": lambda value: _color(Feature.COLOR, value),
    "tts:backgroundColor": lambda value: _color(Feature.BACKGROUND, value),
    "block": lambda value: _color(Feature.BACKGROUND, value, "block"),
    "tts:fontStyle": lambda value: _kind(
        Feature.ITALIC, "italic", "italic" if value == "oblique" else value
    ),
    "tts:fontWeight": lambda value: _kind(Feature.BOLD, "bold", value),
    "tts:textDecoration": _decoration,
    "tts:textOutline": _outline,
    "tts:textEmphasis": lambda value: (
        _Said(()) if value == "none" else _one(Feature.EMPHASIS, value)
    ),
    "tts:textCombine": lambda value: _Said(()) if value == "none" else _one(Feature.COMBINE, value),
    "tts:shear": _shear,
    "tts:fontFamily": lambda value: (
        _Said(()) if value == "default" else _one(Feature.FONT, re.sub("[\"'\\\\]", "", value))
    ),
}
