"""Cues as events of D-cinema subtitles: lines with places, fonts, ruby."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from subkit.files.plain_text import split_lines
from subkit.formats.dcinema.cinema_fonts import FAMILY, font_attributes, holds
from subkit.formats.dcinema.cinema_places import LinePlace, places_of_cue
from subkit.formats.mark_runs import MarkedRun, runs
from subkit.formats.ttml.ttml_layout import attributes_of
from subkit.formats.ttml.ttml_paragraphs import clean
from subkit.model.mark_moves import cut_marks, moved_marks
from subkit.model.styling import Feature, Mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

    from subkit.model import Cue

__all__ = ["CARRIES", "Dialect", "EventWriter"]

CARRIES = frozenset(
    {
        "italic",
        "bold",
        "underline",
        "color",
        "outline",
        "size",
        "ruby",
        "combine",
        "place",
        "area",
        "vertical",
        "fade",
    }
)
"""What both formats hold."""

_ON_RUBY = frozenset({Feature.RUBY, Feature.COMBINE})
_SPACE = "Space "


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What Interop and SMPTE say differently.

    Attributes:
        namespace: Of the elements; empty in Interop.
        names: Names of attributes as SMPTE has them -> as this one does.
        directions: Of text, and of upright text.
        unit: What sizes in letters end in.
    """

    namespace: str
    names: Mapping[str, str]
    directions: tuple[str, str]
    unit: str

    def tag(self, name: str) -> str:
        """Return the name of an element as lxml writes it."""
        return f"{{{self.namespace}}}{name}" if self.namespace else name

    def named(self, attributes: Mapping[str, str]) -> dict[str, str]:
        """Return attributes under the names they have here."""
        return {
            self.names.get(name, name): value + (self.unit if name == "Spacing" else "")
            for name, value in attributes.items()
        }


@dataclass(slots=True, kw_only=True)
class EventWriter:
    """Writes the lines of cues.

    Attributes:
        dialect: Names of elements and attributes.
        look: How all text looks.
        lost: Feature -> ids of cues that lost it.
    """

    dialect: Dialect
    look: Mapping[str, str]
    lost: dict[str, list[str]] = field(default_factory=dict)

    def lose(self, feature: str, cue: Cue) -> None:
        """Note that a cue lost a feature."""
        self.lost.setdefault(feature, []).append(cue.id)

    def lines(self, cue: Cue) -> list[tuple[str, tuple[Mark, ...]]]:
        """Return the lines of a cue that are no empty ones, each with its marks."""
        text = "\n".join(line for line in split_lines(cue.lines) if clean(line).strip())
        text = "\n".join(clean(line) for line in text.split("\n"))
        if sum(map(len, text.split("\n"))) < sum(map(len, split_lines(cue.lines))):
            self.lose("letters", cue)
        marks = moved_marks(cue.marks, cue.text, text)
        kept = []
        for mark in marks:
            if mark.feature is Feature.OPAQUE and mark.how != FAMILY:
                continue  # of another format: counted with what the format has not
            if mark.feature is not Feature.OPAQUE and mark.feature.value not in CARRIES:
                continue
            if holds(mark):
                kept.append(mark)
            else:
                self.lose(mark.feature.value, cue)
        found, at = [], 0
        for line in text.split("\n") if text else []:
            found.append((line, cut_marks(kept, at, at + len(line))))
            at += len(line) + 1
        return found

    def write(self, event: Element, cue: Cue) -> bool:
        """Add the lines of a cue to its event; whether there are any."""
        from lxml import etree

        lines = self.lines(cue)
        if not lines:
            return False
        places = places_of_cue(cue.placement, len(lines))
        whole = self._whole(lines)
        holder = event
        if whole:
            said = self.dialect.named(font_attributes(whole, self.look))
            holder = etree.SubElement(event, self.dialect.tag("Font"), said)
        for (line, marks), place in zip(lines, places, strict=True):
            element = etree.SubElement(holder, self.dialect.tag("Text"), self._at(place))
            said_already = {(m.feature, m.value, m.how) for m in whole}
            own = [m for m in marks if (m.feature, m.value, m.how) not in said_already]
            self._fill(element, line, own, cue)
        return True

    def _whole(self, lines: list[tuple[str, tuple[Mark, ...]]]) -> list[Mark]:
        """Return the looks that every line has from end to end."""
        first = [
            mark
            for mark in lines[0][1]
            if mark.feature not in _ON_RUBY and (mark.start, mark.end) == (0, len(lines[0][0]))
        ]
        for line, marks in lines[1:]:
            over = {(m.feature, m.value, m.how) for m in marks if m.end - m.start == len(line)}
            first = [mark for mark in first if (mark.feature, mark.value, mark.how) in over]
        # An outer font cannot be taken back: a part that looks otherwise again needs its own.
        return [mark for mark in first if mark.start < mark.end]

    def _at(self, place: LinePlace) -> dict[str, str]:
        plain, upright = self.dialect.directions
        return self.dialect.named(
            {
                "Halign": place.halign,
                "Hposition": place.hposition,
                "Valign": place.valign,
                "Vposition": place.vposition,
                "Direction": upright if place.upright else plain,
            }
        )

    def _fill(self, element: Element, line: str, marks: list[Mark], cue: Cue) -> None:
        spaces = [m for m in marks if m.start == m.end and m.value.startswith(_SPACE)]
        stretches = runs(line, marks)
        for number, run in enumerate(stretches):
            self._spaces(element, spaces, run.start, run.start + len(run.text))
            above = _above(run)
            if above is None:
                self._font(element, run)
                continue
            before = stretches[number - 1] if number else None
            if before is not None and _above(before) == above:
                continue  # written with the run in which it begins
            text = line[above.start : above.end]
            if any(m.feature not in _ON_RUBY for m in run.marks):
                for feature in {m.feature for m in run.marks} - _ON_RUBY:
                    self.lose(feature.value, cue)
            self._ruby(element, text, above, run, cue)
        self._spaces(element, spaces, len(line), len(line) + 1)

    def _spaces(self, element: Element, spaces: list[Mark], start: int, end: int) -> None:
        from lxml import etree

        for mark in spaces:
            if start <= mark.start < end:
                size = attributes_of(mark.value).get("Size", "0.5").removesuffix("em")
                said = {"Size": size + self.dialect.unit}
                etree.SubElement(element, self.dialect.tag("Space"), said)

    def _font(self, element: Element, run: MarkedRun) -> None:
        from lxml import etree

        said = self.dialect.named(font_attributes(run.marks, self.look))
        if said:
            etree.SubElement(element, self.dialect.tag("Font"), said).text = run.text
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + run.text
        else:
            element.text = (element.text or "") + run.text

    def _ruby(self, element: Element, text: str, above: Mark, run: MarkedRun, cue: Cue) -> None:
        from lxml import etree

        tag = self.dialect.tag
        if above.feature is Feature.COMBINE:
            etree.SubElement(element, tag("HGroup")).text = text
            return
        if sum(mark.feature is Feature.RUBY for mark in run.marks) > 1:
            self.lose("ruby", cue)
        ruby = etree.SubElement(element, tag("Ruby"))
        etree.SubElement(ruby, tag("Rb")).text = text
        said = {"Position": "after"} if above.how.startswith("after") else {}
        etree.SubElement(ruby, tag("Rt"), said).text = clean(above.value)


def _above(run: MarkedRun) -> Mark | None:
    """Return the ruby, else the upright stretch, that a run is in."""
    found = [mark for mark in run.marks if mark.feature in _ON_RUBY]
    return min(found, key=lambda mark: mark.feature is not Feature.RUBY) if found else None
