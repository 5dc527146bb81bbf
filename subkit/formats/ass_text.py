r"""The text of an ASS event: marks as override tags, and back.

``{`` is written ``\{{}``: libass shows a brace, and VSFilter, which knows no escape, loses only the
brace; a word joiner (U+2060) follows every backslash, so none begins a line break. ffmpeg makes ASS
of plain text the same way (libavcodec/ass.c). What a wide opaque mark stands on is written as its
source (``\h``, ``\n``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.formats.ass_overrides import OverrideReader
from subkit.formats.colors import bgr
from subkit.formats.cue_text import NO_BREAK_SPACE
from subkit.formats.mark_runs import MarkBuilder, tidied
from subkit.model import Feature, Mark

if TYPE_CHECKING:
    from subkit.formats.ass_styles import StyleSheet
    from subkit.model import Cue

__all__ = ["event_text", "read_text"]

_JOINER = "\u2060"
_TOKEN = re.compile(
    rf"(?P<brace>\\\{{\{{\}})|(?P<slash>\\{_JOINER})|(?P<block>\{{[^{{}}]*\}})"
    r"|(?P<newline>\\N)|(?P<soft>\\n)|(?P<hard>\\h)"
)
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?")
_DRAWS = re.compile(r"\\p(\d)")
_BLOCK = re.compile(r"\{\\(?![kK])[^{}]*\}")
"""A block of tags that another may be joined to."""
_RESETS = re.compile(r"\\r(?![a-z]{2}\()")
_FLAGS = {
    Feature.BOLD: "b",
    Feature.ITALIC: "i",
    Feature.UNDERLINE: "u",
    Feature.STRIKE: "s",
}
_VALUES = {
    Feature.COLOR: "c",
    Feature.OUTLINE: "3c",
    Feature.FONT: "fn",
    Feature.SIZE: "fs",
}


def read_text(source: str) -> tuple[tuple[str, ...], tuple[Mark, ...], OverrideReader]:
    """Return plain lines, their marks, and what overrides said of the place and the fade."""
    builder = MarkBuilder()
    overrides = OverrideReader(builder, "ass")
    drawing = False
    at = 0
    for match in _TOKEN.finditer(source):
        _write(builder, source[at : match.start()], drawing=drawing)
        at = match.end()
        if match["block"]:
            overrides.read(match[0])
            if draws := _DRAWS.findall(match[0]):
                drawing = draws[-1] != "0"
        elif match["newline"]:
            builder.write("\n")
        elif match["soft"] or match["hard"]:
            builder.begin(Feature.OPAQUE, match[0], "ass", tag="space")
            builder.write(" " if match["soft"] else NO_BREAK_SPACE)
            builder.end("space")
        else:
            builder.write("{" if match["brace"] else "\\")
    _write(builder, source[at:], drawing=drawing)
    overrides.finish()
    lines, marks = tidied(*builder.finish())
    return lines, marks, overrides


def _write(builder: MarkBuilder, text: str, *, drawing: bool) -> None:
    """Add text; the points of a drawing are no text."""
    if drawing and text:
        builder.point(text, "ass")
    elif text:
        builder.write(text)


def event_text(cue: Cue, first: str, styles: StyleSheet, picture: tuple[int, int]) -> str:
    r"""Return the text of an event.

    Args:
        cue: The cue.
        first: Tags of its place and fade, as in ``\an8``, without braces.
        styles: Of the script.
        picture: Width and height of the script.
    """
    lines, marks = tidied(cue.text, cue.marks)
    text = "\n".join(line or NO_BREAK_SPACE for line in lines)
    if len(text) != len("\n".join(lines)):
        marks = _moved(lines, marks)
    if not marks:
        return (f"{{{first}}}" if first else "") + _escaped(text)
    known = [mark for mark in _timed(cue, marks) if _is_known(mark, styles)]
    starts: dict[int, list[Mark]] = {}
    ends: dict[int, list[Mark]] = {}
    for mark in known:
        starts.setdefault(mark.start, []).append(mark)
        if mark.start < mark.end:
            ends.setdefault(mark.end, []).append(mark)
    writer = _TextWriter(styles.size(cue.style, picture))
    parts = [f"{{{first}}}"] if first else []
    places = sorted({0, len(text), *starts, *ends})
    for number, place in enumerate(places):
        parts += writer.change(ends.get(place, []), starts.get(place, []), last=place == len(text))
        if number + 1 < len(places):
            parts.append(writer.letters(text[place : places[number + 1]]))
    return _joined(parts)


def _moved(lines: tuple[str, ...], marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Marks of lines whose empty ones are written as a space."""
    empty, at = list[int](), 0
    for line in lines:
        if not line:
            empty.append(at)
        at += len(line) + 1

    def moved(place: int) -> int:
        return place + bisect_left(empty, place)

    return tuple(replace(mark, start=moved(mark.start), end=moved(mark.end)) for mark in marks)


