"""The text of an event: its lines, where they stand, and their looks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.files.plain_text import split_lines
from subkit.files.repairs import Repairs
from subkit.files.xml import local_name
from subkit.formats.dcinema.cinema_fonts import FAMILY, FONT_ATTRIBUTES, font_looks
from subkit.formats.dcinema.cinema_places import LinePlace
from subkit.model.mark_moves import moved_marks, shifted_marks, sorted_marks
from subkit.model.styling import Feature, Mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

__all__ = ["LineReader", "attributes_in_any_case"]

_BLANK = re.compile(r"[ \t]*[\r\n]+[ \t\r\n]*")
_NUMBER = re.compile(r"[+-]?(?:\d{1,6}(?:\.\d{0,9})?|\.\d{1,9})")
_UPRIGHT = ("vertical", "ttb", "btt")


def attributes_in_any_case(element: Element) -> dict[str, str]:
    """Return the attributes of an element, names in lower case and without namespaces."""
    return {
        str(name).rpartition("}")[2].lower(): str(value) for name, value in element.attrib.items()
    }


@dataclass(slots=True)
class _Parts:
    """Text as it is met, and its length so far."""

    texts: list[str] = field(default_factory=list)
    length: int = 0


@dataclass(slots=True)
class LineReader:
    """Reads the text of events.

    Attributes:
        look: How all text of the document looks.
        repairs: Hears of what was mended.
        pictures: How many pictures were met.
    """

    look: Mapping[str, str] = field(default_factory=dict)
    repairs: Repairs = field(default_factory=Repairs)
    pictures: int = 0

    def fonts_above(self, element: Element) -> dict[str, str]:
        """Return the attributes of the fonts around an element, the inner ones last."""
        found: dict[str, str] = {}
        for above in reversed(list(element.iterancestors())):
            if local_name(above).lower() == "font":
                found |= self._font(above)
        return found

    def _font(self, element: Element) -> dict[str, str]:
        return {
            FONT_ATTRIBUTES[name]: value.strip().removesuffix("em")  # Interop's unit
            for name, value in attributes_in_any_case(element).items()
            if name in FONT_ATTRIBUTES
        }

    def lines(self, event: Element) -> tuple[list[str], list[LinePlace], tuple[Mark, ...]]:
        """Return the lines of an event from the first to the last, their places and marks."""
        found: list[tuple[LinePlace, str, tuple[Mark, ...]]] = []
        for element in event.iter():
            kind = local_name(element).lower()
            if kind == "image":
                self.pictures += 1
                self.repairs.add("A picture was left out", f"line {element.sourceline}")
            elif kind == "text":
                text, marks = self._text(element)
                if text:
                    found.append((self._place(element), text, marks))
                else:
                    self.repairs.add("An empty line was left out", f"line {element.sourceline}")
        found = _from_the_top(found)
        lines: list[str] = []
        joined: list[Mark] = []
        at = 0
        for _, text, own in found:
            lines.append(text)
            joined += shifted_marks(own, at)
            at += len(text) + 1
        return lines, [place for place, _, _ in found], _joined(joined, lines)

    def _place(self, element: Element) -> LinePlace:
        attributes = attributes_in_any_case(element)
        sides = {}
        for name, sides_of in (("valign", _VALIGN), ("halign", _HALIGN)):
            value = attributes.get(name, "center").strip().lower()
            if value not in sides_of:
                self.repairs.add(
                    f"A {name} that means nothing was read as center", f"line {element.sourceline}"
                )
                value = "center"
            sides[name] = value
        numbers = {}
        for name in ("vposition", "hposition"):
            value = attributes.get(name, "0").strip() or "0"
            if not _NUMBER.fullmatch(value) or abs(Fraction(value)) > 100:
                self.repairs.add(
                    f"A {name} outside the picture was read as 0", f"line {element.sourceline}"
                )
                value = "0"
            numbers[name] = value
        upright = attributes.get("direction", "").strip().lower() in _UPRIGHT
        return LinePlace(
            sides["valign"], numbers["vposition"], sides["halign"], numbers["hposition"], upright
        )

    def _text(self, element: Element) -> tuple[str, tuple[Mark, ...]]:
        parts, marks = _Parts(), list[Mark]()
        self._inside(element, self.fonts_above(element), parts, marks)
        text = "".join(parts.texts)
        plain = "".join(split_lines([_BLANK.sub(" ", text)]))
        trimmed = plain.strip(" ") if plain != text else plain
        return trimmed, moved_marks(sorted_marks(marks), text, trimmed)

    def _inside(
        self, element: Element, fonts: dict[str, str], parts: _Parts, marks: list[Mark]
    ) -> None:
        self._write(element.text or "", fonts, parts, marks)
        for child in element:
            kind = local_name(child).lower()
            start = parts.length
            if kind == "font":
                self._inside(child, fonts | self._font(child), parts, marks)
            elif kind == "ruby":
                self._ruby(child, fonts, parts, marks)
            elif kind == "hgroup":
                self._write("".join(child.itertext()), fonts, parts, marks)
                marks += _over(start, parts, Feature.COMBINE, "all")
            elif kind == "space":
                size = attributes_in_any_case(child).get("size", "0.5").removesuffix("em")
                source = f'Space Size="{size[:12]}"'
                marks.append(_mark(start, start, Feature.OPAQUE, source, FAMILY))
            else:
                self._write("".join(child.itertext()), fonts, parts, marks)
                self.repairs.add(
                    f"<{local_name(child)[:20]}> is not kept", f"line {child.sourceline}"
                )
            self._write(child.tail or "", fonts, parts, marks)

    def _ruby(
        self, element: Element, fonts: dict[str, str], parts: _Parts, marks: list[Mark]
    ) -> None:
        start = parts.length
        readings = []
        for child in element.iter():
            kind = local_name(child).lower()
            if kind == "rb":
                self._write("".join(child.itertext()), fonts, parts, marks)
            elif kind == "rt":
                readings.append(child)
        for reading in readings:
            attributes = attributes_in_any_case(reading)
            position = attributes.pop("position", "before")
            how = "" if position == "before" else position
            text = "".join(reading.itertext())
            marks += [m for m in _over(start, parts, Feature.RUBY, text, how) if text]
            if set(attributes) & {"size", "offset", "spacing", "aspectadjust"}:
                self.repairs.add(
                    "Size and spacing of ruby are not kept", f"line {element.sourceline}"
                )

    def _write(self, text: str, fonts: dict[str, str], parts: _Parts, marks: list[Mark]) -> None:
        if not text:
            return
        start = parts.length
        parts.texts.append(text)
        parts.length += len(text)
        if text.strip():
            for feature, value, how in font_looks(fonts, self.look):
                marks += _over(start, parts, feature, value, how)


_VALIGN = ("top", "center", "bottom")
_HALIGN = ("left", "center", "right")


def _mark(start: int, end: int, feature: Feature, value: str = "", how: str = "") -> Mark:
    return Mark(start=start, end=end, feature=feature, value=value, how=how)


def _over(
    start: int, parts: _Parts, feature: Feature, value: str = "", how: str = ""
) -> list[Mark]:
    end = parts.length
    return [_mark(start, end, feature, value, how)] if start < end else []


def _from_the_top(
    lines: list[tuple[LinePlace, str, tuple[Mark, ...]]],
) -> list[tuple[LinePlace, str, tuple[Mark, ...]]]:
    """Return lines as they are read: from the top, upright ones from the right."""
    if len({place.upright for place, _, _ in lines}) > 1:
        return lines
    if any(place.upright for place, _, _ in lines):
        return sorted(lines, key=lambda line: -line[0].right())
    return sorted(lines, key=lambda line: (line[0].down(), line[0].right()))


def _joined(marks: list[Mark], lines: list[str]) -> tuple[Mark, ...]:
    """Return marks with those that go on in the next line, or touch, as one."""
    text = "\n".join(lines)
    found: list[Mark] = []
    last: dict[tuple[Feature, str, str], int] = {}
    for mark in sorted_marks(marks):
        key = (mark.feature, mark.value, mark.how)
        at = last.get(key)
        whole = mark.feature is not Feature.RUBY and mark.start < mark.end
        if whole and at is not None:
            before = found[at]
            if not text[before.end : mark.start].strip("\n") and before.end <= mark.start:
                found[at] = _mark(before.start, mark.end, *key)
                continue
        last[key] = len(found)
        found.append(mark)
    return sorted_marks(found)
