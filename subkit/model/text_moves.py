"""Where the letters of a text are after it was edited."""

from __future__ import annotations

from difflib import SequenceMatcher

__all__ = ["matching_stretches", "new_place"]


def matching_stretches(old: str, new: str) -> list[tuple[int, int, int]]:
    """Return stretches that are in both, as begin in the old, begin in the new, and length."""
    flat_old, flat_new = old.replace("\n", " "), new.replace("\n", " ")
    if flat_old == flat_new:
        return [(0, 0, len(old))]
    matcher = SequenceMatcher(None, flat_old, flat_new, autojunk=False)
    return [(m.a, m.b, m.size) for m in matcher.get_matching_blocks() if m.size]


def new_place(at: int, matches: list[tuple[int, int, int]], old: int, new: int) -> int:
    """Return where in a new text stands what stood at ``at`` in the old one; both by length."""
    if at >= old:
        return new
    for begin, there, size in matches:
        if at < begin + size:
            return there + max(at - begin, 0)
    return new
