"""How words of a text are put to a recogniser: as it would write them itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.language import is_sentence_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.alignment.given_text import GivenText, GivenWord

__all__ = ["asked_forms"]


def asked_forms(text: GivenText, words: Sequence[GivenWord]) -> list[str]:
    """Return each word in sentence case: scripts shout, and lists have no capitals.

    A recogniser finds "she" at the start of a sentence, or "SHE" anywhere, five times less likely
    than "She", and that is no sign of what was said.

    Args:
        text: The text.
        words: Its words.
    """
    shouted = {n for n, line in enumerate(text.lines) if line.text.upper() == line.text}
    ends = [is_sentence_end(word.text, text.language) for word in words]
    marked = any(ends)
    found: list[str] = []
    for at, word in enumerate(words):
        form = word.text
        fresh = at > 0 and word.line != words[at - 1].line
        if word.line in shouted and len(form) > 1:
            form = form.lower()
        if at == 0 or ends[at - 1] or (fresh and not marked):
            form = form[:1].upper() + form[1:]
        found.append(form)
    return found
