"""A text that is known: lines of a script, cues of a track, or paragraphs."""

from __future__ import annotations

from dataclasses import dataclass

from subkit.alignment.text_units import split_words

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
