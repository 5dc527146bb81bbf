"""Copies layers of :mod:`training.transformer` into CTranslate2 specifications.

Source of the layouts: ``ctranslate2/specs`` and ``ctranslate2/converters`` of CTranslate2 4.8.
"""

from __future__ import annotations

import numpy as np
from ctranslate2.specs import attention_spec, common_spec, transformer_spec

Weights = dict[str, np.ndarray]


def copy_linear(target: common_spec.LinearSpec, weights: Weights, *names: str) -> None:
    """Copies one linear layer, or several stacked along their outputs.

    Args:
        target: specification to fill.
        weights: parameter name to array.
        names: layers' names; a layer without bias (Whisper's keys) gets zeros.
    """
    matrices = [weights[name + ".weight"] for name in names]
    biases = [
        weights.get(name + ".bias", np.zeros(len(matrix), np.float32))
        for name, matrix in zip(names, matrices, strict=True)
    ]
    target.weight = np.concatenate(matrices) if len(matrices) > 1 else matrices[0]
    target.bias = np.concatenate(biases) if len(biases) > 1 else biases[0]


def copy_norm(target: common_spec.LayerNormSpec, weights: Weights, name: str) -> None:
    """Copies a layer normalisation."""
    target.gamma = weights[name + ".weight"]
    target.beta = weights[name + ".bias"]


def _copy_self_attention(
    target: attention_spec.MultiHeadAttentionSpec, weights: Weights, name: str
) -> None:
    queries_keys_values = (f"{name}.q_proj", f"{name}.k_proj", f"{name}.v_proj")
    copy_linear(target.linear[0], weights, *queries_keys_values)
    copy_linear(target.linear[1], weights, f"{name}.out_proj")
    copy_norm(target.layer_norm, weights, f"{name}_layer_norm")


def _copy_cross_attention(
    target: attention_spec.MultiHeadAttentionSpec, weights: Weights, name: str
) -> None:
    copy_linear(target.linear[0], weights, f"{name}.q_proj")
    copy_linear(target.linear[1], weights, f"{name}.k_proj", f"{name}.v_proj")
    copy_linear(target.linear[2], weights, f"{name}.out_proj")
    copy_norm(target.layer_norm, weights, f"{name}_layer_norm")


def _copy_feed_forward(
    target: transformer_spec.FeedForwardSpec, weights: Weights, name: str
) -> None:
    copy_linear(target.linear_0, weights, f"{name}.fc1")
    copy_linear(target.linear_1, weights, f"{name}.fc2")
    copy_norm(target.layer_norm, weights, f"{name}.final_layer_norm")


def copy_encoder_layer(
    target: transformer_spec.TransformerEncoderLayerSpec, weights: Weights, name: str
) -> None:
    """Copies an :class:`training.transformer.EncoderLayer`."""
    _copy_self_attention(target.self_attention, weights, f"{name}.self_attn")
    _copy_feed_forward(target.ffn, weights, name)


def copy_decoder_layer(
    target: transformer_spec.TransformerDecoderLayerSpec, weights: Weights, name: str
) -> None:
    """Copies a :class:`training.transformer.DecoderLayer`."""
    _copy_self_attention(target.self_attention, weights, f"{name}.self_attn")
    _copy_cross_attention(target.attention, weights, f"{name}.encoder_attn")
    _copy_feed_forward(target.ffn, weights, name)
