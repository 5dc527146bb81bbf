"""Scripts for actors as DOCX: all lines, or those of each character or of each loop by themselves.

Each is a table whose columns, marks and words are data of a :class:`ScriptLayout`. Printed pages of
a character carry its name at their head. The file is only written: what is scribbled on paper comes
back by hand.
"""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from subkit.errors import PlanError
from subkit.exchange.archive import repack
from subkit.exchange.dub_files.dub_rows import character_rows, line_rows, row_losses
from subkit.exchange.dub_files.dub_scripts import dub_losses
from subkit.exchange.dub_files.script_layouts import find_layout
from subkit.files.xml import qualified
from subkit.formats.ttml.ttml_paragraphs import clean
from subkit.interfaces.file_contents import WrittenFile
from subkit.language import resolve_language
from subkit.model import DubLine, TakeStatus

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from subkit.exchange.dub_files.dub_scripts import DubScript
    from subkit.exchange.dub_files.script_layouts import LayoutColumn, ScriptLayout
    from subkit.model import Cue

__all__ = ["write"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_VARIANTS = ("", "characters", "loops")
_PAGE = (210, 297, 15)
"""Width, height and margin of the page, in millimetres."""
_TWENTIETHS = 1440 / 25.4
"""Twentieths of a point in a millimetre."""
_WORDS = re.compile(r"\s*\S+\s*$|\s*\S+")
_MAX_RANGES = 24
"""Of loops beside a character: the lines below say all of them."""
_HELD = ("in", "out", "loop", "character", "screen", "kind", "alternate", "note", "reason", "take")


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines under a heading of their own."""

    title: str
    rows: tuple[tuple[dict[str, str], Cue], ...]


def write(script: DubScript, variant: str = "") -> WrittenFile:
    """Return a script as a Word document.

    Args:
        script: What it says.
        variant: ``"characters"`` and ``"loops"`` give each lines of its own, empty all in order.

    Raises:
        PlanError: no such variant.
    """
    if variant not in _VARIANTS:
        raise PlanError(
            f"dub-docx has no variant {variant!r:.40}.",
            remedy="It has characters and loops: dub-docx:characters.",
        )
    layout = script.layout or find_layout(language=script.track.language)
    lost = [loss for loss in row_losses(script, _HELD) if loss[0] != "pauses"]
    if script.source is not None and not any(one.field == "source" for one in layout.columns):
        lost += [("source", cue) for cue in script.originals()]
    book = _Book(script, layout)
    return WrittenFile(data=book.written(variant), losses=dub_losses(lost))


class _Book:
    """A document that is being written."""

    def __init__(self, script: DubScript, layout: ScriptLayout) -> None:
        import docx
        from docx.shared import Mm

        self._script, self._layout = script, layout
        self._document = docx.Document()
        section = self._document.sections[0]
        width, height, margin = _PAGE
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.left_margin = section.right_margin = Mm(margin)
        section.top_margin = section.bottom_margin = Mm(margin + 3)
        self._set_fonts()

    def written(self, variant: str) -> bytes:
        """Return the document's bytes."""
        script, document = self._script, self._document
        title = clean(f"{script.title} ({script.track.language})")
        document.core_properties.title = title
        document.core_properties.author = "subkit"
        document.core_properties.comments = ""
        self._heading(title, level=1)
        self._head(document.sections[0], title)
        self._cast()
        self._changes()
        by_page = variant == "characters"
        for part in self._parts(variant):
            if by_page:
                self._head(document.add_section(), f"{title} · {part.title}")
            if part.title:
                self._heading(part.title, level=2)
            self._lines(part.rows)
        document.add_paragraph()
        for line in clean(script.note).split("\n"):
            document.add_paragraph(line)
        stream = io.BytesIO()
        document.save(stream)
        return repack(stream.getvalue())

    def _set_fonts(self) -> None:
        from docx.shared import Pt, RGBColor

        styles = self._document.styles
        for name, size in (("Normal", 1.0), ("Heading 1", 1.5), ("Heading 2", 1.2)):
            style = styles[name]
            style.font.name, style.font.size = self._layout.latin, Pt(self._layout.size * size)
            if name != "Normal":
                style.font.color.rgb = RGBColor(0, 0, 0)
            fonts = style.element.rPr.rFonts
            for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qualified(_W, kind), None)
            for kind, font in (("hAnsi", self._layout.latin), ("eastAsia", self._layout.asian)):
                fonts.set(qualified(_W, kind), font)

    def _heading(self, text: str, *, level: int) -> None:
        self._document.add_heading(clean(text), level=level)

    def _head(self, section: Any, text: str) -> None:
        """Write the head of each page of a section, and its number."""
        section.header.is_linked_to_previous = False
        section.header.paragraphs[0].text = clean(text)
        if len(self._document.sections) > 1:
            return  # the footer of the first section is that of all
        section.footer.is_linked_to_previous = False
        paragraph = section.footer.paragraphs[0]._p  # noqa: SLF001
        field = _element(paragraph, "fldSimple", instr="PAGE")
        _text(_element(field, "r"), "1")

    def _cast(self) -> None:
        titles = self._layout.titles
        rows = [row for row in character_rows(self._script) if row["lines"] != "0"]
        if not rows:
            return
        self._heading(titles["characters"], level=2)
        table = self._table((("", 30), (titles["actor"], 30), (titles["lines"], 12),
                             (titles["loops"], 28)))  # fmt: skip
        named = [clean(loop.name) for loop in self._script.track.loops]
        for row in rows:
            loops = _ranges(row["loops"].split(", "), named)
            cells = [row["character"], row["actor"], row["lines"], loops]
            table.add([[cell] for cell in cells], bold={0})

    def _changes(self) -> None:
        if self._script.changes:
            self._heading(self._layout.titles["changes"], level=2)
            for change in self._script.changes:
                self._document.add_paragraph(clean(change))

    def _parts(self, variant: str) -> Iterator[_Part]:
        """Yield the parts of a variant: characters in the project's order, loops by time."""
        titles, script = self._layout.titles, self._script
        rows = list(zip(line_rows(script), script.track.cues, strict=True))
        if not variant:
            yield _Part("", tuple(rows))
            return
        field = "character" if variant == "characters" else "loop"
        by_value: dict[str, list[tuple[dict[str, str], Cue]]] = {}
        if field == "character":
            by_value = {clean(one.name): [] for one in script.characters}
        for row, cue in rows:
            by_value.setdefault(row[field], []).append((row, cue))
        for value, held in by_value.items():
            if not held:
                continue
            if field == "character":
                yield _Part(value or titles["unknown"], tuple(held))
                continue
            names = dict.fromkeys(row["character"] or titles["unknown"] for row, _ in held)
            begin, end = held[0][0]["in"], max(row["out"] for row, _ in held)
            name = f"{titles['loop']} {value}" if value else titles["outside"]
            yield _Part(f"{name} · {begin} – {end} · {', '.join(names)}", tuple(held))

    def _lines(self, rows: Sequence[tuple[dict[str, str], Cue]]) -> None:
        shown = self._columns()
        table = self._table([(one.title, one.width) for one in shown])
        bold = {place for place, one in enumerate(shown) if one.field == "name"}
        runs_left = resolve_language(self._script.track.language).direction == "rtl"
        leftward = {place for place, one in enumerate(shown) if runs_left and one.field == "line"}
        for row, cue in rows:
            cells = [self._said(one.field, row, cue) for one in shown]
            table.add(cells, bold=bold, leftward=leftward)

    def _columns(self) -> tuple[LayoutColumn, ...]:
        """Return the columns that there is something for: no original, no column of it."""
        has_source = self._script.source is not None
        return tuple(one for one in self._layout.columns if has_source or one.field != "source")

    def _said(self, field: str, row: dict[str, str], cue: Cue) -> list[str]:
        """Return the paragraphs of a cell."""
        layout = self._layout
        if field == "name":
            return [row["character"] or layout.titles["unknown"]]
        if field == "time":
            return [row["in"] if layout.time == "timecode" else row["in"][:8]]
        if field != "line":
            return [row[field]]
        dub = cue.dub or DubLine()
        marks = [layout.marks.get(dub.kind.value, ""), layout.marks.get(dub.on_screen.value, "")]
        marks.append(layout.note.replace("{}", row["note"]) if row["note"] else "")
        marks.append(_with_pauses(cue, layout))
        said = [" ".join(mark for mark in marks if mark)]
        if dub.alternate:
            said.append(layout.alternate.replace("{}", row["alternate"]))
        states = [layout.marks.get(dub.take.value, "") if dub.take is not TakeStatus.OPEN else ""]
        states.append(layout.reason.replace("{}", row["reason"]) if row["reason"] else "")
        if told := " ".join(state for state in states if state):
            said.append(told)
        return said

    def _table(self, columns: Sequence[tuple[str, float]]) -> _Table:
        """Start a table as elements: python-docx takes quadratic time for a long one."""
        table = self._document.add_table(rows=0, cols=0, style="Table Grid")._tbl  # noqa: SLF001
        width, _, margin = _PAGE
        share = (width - 2 * margin) * _TWENTIETHS / sum(one for _, one in columns)
        widths = [round(one * share) for _, one in columns]
        grid = table.find(qualified(_W, "tblGrid"))
        for one in widths:
            _element(grid, "gridCol", w=str(one))
        made = _Table(table, widths)
        made.add([[title] for title, _ in columns], bold=set(range(len(columns))), repeated=True)
        return made


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that rows are added to; widths in twentieths of a point."""

    element: Any
    widths: Sequence[int]

    def add(
        self,
        cells: Sequence[Sequence[str]],
        *,
        bold: set[int],
        repeated: bool = False,
        leftward: Container[int] = (),
    ) -> None:
        """Add a row of cells, each of paragraphs.

        Args:
            cells: Text of each paragraph.
            bold: Places of cells in bold.
            repeated: It stands on every page.
            leftward: Places of cells that run to the left, whatever their first letter is.
        """
        row = _element(self.element, "tr")
        facts = _element(row, "trPr")
        _element(facts, "cantSplit")
        if repeated:
            _element(facts, "tblHeader")
        for place, (paragraphs, width) in enumerate(zip(cells, self.widths, strict=True)):
            cell = _element(row, "tc")
            _element(_element(cell, "tcPr"), "tcW", w=str(width), type="dxa")
            for text in map(clean, paragraphs):
                leftwards = _runs_left(text) or place in leftward
                _paragraph(cell, text, bold=place in bold, leftwards=leftwards)


def _ranges(names: Sequence[str], order: Sequence[str]) -> str:
    """Return names of loops, those that follow each other as ranges; a few where they are many."""
    wanted = set(names)
    places = [place for place, name in enumerate(order) if name in wanted]
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    shown = [
        order[run[0]] if len(run) == 1 else f"{order[run[0]]}–{order[run[-1]]}"
        for run in runs[:_MAX_RANGES]
    ]
    return ", ".join(shown) + (" …" if len(runs) > _MAX_RANGES else "")


def _with_pauses(cue: Cue, layout: ScriptLayout) -> str:
    """Return the text of a line with a mark where it pauses."""
    text, pieces, begin = cue.text, list[str](), 0
    for pause in sorted(cue.dub.pauses if cue.dub is not None else (), key=lambda one: one.offset):
        long = float(pause.seconds) >= layout.long_pause_seconds
        mark = layout.long_pause if long else layout.pause
        at = min(pause.offset, len(text))
        before = text[begin:at].rstrip()
        pieces.append(f"{before} {mark} " if mark else text[begin:at])
        begin = at
        while mark and begin < len(text) and text[begin] == " ":
            begin += 1
    return ("".join(pieces) + text[begin:]).strip()


def _element(parent: Any, name: str, **attributes: str) -> Any:
    from lxml import etree

    made = etree.SubElement(parent, qualified(_W, name))
    for key, value in attributes.items():
        made.set(qualified(_W, key), value)
    return made


def _paragraph(cell: Any, text: str, *, bold: bool, leftwards: bool) -> None:
    """Write a paragraph of a cell, word by word where it runs to the left: Latin words do not."""
    paragraph = _element(cell, "p")
    facts = _element(paragraph, "pPr")
    if leftwards:
        _element(facts, "bidi")
    _element(facts, "spacing", before="40", after="40")
    for number, line in enumerate(text.split("\n")):
        if number:
            _element(_element(paragraph, "r"), "br")
        for piece in _WORDS.findall(line) if leftwards else [line]:
            run = _element(paragraph, "r")
            look = _element(run, "rPr")
            if bold:
                _element(look, "b")
                _element(look, "bCs")
            if leftwards and _runs_left(piece):
                _element(look, "rtl")
            _text(run, piece)


def _text(run: Any, text: str) -> None:
    piece = _element(run, "t")
    piece.text = text
    piece.set(_SPACE, "preserve")


def _runs_left(text: str) -> bool:
    """Whether the first letter that has a direction runs to the left (UAX #9, P2 and P3)."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"
