"""Known text to its times: what an aligner gets, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.interfaces.decoding import ModelFacts, SpeechWindow
    from subkit.model import Word

__all__ = ["Aligner", "SpokenText"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpokenText:
    """A stretch of audio, and the words that are thought to be said in it.

    Attributes:
        window: The audio; at most 30 s.
        words: In order, as written; each has a letter or a digit.
        language: BCP 47.
    """

    window: SpeechWindow
    words: tuple[str, ...]
    language: str


@runtime_checkable
class Aligner(Protocol):
    """Tells when each word of a known text is said."""

    @property
    def model(self) -> ModelFacts:
        """The model in use."""
        ...

    def align(self, asked: Sequence[SpokenText]) -> list[tuple[Word, ...]]:
        """The words of each text, with times in the media.

        Args:
            asked: In the order of the programme.

        Returns:
            For each text one word for each of its words, in order. A word's confidence is how
            probable the audio makes it, from 0 to 1: near 0 where it was not said.

        Raises:
            EngineError: the engine failed.
        """
        ...

    def close(self) -> None:
        """Give back memory and processes; nothing else is asked of it afterwards."""
        ...
