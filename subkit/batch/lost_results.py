"""Titles that are done and whose files are not there any more, or are no longer what they were."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from subkit.store.publication import is_project_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["rows_as_they_are"]

_SHOWN = 5


def rows_as_they_are(
    rows: Iterable[Mapping[str, Any]], folder: Path
) -> Iterator[Mapping[str, Any]]:
    """Yield what a ledger knows of titles; one that is done without its files is ``lost``.

    Args:
        rows: As :meth:`BatchLedger.rows` yields them.
        folder: The output folder of the batch.
    """
    for row in rows:
        faults = list(_faults(row, folder)) if row["state"] == "done" else []
        if not faults:
            yield row
            continue
        more = f" and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        failure = {
            "reason": "lost",
            "message": f"{', '.join(faults[:_SHOWN])}{more}.",
            "remedy": "The same subkit batch run makes again what is gone.",
        }
        yield {**row, "state": "lost", "failure": failure}


def _faults(row: Mapping[str, Any], folder: Path) -> Iterator[str]:
    for name in row["files"]:
        path = folder / name
        if not os.path.lexists(path):
            yield f"{name!r} is gone"
        elif path.suffix == ".subkit" and not is_project_file(path):
            yield f"{name!r} is no project any more"
