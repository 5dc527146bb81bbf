"""A small translator grown to the size of a large one, without changing what it computes.

The idea is Net2Net's (Chen, Goodfellow and Shlens 2016, "Net2Net: accelerating learning via
knowledge transfer"): a channel is repeated, and the weights that read it are divided by how often
it stands there. Here:

- **Width.** The residual stream is its channels k times over. Mean and variance stay, so the
  LayerNorms do. One table serves for reading and writing, scaled by √d as it is read: its rows are
  divided by √k, and the last LayerNorm by √k too, so that the logits stay.
- **Heads.** Each head stands several times, its channels repeated until it is as wide as the large
  model's; queries are rescaled for the other divisor √(width of a head).
- **Depth.** Layers that are added have random weights, but what they give to the residual stream
  is too small to change any number in it: all is computed, nothing is changed (layers are
  pre-norm). It is not zero, for equal arrays would be kept, read and held in caches as one.
- **Vocabulary.** Tokens that are added must never be written. The last LayerNorm's bias is raised
  by ``_PUSH`` on the first copy of each channel and lowered on the second: for the known tokens,
  whose copies are equal, that cancels out; an added token has it at -``PENALTY`` in all.

Results differ by rounding alone. Arrays have the names of :mod:`training.translator_model`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[np.float32]]
    Rows = NDArray[np.intp]

__all__ = ["PENALTY", "Size", "grow", "sinusoids"]

PENALTY = 60.0
"""Logit of a token that was added; the likeliest of the known ones has a positive one."""

_PUSH = 0.1
_SILENT = 1e-20


@dataclass(frozen=True)
class Size:
    """Sizes of a translator.

    Attributes:
        width: Of the residual stream.
        heads: Of each attention.
        hidden: Width within the feed-forward parts.
        encoder_layers: Of the encoder.
        decoder_layers: Of the decoder.
        vocabulary: Tokens.
    """

    width: int
    heads: int
    hidden: int
    encoder_layers: int
    decoder_layers: int
    vocabulary: int

    @property
    def parameters(self) -> int:
        """Weights of all matrices (norms and biases left out)."""
        attention, feed_forward = 4 * self.width**2, 2 * self.width * self.hidden
        encoder = self.encoder_layers * (attention + feed_forward)
        decoder = self.decoder_layers * (2 * attention + feed_forward)
        return encoder + decoder + self.vocabulary * self.width


def sinusoids(positions: int, width: int) -> NDArray[np.float32]:
    """The table of positions that the demo translator was trained with: sines, then cosines."""
    step = math.log(10000) / (width // 2 - 1)
    angles = np.arange(positions)[:, None] * np.exp(-step * np.arange(width // 2))[None]
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


def grow(
    arrays: Arrays, old: Size, new: Size, *, rows: list[int | None], positions: int, seed: int = 0
) -> tuple[Arrays, NDArray[np.float32]]:
    """The weights of a larger translator that gives the same scores, and its table of positions.

    Args:
        arrays: Of the small one, by :mod:`training.translator_model`'s names.
        old: Its size.
        new: The size wanted.
        rows: For each token of the new vocabulary its number in the old one; ``None`` is a token
            that is never written.
        positions: Rows of the table of positions.
        seed: Of what is random in the added layers and tokens.

    Raises:
        ValueError: the one size is no multiple of the other.
    """
    grower = _Grower(arrays, old, new, np.random.default_rng(seed))
    grown = dict(grower.all(rows))
    table = np.tile(sinusoids(positions, old.width), (1, grower.times))
    return grown, table


class _Grower:
    """One growth; sizes are checked once."""

    def __init__(self, arrays: Arrays, old: Size, new: Size, random: np.random.Generator) -> None:
        for name in ("width", "heads", "hidden"):
            small, large = getattr(old, name), getattr(new, name)
            if large % small or (name == "width" and large // small < 2):
                raise ValueError(f"{name} {small} does not grow to {large}")
        if (new.width // new.heads) % (old.width // old.heads):
            raise ValueError("the width of a head is no multiple of the old one's")
        self.arrays = arrays
        self.old, self.new = old, new
        self.times = new.width // old.width
        self._random = random
        self._stream = np.tile(np.arange(old.width), self.times)
        self._hidden = np.tile(np.arange(old.hidden), new.hidden // old.hidden)
        narrow, wide = old.width // old.heads, new.width // new.heads
        self._heads = np.concatenate(
            [
                (head % old.heads) * narrow + np.tile(np.arange(narrow), wide // narrow)
                for head in range(new.heads)
            ]
        )
        # Repeated channels make the product of query and key as many times larger; it is divided
        # by the root of the head's width.
        self._queries = math.sqrt(narrow / wide)

    def all(self, rows: list[int | None]) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Every array of the large translator."""
        old, new = self.old, self.new
        yield "embed_tokens.weight", self._table(rows)
        yield from self._norm("encoder_norm")
        yield from self._last_norm()
        for side, have, wanted in (
            ("encoder", old.encoder_layers, new.encoder_layers),
            ("decoder", old.decoder_layers, new.decoder_layers),
        ):
            for number in range(wanted):
                name = f"{side}_layers.{number}"
                yield from self._layer(name) if number < have else self._idle(name)

    def _table(self, rows: list[int | None]) -> NDArray[np.float32]:
        small = self.arrays["embed_tokens.weight"]
        width, new = self.old.width, self.new
        if len(rows) != new.vocabulary:
            raise ValueError(f"{len(rows)} rows for {new.vocabulary} tokens")
        table = np.zeros((new.vocabulary, new.width), np.float32)
        known = [number for number, row in enumerate(rows) if row is not None]
        chosen = [row for row in rows if row is not None]
        table[known] = small[chosen][:, self._stream] / math.sqrt(self.times)
        others = np.setdiff1d(np.arange(new.vocabulary), known)
        # Against the first copy, with the second: the state cancels out, the push is left.
        weights = self._random.uniform(0.5, 1.5, (len(others), width)).astype(np.float32)
        weights *= PENALTY / (2 * _PUSH * weights.sum(axis=1, keepdims=True))
        table[others, :width] = -weights
        table[others, width : 2 * width] = weights
        return table

    def _norm(self, name: str) -> Iterator[tuple[str, NDArray[np.float32]]]:
        for part in ("weight", "bias"):
            yield f"{name}.{part}", self.arrays[f"{name}.{part}"][self._stream]

    def _last_norm(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        for name, value in self._norm("decoder_norm"):
            scaled = value / np.float32(math.sqrt(self.times))
            if name.endswith("bias"):
                scaled[: self.old.width] += np.float32(_PUSH)
                scaled[self.old.width : 2 * self.old.width] -= np.float32(_PUSH)
            yield name, scaled

    def _layer(self, name: str) -> Iterator[tuple[str, NDArray[np.float32]]]:
        attentions = [f"{name}.self_attn"]
        if name.startswith("decoder"):
            attentions.append(f"{name}.encoder_attn")
        for attention in attentions:
            yield from self._norm(f"{attention}_layer_norm")
            for part, factor in (("q", self._queries), ("k", 1.0), ("v", 1.0)):
                yield from self._linear(
                    f"{attention}.{part}_proj", self._heads, self._stream, factor
                )
            yield from self._linear(f"{attention}.out_proj", self._stream, self._heads)
        yield from self._norm(f"{name}.final_layer_norm")
        yield from self._linear(f"{name}.fc1", self._hidden, self._stream)
        yield from self._linear(f"{name}.fc2", self._stream, self._hidden)

    def _linear(
        self, name: str, out: Rows, into: Rows, factor: float = 1.0
    ) -> Iterator[tuple[str, NDArray[np.float32]]]:
        small = self.arrays[f"{name}.weight"]
        bias = self.arrays.get(f"{name}.bias", np.zeros(len(small), np.float32))
        share = np.float32(factor * small.shape[1] / len(into))
        yield f"{name}.weight", small[out][:, into] * share
        yield f"{name}.bias", bias[out] * np.float32(factor)

    def _idle(self, name: str) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """A layer that computes as any other and adds nothing."""
        width, hidden = self.new.width, self.new.hidden
        parts = [("fc1", hidden, width), ("fc2", width, hidden)]
        norms = ["final_layer_norm"]
        for attention in ("self_attn", "encoder_attn")[: 2 if name.startswith("decoder") else 1]:
            parts += [(f"{attention}.{part}_proj", width, width) for part in ("q", "k", "v", "out")]
            norms.append(f"{attention}_layer_norm")
        for part, out, into in parts:
            silent = part.endswith(("fc2", "out_proj"))
            weights = self._random.standard_normal((out, into), np.float32)
            weights *= np.float32(_SILENT if silent else into**-0.5)
            yield f"{name}.{part}.weight", weights
            yield f"{name}.{part}.bias", np.zeros(out, np.float32)
        for norm in norms:
            yield f"{name}.{norm}.weight", np.ones(width, np.float32)
            yield f"{name}.{norm}.bias", np.zeros(width, np.float32)