def _is_known(mark: Mark, styles: StyleSheet) -> bool:
    if mark.feature is Feature.OPAQUE:
        return mark.how == "ass"
    if mark.feature is Feature.CSS_CLASS:
        return not mark.how and mark.value in styles
    if mark.feature is Feature.SIZE:
        return mark.how in ("", "points") and _NUMBER.fullmatch(mark.value) is not None
    return mark.feature in _FLAGS or mark.feature in _VALUES or mark.feature is Feature.DELAY


def _timed(cue: Cue, marks: tuple[Mark, ...]) -> list[Mark]:
    """The marks, delays of other formats as syllables that last until the next one."""
    delays = [mark for mark in marks if mark.feature is Feature.DELAY]
    if not delays or all(mark.how for mark in delays):
        return list(marks)
    times = [Fraction(mark.value) for mark in delays]
    lengths = [
        max(0, round(100 * (after - time)))
        for time, after in zip(times, [*times[1:], cue.span.duration], strict=True)
    ]
    sung = [replace(mark, how=f"k {length}") for mark, length in zip(delays, lengths, strict=True)]
    if delays[0].start > 0 and times[0] > 0:
        whole = Mark(start=0, end=delays[0].start, feature=Feature.DELAY, value="0")
        sung.insert(0, replace(whole, how=f"k {round(100 * times[0])}"))
    return [*(mark for mark in marks if mark.feature is not Feature.DELAY), *sung]


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\" + _JOINER).replace("{", "\\{{}")
    return text.replace("\n", "\\N")


def _joined(parts: list[str]) -> str:
    """The parts, blocks of tags side by side made one, but for syllables and comments."""
    found: list[str] = []
    for part in parts:
        if found and _BLOCK.fullmatch(found[-1]) and _BLOCK.fullmatch(part):
            found[-1] = found[-1][:-1] + part[1:]
        else:
            found.append(part)
    return "".join(found)


class _TextWriter:
    """What is on while a text is written, and the tags that change it."""

    def __init__(self, size: float) -> None:
        self._size = size
        self._open: list[Mark] = []
        self._source: Mark | None = None

    def change(self, ends: list[Mark], starts: list[Mark], *, last: bool) -> list[str]:
        """Return the blocks where marks end and begin; the text's end needs none."""
        points = [mark.value for mark in starts if mark.start == mark.end]
        begins = [mark for mark in starts if mark.start < mark.end]
        for mark in ends:
            if mark in self._open:
                self._open.remove(mark)
            elif mark is self._source:
                self._source = None
        if last:
            return points
        tags = self._changes(ends, begins, points)
        return [*([f"{{{''.join(tags)}}}"] if tags else []), *points, *self._begin(begins)]

    def _changes(self, ends: list[Mark], begins: list[Mark], points: list[str]) -> list[str]:
        """Tags that end what ends, or that reset to a style and set again what goes on."""
        styled = [mark.value for mark in begins if mark.feature is Feature.CSS_CLASS]
        unstyled = any(mark.feature is Feature.CSS_CLASS for mark in ends)
        if any(_RESETS.search(point) for point in points) and not styled:
            return []
        if styled or unstyled:
            again = (self._on(mark) for mark in self._open)
            return ["\\r" + "".join(styled[-1:]), *filter(None, again)]
        return self._off(ends, begins)

    def _begin(self, begins: list[Mark]) -> list[str]:
        """Blocks that begin marks: a syllable has its own."""
        blocks, on = [], []
        for mark in begins:
            if mark.feature is Feature.OPAQUE:
                self._source = mark
                continue
            self._open.append(mark)
            if mark.feature is Feature.DELAY:
                blocks.append("{\\" + mark.how.replace(" ", "") + "}")
            elif mark.feature is not Feature.CSS_CLASS:
                on.append(self._on(mark))
        return [*blocks, f"{{{''.join(on)}}}"] if on else blocks

    def letters(self, text: str) -> str:
        """Return text as it is written here."""
        return _escaped(text) if self._source is None else self._source.value

    def _off(self, ends: list[Mark], begins: list[Mark]) -> list[str]:
        """Tags that end marks: back to the mark around them, if there is one."""
        again = {mark.feature for mark in begins}
        tags = []
        for feature in dict.fromkeys(mark.feature for mark in ends):
            around = [mark for mark in self._open if mark.feature is feature]
            if feature in again or (around and feature in _FLAGS):
                continue
            if around:
                tags.append(self._on(around[-1]))
            elif feature in _FLAGS:
                tags.append(f"\\{_FLAGS[feature]}0")
            elif feature in _VALUES:
                tags.append(f"\\{_VALUES[feature]}")
        return tags

    def _on(self, mark: Mark) -> str:
        if mark.feature in _FLAGS:
            return f"\\{_FLAGS[mark.feature]}{mark.value if mark.value.isdigit() else 1}"
        value = mark.value
        if mark.feature in (Feature.COLOR, Feature.OUTLINE):
            value = bgr(value)
        elif mark.feature is Feature.SIZE and not mark.how:
            value = f"{float(value) * self._size / 100:.4g}"
        elif mark.feature is Feature.FONT:
            value = re.sub(r"[\\{}()\n]", "", value)
        name = _VALUES.get(mark.feature)
        return f"\\{name}{value}" if name else ""
