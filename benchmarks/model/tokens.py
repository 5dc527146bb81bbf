"""A tokenizer of Whisper's shape: 50 256 byte-level BPE tokens of invented words, and the specials.

The real vocabulary is not shipped; token numbers, their kinds and their order are the real ones, so
that every system finds its marks where it expects them.
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.model.shapes import Shape

__all__ = ["TEXT", "byte_letters", "special_tokens", "text_tokens", "timestamp_tokens", "write"]

TEXT = 50_257
"""Tokens of text, the empty one at its end; end-of-text has this number."""

_MERGES = 50_000
_SPACE = "Ġ"


def byte_letters() -> list[str]:
    """The letter GPT-2's byte-level BPE writes for each byte, in its order of tokens."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return [chr(byte) for byte in plain] + [chr(256 + i) for i in range(len(others))]


def _merges() -> Iterator[tuple[str, str]]:
    """50 000 merges: syllables, words of two and three of them, most with a space before."""
    syllables = [c + v for c in "bcdfghjklmnprstvwz" for v in "aeiou"]
    yield from ((_SPACE, mark) for mark in "-'(")
    yield from ((one[0], one[1]) for one in syllables)
    yield from ((_SPACE, one) for one in syllables)
    pairs = [(a, b) for a in syllables for b in syllables]
    yield from ((_SPACE + a, b) for a, b in pairs)
    yield from pairs
    for step in itertools.count(1):
        for i, (a, b) in enumerate(pairs):
            yield (_SPACE + a + b, syllables[(i * 7 + step) % len(syllables)])


def text_tokens() -> tuple[list[str], list[tuple[str, str]]]:
    """All text tokens by number, and the merges that make them."""
    tokens = byte_letters()
    merges: list[tuple[str, str]] = []
    known = set(tokens)
    for a, b in _merges():
        if len(merges) == _MERGES:
            break
        if a + b in known:
            continue
        known.add(a + b)
        tokens.append(a + b)
        merges.append((a, b))
    return [*tokens, ""], merges


def special_tokens(languages: list[str]) -> list[str]:
    """Tokens from end-of-text up to the timestamps, in Whisper's order."""
    marks = ["translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps"]
    names = ["endoftext", "startoftranscript", *languages, *marks]
    return [f"<|{name}|>" for name in names]


def timestamp_tokens() -> list[str]:
    """1501 timestamps, 0.02 s apart."""
    return [f"<|{i * 0.02:.2f}|>" for i in range(1501)]


def write(folder: Path, shape: Shape, languages: list[str]) -> list[str]:
    """Write ``tokenizer.json`` and ``preprocessor_config.json``; returns all tokens by number."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    tokens, merges = text_tokens()
    vocabulary = {token: number for number, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    specials = special_tokens(languages)
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in specials])
    stamps = timestamp_tokens()
    tokenizer.add_tokens([AddedToken(token, special=False) for token in stamps])
    tokenizer.save(str(folder / "tokenizer.json"))
    features = {"feature_size": shape.bands, "sampling_rate": 16_000, "hop_length": 160}
    features |= {"chunk_length": 30, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(json.dumps(features) + "\n", encoding="utf-8")
    return [*tokens, *specials, *stamps]
