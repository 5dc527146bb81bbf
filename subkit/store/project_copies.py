"""A copy of a project file with its ledger and cache, under a name of its own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from subkit.store.database import translated
from subkit.store.location import existing, fresh
from subkit.store.publication import staged
from subkit.store.upgrade import connect_current

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["copy_project"]


def copy_project(path: Path, copy: Path) -> None:
    """Copy a project as it is after its last whole commit, whoever has it open.

    Args:
        path: The project file.
        copy: The file to be; it must not exist.

    Raises:
        StoreError: there is no project, the copy exists, or it cannot be written.
    """
    real = existing(path, writable=False)
    with (
        staged(fresh(copy)) as draft,
        closing(connect_current(real, writable=False)) as source,
        translated(copy),
        closing(sqlite3.connect(draft)) as target,
    ):
        source.backup(target)
