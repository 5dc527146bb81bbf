"""Random weights that behave: text as long as the speech, no loops, word times that go forward.

A model of untrained weights says one word for ever. Its speed tells nothing, since the decoder's
work is the number of its tokens. So a small machine is built into some channels of the residual
stream, with attention and matrices as Whisper has them; all other channels are random:

* The encoder's convolutions mark frames that are loud; its position table holds the time ``u``
  (0 to 1 over 30 s) and sines and cosines of it.
* Head 0 of the decoder's first cross-attention finds the last loud frame, ``u_end``. The decoder's
  position table holds the time ``u(n)`` at which token ``n`` is due. The first feed-forward layer
  takes ``u(n) - u_end`` and raises the end-of-text token once it is positive.
* The alignment heads look at time ``u(n)`` by the sines and cosines, and bring what they see there
  into the random channels: the text depends on the sound, and word times follow it.

Tokens are counted from the start of the prompt, so prompts longer than the task's own (initial
prompts, previous text) would shorten the text: measure without them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from benchmarks.model.shapes import Shape

    Array = Any

__all__ = ["TOKENS_PER_SECOND", "make_arrays"]

TOKENS_PER_SECOND = 2.5
"""Tokens a second of audio: what the machine aims at."""

_FRAMES, _POSITIONS = 1500, 448
_PERIODS = np.geomspace(24, 3600, 12)
"""Periods of the sines, in encoder frames of 20 ms."""

_WAVES = 2 * len(_PERIODS)
_TIME, _REST, _LOUD, _LATE, _END, _MARK, _CODE = 0, 2, 4, 6, 8, 10, 12
"""Channels; each but the end's is followed by its negative, so that norms see a mean of 0."""

_MACHINE = _CODE + 2 * _WAVES
_STRONG = 5.0
"""Size of the machine's channels at a width of 384; it grows with the root of the width, so that
norms scale all widths alike. The random channels are below 1."""

_SPREAD = 0.96
"""By which the encoder's last norm divides (measured; the same for all sizes)."""

_PROMPT = 3
"""Start, language and task come before the first token."""

_EMBEDDED = 0.02
_SHARPNESS = 24.0
_LEVEL = 0.35
"""Mean log-mel (Whisper's scale) over the voice's bands from which a frame is loud."""

_MARKS = {"text": 0.0, "start": -0.10, "end": -0.14, "other": -0.13, "never": -0.2}


class _Maker:
    """Names and fills the arrays of one model, in OpenAI's naming."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape = shape
        self.random = np.random.default_rng(seed)
        self.arrays: dict[str, Array] = {}
        self.strong = _STRONG * math.sqrt(shape.width / 384)

    def normal(self, *size: int, scale: float) -> Array:
        values = self.random.standard_normal(size, dtype=np.float32)
        values *= scale
        return values

    def linear(self, name: str, out: int, into: int, *, scale: float, bias: bool = True) -> Array:
        weight = self.normal(out, into, scale=scale / math.sqrt(into))
        self.arrays[name + ".weight"] = weight
        if bias:
            self.arrays[name + ".bias"] = np.zeros(out, np.float32)
        return weight

    def norm(self, name: str) -> Array:
        self.arrays[name + ".weight"] = np.ones(self.shape.width, np.float32)
        self.arrays[name + ".bias"] = np.zeros(self.shape.width, np.float32)
        return self.arrays[name + ".weight"]

    def attention(self, name: str, *, depth: int) -> None:
        """Random heads; what they give stays out of the machine's channels."""
        d = self.shape.width
        self.norm(name + "_ln")
        self.linear(name + ".query", d, d, scale=1.0)
        self.linear(name + ".key", d, d, scale=1.0, bias=False)
        self.linear(name + ".value", d, d, scale=1.0)
        out = self.linear(name + ".out", d, d, scale=0.5 / math.sqrt(depth))
        out[:_MACHINE] = 0

    def feed_forward(self, name: str, *, depth: int) -> None:
        d = self.shape.width
        self.norm(name + ".mlp_ln")
        self.linear(name + ".mlp.0", 4 * d, d, scale=1.0)
        out = self.linear(name + ".mlp.2", d, 4 * d, scale=0.5 / math.sqrt(depth))
        out[:_MACHINE] = 0


