"""Marks follow their text: through an edit, a cut, a join and a change of line breaks.

The text of a cue is replaced by :func:`with_lines` and nowhere else, so no edit forgets its marks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.model.anchor_moves import moved_anchors
from subkit.model.styling import Feature, Mark
from subkit.model.text_moves import matching_stretches, new_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from subkit.model.document import Cue

__all__ = [
    "added_mark",
    "cleared_marks",
    "cut_marks",
    "joined_marks",
    "moved_marks",
    "shifted_marks",
    "sorted_marks",
    "with_lines",
]

_APART = frozenset({Feature.RUBY, Feature.OPAQUE, Feature.DELAY, Feature.COMBINE})
"""Two of these side by side are two, though they say the same."""


def with_lines(cue: Cue, lines: Sequence[str]) -> Cue:
    """Return a cue with another text: its marks and anchors go with the letters they stood on."""
    new = tuple(lines)
    text = "\n".join(new)
    moved = replace(cue, lines=new, marks=moved_marks(cue.marks, cue.text, text))
    if cue.dub is None or not cue.dub.anchors:
        return moved
    anchors = moved_anchors(cue.dub.anchors, cue.text, text)
    return replace(moved, dub=replace(cue.dub, anchors=anchors))


def sorted_marks(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return marks in the order of a cue: by where they begin, the longer first."""
    marks = tuple(marks)
    if len(marks) < 2:
        return marks
    return tuple(sorted(marks, key=lambda m: (m.start, -m.end, m.feature.value, m.value, m.how)))


def shifted_marks(marks: Iterable[Mark], offset: int) -> tuple[Mark, ...]:
    """Return marks of a text that now begins ``offset`` code points later."""
    return tuple(replace(m, start=m.start + offset, end=m.end + offset) for m in marks)


def cut_marks(marks: Iterable[Mark], start: int, end: int) -> tuple[Mark, ...]:
    """Return the marks of ``text[start:end]``, with offsets in it.

    A mark of no width stays with the text behind it.
    """
    found = []
    for mark in marks:
        low, high = max(mark.start, start), min(mark.end, end)
        inside = start <= mark.start < end or (mark.start == end == start)
        if low < high or (mark.start == mark.end and inside):
            found.append(replace(mark, start=low - start, end=high - start))
    return tuple(found)


def joined_marks(
    first: tuple[Mark, ...], length: int, second: tuple[Mark, ...]
) -> tuple[Mark, ...]:
    """Return the marks of two texts put below each other.

    A mark at the end of the first that goes on at the beginning of the second is one.

    Args:
        first: Marks of the first text.
        length: Its code points; a newline follows them.
        second: Marks of the second text.
    """
    ends = {(m.feature, m.value, m.how): m for m in first if m.end == length}
    ends = {key: mark for key, mark in ends.items() if key[0] not in _APART}
    found = list(first)
    for mark in shifted_marks(second, length + 1):
        before = ends.pop((mark.feature, mark.value, mark.how), None)
        if before is not None and mark.start == length + 1:
            found.remove(before)
            mark = replace(mark, start=before.start)  # noqa: PLW2901
        found.append(mark)
    return sorted_marks(found)


def cleared_marks(
    marks: Iterable[Mark], feature: Feature, start: int, end: int
) -> tuple[Mark, ...]:
    """Return marks without those of a feature in ``text[start:end]``; what sticks out stays."""
    found = []
    for mark in marks:
        if mark.feature is not feature or mark.end <= start or mark.start >= end:
            found.append(mark)
            continue
        if mark.start < start:
            found.append(replace(mark, end=start))
        if mark.end > end:
            found.append(replace(mark, start=end))
    return sorted_marks(found)


def added_mark(marks: Iterable[Mark], new: Mark) -> tuple[Mark, ...]:
    """Return marks with one more: it takes the place of those of its feature in its stretch.

    Where it meets one that says the same, the two are one.
    """
    found = []
    for mark in cleared_marks(marks, new.feature, new.start, new.end):
        same = (mark.feature, mark.value, mark.how) == (new.feature, new.value, new.how)
        joins = same and new.feature not in _APART
        if joins and mark.end == new.start:
            new = replace(new, start=mark.start)
        elif joins and mark.start == new.end:
            new = replace(new, end=mark.end)
        else:
            found.append(mark)
    return sorted_marks((*found, new))


def moved_marks(marks: tuple[Mark, ...], old: str, new: str) -> tuple[Mark, ...]:
    """Return the marks of a text after it was edited.

    A mark goes with the letters it stood on. What is written inside its stretch joins it, also at
    its end where the mark went to the end of the text; a mark all of whose letters are gone goes
    with them, unless it covered the whole text: then it covers the new one. Spaces and line breaks
    are one thing, so that text broken anew keeps its marks.

    Args:
        marks: Of the old text.
        old: Lines joined by a newline.
        new: The text as it is now.
    """
    if not marks or old == new:
        return marks
    if not new:
        return ()
    matches = matching_stretches(old, new)
    found = []
    for mark in marks:
        if mark.start == 0 and mark.end >= len(old) > 0 and mark.feature is not Feature.RUBY:
            found.append(replace(mark, end=len(new)))
        elif mark.start == mark.end:
            at = new_place(mark.start, matches, len(old), len(new))
            found.append(replace(mark, start=at, end=at))
        elif (kept := _kept(mark, matches)) is not None:
            low, high = kept
            high = len(new) if mark.end >= len(old) else high
            found.append(replace(mark, start=low, end=high))
    return sorted_marks(found)


def _kept(mark: Mark, matches: list[tuple[int, int, int]]) -> tuple[int, int] | None:
    """From the first to behind the last letter of the mark that is still there."""
    low = high = None
    for at, there, size in matches:
        first, last = max(at, mark.start), min(at + size, mark.end)
        if first < last:
            low = there + first - at if low is None else low
            high = there + last - at
    return None if low is None or high is None else (low, high)
