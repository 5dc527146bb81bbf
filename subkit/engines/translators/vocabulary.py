"""A translator's vocabulary and its SentencePiece models."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from subkit.errors import EngineError, ModelNotFound

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.engines.weights import WeightsFacts

__all__ = [
    "Vocabulary",
    "check_match",
    "check_size",
    "load_processor",
    "read_config",
    "read_vocabulary",
]

_SAMPLE = 2000
_LEAST_SHARED = 0.9
"""Models of two languages with one script share up to half of their pieces or more; those of one
model lack only pieces that its training never wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The tokens that a model reads and writes, and how many its files list."""

    source: frozenset[str]
    target: frozenset[str]
    source_size: int
    target_size: int


def read_vocabulary(directory: Path) -> Vocabulary:
    """The vocabulary in a model directory: one shared file, or one for each side.

    Raises:
        EngineError: Missing or damaged.
    """
    shared = _read_side(directory, "shared")
    source = _read_side(directory, "source") if shared is None else shared
    target = _read_side(directory, "target") if shared is None else shared
    if source is None or target is None:
        message = f'The model in "{directory}" has no vocabulary.'
        raise ModelNotFound(message, remedy="Copy shared_vocabulary.json from its source.")
    return Vocabulary(
        source=frozenset(source),
        target=frozenset(target),
        source_size=len(source),
        target_size=len(target),
    )


def check_size(directory: Path, vocabulary: Vocabulary, weights: WeightsFacts) -> None:
    """Check that there is a row of weights for each token; CTranslate2 does not.

    Raises:
        EngineError: The vocabulary is of another model.
    """
    for name, shape in weights.shapes.items():
        side, _, rest = name.partition("/")
        if rest not in {"embeddings/weight", "embeddings_0/weight", "projection/weight"}:
            continue
        size = vocabulary.source_size if side == "encoder" else vocabulary.target_size
        if shape and shape[0] != size:
            message = (
                f'The vocabulary in "{directory}" has {size} tokens, and the model {shape[0]}: '
                "they do not belong together."
            )
            raise EngineError(message, remedy="Fetch or copy the model again.")


def read_config(directory: Path) -> dict[str, Any]:
    """The model's ``config.json``.

    Raises:
        EngineError: It is not a JSON object.
    """
    data = _read_json(directory / "config.json")
    if not isinstance(data, dict):
        raise _damaged(directory / "config.json", "it is not a JSON object")
    return data


def load_processor(directory: Path, *names: str) -> Any:
    """The SentencePiece model of one of these names, else the only one there.

    Raises:
        ModelNotFound: There is none.
        EngineError: It is damaged.
    """
    import sentencepiece

    path = next((directory / name for name in names if (directory / name).is_file()), None)
    if path is None:
        others = sorted([*directory.glob("*.model"), *directory.glob("*.spm")])
        if len(others) != 1:
            message = f'The translator in "{directory}" has no SentencePiece model ({names[0]}).'
            remedy = f"Copy {names[0]} from the model that it was converted from."
            raise ModelNotFound(message, remedy=remedy, missing=names[0])
        path = others[0]
    processor = sentencepiece.SentencePieceProcessor()
    try:
        # From bytes: the library's own reader fails on some paths and names none in its errors.
        processor.LoadFromSerializedProto(path.read_bytes())
    except (OSError, RuntimeError, TypeError) as error:
        raise _damaged(path, "SentencePiece cannot read it") from error
    if processor.get_piece_size() == 0:
        raise _damaged(path, "it has no pieces")
    return processor


def check_match(directory: Path, processor: Any, tokens: frozenset[str]) -> None:
    """Check that a SentencePiece model and a vocabulary belong together.

    A sample of the pieces is looked up; models that belong together share nearly all of them.

    Raises:
        EngineError: They do not.
    """
    size = processor.get_piece_size()
    step = max(1, size // _SAMPLE)
    pieces = [
        processor.id_to_piece(index)
        for index in range(0, size, step)
        if not (processor.is_control(index) or processor.is_unknown(index))
    ]
    shared = sum(piece in tokens for piece in pieces)
    if shared < _LEAST_SHARED * len(pieces):
        message = (
            f'The SentencePiece model and the vocabulary in "{directory}" do not belong together: '
            f"they share {shared} of {len(pieces)} pieces looked at."
        )
        remedy = "Copy the SentencePiece model from the model that this one was converted from."
        raise EngineError(message, remedy=remedy, shared=shared, looked_at=len(pieces))


def _read_side(directory: Path, side: str) -> list[str] | None:
    path = directory / f"{side}_vocabulary.json"
    if path.is_file():
        data = _read_json(path)
        if not isinstance(data, list) or not all(isinstance(token, str) for token in data):
            raise _damaged(path, "it is not a list of tokens")
        return data
    path = directory / f"{side}_vocabulary.txt"
    if not path.is_file():
        return None
    try:
        # Not splitlines: tokens may be odd line separators.
        return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except (OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(path, str(error)) from error


def _damaged(path: Path, why: str) -> EngineError:
    message = f'"{path}" is damaged: {why}.'
    return EngineError(message, remedy="Fetch or copy the model again.", path=str(path))
