"""Checkpoints as ``.npz`` files: arrays and a JSON text, readable without pickle."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch

_METADATA_KEY = "__metadata__"


def save_checkpoint(
    path: Path,
    weights: dict[str, torch.Tensor],
    metadata: dict[str, Any],
    half_precision: bool = False,
) -> None:
    """Writes a checkpoint whole or not at all.

    Args:
        path: file to write.
        weights: parameter name to tensor.
        metadata: anything JSON can hold: sizes, label lists, amounts of training.
        half_precision: store float16 (half the size) instead of float32.
    """
    number_type = np.float16 if half_precision else np.float32
    arrays = {
        name: tensor.detach().float().numpy().astype(number_type)
        for name, tensor in weights.items()
    }
    arrays[_METADATA_KEY] = np.array(json.dumps(metadata, ensure_ascii=False))
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        np.savez_compressed(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def load_checkpoint(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Reads a checkpoint.

    Args:
        path: file written by :func:`save_checkpoint`.

    Returns:
        Parameter name to float32 tensor, and the metadata.
    """
    with np.load(path, allow_pickle=False) as archive:
        metadata = json.loads(str(archive[_METADATA_KEY]))
        weights = {
            name: torch.from_numpy(archive[name].astype(np.float32))
            for name in archive.files
            if name != _METADATA_KEY
        }
    return weights, metadata
