"""Transformer layers shared by the recogniser and the translator.

Layers are pre-norm with GELU; parameters carry the names of the Transformers library's Whisper
(``self_attn.q_proj`` and so on), which the export code maps to CTranslate2.
"""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional


def sinusoids(positions: int, width: int) -> torch.Tensor:
    """Whisper's sinusoidal position table.

    Args:
        positions: number of positions.
        width: even width; the first half holds sines, the second half cosines.

    Returns:
        Table of shape (positions, width).
    """
    step = math.log(10000) / (width // 2 - 1)
    frequencies = torch.exp(-step * torch.arange(width // 2))
    angles = torch.arange(positions)[:, None] * frequencies[None]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Attention(nn.Module):
    """Multi-head attention.

    Args:
        width: model width.
        heads: number of heads.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.k_proj = nn.Linear(width, width, bias=False)
        self.v_proj = nn.Linear(width, width)
        self.q_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def _split(self, states: torch.Tensor) -> torch.Tensor:
        batch, length, width = states.shape
        return states.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

    def forward(
        self,
        states: torch.Tensor,
        memory: torch.Tensor | None = None,
        causal: bool = False,
        watched_heads: list[int] | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Attends from ``states`` to ``memory``.

        Args:
            states: queries' source, shape (batch, length, width).
            memory: keys' and values' source, shape (batch, memory length, width); None for
                self-attention.
            causal: hide later positions.
            watched_heads: heads whose weights are wanted.

        Returns:
            States of shape (batch, length, width), and the watched heads' log-weights of shape
            (batch, watched heads, length, memory length) or None.
        """
        memory = states if memory is None else memory
        query = self._split(self.q_proj(states))
        key = self._split(self.k_proj(memory))
        value = self._split(self.v_proj(memory))
        log_weights = None
        if watched_heads is not None:
            scores = query[:, watched_heads].float() @ key[:, watched_heads].float().mT
            log_weights = (scores / math.sqrt(query.shape[-1])).log_softmax(-1)
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=causal)
        return self.out_proj(mixed.transpose(1, 2).flatten(2)), log_weights


class EncoderLayer(nn.Module):
    """Self-attention and feed-forward; ``hidden`` is the feed-forward width."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.self_attn = Attention(width, heads)
        self.self_attn_layer_norm = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, width)
        self.final_layer_norm = nn.LayerNorm(width)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Maps (batch, length, width) to the same shape."""
        states = states + self.self_attn(self.self_attn_layer_norm(states))[0]
        hidden = functional.gelu(self.fc1(self.final_layer_norm(states)))
        return states + self.fc2(hidden)


class DecoderLayer(nn.Module):
    """Causal self-attention, cross-attention and feed-forward."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.self_attn = Attention(width, heads)
        self.self_attn_layer_norm = nn.LayerNorm(width)
        self.encoder_attn = Attention(width, heads)
        self.encoder_attn_layer_norm = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, width)
        self.final_layer_norm = nn.LayerNorm(width)

    def forward(
        self,
        states: torch.Tensor,
        memory: torch.Tensor,
        watched_heads: list[int] | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Maps (batch, length, width) to the same shape.

        Args:
            states: decoder states, shape (batch, length, width).
            memory: encoder output, shape (batch, memory length, width).
            watched_heads: cross-attention heads whose log-weights are wanted.

        Returns:
            The new states, and the watched log-weights (see :class:`Attention`) or None.
        """
        states = states + self.self_attn(self.self_attn_layer_norm(states), causal=True)[0]
        attended, log_weights = self.encoder_attn(
            self.encoder_attn_layer_norm(states), memory, watched_heads=watched_heads
        )
        states = states + attended
        hidden = functional.gelu(self.fc1(self.final_layer_norm(states)))
        return states + self.fc2(hidden), log_weights
