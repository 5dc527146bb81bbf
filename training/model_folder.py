"""Writes model folders whole or not at all."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def replace_folder(target: Path) -> Iterator[Path]:
    """Gives an empty folder that takes the target's place when the block ends without error.

    Args:
        target: folder to write or replace.

    Yields:
        The folder to fill; it lies beside the target.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as temporary:
        folder = Path(temporary) / "new"
        folder.mkdir()
        yield folder
        if target.exists():
            target.rename(Path(temporary) / "old")
        folder.rename(target)


def write_json(path: Path, value: Any, compact: bool = False) -> None:
    """Writes a value as JSON, indented unless ``compact``."""
    indent = None if compact else 2
    path.write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")
