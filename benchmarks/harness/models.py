"""Which weights a system is given for a model that is named."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.model.shapes import SHAPES
from subkit.demo import model_directory

__all__ = ["Weights", "find_weights"]


@dataclass(frozen=True)
class Weights:
    """One model in the formats there are of it.

    Attributes:
        name: In the tables.
        paths: By format: ``"ctranslate2"``, ``"openai"``, ``"ggml"``.
        knows_words: Its text means something: an error rate can be measured.
        alignment_heads: For openai-whisper.
    """

    name: str
    paths: dict[str, Path]
    knows_words: bool = True
    alignment_heads: tuple[tuple[int, int], ...] = ()


def find_weights(name: str, models: Path, others: dict[str, Path | None]) -> Weights:
    """The weights of ``"demo"``, of a shape made by ``weights.py``, or in a directory.

    Args:
        name: ``"demo"``, a shape, or the path of a CTranslate2 directory.
        models: Where ``weights.py`` put its models.
        others: Weights in other formats given by hand.

    Raises:
        FileNotFoundError: there are none; says how to make them.
    """
    made = name in SHAPES
    folder = models / name if made else Path(name)
    if name == "demo":
        folder = model_directory("recognizer")
    if not (folder / "model.bin").is_file():
        hint = f": run python benchmarks/weights.py {name} --into {models}" if made else ""
        raise FileNotFoundError(f"no model.bin in {folder}{hint}")
    paths = {"ctranslate2": folder}
    beside = {"openai": f"{folder}-openai/model.pt", "ggml": f"{folder}-ggml/ggml-model.bin"}
    for kind, path in beside.items():
        chosen = others.get(kind) or Path(path)
        if chosen.is_file():
            paths[kind] = chosen
    heads: tuple[tuple[int, int], ...] = ()
    config = folder / "config.json"
    if config.is_file():
        listed = json.loads(config.read_text(encoding="utf-8")).get("alignment_heads") or ()
        heads = tuple((int(layer), int(head)) for layer, head in listed)
    return Weights(folder.name if name != "demo" else name, paths, not made, heads)
