"""Fonts of D-cinema subtitles: attributes as marks, and marks as attributes."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.formats.ttml.ttml_layout import attributes_of, attributes_text
from subkit.model.styling import Feature, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["DEFAULT_LOOK", "FAMILY", "FONT_ATTRIBUTES", "font_attributes", "font_looks", "holds"]

FAMILY = "dcinema"
"""What opaque marks, carried blocks and places name as their format, also in Interop."""

FONT_ATTRIBUTES = {
    name.lower(): name
    for name in (
        "AspectAdjust",
        "Color",
        "Effect",
        "EffectColor",
        "EffectSize",
        "Feather",
        "Italic",
        "Script",
        "Size",
        "Spacing",
        "Underline",
        "Weight",
    )
} | {"underlined": "Underline"}
"""Attributes of a font in lower case -> as SMPTE writes them; ``ID`` is the document's."""

DEFAULT_LOOK = {"Color": "FFFFFFFF", "Effect": "border", "EffectColor": "FF000000", "Size": "42"}
"""How text looks where nothing else is said."""

_INITIAL = {
    "Italic": "no",
    "Underline": "no",
    "Weight": "normal",
    "Color": "FFFFFFFF",
    "Script": "normal",
    "AspectAdjust": "1.0",
    "Spacing": "0.0",
    "Feather": "no",
}
_YES = {"Italic": (Feature.ITALIC, "yes"), "Underline": (Feature.UNDERLINE, "yes")}
_YES |= {"Weight": (Feature.BOLD, "bold")}
_ARGB = re.compile(r"[0-9A-Fa-f]{8}")
_RGBA = re.compile(r"#[0-9a-fA-F]{8}")
_SIZE = re.compile(r"\d{1,4}(?:\.\d{1,4})?")

Look = tuple[Feature, str, str]


def font_looks(attributes: Mapping[str, str], look: Mapping[str, str]) -> tuple[Look, ...]:
    """Return what attributes of fonts say of text, beyond how all text looks.

    Args:
        attributes: As they hold for the text, named as in SMPTE.
        look: How all text of the document looks.
    """
    found: list[Look] = []
    effects: dict[str, str] = {}
    for name, value in attributes.items():
        if value == look.get(name, _INITIAL.get(name)):
            continue
        if name in _YES and value in (_YES[name][1], "no", "normal"):
            found += [(_YES[name][0], "", "")] if value == _YES[name][1] else []
        elif name == "Color" and _ARGB.fullmatch(value):
            found.append((Feature.COLOR, f"#{value[2:]}{value[:2]}".lower(), ""))
        elif name == "Size" and _SIZE.fullmatch(value) and Fraction(look.get("Size", "42")):
            share = Fraction(value) / Fraction(look.get("Size", "42")) * 100
            found.append((Feature.SIZE, f"{float(round(share, 4)):.10g}", ""))
        elif name.startswith("Effect"):
            effects[name] = value
        else:
            found.append((Feature.OPAQUE, attributes_text({name: value}), FAMILY))
    return (*found, *_effect(effects, attributes))


def _effect(changed: Mapping[str, str], attributes: Mapping[str, str]) -> list[Look]:
    """Return an outline for a border of another colour, else the attributes as they are."""
    if not changed:
        return []
    color = attributes.get("EffectColor", "FF000000")
    border = attributes.get("Effect") == "border" and "EffectSize" not in changed
    if border and _ARGB.fullmatch(color):
        return [(Feature.OUTLINE, f"#{color[2:]}{color[:2]}".lower(), "")]
    return [(Feature.OPAQUE, attributes_text(changed), FAMILY)]


def font_attributes(marks: Iterable[Mark], look: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes of the font of a stretch of text, named as in SMPTE."""
    found: dict[str, str] = {}
    for mark in marks:
        if mark.feature is Feature.COLOR:
            found["Color"] = _argb(mark.value)
        elif mark.feature is Feature.OUTLINE:
            found |= {"Effect": "border", "EffectColor": _argb(mark.value)}
        elif mark.feature is Feature.SIZE:
            size = Fraction(look.get("Size", "42")) * Fraction(mark.value) / 100
            found["Size"] = str(max(1, round(size)))
        elif mark.feature is Feature.OPAQUE:
            found |= attributes_of(mark.value)
        for name, (feature, value) in _YES.items():
            if mark.feature is feature:
                found[name] = value
    return found


def _argb(color: str) -> str:
    return f"{color[7:9]}{color[1:7]}".upper()


def holds(mark: Mark) -> bool:
    """Whether the value of a mark can be said at all."""
    if mark.feature in (Feature.COLOR, Feature.OUTLINE):
        return _RGBA.fullmatch(mark.value) is not None
    if mark.feature is Feature.SIZE:
        return not mark.how and _SIZE.fullmatch(mark.value) is not None
    if mark.feature is Feature.OPAQUE:
        return mark.how == FAMILY
    return True
