"""Inspect a model directory: engine, kind and completeness."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

from subkit.engines.weights import WeightsFacts, read_weights
from subkit.errors import EngineError, ModelNotFound

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.engines.catalogue import Kind

__all__ = ["CARD", "PATTERNS", "ModelLayout", "inspect_model", "read_card"]

CARD = "subkit.json"
"""A model may say in this file what it is; see :func:`read_card`."""

PATTERNS: dict[str, tuple[str, ...]] = {
    "recognizer": (
        "config.json",
        "preprocessor_config.json",
        "model.bin",
        "tokenizer.json",
        "vocabulary.*",
        CARD,
    ),
    "translator": (
        "config.json",
        "model.bin",
        "*_vocabulary.json",
        "*_vocabulary.txt",
        "*.spm",
        "*.model",
        CARD,
    ),
}
"""The files that make up a model of each kind; nothing else is fetched."""

_REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "recognizer": (
        ("config.json",),
        ("tokenizer.json",),
        ("vocabulary.json", "vocabulary.txt"),
    ),
    "translator": (
        ("config.json",),
        ("shared_vocabulary.json", "shared_vocabulary.txt", "source_vocabulary.*"),
        ("*.spm", "*.model"),
    ),
}
_FOREIGN = (
    ("PyTorch", ("*.pt", "*.pth", "*.ckpt", "*.safetensors", "pytorch_model*.bin")),
    ("whisper.cpp (ggml)", ("ggml*.bin", "*.gguf", "*.ggml")),
    ("ONNX", ("*.onnx", "*.ort")),
    ("TensorFlow", ("*.h5", "*.tflite", "saved_model.pb")),
    ("Marian", ("*.npz",)),
    ("MLX", ("weights.npz",)),
)
_KIND_OF_SPEC: dict[str, Kind] = {"WhisperSpec": "recognizer", "TransformerSpec": "translator"}
_MAX_CARD = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLayout:
    """A model directory that is complete, as far as its files tell.

    Attributes:
        kind: What it does.
        weights: What ``model.bin`` says of itself.
        card: What its ``subkit.json`` says; empty without one.
    """

    kind: Kind
    weights: WeightsFacts
    card: dict[str, Any] = field(default_factory=dict)


def inspect_model(directory: Path, kind: str) -> ModelLayout:
    """Check that a directory holds a whole CTranslate2 model of that kind.

    Raises:
        ModelNotFound: There is no model of this engine there, or files are missing.
        EngineError: A model of the other kind, or damaged.
    """
    option = "--model" if kind == "recognizer" else "--translator"
    names = _list_names(directory, option)
    if "model.bin" not in names:
        raise _no_weights(directory, names, option)
    weights = read_weights(directory / "model.bin")
    found = _KIND_OF_SPEC.get(weights.spec)
    if found is None:
        message = (
            f'"{directory}" holds a {weights.spec}, which is neither a recogniser nor a translator.'
        )
        raise EngineError(message, remedy=f"Name another directory with {option}.")
    if found != kind:
        right = "--model" if found == "recognizer" else "--translator"
        message = f'"{directory}" holds a {found}, not a {kind}.'
        raise EngineError(message, remedy=f"Give it with {right} instead.", kind=found)
    for alternatives in _REQUIRED[kind]:
        if not any(fnmatch(name, pattern) for name in names for pattern in alternatives):
            message = f'The model in "{directory}" is incomplete: {alternatives[0]} is missing.'
            remedy = "Copy that file from the model's source, or fetch the model again."
            raise ModelNotFound(message, remedy=remedy, missing=alternatives[0])
    return ModelLayout(kind=found, weights=weights, card=read_card(directory))


def read_card(directory: Path) -> dict[str, Any]:
    """What a model's ``subkit.json`` says, or nothing.

    Keys: ``kind``, ``name``, ``version``, ``demo``, ``license``; of a recogniser ``languages``
    (list), ``window_seconds``, ``pause_seconds``, ``low_score`` and ``decoding`` (a table as in
    ``cards.toml``); of a translator ``low_score``, ``sentences`` (how many it was trained to read
    at once), ``family`` and ``languages`` (a table of BCP 47 tags and the model's own codes), or
    ``pair`` (source and target).

    Raises:
        EngineError: It is not a JSON object.
    """
    path = directory / CARD
    if not path.is_file():
        return {}
    try:
        with path.open("rb") as stream:
            card = json.loads(stream.read(_MAX_CARD))
    except (OSError, ValueError, RecursionError) as error:
        message = f'"{path}" cannot be read as JSON: {error}.'
        raise EngineError(message, remedy="Correct or remove that file.") from error
    if not isinstance(card, dict):
        message = f'"{path}" is not a JSON object.'
        raise EngineError(message, remedy="Correct or remove that file.")
    return card


def _list_names(directory: Path, option: str) -> list[str]:
    try:
        if directory.is_file():
            raise _no_weights(directory, [directory.name], option)
        return sorted(path.name for path in directory.iterdir())
    except FileNotFoundError as error:
        message = f'There is no model directory "{directory}".'
        raise ModelNotFound(message, remedy=f"Check the path given to {option}.") from error
    except OSError as error:
        message = f'The model directory "{directory}" cannot be read: {error.strerror}.'
        raise EngineError(message, remedy="Check its permissions.") from error


def _no_weights(directory: Path, names: list[str], option: str) -> ModelNotFound:
    for engine, patterns in _FOREIGN:
        if any(fnmatch(name, pattern) for name in names for pattern in patterns):
            message = f'"{directory}" holds a {engine} model, not a CTranslate2 one.'
            remedy = (
                "Convert it (ct2-transformers-converter for Hugging Face models), or name a "
                f"CTranslate2 directory with {option}."
            )
            return ModelNotFound(message, remedy=remedy, engine=engine)
    if directory.is_file():
        message = f'"{directory}" is a file, and a model is a directory.'
        remedy = f"Name the directory that holds model.bin with {option}."
        return ModelNotFound(message, remedy=remedy)
    message = f'There is no model in "{directory}": model.bin is missing.'
    remedy = f"Name the directory that holds model.bin with {option}."
    return ModelNotFound(message, remedy=remedy, missing="model.bin")
