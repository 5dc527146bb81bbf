"""The layout: no circle, one meaning a name, no crumb, and the way of a film in one place."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from subkit.pipeline.run import FILM

ROOT = Path(__file__).parents[2]
_DATA = "data"
"""A package of tables beside the package that reads them; four packages have one."""


@cache
def _sources() -> dict[str, Path]:
    """Module name -> its file."""
    found = {}
    for folder in (ROOT / "subkit", ROOT / "cli" / "subkit_cli"):
        for path in folder.rglob("*.py"):
            parts = path.relative_to(folder.parent).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(_sources()[module].read_text(encoding="utf-8"))


@cache
def _imports() -> dict[str, frozenset[str]]:
    """Module -> the modules it imports, also for type checking and inside functions."""
    return {module: frozenset(_imported(module)) for module in _sources()}


def _imported(module: str) -> set[str]:
    found = set()
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            found |= {name if name in _sources() else node.module for name in names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return (found & set(_sources())) - {module}


def _reaches(start: str) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        for module in _imports()[todo.pop()] - seen:
            seen.add(module)
            todo.append(module)
    return seen


def test_no_module_imports_itself_through_others() -> None:
    assert [module for module in _sources() if module in _reaches(module)] == []


def _definitions(module: str, *kinds: type[ast.stmt]) -> list[str]:
    return [
        node.name
        for node in _tree(module).body
        if isinstance(node, kinds)
        and isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
    ]


def _is_command(module: str) -> bool:
    """A command is named as it is called, and has a function ``run``; the entry is ``main``."""
    return module.startswith("subkit_cli.commands.") or module == "subkit_cli.main"


def test_no_function_hides_its_module() -> None:
    for module in _sources():
        own = _definitions(module, ast.FunctionDef, ast.AsyncFunctionDef)
        assert _is_command(module) or module.rpartition(".")[2] not in own, module


def test_no_package_exports_a_name_that_hides_a_module() -> None:
    for module, path in _sources().items():
        if path.name != "__init__.py":
            continue
        below = {name.rpartition(".")[2] for name in _sources() if name.startswith(f"{module}.")}
        for node in _tree(module).body:
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {alias.asname or alias.name for alias in node.names}
                assert not names & below or node.module == module, (module, names & below)


def test_no_two_public_classes_have_one_name() -> None:
    homes = defaultdict(list)
    for module in _sources():
        for name in _definitions(module, ast.ClassDef):
            if not name.startswith("_"):
                homes[name].append(module)
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_no_two_modules_have_one_name() -> None:
    homes = defaultdict(list)
    for module in _sources():
        if not _is_command(module):
            homes[module.rpartition(".")[2]].append(module)
    del homes[_DATA]
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


@pytest.mark.parametrize("most", [40])
def test_no_crumbs(most: int) -> None:
    """A small module that one other imports is a paragraph of that one."""
    importers = defaultdict(set)
    for module, imported in _imports().items():
        for name in imported:
            importers[name].add(module)
    for module, path in _sources().items():
        if path.name.startswith("__") or _is_command(module) or ".stages." in module:
            continue
        if len(path.read_text(encoding="utf-8").splitlines()) < most:
            package = module.rpartition(".")[0]
            is_public = package in importers[module]
            assert is_public or len(importers[module]) > 1, module


def test_a_film_goes_through_six_stages() -> None:
    assert [stage.name for stage in FILM] == [
        "transcribe", "shots", "speakers", "spot", "translate", "write"
    ]  # fmt: skip
    there = {"media"}
    for stage in FILM:
        assert set(stage.needs) <= there, stage.name
        there |= set(stage.makes)
    page = (ROOT / "subkit" / "pipeline" / "run.py").read_text(encoding="utf-8")
    order = "(TRANSCRIBE, DETECT_SHOTS, LABEL_SPEAKERS, SPOT, TRANSLATE, WRITE)"
    assert f"FILM: tuple[Stage, ...] = {order}" in page


def test_every_table_lies_in_a_package_so_that_an_installed_subkit_has_it() -> None:
    tables = [
        path
        for kind in ("*.toml", "*.json")
        for path in (ROOT / "subkit").rglob(kind)
        if "demo" not in path.parts
    ]
    assert len(tables) > 10
    assert [path for path in tables if not (path.parent / "__init__.py").exists()] == []
