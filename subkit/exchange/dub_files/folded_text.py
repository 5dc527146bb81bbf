"""The text of a line while it is read out of XML: space folded, times of words where they begin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["FoldedText"]

_SPACE = " \t\r\n"


@dataclass(slots=True)
class FoldedText:
    """Collects text as XML shows it, and where timed stretches of it begin.

    Attributes:
        keeps: Space is kept as it is (``xml:space="preserve"``).
        words: Offset, begin and end of timed stretches; complete after :meth:`finish`.
    """

    keeps: bool = False
    words: list[tuple[int, Fraction, Fraction | None]] = field(default_factory=list)
    _letters: list[str] = field(default_factory=list)
    _space: bool = False
    _waiting: list[tuple[Fraction, Fraction | None]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._letters)

    def write(self, text: str) -> None:
        """Add text of the document."""
        for letter in text:
            if self.keeps:
                self._put(" " if letter in _SPACE else letter)
            elif letter in _SPACE:
                self._space = bool(self._letters) and self._letters[-1] != "\n"
            else:
                if self._space:
                    self._letters.append(" ")
                    self._space = False
                self._put(letter)

    def line_break(self) -> None:
        """End the line."""
        self._space = False
        self._letters.append("\n")

    def begin(self, time: Fraction, end: Fraction | None) -> None:
        """Say when what comes next is said."""
        self._waiting.append((time, end))

    def finish(self) -> None:
        """End the text: what still waits for a letter stands at its end."""
        self._tie()

    def _put(self, letter: str) -> None:
        if self._waiting and letter != " ":
            self._tie()
        self._letters.append(letter)

    def _tie(self) -> None:
        self.words += [(len(self._letters), time, end) for time, end in self._waiting]
        self._waiting.clear()
