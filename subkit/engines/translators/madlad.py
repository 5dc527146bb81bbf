"""MADLAD-400 (T5): the text is led by ``<2xx>``, the language to write; any is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.engines.translators.family import Direction, Family

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.engines.translators.vocabulary import Vocabulary

__all__ = ["Madlad"]

_CODE = re.compile(r"<2([a-z]{2,3}(?:_[A-Z][a-z]{3})?)>")


class Madlad(Family):
    """MADLAD-400 (Kudugunta et al. 2023), a T5 with relative positions."""

    name = "madlad"
    pieces = ("spiece.model", "sentencepiece.model")

    @classmethod
    def claims(cls, _directory: Path, vocabulary: Vocabulary, /) -> bool:
        """Its vocabulary has target languages as ``<2xx>``."""
        return "<2en>" in vocabulary.source

    def read_codes(self) -> dict[str, str]:
        """The target languages in the vocabulary; the same are taken to be read."""
        found = {}
        for token in self.vocabulary.source:
            match = _CODE.fullmatch(token)
            if match:
                found[match[1].replace("_", "-")] = token
        return found

    def source_tokens(self, text: str, direction: Direction) -> list[str]:
        """``<2ko> ▁pieces </s>``, encoded as one text: the mark is a symbol of SentencePiece.

        A mark within the text would name another language to write, so it is left out.
        """
        mark = direction[1]
        pieces = self.encode(f"{mark} {text}")
        if mark not in pieces:
            pieces = [mark, *self.encode(text)]
        lead = pieces.index(mark) + 1
        marks = self.marks()
        rest = [piece for piece in pieces[lead:] if piece not in marks]
        return [*pieces[:lead], *rest, *self.end()]

    def prefix(self, _direction: Direction, /) -> list[str]:
        """Nothing: the source names the target."""
        return []
