"""Lines as they are counted and paid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.language import clusters, resolve_language

if TYPE_CHECKING:
    from subkit.dubbing.territories import Territory
    from subkit.model import Cue

__all__ = ["counted_lines", "counted_words"]

_DIRECTION = re.compile(r"[\[(（［][^\])）］]*[\])）］]")


def counted_lines(cue: Cue, territory: Territory) -> int:
    """Return how many lines a cue counts: its characters over the territory's width, rounded up.

    Spaces count, the name of the character does not. Directions (in brackets, and the note of the
    line) count only where the territory says so. Without a width every cue is one line.
    """
    if territory.line_characters is None:
        return 1
    text = " ".join(cue.lines)
    if territory.count_directions:
        text += f" {cue.dub.note}" if cue.dub is not None and cue.dub.note else ""
    else:
        text = _DIRECTION.sub("", text)
    characters = sum(1 for _ in clusters(" ".join(text.split())))
    return max(1, -(-characters // territory.line_characters))


def counted_words(text: str, language: str) -> int | None:
    """Return how many words a text has; ``None`` where writing does not part them."""
    return len(text.split()) if resolve_language(language).spaces else None
