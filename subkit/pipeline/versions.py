"""What a name on the command line stands for: a project, a version of one, a subtitle file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.pipeline.subtitle import subtitle_project
from subkit.store import ProjectFile
from subkit.store.versions import load_version

if TYPE_CHECKING:
    from subkit.model import Project

__all__ = ["read_version"]


def read_version(name: str, *, language: str | None = None) -> Project:
    """A project, ``PROJECT@N`` (as it was behind ledger entry N), or a subtitle file as a project.

    Args:
        name: Path, with ``@`` and a number for an earlier version.
        language: Of a subtitle file; ``None`` takes the last part but one of its name.

    Raises:
        InputError: the file cannot be read.
        FormatError: it is not what its name says.
        StoreError: no project, or no such version.
    """
    stem, at, number = name.rpartition("@")
    if at and number.isdecimal() and not Path(name).exists():
        with ProjectFile.open(Path(stem), writable=False) as store:
            return load_version(store, int(number))
    path = Path(name)
    if path.suffix.lower() == ".subkit":
        with ProjectFile.open(path, writable=False) as store:
            return store.load()
    return subtitle_project(path, language=language)[0]
