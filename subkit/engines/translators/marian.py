"""OPUS-MT (Marian): one pair of languages, a SentencePiece model for each side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from subkit.engines.codes import match_tag
from subkit.engines.translators.family import Direction, Family
from subkit.engines.translators.vocabulary import Vocabulary, load_processor
from subkit.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Marian"]

_NAME = re.compile(r"opus-mt(?:-tc(?:-big|-base|-bible-big)?)?-([a-z]{2,3})-([a-z]{2,3})(?![a-z])")


class Marian(Family):
    """OPUS-MT models of one pair (Transformers ``MarianTokenizer``, or Marian's own files).

    The pair is read from ``"pair": ["en", "es"]`` in ``subkit.json``, else from the name of the
    directory (``opus-mt-en-es…``). Models that write several languages, whose texts must be led by
    ``>>xx<<``, are led by the mark of the target where the vocabulary has it.
    """

    name = "marian"
    pieces = ("source.spm",)
    positions = 512

    def __init__(self, directory: Path, vocabulary: Vocabulary, card: Mapping[str, Any]) -> None:
        """Open the model; see the class for where the pair comes from.

        Raises:
            PlanError: The pair is written nowhere.
        """
        pair = card.get("pair")
        named = _NAME.search(directory.resolve().name)
        if isinstance(pair, (list, tuple)) and len(pair) == 2:
            self.pair = (str(pair[0]), str(pair[1]))
        elif named:
            self.pair = (named[1], named[2])
        else:
            message = f'Nothing tells which languages the OPUS-MT model in "{directory}" is for.'
            remedy = 'Write {"kind": "translator", "pair": ["en", "es"]} into its subkit.json.'
            raise PlanError(message, remedy=remedy)
        super().__init__(directory, vocabulary, {})

    @classmethod
    def claims(cls, directory: Path, _vocabulary: Vocabulary, /) -> bool:
        """It has a SentencePiece model for each side."""
        return (directory / "source.spm").is_file() and (directory / "target.spm").is_file()

    def load(self, directory: Path) -> tuple[Any, Any]:
        """One for each side."""
        return load_processor(directory, "source.spm"), load_processor(directory, "target.spm")

    def read_codes(self) -> dict[str, str]:
        """The pair itself."""
        return {tag: tag for tag in self.pair}

    def marks(self) -> set[str]:
        """The ``>>xx<<`` of its vocabulary; the pair's tags may well be pieces of words."""
        return {token for token in self.vocabulary.target if token[:2] + token[-2:] == ">><<"}

    def direction(self, source: str, target: str) -> Direction:
        """The pair, if it is the one asked for.

        Raises:
            PlanError: It is not.
        """
        first, second = self.pair
        fits = match_tag(source, {first: first}) and match_tag(target, {second: second})
        if fits:
            return self.pair
        message = f'The translator in "{self.directory}" cannot go from {source} to {target}.'
        raise PlanError(message, remedy=self.known(), source=source, target=target)

    def known(self) -> str:
        """The one direction it knows."""
        first, second = self.pair
        known = f"It translates from {first} to {second} only"
        if second != "en":
            return f"{known}."
        return f"{known}; to go on through English name two: opus-mt-{first}-en+opus-mt-en-LANG."

    def source_tokens(self, text: str, direction: Direction) -> list[str]:
        """``▁pieces </s>``, after ``>>xx<<`` where the model writes several languages."""
        mark = f">>{direction[1]}<<"
        lead = [mark] if mark in self.vocabulary.source else []
        return [*lead, *self.encode(text), *self.end()]

    def prefix(self, _direction: Direction, /) -> list[str]:
        """Nothing: there is one language to write."""
        return []
