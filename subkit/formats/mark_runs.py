"""Marks as runs and nested tags for writers, and text with open tags as marks for readers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.files.plain_text import kept_places, split_lines
from subkit.model.mark_moves import sorted_marks
from subkit.model.styling import Feature, Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["MarkBuilder", "MarkedRun", "nested", "runs", "tidied"]

_MAX_DEPTH = 64
"""Open marks of a builder; a film has four. It bounds the time of what cuts them into runs."""


@dataclass(frozen=True, slots=True)
class MarkedRun:
    """A stretch of a cue's text over which no mark begins or ends, and the marks that hold."""

    start: int
    text: str
    marks: tuple[Mark, ...]

    def value(self, feature: Feature) -> str | None:
        """Return the value of the innermost mark of a feature; ``None`` where there is none."""
        found = [mark.value for mark in self.marks if mark.feature is feature]
        return found[-1] if found else None

    def has(self, feature: Feature) -> bool:
        """Return whether a mark of a feature holds."""
        return any(mark.feature is feature for mark in self.marks)


def runs(text: str, marks: Iterable[Mark]) -> list[MarkedRun]:
    """Cut a text where marks begin and end; outer marks first in each run.

    Marks of no width are in no run: :func:`nested` and writers that know them look at the marks.
    """
    wide = [mark for mark in sorted_marks(marks) if mark.start < mark.end]
    places = sorted({0, len(text), *(m.start for m in wide), *(m.end for m in wide)})
    places = [place for place in places if place <= len(text)]
    found, holding, begun = [], list[Mark](), 0
    for start, end in pairwise(places):
        holding = [mark for mark in holding if mark.end > start]
        while begun < len(wide) and wide[begun].start <= start:
            holding.append(wide[begun])
            begun += 1
        found.append(MarkedRun(start, text[start:end], tuple(holding)))
    return found


def nested(
    text: str,
    marks: Iterable[Mark],
    tags: Callable[[Mark], tuple[str, str] | None],
    letters: Callable[[str], str],
) -> str:
    """Return a text with balanced tags around its marks.

    Where marks overlap without nesting, the inner tag is closed and opened again.

    Args:
        text: Lines joined by a newline.
        marks: What holds where.
        tags: What a mark opens and closes with; ``None`` for one that the format does not have.
            The opening tag of a mark of no width is written at its place, its closing one too,
            before what opens there.
        letters: Escapes text.
    """
    known = [(mark, tag) for mark in sorted_marks(marks) if (tag := tags(mark)) is not None]
    if len(known) == 1:  # as in most cues that have a mark
        mark, (opening, closing) = known[0]
        before, inside, after = text[: mark.start], text[mark.start : mark.end], text[mark.end :]
        return "".join(
            (letters(before), opening, inside and letters(inside), closing, letters(after))
        )
    places = sorted({0, len(text), *(m.start for m, _ in known), *(m.end for m, _ in known)})
    parts: list[str] = []
    open_now: list[tuple[Mark, tuple[str, str]]] = []
    begun = 0
    for number, place in enumerate(places):
        _close(parts, open_now, place)
        opened: list[str] = []
        while begun < len(known) and known[begun][0].start == place:
            mark, tag = known[begun]
            begun += 1
            if mark.start == mark.end:
                parts += tag
                continue
            open_now.append((mark, tag))
            opened.append(tag[0])
        parts += opened
        if number + 1 < len(places):
            parts.append(letters(text[place : places[number + 1]]))
    return "".join(parts)


def _close(parts: list[str], open_now: list[tuple[Mark, tuple[str, str]]], place: int) -> None:
    """Close what ends here; what was opened inside it and goes on is opened again."""
    first = next((i for i, (mark, _) in enumerate(open_now) if mark.end <= place), None)
    if first is None:
        return
    again = []
    for mark, tag in reversed(open_now[first:]):
        parts.append(tag[1])
        if mark.end > place:
            again.append((mark, tag))
    del open_now[first:]
    for mark, tag in reversed(again):
        parts.append(tag[0])
        open_now.append((mark, tag))


@dataclass(slots=True)
class MarkBuilder:
    """Collects a cue's text while a reader meets its tags.

    ``begin`` opens a mark at the end of the text so far, ``end`` closes the innermost one that a
    test picks, ``finish`` closes all. A mark that got no text is dropped, but for opaque ones.
    """

    marks: list[Mark] = field(default_factory=list)
    length: int = 0
    _parts: list[str] = field(default_factory=list)
    _open: list[tuple[int, object, Feature, str, str]] = field(default_factory=list)
    _points: list[tuple[int, str, int, list[str]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    def write(self, text: str) -> None:
        """Add text."""
        self._parts.append(text)
        self.length += len(text)

    def begin(
        self, feature: Feature, value: str = "", how: str = "", *, tag: object = None
    ) -> None:
        """Open a mark; ``tag`` names what will close it. Very deep ones are left out."""
        if len(self._open) < _MAX_DEPTH:
            self._open.append((self.length, tag, feature, value, how))

    def is_open(self, tag: object) -> bool:
        """Whether a mark of a tag is open."""
        return any(entry[1] == tag for entry in self._open)

    def end(self, tag: object) -> bool:
        """Close the innermost open marks of a tag; whether there were any."""
        place = len(self._open) - 1
        while place >= 0 and self._open[place][1] != tag:
            place -= 1
        if place < 0:
            return False
        while (
            place > 0
            and self._open[place - 1][1] == tag
            and (self._open[place - 1][0] == self._open[place][0])
        ):
            place -= 1
        closing = [entry for entry in self._open[place:] if entry[1] == tag]
        self._open[place:] = [entry for entry in self._open[place:] if entry[1] != tag]
        for entry in closing:
            self._add(*entry)
        return True

    def end_all(self) -> bool:
        """Close every open mark; whether there were any."""
        closing = list(self._open)
        self._open.clear()
        for entry in closing:
            self._add(*entry)
        return bool(closing)

    def point(self, value: str, how: str) -> None:
        """Add an opaque mark of no width; several at one place become one, in their order."""
        at = self.length
        if self._points and (last := self._points[-1])[:2] == (at, how):
            last[3].append(value)
            return
        self._points.append((at, how, len(self.marks), [value]))
        self.marks.append(Mark(start=at, end=at, feature=Feature.OPAQUE, value=value, how=how))

    def finish(self) -> tuple[str, tuple[Mark, ...]]:
        """Close what is open; the text and its marks."""
        self.end_all()
        for _, _, index, values in self._points:
            if len(values) > 1:
                self.marks[index] = replace(self.marks[index], value="".join(values))
        self._points.clear()
        return self.text, sorted_marks(self.marks)

    def _add(self, start: int, _tag: object, feature: Feature, value: str, how: str) -> None:
        if start < self.length or feature is Feature.OPAQUE:
            self.marks.append(
                Mark(start=start, end=self.length, feature=feature, value=value, how=how)
            )


def tidied(text: str, marks: tuple[Mark, ...]) -> tuple[tuple[str, ...], tuple[Mark, ...]]:
    """Return the lines of a text as :func:`split_lines` leaves them, and its marks moved to fit.

    A mark all of whose letters are gone goes with them.
    """
    lines = split_lines(text.split("\n"))
    new = "\n".join(lines)
    if new == text or not marks:
        return tuple(lines), marks
    moved = kept_places(text)
    found = []
    for mark in marks:
        start, end = moved[mark.start], moved[mark.end]
        if start < end or mark.feature is Feature.OPAQUE:
            found.append(replace(mark, start=start, end=end))
    return tuple(lines), sorted_marks(found)
