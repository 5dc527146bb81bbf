"""NLLB-200: FLORES-200 codes; the source's code leads the source, the target's the target."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.engines.codes import family_codes
from subkit.engines.translators.family import Direction, Family

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.engines.translators.vocabulary import Vocabulary

__all__ = ["Nllb"]

_CODE = re.compile(r"[a-z]{3}_[A-Z][a-z]{3}")


class Nllb(Family):
    """NLLB-200 and models that keep its conventions (Transformers ``NllbTokenizer``)."""

    name = "nllb"
    pieces = ("sentencepiece.bpe.model", "flores200_sacrebleu_tokenizer_spm.model")

    @classmethod
    def claims(cls, _directory: Path, vocabulary: Vocabulary, /) -> bool:
        """Its vocabulary has FLORES-200 codes."""
        return "eng_Latn" in vocabulary.source

    def read_codes(self) -> dict[str, str]:
        """The FLORES-200 codes in the vocabulary."""
        found = {
            tag: code
            for tag, codes in family_codes("nllb").items()
            for code in codes[::-1]
            if code in self.vocabulary.source
        }
        named = set(found.values())
        others = {
            token.replace("_", "-"): token
            for token in self.vocabulary.source
            if _CODE.fullmatch(token) and token not in named
        }
        return others | found

    def source_tokens(self, text: str, direction: Direction) -> list[str]:
        """``eng_Latn ▁pieces </s>``."""
        return [direction[0], *self.encode(text), *self.end()]
