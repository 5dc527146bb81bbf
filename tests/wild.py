"""Where files with faults from the wild lie: in the project, or beside it where they are large."""

from __future__ import annotations

from pathlib import Path

import pytest

__all__ = ["WILD", "beside"]

WILD = Path(__file__).parent / "data" / "wild"
_CASES = Path(__file__).parents[1].parent / "shared" / "cases"


def beside(name: str) -> Path:
    """A case that is too large for the project; the test is skipped where it is not here."""
    path = _CASES / name
    if not path.exists():
        pytest.skip(f"no ../shared/cases/{name}")
    return path
