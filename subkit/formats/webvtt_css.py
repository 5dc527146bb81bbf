"""STYLE blocks of WebVTT: classes that say a look, read and written.

Only what a mark can say is read, from rules of a single class (``::cue(.yellow)``); the block
itself is carried whole. Colours, fonts and sizes for which WebVTT has no class of its own are
written as classes ``look-1``, ``look-2`` … with a STYLE block that says them; such a block is known
by its first line and becomes marks again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.formats.colors import hex_color, without_alpha
from subkit.model import Feature, Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CLASS_LOOKS", "OWN_BLOCK", "class_looks", "declared_looks", "look_rule", "own_block"]

OWN_BLOCK = "/* looks of marks */"
"""First line of a STYLE block that is made anew each time."""

_COLORS = {
    "white": "#ffffffff",
    "lime": "#00ff00ff",
    "cyan": "#00ffffff",
    "red": "#ff0000ff",
    "yellow": "#ffff00ff",
    "magenta": "#ff00ffff",
    "blue": "#0000ffff",
    "black": "#000000ff",
}
CLASS_LOOKS: dict[str, tuple[Feature, str]] = {
    **{name: (Feature.COLOR, value) for name, value in _COLORS.items()},
    **{f"bg_{name}": (Feature.BACKGROUND, value) for name, value in _COLORS.items()},
}
"""Classes that every player knows, and what they say (WebVTT, 5.1)."""

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_CLASS = re.compile(r"::cue\(\s*(?:c)?\.([^\s.:>#\[\])(]+)\s*\)")
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)(%|px|pt|em)")
_UNITS = {"%": "", "px": "pixels", "pt": "points"}


def class_looks(css: str) -> dict[str, tuple[Mark, ...]]:
    """Return what the classes of a STYLE block say, as marks without a place."""
    found: dict[str, tuple[Mark, ...]] = {}
    for match in _RULE.finditer(_COMMENT.sub("", css)):
        looks = tuple(
            Mark(start=0, end=0, feature=feature, value=value, how=how)
            for declaration in match[2].split(";")
            for feature, value, how in declared_looks(declaration)
        )
        for name in _CLASS.findall(match[1]):
            found[name] = (*found.get(name, ()), *looks)
    return found


def declared_looks(declaration: str) -> Sequence[tuple[Feature, str, str]]:
    """Return what a declaration says; nothing where no mark says it."""
    name, _, value = declaration.partition(":")
    name, value = name.strip().lower(), value.strip()
    word = value.lower()
    if name in ("color", "background", "background-color"):
        feature = Feature.COLOR if name == "color" else Feature.BACKGROUND
        return [(feature, color, "")] if (color := hex_color(value)) else []
    if name == "font-family":
        return [(Feature.FONT, family, "")] if (family := value.strip("\"'")) else []
    if name == "font-size":
        return _size(word)
    known = {
        ("font-style", "italic"): Feature.ITALIC,
        ("font-style", "oblique"): Feature.ITALIC,
        ("font-weight", "bold"): Feature.BOLD,
        ("text-decoration", "underline"): Feature.UNDERLINE,
        ("text-decoration", "line-through"): Feature.STRIKE,
    }.get((name, word))
    if known is not None:
        return [(known, "", "")]
    if name == "text-combine-upright" and word != "none":
        return [(Feature.COMBINE, word, "")]
    return []


def _size(value: str) -> list[tuple[Feature, str, str]]:
    match = _SIZE.fullmatch(value)
    if match is None:
        return []
    if match[2] == "em":
        return [(Feature.SIZE, f"{float(match[1]) * 100:g}", "")]
    return [(Feature.SIZE, match[1], _UNITS[match[2]])]


def look_rule(mark: Mark) -> str:
    """Return the declaration that says a mark; empty where CSS in WebVTT has none."""
    value = mark.value
    if mark.feature in (Feature.COLOR, Feature.BACKGROUND):
        color = without_alpha(value) if value.endswith("ff") else value
        return f"{'color' if mark.feature is Feature.COLOR else 'background-color'}: {color}"
    if mark.feature is Feature.FONT:
        return "" if re.search(r"[\"{};\\<>\n]|-->|/\*", value) else f'font-family: "{value}"'
    if mark.feature is Feature.SIZE:
        unit = next((unit for unit, how in _UNITS.items() if how == mark.how), "")
        return f"font-size: {value}{unit}" if unit and _SIZE.fullmatch(value + unit) else ""
    if mark.feature is Feature.STRIKE:
        return "text-decoration: line-through"
    if mark.feature is Feature.COMBINE and re.fullmatch(r"[a-z]+(?: \d)?", value):
        return f"text-combine-upright: {value}"
    return ""


def own_block(rules: dict[str, str]) -> str:
    """Return the STYLE block of declarations by class; empty where there are none."""
    if not rules:
        return ""
    lines = (f"::cue(.{name}) {{ {rule}; }}\n" for rule, name in rules.items())
    return f"STYLE\n{OWN_BLOCK}\n{''.join(lines)}"
