"""What the families of translation models have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from subkit.engines.codes import match_tag
from subkit.engines.translators.vocabulary import (
    Vocabulary,
    check_match,
    load_processor,
    read_config,
)
from subkit.errors import EngineError, PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["END", "Direction", "Family"]

END = "</s>"
Direction = tuple[str, str]
"""Source and target in the model's own codes."""


class Family(ABC):
    """How a family writes its tokens; a subclass is one family.

    To add one: say which SentencePiece file it has, which languages its vocabulary holds, and how
    a sentence becomes source tokens and a target prefix; then list it in ``opening.py``.
    """

    name: ClassVar[str]
    pieces: ClassVar[tuple[str, ...]]
    """Names of its SentencePiece file."""
    positions: ClassVar[int] = 1024
    """Longest text it can write, in tokens."""

    def __init__(self, directory: Path, vocabulary: Vocabulary, card: Mapping[str, Any]) -> None:
        """Open the SentencePiece models and read which languages there are.

        Raises:
            ModelNotFound: There is no SentencePiece model.
            EngineError: It is damaged or of another model, or there are no languages.
        """
        self.directory = directory
        self.vocabulary = vocabulary
        self.source_pieces, self.target_pieces = self.load(directory)
        check_match(directory, self.source_pieces, vocabulary.source)
        if self.target_pieces is not self.source_pieces:
            check_match(directory, self.target_pieces, vocabulary.target)
        stated = card.get("languages")
        self.codes = dict(stated) if isinstance(stated, dict) else self.read_codes()
        self._marks = {"<s>", "<pad>", END, "<unk>", *self.marks()}
        self._end = [] if read_config(directory).get("add_source_eos") else [END]
        unknown = sorted(set(map(str, self.codes.values())) - vocabulary.source - {""})
        if isinstance(stated, dict) and unknown:
            message = f'"{directory}" names languages its vocabulary has not: {", ".join(unknown)}.'
            raise EngineError(message, remedy='Correct "languages" in its subkit.json.')

    @classmethod
    @abstractmethod
    def claims(cls, directory: Path, vocabulary: Vocabulary, /) -> bool:
        """Whether the model in that directory is of this family, as its files tell."""

    @abstractmethod
    def read_codes(self) -> dict[str, str]:
        """The model's own code for each BCP 47 language it knows."""

    @abstractmethod
    def source_tokens(self, text: str, direction: Direction) -> list[str]:
        """The tokens of a text, as the encoder reads them."""

    def prefix(self, direction: Direction, /) -> list[str]:
        """The tokens that every translation starts with; not part of its text."""
        return [direction[1]]

    def marks(self) -> set[str]:
        """Tokens that name languages: they are no text, wherever the model writes them."""
        return set(map(str, self.codes.values()))

    def load(self, directory: Path) -> tuple[Any, Any]:
        """The SentencePiece models of source and target."""
        processor = load_processor(directory, *self.pieces)
        return processor, processor

    def direction(self, source: str, target: str) -> Direction:
        """The model's codes for a direction.

        Raises:
            PlanError: It does not know it; the remedy lists what it knows.
        """
        read = match_tag(source, self.codes)
        written = match_tag(target, self.codes, writes=True)
        if read is not None and written is not None and read != written:
            return read, written
        unknown = [tag for tag, code in ((source, read), (target, written)) if code is None]
        if unknown:
            reason = f"it does not know {' and '.join(dict.fromkeys(unknown))}"
        else:
            reason = "both are the same language to it"
        message = (
            f'The translator in "{self.directory}" cannot go from {source} to {target}: {reason}.'
        )
        raise PlanError(message, remedy=self.known(), source=source, target=target)

    def known(self) -> str:
        """The directions it knows, one sentence."""
        return f"It translates between any two of: {', '.join(sorted(self.codes))}."

    def tag(self, code: str) -> str:
        """The BCP 47 tag of one of the model's codes."""
        return next((tag for tag, known in self.codes.items() if known == code), code)

    def count(self, text: str) -> int:
        """How many pieces a text has."""
        return len(self.source_pieces.encode(text))

    def encode(self, text: str) -> list[str]:
        """The pieces of a text."""
        return list(self.source_pieces.encode(text, out_type=str))

    def end(self) -> list[str]:
        """The end token, unless CTranslate2 adds it by itself."""
        return self._end

    def text(self, tokens: list[str]) -> str:
        """The text of written tokens, without special ones and marks of languages."""
        pieces = [token for token in tokens if token not in self._marks]
        return str(self.target_pieces.decode(pieces)).strip()
