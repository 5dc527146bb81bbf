"""Copies layers of :mod:`training.transformer` into CTranslate2 specifications.

Source of the layouts: ``ctranslate2/specs`` and ``ctranslate2/converters`` of CTranslate2 4.8.
"""

from __future__ import annotations

from collections.abc import Sequence

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


def translator_specification(
    weights: Weights,
    positions: np.ndarray,
    layers: tuple[int, int],
    heads: int,
    vocabulary: Sequence[str],
) -> transformer_spec.TransformerSpec:
    """Fills the specification of a :class:`training.translator_model.Translator`.

    Args:
        weights: parameter name to array.
        positions: table of positions.
        layers: number of encoder and of decoder layers.
        heads: attention heads.
        vocabulary: tokens by number.
    """
    specification = transformer_spec.TransformerSpec.from_config(
        layers, heads, pre_norm=True, activation=common_spec.Activation.GELU
    )
    encoder, decoder = specification.encoder, specification.decoder
    table = weights["embed_tokens.weight"]
    encoder.embeddings[0].weight = table
    decoder.embeddings.weight = table
    decoder.projection.weight = table
    for side in (encoder, decoder):
        side.scale_embeddings = True
        side.position_encodings.encodings = positions
    copy_norm(encoder.layer_norm, weights, "encoder_norm")
    copy_norm(decoder.layer_norm, weights, "decoder_norm")
    for index, layer in enumerate(encoder.layer):
        copy_encoder_layer(layer, weights, f"encoder_layers.{index}")
    for index, layer in enumerate(decoder.layer):
        copy_decoder_layer(layer, weights, f"decoder_layers.{index}")
    specification.register_source_vocabulary(list(vocabulary))
    specification.register_target_vocabulary(list(vocabulary))
    settings = specification.config
    settings.bos_token, settings.eos_token, settings.unk_token = "<s>", "</s>", "<unk>"
    settings.decoder_start_token = settings.eos_token
    settings.add_source_bos = settings.add_source_eos = False
    return specification
