"""The same weights as CTranslate2, OpenAI and whisper.cpp files."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.model.shapes import Shape

__all__ = ["write_ctranslate2", "write_ggml", "write_openai"]


def write_ctranslate2(
    folder: Path, arrays: dict[str, Any], shape: Shape, tokens: list[str], precision: str
) -> None:
    """``model.bin``, ``config.json`` and ``vocabulary.json``, as the converter writes them.

    Args:
        folder: Exists.
        arrays: By OpenAI's names.
        shape: Its size.
        tokens: All tokens by number.
        precision: As stored: ``"float32"``, ``"float16"``, ``"int8"``…
    """
    from ctranslate2.specs import WhisperSpec

    spec = WhisperSpec(shape.encoder_layers, shape.heads, shape.decoder_layers, shape.heads)
    for part, prefix in ((spec.encoder, "encoder"), (spec.decoder, "decoder")):
        part.position_encodings.encodings = arrays[f"{prefix}.positional_embedding"]
    for conv in ("conv1", "conv2"):
        _set(getattr(spec.encoder, conv), arrays, f"encoder.{conv}")
    _set_norm(spec.encoder.layer_norm, arrays, "encoder.ln_post")
    _set_norm(spec.decoder.layer_norm, arrays, "decoder.ln")
    spec.decoder.embeddings.weight = arrays["decoder.token_embedding.weight"]
    spec.decoder.projection.weight = spec.decoder.embeddings.weight
    for kind, layers in (("encoder", spec.encoder.layer), ("decoder", spec.decoder.layer)):
        for number, layer in enumerate(layers):
            name = f"{kind}.blocks.{number}"
            _set_attention(layer.self_attention, arrays, name + ".attn", fused="qkv")
            if kind == "decoder":
                _set_attention(layer.attention, arrays, name + ".cross_attn", fused="kv")
            _set_norm(layer.ffn.layer_norm, arrays, name + ".mlp_ln")
            _set(layer.ffn.linear_0, arrays, name + ".mlp.0")
            _set(layer.ffn.linear_1, arrays, name + ".mlp.2")
    languages = 50_257 + 2
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [220, 50_257]
    spec.config.lang_ids = list(range(languages, languages + shape.languages))
    spec.config.alignment_heads = [list(pair) for pair in shape.alignment_heads]
    spec.register_vocabulary(tokens)
    spec.validate()
    spec.optimize(quantization=precision)
    spec.save(str(folder))


def _set(spec: Any, arrays: dict[str, Any], name: str) -> None:
    spec.weight, spec.bias = arrays[name + ".weight"], arrays[name + ".bias"]


def _set_norm(spec: Any, arrays: dict[str, Any], name: str) -> None:
    spec.gamma, spec.beta = arrays[name + ".weight"], arrays[name + ".bias"]


def _set_attention(spec: Any, arrays: dict[str, Any], name: str, *, fused: str) -> None:
    _set_norm(spec.layer_norm, arrays, name + "_ln")
    parts = ("query", "key", "value")
    weights = [arrays[f"{name}.{part}.weight"] for part in parts]
    zero = np.zeros_like(arrays[f"{name}.query.bias"])
    biases = [arrays.get(f"{name}.{part}.bias", zero) for part in parts]
    at = 0
    if fused == "kv":
        spec.linear[0].weight, spec.linear[0].bias = weights.pop(0), biases.pop(0)
        at = 1
    spec.linear[at].weight, spec.linear[at].bias = np.concatenate(weights), np.concatenate(biases)
    _set(spec.linear[at + 1], arrays, name + ".out")


def _sizes(shape: Shape) -> dict[str, int]:
    return {
        "n_vocab": shape.vocabulary,
        "n_audio_ctx": 1500,
        "n_audio_state": shape.width,
        "n_audio_head": shape.heads,
        "n_audio_layer": shape.encoder_layers,
        "n_text_ctx": 448,
        "n_text_state": shape.width,
        "n_text_head": shape.heads,
        "n_text_layer": shape.decoder_layers,
        "n_mels": shape.bands,
    }


def write_openai(path: Path, arrays: dict[str, Any], shape: Shape) -> None:
    """A checkpoint that ``whisper.load_model`` reads; needs PyTorch."""
    import torch  # type: ignore[import-not-found,unused-ignore]

    state = {name: torch.from_numpy(array).half() for name, array in arrays.items()}
    torch.save({"dims": _sizes(shape), "model_state_dict": state}, path)


def write_ggml(path: Path, arrays: dict[str, Any], shape: Shape, tokens: list[bytes]) -> None:
    """A file that whisper.cpp reads: matrices as float16, the rest as float32.

    Args:
        path: To write.
        arrays: By OpenAI's names.
        shape: Its size.
        tokens: Bytes of the text tokens by number.
    """
    from faster_whisper.feature_extractor import FeatureExtractor

    filters = FeatureExtractor(feature_size=shape.bands).mel_filters.astype(np.float32)
    with path.open("wb") as file:
        file.write(struct.pack("<12i", 0x67676D6C, *_sizes(shape).values(), 1))
        file.write(struct.pack("<2i", *filters.shape))
        file.write(np.ascontiguousarray(filters).tobytes())
        file.write(struct.pack("<i", len(tokens)))
        for token in tokens:
            file.write(struct.pack("<i", len(token)) + token)
        for name, array in arrays.items():
            # Biases of the convolutions are kept as columns, as the converter writes them.
            data = array.reshape(-1, 1) if "conv" in name and array.ndim == 1 else array
            half = data.ndim > 1 and "positional" not in name and "bias" not in name
            file.write(struct.pack("<3i", data.ndim, len(name.encode()), int(half)))
            file.write(struct.pack(f"<{data.ndim}i", *reversed(data.shape)) + name.encode())
            file.write(np.ascontiguousarray(data, np.float16 if half else np.float32).tobytes())
