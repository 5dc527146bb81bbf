"""A text that is known: lines of a script, cues of a track, or paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.alignment.text_units import split_words
from subkit.language import is_sentence_end

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["GivenLine", "GivenText", "GivenWord"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLine:
    """A speech, a cue or a line of text.

    Attributes:
        text: What is said; breaks inside of it are kept.
        speaker: Who says it; empty where nobody is named.
        cue: Id of the cue that it is; empty where it is of none.
    """

    text: str
    speaker: str = ""
    cue: str = ""


@dataclass(frozen=True, slots=True)
class GivenWord:
    """A word of a text: as written, and the number of its line."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenText:
    """Lines in the order in which they are thought to be said.

    Attributes:
        lines: Those with something that can be said, and others.
        language: BCP 47.
    """

    lines: tuple[GivenLine, ...]
    language: str

    def words(self) -> tuple[GivenWord, ...]:
        """Return the words of all lines."""
        return tuple(
            GivenWord(word, number)
            for number, line in enumerate(self.lines)
            for word in split_words(line.text, self.language)
        )

    def forms(self, words: Sequence[GivenWord]) -> list[str]:
        """Return each word in sentence case, as a recogniser would write it.

        Scripts shout, and lists have no capitals: a recogniser finds "she" at the start of a
        sentence, or "SHE" anywhere, five times less likely than "She", which is no sign of what
        was said.

        Args:
            words: Of this text.
        """
        shouted = {n for n, line in enumerate(self.lines) if line.text.upper() == line.text}
        ends = [is_sentence_end(word.text, self.language) for word in words]
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
