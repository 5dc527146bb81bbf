"""TOML tables that lie in the ``data`` folder of a package, read once."""

from __future__ import annotations

import sys
from functools import cache
from importlib.resources import files
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["read_table"]


@cache
def read_table(name: str, package: str = "subkit.language") -> dict[str, Any]:
    """The table ``data/NAME.toml`` of a package; the caller must not change it."""
    text = (files(package) / "data" / f"{name}.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text)
    return table
