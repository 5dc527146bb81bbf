"""Cut a text that is too long for a model at the best places there are."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["join_parts", "split_text"]

# In order: ends of sentences, then of clauses, then any space. Full-width marks need no space.
_PLACES = (
    re.compile(r"(?<=[.!?…؟।])[\"'”’»)\]]*\s+|(?<=[。！？])(?![。！？」』”’)])"),
    re.compile(r"(?<=[,;:—–،])\s+|(?<=[、，；：])"),
    re.compile(r"\s+"),
)
_NO_SPACES = {"zh", "ja", "th", "lo", "km", "my", "bo", "dz", "yue", "cmn"}


def split_text(text: str, limit: int, count: Callable[[str], int]) -> list[str]:
    """Cut a text into parts of at most ``limit`` tokens; nothing but space at the cuts is lost.

    A text that is too long is cut at every end of a sentence: models are trained on sentences, and
    drop some where they are given many. Below that, parts are made as long as may be.

    Args:
        text: The text.
        limit: Most tokens of one part.
        count: Tokens of a text.

    Returns:
        The parts in order; one where the text is short enough.
    """
    return _split(text, limit, count, 0)


def join_parts(parts: list[str], language: str) -> str:
    """Put translated parts together, with spaces where the language writes them."""
    written = [part for part in parts if part]
    glue = "" if re.split(r"[-_]", language, maxsplit=1)[0].lower() in _NO_SPACES else " "
    return glue.join(written)


def _split(text: str, limit: int, count: Callable[[str], int], level: int) -> list[str]:
    if len(text) <= 1 or count(text) <= limit:
        return [text]
    pieces = _cut(text, level)
    parts: list[str] = []
    for piece in pieces:
        joined = f"{parts[-1]}{piece}" if parts else piece
        if parts and level > 0 and count(joined) <= limit:
            parts[-1] = joined
        else:
            parts.append(piece)
    shorter = []
    for part in parts:
        bare = part.strip()
        if bare:
            deeper = level + 1 if len(parts) == 1 or count(bare) > limit else level
            shorter += [bare] if count(bare) <= limit else _split(bare, limit, count, deeper)
    return shorter


def _cut(text: str, level: int) -> list[str]:
    if level >= len(_PLACES):
        # One unbroken run, for example Thai or a web address: cut in halves.
        middle = max(1, len(text) // 2)
        return [text[:middle], text[middle:]] if len(text) > 1 else [text]
    ends = [match.end() for match in _PLACES[level].finditer(text)]
    bounds = [0, *[end for end in ends if 0 < end < len(text)], len(text)]
    return [text[start:end] for start, end in pairwise(bounds)]
