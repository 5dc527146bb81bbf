"""What holds for the tests themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FILES = sorted(TESTS.rglob("*.py"))
CLOCKS = {"monotonic", "perf_counter", "process_time", "thread_time", "time", "time_ns"}


def _name(path: Path) -> str:
    return path.relative_to(TESTS).as_posix()


def _clock(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "time" and any(alias.name in CLOCKS for alias in node.names)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id == "time" and node.attr in CLOCKS
    return False


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_no_test_reads_a_clock(path: Path) -> None:
    """How long something takes says something of the machine; `tests.work` counts work instead."""
    if _name(path) == "waiting.py":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [ast.unparse(node) for node in ast.walk(tree) if _clock(node)] == []
