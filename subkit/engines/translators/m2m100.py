"""M2M-100: languages as ``__xx__``, leading source and target."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.engines.translators.family import Direction, Family

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.engines.translators.vocabulary import Vocabulary

__all__ = ["M2m100"]

_CODE = re.compile(r"__([a-z]{2,3})__")
_RENAMED = {"ns": "nso"}


class M2m100(Family):
    """M2M-100 and SMaLL-like models with its tokenizer (Transformers ``M2M100Tokenizer``)."""

    name = "m2m100"
    pieces = ("sentencepiece.bpe.model", "spm.128k.model")

    @classmethod
    def claims(cls, _directory: Path, vocabulary: Vocabulary, /) -> bool:
        """Its vocabulary has languages as ``__xx__``."""
        return "__en__" in vocabulary.source

    def read_codes(self) -> dict[str, str]:
        """The languages in the vocabulary."""
        found = {}
        for token in self.vocabulary.source:
            match = _CODE.fullmatch(token)
            if match:
                found[_RENAMED.get(match[1], match[1])] = token
        return found

    def source_tokens(self, text: str, direction: Direction) -> list[str]:
        """``__en__ ▁pieces </s>``."""
        return [direction[0], *self.encode(text), *self.end()]
