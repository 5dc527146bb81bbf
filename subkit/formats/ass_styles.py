"""Styles of ASS and SSA scripts: their lines, what they look like, where they stand."""

from __future__ import annotations

from subkit.formats.colors import from_bgr
from subkit.formats.placement import from_numpad
from subkit.model import Feature, Mark, NamedStyle, Placement

__all__ = ["ASS_STYLE_FIELDS", "SSA_STYLE_FIELDS", "StyleSheet", "default_style", "style_of"]

ASS_STYLE_FIELDS = (
    "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, "
    "Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, "
    "Alignment, MarginL, MarginR, MarginV, Encoding"
)
SSA_STYLE_FIELDS = (
    "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, TertiaryColour, BackColour, Bold, "
    "Italic, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, AlphaLevel, "
    "Encoding"
)
_FLAGS = {
    "bold": Feature.BOLD,
    "italic": Feature.ITALIC,
    "underline": Feature.UNDERLINE,
    "strikeout": Feature.STRIKE,
}
_DEFAULTS = {
    "fontname": "Arial",
    "fontsize": "20",
    "primarycolour": "&H00FFFFFF",
    "secondarycolour": "&H000000FF",
    "outlinecolour": "&H00000000",
    "tertiarycolour": "&H00000000",
    "backcolour": "&H00000000",
    "scalex": "100",
    "scaley": "100",
    "borderstyle": "1",
    "outline": "2",
    "shadow": "2",
    "alignment": "2",
    "marginl": "10",
    "marginr": "10",
    "marginv": "10",
    "encoding": "1",
}
_SSA_ALIGNMENT = {1: 1, 2: 2, 3: 3, 9: 4, 10: 5, 11: 6, 5: 7, 6: 8, 7: 9}
_TO_SSA_ALIGNMENT = {number: old for old, number in _SSA_ALIGNMENT.items()}


def _fields(text: str) -> list[str]:
    return [name.strip().lower() for name in text.split(",")]


def style_of(line: str, order: str, variant: str) -> NamedStyle:
    """Return the style of a ``Style:`` line.

    Args:
        line: The line.
        order: The fields of the section's ``Format:`` line.
        variant: ``"ass"`` or ``"ssa"``.
    """
    values = _values(line, order)
    standard = ASS_STYLE_FIELDS if variant == "ass" else SSA_STYLE_FIELDS
    if _fields(order) != _fields(standard):
        line = _line(values, standard)
    return NamedStyle(
        id=values.get("name", ""), looks=tuple(_looks(values)), source=f"{variant} {line}"
    )


def _values(line: str, order: str) -> dict[str, str]:
    parts = line.partition(":")[2].strip().split(",")
    return dict(zip(_fields(order), (part.strip() for part in parts), strict=False))


def _line(values: dict[str, str], order: str) -> str:
    told = (values.get(name) or _DEFAULTS.get(name, "0") for name in _fields(order))
    return "Style: " + ",".join(told)


def _looks(values: dict[str, str]) -> list[Mark]:
    def look(feature: Feature, value: str = "", how: str = "") -> Mark:
        return Mark(start=0, end=0, feature=feature, value=value, how=how)

    found = [look(flag) for name, flag in _FLAGS.items() if values.get(name, "0") not in ("0", "")]
    if color := _color(values.get("primarycolour", "")):
        found.append(look(Feature.COLOR, color))
    edge = _color(values.get("outlinecolour", values.get("tertiarycolour", "")))
    if edge:
        box = values.get("borderstyle") == "3"
        found.append(look(Feature.BACKGROUND if box else Feature.OUTLINE, edge))
    if values.get("fontname"):
        found.append(look(Feature.FONT, values["fontname"]))
    if values.get("fontsize"):
        found.append(look(Feature.SIZE, values["fontsize"], "points"))
    return found


def _color(text: str) -> str | None:
    if text.lstrip("-").isascii() and text.lstrip("-").isdigit():
        return from_bgr(f"{int(text[:12]) & 0xFFFFFFFF:X}")
    return from_bgr(text) if text else None


def default_style(name: str, picture: tuple[int, int]) -> str:
    """White, sans serif, outlined: a cap height near 1/27 of the picture, safe-area margins."""
    width, height = picture
    unit = _unit(picture)
    values = {
        **_DEFAULTS,
        "name": name,
        "fontsize": f"{_usual_size(picture):g}",
        "outline": f"{round(3 * unit, 1):g}",
        "shadow": f"{round(1 * unit, 1):g}",
        "marginl": str(width // 20),
        "marginr": str(width // 20),
        "marginv": str(height // 20),
    }
    return _line(values, ASS_STYLE_FIELDS)


def _usual_size(picture: tuple[int, int]) -> float:
    return round(58 * _unit(picture), 1)


def _unit(picture: tuple[int, int]) -> float:
    """A point of a picture of 1920 by 1080, in one of another size."""
    width, height = picture
    return min(width, height * 16 // 9) / 1920


class StyleSheet:
    """The styles of a script: where their text stands, how large it is, and their lines."""

    def __init__(self, styles: tuple[NamedStyle, ...]) -> None:
        self._values: dict[str, dict[str, str]] = {}
        self._lines: list[tuple[str, str]] = []
        for style in styles:
            variant, _, line = style.source.partition(" ")
            if variant in ("ass", "ssa") and "\n" not in line:
                order = ASS_STYLE_FIELDS if variant == "ass" else SSA_STYLE_FIELDS
                values = _values(line, order)
                if variant == "ssa":
                    values["alignment"] = str(_SSA_ALIGNMENT.get(_whole(values, "alignment"), 2))
                self._values[style.id] = values
                self._lines.append((variant, line))

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def place(self, name: str) -> Placement:
        """Return where text in a style stands; styles that are not there are as Default."""
        values = self._values.get(name) or self._values.get("Default") or {}
        number = _whole(values, "alignment")
        return from_numpad(number if 1 <= number <= 9 else 2)

    def size(self, name: str, picture: tuple[int, int]) -> float:
        """Return the size of text in a style, in a picture for which the Default was made."""
        values = self._values.get(name) or self._values.get("Default")
        if values is None:
            return _usual_size(picture)
        try:
            return float(values.get("fontsize", _DEFAULTS["fontsize"])[:12])
        except ValueError:
            return float(_DEFAULTS["fontsize"])

    def lines(self, variant: str, default: str) -> list[str]:
        """Return the lines of the section, ``default`` first where there is no Default."""
        found = [default] if "Default" not in self._values else []
        found += [
            line if own == variant else _line(self._turned(line, own), _order(variant))
            for own, line in self._lines
        ]
        if variant == "ssa" and "Default" not in self._values:
            found[0] = _line(self._turned(default, "ass"), SSA_STYLE_FIELDS)
        return found

    def _turned(self, line: str, own: str) -> dict[str, str]:
        """The values of a line for the other variant: alignment and the outline's colour."""
        values = _values(line, _order(own))
        number = _whole(values, "alignment")
        turned = _SSA_ALIGNMENT if own == "ssa" else _TO_SSA_ALIGNMENT
        values["alignment"] = str(turned.get(number, 2))
        edge = "tertiarycolour" if own == "ssa" else "outlinecolour"
        other = "outlinecolour" if own == "ssa" else "tertiarycolour"
        values[other] = values.get(edge, "")
        return values


def _order(variant: str) -> str:
    return ASS_STYLE_FIELDS if variant == "ass" else SSA_STYLE_FIELDS


def _whole(values: dict[str, str], name: str) -> int:
    text = values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 2
