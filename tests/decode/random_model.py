"""Tiny Whisper models of other kinds, with random weights and the embedded model's tokenizer."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.decode.conftest import MODEL

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEADS = 64, 2


def write_model(
    folder: Path,
    *,
    bands: int = 80,
    decoder_layers: int = 2,
    multilingual: bool = True,
    told_bands: bool = True,
    heads: bool = True,
) -> Path:
    """A model in CTranslate2's format.

    Args:
        folder: To make.
        bands: Mel bands its encoder takes.
        decoder_layers: 2 as distilled models, 4 as turbo.
        multilingual: Whether it has language tokens.
        told_bands: Whether its preprocessor file is there and says the number of bands.
        heads: Whether its configuration names the alignment heads.
    """
    from ctranslate2.specs import WhisperSpec

    folder.mkdir(parents=True)
    tokens = json.loads((MODEL / "vocabulary.json").read_text(encoding="utf-8"))
    random = np.random.default_rng(0)
    spec = WhisperSpec(2, HEADS, decoder_layers, HEADS)
    _fill(spec, random, bands, len(tokens))
    config = json.loads((MODEL / "config.json").read_text(encoding="utf-8"))
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = config["suppress_ids_begin"]
    spec.config.lang_ids = config["lang_ids"] if multilingual else []
    spec.config.alignment_heads = [[1, 0], [1, 1]] if heads else None
    if not multilingual:
        tokens = [token or "<|unused|>" for token in tokens]
    spec.register_vocabulary(tokens)
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    if not heads:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        del config["alignment_heads"]
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    shutil.copy(MODEL / "tokenizer.json", folder)
    if told_bands:
        told = {"feature_size": bands, "hop_length": 160, "n_fft": 400, "sampling_rate": 16000}
        (folder / "preprocessor_config.json").write_text(json.dumps(told))
    return folder


def _fill(spec: Any, random: Any, bands: int, vocabulary: int) -> None:
    def normal(*shape: int) -> Any:
        return (random.standard_normal(shape) * 0.3).astype(np.float32)

    def linear(part: Any, out: int, into: int) -> None:
        part.weight, part.bias = normal(out, into), normal(out)

    def norm(part: Any) -> None:
        part.gamma, part.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)

    spec.encoder.conv1.weight, spec.encoder.conv1.bias = normal(WIDTH, bands, 3), normal(WIDTH)
    spec.encoder.conv2.weight, spec.encoder.conv2.bias = normal(WIDTH, WIDTH, 3), normal(WIDTH)
    spec.encoder.position_encodings.encodings = normal(1500, WIDTH)
    spec.decoder.position_encodings.encodings = normal(448, WIDTH)
    spec.decoder.embeddings.weight = normal(vocabulary, WIDTH)
    spec.decoder.projection.weight = spec.decoder.embeddings.weight
    norm(spec.encoder.layer_norm)
    norm(spec.decoder.layer_norm)
    for layer in [*spec.encoder.layer, *spec.decoder.layer]:
        norm(layer.self_attention.layer_norm)
        linear(layer.self_attention.linear[0], 3 * WIDTH, WIDTH)
        linear(layer.self_attention.linear[1], WIDTH, WIDTH)
        norm(layer.ffn.layer_norm)
        linear(layer.ffn.linear_0, 4 * WIDTH, WIDTH)
        linear(layer.ffn.linear_1, WIDTH, 4 * WIDTH)
    for layer in spec.decoder.layer:
        norm(layer.attention.layer_norm)
        linear(layer.attention.linear[0], WIDTH, WIDTH)
        linear(layer.attention.linear[1], 2 * WIDTH, WIDTH)
        linear(layer.attention.linear[2], WIDTH, WIDTH)
