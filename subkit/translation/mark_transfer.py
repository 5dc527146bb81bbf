"""Marks of a source cue on its translation.

No model here says which word became which. So a mark goes over only where there is no doubt: it
stood on all the words of its cue or of a turn of a dialogue, or its letters stand in the
translation as they were, as names do. The others are lost, and a rule of the check names them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.model import Feature
from subkit.model.mark_moves import sorted_marks
from subkit.translation.dressing import is_dialogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import Cue, Mark

__all__ = ["lost_marks", "translated_marks"]

_OF_ITS_LETTERS = frozenset({Feature.RUBY, Feature.LANGUAGE, Feature.COMBINE, Feature.DELAY})
"""What is said of these very letters: true of others only where they are the same."""


def translated_marks(source: Cue, lines: Sequence[str]) -> tuple[Mark, ...]:
    """Return the marks of a cue's translation.

    Args:
        source: The cue that was translated.
        lines: Its translation.
    """
    found = []
    for mark in source.marks:
        stretch = _stretch(source, mark, lines)
        if stretch is not None:
            found.append(replace(mark, start=stretch[0], end=stretch[1]))
    return sorted_marks(found)


def lost_marks(source: Cue, target: Cue) -> list[Mark]:
    """Return the marks of a source cue that its translation does not have.

    Readings, languages and the like say something of the letters of the source: they are no loss.
    """
    has = {(mark.feature, mark.value) for mark in target.marks}
    return [
        mark
        for mark in source.marks
        if (mark.feature, mark.value) not in has and mark.feature not in _OF_ITS_LETTERS
    ]


def _stretch(source: Cue, mark: Mark, lines: Sequence[str]) -> tuple[int, int] | None:
    """Where a mark stands in the translation; ``None`` where nobody can tell."""
    text, new = source.text, "\n".join(lines)
    if not new:
        return None
    if mark.start == mark.end:
        return {0: (0, 0), len(text): (len(new), len(new))}.get(mark.start)
    if mark.feature not in _OF_ITS_LETTERS:
        if not _has_letters(text[: mark.start] + text[mark.end :]):
            return 0, len(new)
        if is_dialogue(source.lines) and len(source.lines) == len(lines):
            turns = _turns(source, mark)
            if turns is not None:
                before = sum(len(line) + 1 for line in lines[: turns[0]])
                return before, before + len("\n".join(lines[turns[0] : turns[1]]))
    return _same_letters(text, text[mark.start : mark.end], new)


def _turns(source: Cue, mark: Mark) -> tuple[int, int] | None:
    """The lines of which a mark holds all letters, and none of others: first and behind last."""
    inside, at = [], 0
    for number, line in enumerate(source.lines):
        low, high = max(mark.start - at, 0), min(mark.end - at, len(line))
        marked = line[low:high] if low < high else ""
        at += len(line) + 1
        if not _has_letters(marked):
            continue
        if _has_letters(line[:low] + line[high:]):
            return None
        inside.append(number)
    return (inside[0], inside[-1] + 1) if inside else None


def _same_letters(text: str, marked: str, new: str) -> tuple[int, int] | None:
    """Where the marked letters stand in the translation, if they do once in both."""
    marked = marked.strip()
    if not _has_letters(marked) or text.count(marked) != 1 or new.count(marked) != 1:
        return None
    start = new.index(marked)
    return start, start + len(marked)


def _has_letters(text: str) -> bool:
    return any(map(str.isalnum, text))
