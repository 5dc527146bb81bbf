"""Marks as runs and nested tags for writers, and text with open tags as marks for readers."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.model.mark_moves import sorted_marks
from subkit.model.styling import Feature, Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["MarkBuilder", "MarkedRun", "nested", "runs"]


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
    found = []
    for start, end in pairwise(places):
        holding = tuple(mark for mark in wide if mark.start <= start and end <= mark.end)
        found.append(MarkedRun(start, text[start:end], holding))
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
            The opening tag of a mark of no width is written at its place, its closing one too.
        letters: Escapes text.
    """
    known = [(mark, tag) for mark in sorted_marks(marks) if (tag := tags(mark)) is not None]
    places = sorted({0, len(text), *(m.start for m, _ in known), *(m.end for m, _ in known)})
    parts: list[str] = []
    open_now: list[tuple[Mark, tuple[str, str]]] = []
    for number, place in enumerate(places):
        _close(parts, open_now, place)
        for mark, tag in known:
            if mark.start == mark.end == place:
                parts += tag
            elif mark.start == place:
                open_now.append((mark, tag))
                parts.append(tag[0])
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

    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    _open: list[tuple[int, object, Feature, str, str]] = field(default_factory=list)

    def write(self, text: str) -> None:
        """Add text."""
        self.text += text

    def begin(
        self, feature: Feature, value: str = "", how: str = "", *, tag: object = None
    ) -> None:
        """Open a mark; ``tag`` names what will close it."""
        self._open.append((len(self.text), tag, feature, value, how))

    def end(self, tag: object) -> bool:
        """Close the innermost open marks of a tag; whether there were any."""
        place = next((i for i in reversed(range(len(self._open))) if self._open[i][1] == tag), None)
        if place is None:
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

    def point(self, value: str, how: str) -> None:
        """Add an opaque mark of no width."""
        at = len(self.text)
        self.marks.append(Mark(start=at, end=at, feature=Feature.OPAQUE, value=value, how=how))

    def finish(self) -> tuple[str, tuple[Mark, ...]]:
        """Close what is open; the text and its marks."""
        for entry in self._open:
            self._add(*entry)
        self._open.clear()
        return self.text, sorted_marks(self.marks)

    def _add(self, start: int, _tag: object, feature: Feature, value: str, how: str) -> None:
        if start < len(self.text) or feature is Feature.OPAQUE:
            self.marks.append(
                Mark(start=start, end=len(self.text), feature=feature, value=value, how=how)
            )
