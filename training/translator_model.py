"""The translator: a small encoder-decoder Transformer with NLLB's conventions for languages.

Source of the conventions: NLLB Team, "No language left behind" (2022): the source begins with its
language code and ends with ``</s>``; the target begins with its language code.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional

from training.transformer import DecoderLayer, EncoderLayer, sinusoids

POSITIONS = 256


@dataclass(frozen=True)
class TranslatorConfig:
    """Sizes of a translator.

    Attributes:
        width: model width.
        heads: attention heads.
        encoder_layers: number of encoder layers.
        decoder_layers: number of decoder layers.
        vocabulary: number of SentencePiece pieces.
    """

    width: int = 128
    heads: int = 4
    encoder_layers: int = 3
    decoder_layers: int = 2
    vocabulary: int = 2000

    def as_dict(self) -> dict[str, int]:
        """The sizes as a plain mapping, for a checkpoint's metadata."""
        return asdict(self)


class Translator(nn.Module):
    """Encoder and decoder with one embedding table for source, target and output."""

    def __init__(self, config: TranslatorConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.embed_tokens = nn.Embedding(config.vocabulary, width)
        nn.init.normal_(self.embed_tokens.weight, std=width**-0.5)
        self.register_buffer("positions", sinusoids(POSITIONS, width), persistent=False)
        self.encoder_layers = nn.ModuleList(
            EncoderLayer(width, config.heads, 4 * width) for _ in range(config.encoder_layers)
        )
        self.decoder_layers = nn.ModuleList(
            DecoderLayer(width, config.heads, 4 * width) for _ in range(config.decoder_layers)
        )
        self.encoder_norm = nn.LayerNorm(width)
        self.decoder_norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(0.05)

    def _embed(self, tokens: torch.Tensor) -> torch.Tensor:
        scaled = self.embed_tokens(tokens) * math.sqrt(self.config.width)
        return self.dropout(scaled + self.positions[: tokens.shape[1]])

    def forward(self, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Predicts each next target token.

        Args:
            source: tokens, shape (batch, source length), all of one length.
            target: tokens, shape (batch, target length).

        Returns:
            Logits of shape (batch, target length, vocabulary).
        """
        memory = self._embed(source)
        for layer in self.encoder_layers:
            memory = layer(memory)
        memory = self.encoder_norm(memory)
        states = self._embed(target)
        for layer in self.decoder_layers:
            states, _ = layer(states, memory)
        return functional.linear(self.decoder_norm(states), self.embed_tokens.weight)
