"""The document of a project file, for who only reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.store.project import ProjectFile

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.model import Project

__all__ = ["load"]


def load(path: Path) -> Project:
    """The document in the project file at ``path``.

    Raises:
        StoreError: the file is missing, not a project, damaged or not accessible.
        SchemaError: a newer subkit wrote it.
    """
    with ProjectFile.open(path, writable=False) as file:
        return file.load()
