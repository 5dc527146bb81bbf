"""A model's CTranslate2 weights as a ggml file, so that whisper.cpp has the same ones."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.model.shapes import SHAPES, Shape
from benchmarks.model.tokens import TEXT, byte_letters
from benchmarks.model.writers import write_ggml

__all__ = ["convert", "read_arrays"]

_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


def convert(folder: Path, path: Path) -> Path:
    """Write the ggml file of the model in a CTranslate2 directory; ``path``.

    Raises:
        ValueError: the weights are not floating point, or of no known shape.
    """
    found = read_arrays(folder / "model.bin")
    width = found["encoder/conv1/bias"].size
    bands = found["encoder/conv1/weight"].shape[1]
    shapes = [
        one
        for one in SHAPES.values()
        if (one.width, one.bands) == (width, bands)
        and f"decoder/layer_{one.decoder_layers - 1}/ffn/linear_0/weight" in found
        and f"decoder/layer_{one.decoder_layers}/ffn/linear_0/weight" not in found
    ]
    if not shapes:
        raise ValueError(f"no known model has {bands} bands and is {width} wide")
    arrays = _renamed(found, shapes[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    write_ggml(path, arrays, shapes[0], _spelled(folder / "tokenizer.json"))
    return path


def read_arrays(path: Path) -> dict[str, Any]:
    """The variables of a ``model.bin`` by CTranslate2's names, as float32.

    Raises:
        ValueError: it is quantized, or of another kind of file.
    """
    data = path.read_bytes()
    place = 0

    def take(form: str) -> tuple[Any, ...]:
        nonlocal place
        values = struct.unpack_from(f"<{form}", data, place)
        place += struct.calcsize(f"<{form}")
        return values

    def text() -> str:
        (size,) = take("H")
        (raw,) = take(f"{size}s")
        return bytes(raw).rstrip(b"\0").decode()

    (version,) = take("I")
    if version != 6 or text() != "WhisperSpec":
        raise ValueError(f"{path} is no Whisper model of CTranslate2's sixth format")
    _, count = take("II")
    found: dict[str, Any] = {}
    for _ in range(count):
        name = text()
        (rank,) = take("B")
        shape = take(f"{rank}I")
        kind, size = take("BI")
        array = np.frombuffer(data, _TYPES[kind], size // np.dtype(_TYPES[kind]).itemsize, place)
        place += size
        if kind == 1 and rank > 1:
            raise ValueError(f"{path} is quantized: {name} is int8")
        found[name] = array.reshape(shape).astype(np.float32)
    for _ in range(take("I")[0]):
        alias, name = text(), text()
        found[alias] = found[name]
    return found


def _renamed(found: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """By OpenAI's names; queries, keys and values apart."""
    made: dict[str, Any] = {
        "encoder.positional_embedding": found["encoder/position_encodings/encodings"],
        "decoder.positional_embedding": found["decoder/position_encodings/encodings"],
        "decoder.token_embedding.weight": found["decoder/embeddings/weight"],
    }

    def put(name: str, source: str, first: str = "weight", second: str = "bias") -> None:
        made[f"{name}.weight"] = found[f"{source}/{first}"]
        made[f"{name}.bias"] = found[f"{source}/{second}"]

    def put_attention(name: str, source: str, *, cross: bool) -> None:
        put(f"{name}_ln", f"{source}/layer_norm", "gamma", "beta")
        weights = np.concatenate([found[f"{source}/linear_{n}/weight"] for n in range(1 + cross)])
        biases = np.concatenate([found[f"{source}/linear_{n}/bias"] for n in range(1 + cross)])
        for part, weight, bias in zip(
            ("query", "key", "value"), np.split(weights, 3), np.split(biases, 3), strict=True
        ):
            made[f"{name}.{part}.weight"] = weight
            if part != "key":  # keys have no bias
                made[f"{name}.{part}.bias"] = bias
        put(f"{name}.out", f"{source}/linear_{1 + cross}")

    put("encoder.conv1", "encoder/conv1")
    put("encoder.conv2", "encoder/conv2")
    put("encoder.ln_post", "encoder/layer_norm", "gamma", "beta")
    put("decoder.ln", "decoder/layer_norm", "gamma", "beta")
    for kind, layers in (("encoder", shape.encoder_layers), ("decoder", shape.decoder_layers)):
        for number in range(layers):
            name, source = f"{kind}.blocks.{number}", f"{kind}/layer_{number}"
            put_attention(f"{name}.attn", f"{source}/self_attention", cross=False)
            if kind == "decoder":
                put_attention(f"{name}.cross_attn", f"{source}/attention", cross=True)
            put(f"{name}.mlp_ln", f"{source}/ffn/layer_norm", "gamma", "beta")
            put(f"{name}.mlp.0", f"{source}/ffn/linear_0")
            put(f"{name}.mlp.2", f"{source}/ffn/linear_1")
    return made


def _spelled(path: Path) -> list[bytes]:
    """The bytes of the text tokens by number."""
    vocabulary = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
    tokens = [""] * TEXT
    for token, number in vocabulary.items():
        if number < TEXT:
            tokens[number] = token
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    order = [*plain, *(byte for byte in range(256) if byte not in plain)]
    byte_of = dict(zip(byte_letters(), order, strict=True))
    return [bytes(byte_of[c] for c in t) if set(t) <= set(byte_of) else b"" for t in tokens]
