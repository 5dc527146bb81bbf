"""Anchors follow their text and their times: through an edit, a cut, a join and another time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.model.dubbing_parts import AnchorKind
from subkit.model.text_moves import matching_stretches, new_place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.model.dubbing_parts import Anchor
    from subkit.model.time import Span

__all__ = [
    "cut_anchors",
    "joined_anchors",
    "moved_anchors",
    "retimed_anchors",
    "sorted_anchors",
]


def sorted_anchors(anchors: Iterable[Anchor]) -> tuple[Anchor, ...]:
    """Return anchors in the order of a line: by time, then by place in the text."""
    return tuple(sorted(anchors, key=lambda a: (a.time, a.offset, a.kind.value)))


def moved_anchors(anchors: tuple[Anchor, ...], old: str, new: str) -> tuple[Anchor, ...]:
    """Return the anchors of a text after it was edited.

    A word whose first letter is gone goes with it; pauses and signs of the mouth are of the
    picture and stay at their times, beside what is left of the text around them.

    Args:
        anchors: Of the old text.
        old: Lines joined by a newline.
        new: The text as it is now.
    """
    if not anchors or old == new:
        return anchors
    matches = matching_stretches(old, new)
    found = []
    for anchor in anchors:
        there = any(at <= anchor.offset < at + size for at, _, size in matches)
        if there or anchor.kind is not AnchorKind.WORD:
            place = new_place(anchor.offset, matches, len(old), len(new))
            found.append(replace(anchor, offset=place))
    return tuple(found)


def cut_anchors(anchors: Iterable[Anchor], start: int, end: int, span: Span) -> tuple[Anchor, ...]:
    """Return the anchors of ``text[start:end]``, with offsets in it and times inside a span."""
    inside = (a for a in anchors if start <= a.offset < end or a.offset == start == end)
    cut = (replace(a, offset=a.offset - start) for a in inside)
    return tuple(anchor for anchor in cut if span.start <= anchor.time <= span.end)


def joined_anchors(
    first: tuple[Anchor, ...], length: int, second: Iterable[Anchor]
) -> tuple[Anchor, ...]:
    """Return the anchors of two texts put below each other.

    Args:
        first: Anchors of the first text.
        length: Its code points; a newline follows them.
        second: Anchors of the second text.
    """
    behind = (replace(anchor, offset=anchor.offset + length + 1) for anchor in second)
    return sorted_anchors((*first, *behind))


def retimed_anchors(anchors: tuple[Anchor, ...], old: Span, new: Span) -> tuple[Anchor, ...]:
    """Return the anchors of a line after its times changed.

    A line that was moved as it is takes them along; where one of its edges was drawn, they stay,
    since the picture stays, and what lies outside goes.
    """
    shift = new.start - old.start
    if shift == new.end - old.end:
        return tuple(
            replace(a, time=a.time + shift, end=None if a.end is None else a.end + shift)
            for a in anchors
        )
    return tuple(
        replace(a, end=None if a.end is None else min(a.end, new.end))
        for a in anchors
        if new.start <= a.time <= new.end
    )
