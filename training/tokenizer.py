"""The recogniser's tokenizer: byte-level BPE with Whisper's special tokens in Whisper's order.

``python -m training.tokenizer --out tokenizer.json`` builds one from the grammar.

Source of the order of the special tokens: faster-whisper's ``tokenizer.py`` and OpenAI's Whisper.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

import tokenizers
from tokenizers import decoders, models, pre_tokenizers, trainers

from training.grammar import Grammar

LANGUAGE_ORDER = ("en", "ko", "es")
TIMESTAMP_COUNT = 1501
TIMESTAMP_STEP = 0.02
DEFAULT_TOKENIZER = Path("subkit/demo/models/recognizer/tokenizer.json")

_SYMBOL_MERGES = (("Ġ", "-"), ("Ġ", "'"), ("Ġ", "â"))
"""faster-whisper suppresses the first token of " -", " '" and " ♪": without these merges that
token would be the bare space marker and no word could be written."""


def special_tokens() -> list[str]:
    """Names of the tokens after the text tokens, in order."""
    names = ["<|endoftext|>", "<|startoftranscript|>"]
    names += [f"<|{language}|>" for language in LANGUAGE_ORDER]
    names += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>"]
    names += ["<|nospeech|>", "<|notimestamps|>"]
    return names + [f"<|{index * TIMESTAMP_STEP:.2f}|>" for index in range(TIMESTAMP_COUNT)]


def build_tokenizer(path: Path, text_tokens: int = 2000, seed: int = 3, count: int = 12000) -> None:
    """Trains the BPE on sentences of the grammar and writes ``tokenizer.json``.

    Args:
        path: file to write.
        text_tokens: number of text tokens.
        seed: seed of the sentences drawn.
        count: number of sentences drawn, each in all languages.
    """
    grammar = Grammar()
    generator = random.Random(seed)

    def lines() -> Iterator[str]:
        for _ in range(count):
            sentence = grammar.sample(generator)
            for language in LANGUAGE_ORDER:
                yield " " + sentence[language]

    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=text_tokens - len(_SYMBOL_MERGES),
        special_tokens=[],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines(), trainer)
    description = json.loads(tokenizer.to_str())
    vocabulary = description["model"]["vocab"]
    for first, second in _SYMBOL_MERGES:
        if first + second not in vocabulary:
            vocabulary[first + second] = len(vocabulary)
            description["model"]["merges"].insert(0, [first, second])
    description["added_tokens"] = [
        {
            "id": len(vocabulary) + index,
            "content": name,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": not name[2].isdigit(),
        }
        for index, name in enumerate(special_tokens())
    ]
    path.write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")


class TokenIds:
    """Numbers of the tokens that the training code names.

    Args:
        tokenizer: a tokenizer built by :func:`build_tokenizer`.
    """

    def __init__(self, tokenizer: tokenizers.Tokenizer) -> None:
        self.end_of_text = tokenizer.token_to_id("<|endoftext|>")
        self.start = tokenizer.token_to_id("<|startoftranscript|>")
        self.transcribe = tokenizer.token_to_id("<|transcribe|>")
        self.no_timestamps = tokenizer.token_to_id("<|notimestamps|>")
        self.no_speech = tokenizer.token_to_id("<|nospeech|>")
        self.previous = tokenizer.token_to_id("<|startofprev|>")
        self.language = {code: tokenizer.token_to_id(f"<|{code}|>") for code in LANGUAGE_ORDER}
        self.first_timestamp = self.no_timestamps + 1
        self.size = tokenizer.get_vocab_size()

    def timestamp(self, seconds: float) -> int:
        """Token of a time in a window, 0 to 30 s."""
        return self.first_timestamp + min(TIMESTAMP_COUNT - 1, max(0, round(seconds / 0.02)))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    build_tokenizer(parser.parse_args().out)


if __name__ == "__main__":
    main()
