"""Sentence pairs for the translator, and its SentencePiece model.

``python -m training.translator_data --out sentencepiece.bpe.model`` builds the pieces from the
grammar.
"""

from __future__ import annotations

import argparse
import io
import random
import re
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import sentencepiece
import torch

from training.grammar import LANGUAGES, Grammar, Sentence

LANGUAGE_CODES = {"en": "eng_Latn", "ko": "kor_Hang", "es": "spa_Latn"}
DIRECTIONS = tuple(permutations(LANGUAGES, 2))
DEFAULT_PIECES = Path("subkit/demo/models/translator/sentencepiece.bpe.model")
PUNCTUATION = ".,?!¿¡"
IGNORED = -100

_SENTENCE_END = re.compile(r"(?<=[.!?]) ")
_TOKENS_A_BATCH = 3200
_SENTENCES_A_ROUND = 2500
_DIRECTIONS_A_SENTENCE = 3


def build_pieces(path: Path, pieces: int = 2000, seed: int = 11, count: int = 15000) -> None:
    """Trains a SentencePiece BPE with byte fallback on sentences of the grammar.

    Args:
        path: model file to write.
        pieces: number of pieces, language codes included.
        seed: seed of the sentences drawn.
        count: number of sentences drawn, each in all languages.
    """
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=_piece_sentences(seed, count),
        model_writer=model,
        vocab_size=pieces,
        model_type="bpe",
        character_coverage=1.0,
        byte_fallback=True,
        user_defined_symbols=list(LANGUAGE_CODES.values()),
        pad_id=-1,
        unk_id=0,
        bos_id=1,
        eos_id=2,
        num_threads=1,
        minloglevel=2,
    )
    path.write_bytes(model.getvalue())


def _piece_sentences(seed: int, count: int) -> Iterator[str]:
    draw = random.Random(seed)
    grammar = Grammar()
    for _ in range(count):
        sentence = grammar.sample(draw)
        for language in LANGUAGE_CODES:
            yield sentence[language]
            if draw.random() < 0.1:
                yield sentence[language].lower()


def strip_punctuation(text: str) -> str:
    """Removes the grammar's punctuation marks."""
    return "".join(character for character in text if character not in PUNCTUATION)


def draw_passage(grammar: Grammar, draw: random.Random, held_out: bool = False) -> Sentence:
    """One to three sentences in a row, in all languages."""
    count = draw.choices([1, 2, 3], [0.45, 0.33, 0.22])[0]
    parts = [grammar.sample_split(draw, held_out) for _ in range(count)]
    if not held_out:
        parts = [_sometimes_a_piece(part, draw) for part in parts]
    return {language: " ".join(part[language] for part in parts) for language in LANGUAGES}


def _sometimes_a_piece(sentence: Sentence, draw: random.Random) -> Sentence:
    """Of a pattern that is two sentences, often one alone: subtitles are translated so."""
    pieces = {language: _SENTENCE_END.split(text) for language, text in sentence.items()}
    count = len(pieces["en"])
    if count == 1 or any(len(found) != count for found in pieces.values()) or draw.random() < 0.3:
        return sentence
    place = draw.randrange(count)
    return {language: found[place] for language, found in pieces.items()}


def roughen(text: str, draw: random.Random) -> str:
    """Sometimes takes capitals, punctuation or the final mark away, as recognisers do."""
    chance = draw.random()
    if chance < 0.18:
        text = text.lower()
    if chance < 0.12 or 0.18 < chance < 0.30:
        return strip_punctuation(text)
    return text.rstrip(".?!") if chance > 0.94 else text


class PairBatches:
    """Endless batches of sentence pairs; all sources of a batch have one length, so none is padded.

    Args:
        pieces: the SentencePiece model.
        seed: seed of all choices.
    """

    def __init__(self, pieces: sentencepiece.SentencePieceProcessor, seed: int) -> None:
        self._pieces = pieces
        self._draw = random.Random(seed)
        self._grammar = Grammar()
        self._end = pieces.eos_id()
        self._code = {name: pieces.piece_to_id(code) for name, code in LANGUAGE_CODES.items()}
        self._pool: dict[int, list[tuple[list[int], list[int]]]] = {}

    def _fill_pool(self) -> None:
        for _ in range(_SENTENCES_A_ROUND):
            passage = draw_passage(self._grammar, self._draw)
            rough = {name: roughen(text, self._draw) for name, text in passage.items()}
            for source, target in self._draw.sample(DIRECTIONS, _DIRECTIONS_A_SENTENCE):
                read = [self._code[source], *self._pieces.encode(rough[source]), self._end]
                written = [
                    self._end,
                    self._code[target],
                    *self._pieces.encode(passage[target]),
                    self._end,
                ]
                self._pool.setdefault(len(read), []).append((read, written))

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Yields sources (batch, length) and targets (batch, length), padded with ``IGNORED``."""
        while True:
            self._fill_pool()
            ready = []
            for length, pairs in self._pool.items():
                size = _TOKENS_A_BATCH // length
                self._draw.shuffle(pairs)
                while len(pairs) >= size:
                    ready.append(pairs[:size])
                    del pairs[:size]
            self._draw.shuffle(ready)
            for pairs in ready:
                longest = max(len(target) for _, target in pairs)
                targets = torch.full((len(pairs), longest), IGNORED)
                for row, (_, target) in enumerate(pairs):
                    targets[row, : len(target)] = torch.tensor(target)
                yield torch.tensor([source for source, _ in pairs]), targets


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    build_pieces(parser.parse_args().out)


if __name__ == "__main__":
    main()
