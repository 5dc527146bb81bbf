"""The recogniser: a small Whisper with extra outputs that are used in training only.

Source of the architecture: A. Radford and others, "Robust speech recognition via large-scale weak
supervision" (2022). Our additions, all folded away or dropped at export: a learned gain on the
encoder's position table, a projection that gives the timestamp tokens' embeddings a shared
sinusoidal part, supervised cross-attention heads, and linear heads for characters and phones
(``label_head``) and for positions.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional

from training.transformer import DecoderLayer, EncoderLayer, sinusoids

ENCODER_POSITIONS = 1500
DECODER_POSITIONS = 448
TIMESTAMP_TOKENS = 1501
FRAMES_PER_SECOND = 50

SUPERVISED_HEADS = {0: [0], 1: [0, 1], 2: [0], 3: [0]}
"""Decoder layer to the cross-attention heads that are taught where to look."""

LOOKS_AT_INPUT_TOKEN = (True, True, False, False, False)
"""For each supervised head in order: look at the time of the token just read (True) or of the
token to be written (False)."""

_POSITION_COLUMNS = range(9, 46, 2)


@dataclass(frozen=True)
class RecognizerConfig:
    """Sizes of a recogniser.

    Attributes:
        width: model width.
        heads: attention heads.
        encoder_layers: number of encoder layers.
        decoder_layers: number of decoder layers; ``SUPERVISED_HEADS`` speaks of four.
        vocabulary: number of tokens, timestamps included and last.
        mels: mel bands.
        labels: outputs of the label head: blank, characters, phones.
    """

    width: int = 128
    heads: int = 4
    encoder_layers: int = 4
    decoder_layers: int = 4
    vocabulary: int = 3512
    mels: int = 80
    labels: int = 2

    def as_dict(self) -> dict[str, int]:
        """The sizes as a plain mapping, for a checkpoint's metadata."""
        return asdict(self)


class RecognizerOutput(NamedTuple):
    """What a forward pass gives.

    Attributes:
        logits: next-token logits, shape (batch, tokens, vocabulary).
        attention: log-weights of the supervised heads, shape (batch, heads, tokens, frames).
        labels: character and phone logits, shape (batch, frames, labels).
        encoder_positions: position code read from the frames, shape (batch, frames, codes).
        decoder_positions: position code read after the first two decoder layers, each of shape
            (batch, tokens, codes).
    """

    logits: torch.Tensor
    attention: torch.Tensor
    labels: torch.Tensor
    encoder_positions: torch.Tensor
    decoder_positions: list[torch.Tensor]


class Encoder(nn.Module):
    """Mel spectrogram to frames at 50 a second."""

    def __init__(self, config: RecognizerConfig) -> None:
        super().__init__()
        width = config.width
        self.conv1 = nn.Conv1d(config.mels, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.register_buffer("positions", sinusoids(ENCODER_POSITIONS, width), persistent=False)
        self.position_log_gain = nn.Parameter(torch.full((width // 2,), 0.2))
        self.layers = nn.ModuleList(
            EncoderLayer(width, config.heads, 4 * width) for _ in range(config.encoder_layers)
        )
        self.layer_norm = nn.LayerNorm(width)

    def position_table(self) -> torch.Tensor:
        """The position table with its learned gain, shape (1500, width)."""
        gain = self.position_log_gain.exp()
        return self.positions * torch.cat([gain, gain])

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        """Maps (batch, mels, frames at 100 a second) to (batch, frames at 50 a second, width)."""
        states = functional.gelu(self.conv2(functional.gelu(self.conv1(mel)))).transpose(1, 2)
        states = states + self.position_table()[: states.shape[1]].to(states.dtype)
        for layer in self.layers:
            states = layer(states)
        return self.layer_norm(states)


class Decoder(nn.Module):
    """Tokens and frames to next-token logits."""

    def __init__(self, config: RecognizerConfig) -> None:
        super().__init__()
        width = config.width
        self.embed_tokens = nn.Embedding(config.vocabulary, width)
        self.embed_positions = nn.Embedding(DECODER_POSITIONS, width)
        nn.init.normal_(self.embed_tokens.weight, std=0.02 * (192 / width) ** 0.5)
        self.embed_positions.weight.data = sinusoids(DECODER_POSITIONS, width) * 0.02
        self.register_buffer("times", sinusoids(TIMESTAMP_TOKENS, width), persistent=False)
        self.timestamp_projection = nn.Parameter(torch.zeros(width, width))
        self.layers = nn.ModuleList(
            DecoderLayer(width, config.heads, 4 * width) for _ in range(config.decoder_layers)
        )
        self.layer_norm = nn.LayerNorm(width)

    def token_table(self) -> torch.Tensor:
        """Token embeddings, the timestamps' sinusoidal part added; shape (vocabulary, width)."""
        weight = self.embed_tokens.weight
        times = weight[-TIMESTAMP_TOKENS:] + self.times @ self.timestamp_projection
        return torch.cat([weight[:-TIMESTAMP_TOKENS], times])

    def forward(
        self, tokens: torch.Tensor, memory: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, list[torch.Tensor]]:
        """Runs the decoder.

        Args:
            tokens: shape (batch, length).
            memory: encoder output, shape (batch, frames, width).

        Returns:
            Logits, supervised heads' log-weights, and the states after the first two layers.
        """
        table = self.token_table()
        states = functional.embedding(tokens, table)
        states = states + self.embed_positions.weight[: tokens.shape[1]]
        watched = []
        early_states = []
        for index, layer in enumerate(self.layers):
            states, log_weights = layer(states, memory, SUPERVISED_HEADS.get(index))
            if index < 2:
                early_states.append(states)
            if log_weights is not None:
                watched.append(log_weights)
        logits = functional.linear(self.layer_norm(states), table)
        return logits, torch.cat(watched, dim=1), early_states


class Recognizer(nn.Module):
    """The whole recogniser with its training heads."""

    def __init__(self, config: RecognizerConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        self.label_head = nn.Linear(config.width, config.labels)
        columns = torch.tensor(list(_POSITION_COLUMNS))
        columns = torch.cat([columns, columns + config.width // 2])
        code = sinusoids(ENCODER_POSITIONS, config.width)[:, columns]
        self.register_buffer("position_code", code, persistent=False)
        self.encoder_position_head = nn.Linear(config.width, len(columns))
        self.decoder_position_head = nn.Linear(config.width, len(columns))

    def forward(
        self, mel: torch.Tensor, tokens: torch.Tensor, freeze_encoder: bool = False
    ) -> RecognizerOutput:
        """Runs the model.

        Args:
            mel: shape (batch, mels, frames at 100 a second).
            tokens: shape (batch, length).
            freeze_encoder: take no gradient for the encoder.

        Returns:
            All outputs.
        """
        with torch.set_grad_enabled(torch.is_grad_enabled() and not freeze_encoder):
            memory = self.encoder(mel)
        logits, attention, early_states = self.decoder(tokens, memory)
        return RecognizerOutput(
            logits,
            attention,
            self.label_head(memory),
            self.encoder_position_head(memory),
            [
                self.decoder_position_head(functional.layer_norm(states, states.shape[-1:]))
                for states in early_states
            ],
        )