def make_arrays(shape: Shape, seed: int = 0) -> dict[str, Array]:
    """All weights of a model by OpenAI's names, float32."""
    maker = _Maker(shape, seed)
    _make_encoder(maker)
    _make_decoder(maker)
    return maker.arrays


def _waves(frames: Array) -> Array:
    """Sines and cosines of times in encoder frames, shape ``(n, _WAVES)``."""
    angles = 2 * np.pi * np.asarray(frames)[:, None] / _PERIODS
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)


def _paired(table: Array, channel: int, values: Array) -> None:
    """Write values and their negatives into a channel and the one after (or a block of them)."""
    wide = values.shape[1] if values.ndim == 2 else 1
    columns = values.reshape(len(values), wide)
    table[:, channel : channel + wide] = columns
    table[:, channel + wide : channel + 2 * wide] = -columns


def _make_encoder(maker: _Maker) -> None:
    shape, arrays = maker.shape, maker.arrays
    d = shape.width
    first = maker.normal(d, shape.bands, 3, scale=1.2 / math.sqrt(3 * shape.bands))
    second = maker.normal(d, d, 3, scale=1.2 / math.sqrt(3 * d))
    first_bias, second_bias = np.zeros(d, np.float32), np.zeros(d, np.float32)
    # Loud frames: gelu(z) - gelu(z - 4) rises from 0 to 4 as the level passes the threshold.
    bands = slice(3, shape.bands * 3 // 8)
    steepness = 40.0
    first[:2] = 0
    first[:2, bands, 1] = steepness / (bands.stop - bands.start)
    first_bias[:2] = -steepness * _LEVEL, -steepness * _LEVEL - 4
    second[:_MACHINE] = 0
    second[:, :2] = 0
    second[_LOUD, 0, 1], second[_LOUD, 1, 1] = maker.strong / 4, -maker.strong / 4
    arrays["encoder.conv1.weight"], arrays["encoder.conv1.bias"] = first, first_bias
    arrays["encoder.conv2.weight"], arrays["encoder.conv2.bias"] = second, second_bias
    table = np.zeros((_FRAMES, d), np.float32)
    frames = np.arange(_FRAMES)
    time = 2 * frames / _FRAMES - 1
    _paired(table, _TIME, maker.strong * time)
    # What is missing to the same energy in every frame: the norm then scales all frames alike.
    _paired(table, _REST, maker.strong * np.sqrt(1 - time**2))
    _paired(table, _CODE, 0.6 * maker.strong * _waves(frames))
    arrays["encoder.positional_embedding"] = table
    for layer in range(shape.encoder_layers):
        name = f"encoder.blocks.{layer}"
        maker.attention(name + ".attn", depth=shape.encoder_layers)
        maker.feed_forward(name, depth=shape.encoder_layers)
    maker.norm("encoder.ln_post")


def _make_decoder(maker: _Maker) -> None:
    shape = maker.shape
    for layer in range(shape.decoder_layers):
        name = f"decoder.blocks.{layer}"
        maker.attention(name + ".attn", depth=shape.decoder_layers)
        maker.attention(name + ".cross_attn", depth=shape.decoder_layers)
        maker.feed_forward(name, depth=shape.decoder_layers)
    _look_for_the_end(maker)
    for layer, head in shape.alignment_heads:
        _look_at_the_time(maker, layer, head)
    _embed(maker)
    _place(maker)
    scale = maker.norm("decoder.ln")
    scale[:_MACHINE] = 0
    scale[_MARK] = 400.0
    scale[_END] = 30.0
    scale[_MACHINE:] = 20 / (_EMBEDDED * math.sqrt(shape.width))


def _look_for_the_end(maker: _Maker) -> None:
    """Head 0 of the first cross-attention and the feed-forward layer after it."""
    arrays = maker.arrays
    name = "decoder.blocks.0.cross_attn"
    for part in ("query", "key", "value"):
        arrays[f"{name}.{part}.weight"][:64] = 0
    # Latest frame that is loud: the key grows with time, and more with loudness.
    arrays[f"{name}.query.bias"][0] = 8 * 14.0
    arrays[f"{name}.key.weight"][0, [_TIME, _LOUD]] = 1.0, 2.0
    arrays[f"{name}.value.weight"][0, [_TIME, _TIME + 1]] = 0.5, -0.5
    arrays[f"{name}.value.weight"][1, _LOUD] = 1.0
    out = arrays[f"{name}.out.weight"]
    out[:, :64] = 0
    out[_LOUD, 1] = _SPREAD
    out[_LATE, 0], out[_LATE + 1, 0] = -_SPREAD, _SPREAD
    up = arrays["decoder.blocks.0.mlp.0.weight"]
    down = arrays["decoder.blocks.0.mlp.2.weight"]
    up[:2] = 0
    up[0, [_LATE, _LATE + 1]] = 20.0, -20.0
    # Where nothing is loud, the latest frame is found, which is not: the text ends at once.
    up[1, _LOUD] = -20.0
    arrays["decoder.blocks.0.mlp.0.bias"][1] = 20.0 * _STRONG / 5
    down[:, :2] = 0
    down[_END, :2] = 4 * maker.strong


def _look_at_the_time(maker: _Maker, layer: int, head: int) -> None:
    """One alignment head: sees the sound at the time its token is due."""
    name, arrays, d = f"decoder.blocks.{layer}.cross_attn", maker.arrays, maker.shape.width
    rows = slice(64 * head, 64 * head + 64)
    code = np.arange(_CODE, _CODE + _WAVES)
    query, key = arrays[f"{name}.query.weight"], arrays[f"{name}.key.weight"]
    value, out = arrays[f"{name}.value.weight"], arrays[f"{name}.out.weight"]
    query[rows], key[rows] = 0, 0
    query[64 * head + np.arange(_WAVES), code] = 8 * _SHARPNESS / (_WAVES * maker.strong)
    key[64 * head + np.arange(_WAVES), code] = 1.0
    value[rows, :_MACHINE] = 0
    value[rows] *= 2
    loud = 2.0 / math.sqrt(len(maker.shape.alignment_heads))
    out[_MACHINE:, rows] = maker.normal(d - _MACHINE, 64, scale=loud / 8)


def _embed(maker: _Maker) -> None:
    """Token embeddings, which are the output layer too: text random, marks by their channels."""
    shape = maker.shape
    text = 50_257
    table = maker.normal(shape.vocabulary, shape.width, scale=_EMBEDDED)
    table[:, :_MACHINE] = 0
    table[text - 1 :, _MACHINE:] = 0
    table[text - 1, _MARK] = _MARKS["never"]
    table[text:, _MARK] = _MARKS["other"]
    table[text, [_MARK, _END]] = _MARKS["end"], 1.0
    table[text + 2, _MARK] = _MARKS["start"]
    specials = text + 2 + shape.languages
    table[specials : specials + 6, _MARK] = _MARKS["never"]
    table[specials + 6, _MARK] = _MARKS["start"]
    maker.arrays["decoder.token_embedding.weight"] = table


def _place(maker: _Maker) -> None:
    """The decoder's position table: when each token is due, and a random push to vary the text."""
    d = maker.shape.width
    table = maker.normal(_POSITIONS, d, scale=1.0)
    table[:, :_MACHINE] = 0
    due = (np.arange(_POSITIONS) - _PROMPT) / TOKENS_PER_SECOND * 50
    late = np.minimum(2 * due / _FRAMES - 1, 1.5)
    _paired(table, _LATE, maker.strong * late)
    _paired(table, _MARK, np.full(_POSITIONS, 0.6 * maker.strong))
    _paired(table, _CODE, maker.strong * _waves(due))
    maker.arrays["decoder.positional_embedding"] = table
