"""What holds for the tests themselves."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parents[1]
TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted(TESTS.rglob("*.py"))}
CLOCKS = {"monotonic", "perf_counter", "process_time", "thread_time", "time", "time_ns"}


def _name(path: Path) -> str:
    return path.relative_to(TESTS).as_posix()


def _clock(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "time" and any(alias.name in CLOCKS for alias in node.names)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id == "time" and node.attr in CLOCKS
    return False


def test_no_test_reads_a_clock() -> None:
    """How long something takes says something of the machine; `tests.work` counts work instead."""
    found = {
        _name(path): [ast.unparse(node) for node in ast.walk(tree) if _clock(node)]
        for path, tree in TREES.items()
    }
    assert {name for name, clocks in found.items() if clocks} == {"waiting.py"}


FOREIGN_PATCHES = {
    "cli/test_commands.py": {"candidates", "transcribe"},
    "cli/test_recognizers.py": {"_catalogue", "_memory_bytes"},
    "cli/test_terminal.py": {"transcribe"},
    "pipeline/test_title_queue.py": {"utc_seconds"},
    "translation/test_context.py": {"find_model"},
}
"""Names of other packages that tests still replace; none is to be added."""


def _imports(tree: ast.AST) -> dict[str, str]:
    """The full name of what each imported name of a module stands for."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def _patched(tree: ast.AST) -> Iterator[str]:
    """The full names of what a module replaces through ``monkeypatch``."""
    imports = _imports(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "monkeypatch.setattr":
            owner, name = node.args[0], node.args[1]
            if isinstance(owner, ast.Constant):
                yield str(owner.value)
            elif isinstance(name, ast.Constant):
                module = ast.unparse(owner)
                yield f"{imports.get(module, module)}.{name.value!s}"


def _foreign(path: Path, tree: ast.AST) -> set[str]:
    """What a module replaces in packages of subkit that its folder does not mirror, but limits."""
    own = "subkit_cli." if path.parent.name == "cli" else f"subkit.{path.parent.name}."
    names = {name for name in _patched(tree) if name.startswith("subkit")}
    parts = {name.rsplit(".", 1)[1] for name in names if not name.startswith(own)}
    return {part for part in parts if part != part.upper()}


def test_a_test_patches_only_what_it_is_about() -> None:
    """The package that its folder mirrors, a limit, or the world around the program."""
    found = {_name(path): _foreign(path, tree) for path, tree in TREES.items()}
    assert {name: parts for name, parts in found.items() if parts} == FOREIGN_PATCHES
