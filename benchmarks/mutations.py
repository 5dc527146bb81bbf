"""Whether tests notice when product code is changed: ``python -m benchmarks.mutations``.

A mutant is one module with one change: a comparison, a number, ``and`` for ``or``, a negated
condition, a statement left out. The tests of its package run against it; a mutant that passes them
all has survived. A seeded sample is drawn from all mutants of each package. Mutants that do what
the code does are listed in ``equivalent_mutants.json``, each with the reason: they are not tried.

mutmut copies the tree and cosmic-ray starts an interpreter for each mutant; here each is a fork of
a process in which pytest and its plugins are loaded, and the changed module comes from memory. So
nothing on disk is touched, and a mutant takes about a second.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib.abc
import importlib.util
import json
import os
import random
import resource
import signal
import sys
import tempfile
import time
from copy import deepcopy
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

ROOT = Path(__file__).parents[1]
CPU_SECONDS = 60
"""A mutant that takes longer does not end: it counts as killed."""
MEMORY = 4 << 30
"""Bytes. A mutant that needs more grows without end: it counts as killed."""

STORE = [
    "undoing", "ledger", "ledger_marks", "versions", "upgrade", "damage", "lock",
    "publication", "project_words", "entry_view", "failures", "location", "output_folders",
    "documents",
]  # fmt: skip
PACKAGES: dict[str, tuple[str, list[str]]] = {
    "edit": ("subkit/edit", ["tests/edit", "tests/store/test_undoing.py"]),
    "compliance": ("subkit/compliance", ["tests/compliance"]),
    "store": ("subkit/store", [f"tests/store/test_{name}.py" for name in STORE]),
    "signals": ("subkit/signals", ["tests/signals"]),
    "cost terms": ("subkit/spotting/cost_terms.py", ["tests/spotting/test_cost_terms.py"]),
}
"""Name -> what is changed, and the tests that should notice."""

SLOW = "not demo and not killed and not every_column and not flipped_byte and not changed_letter"
"""Tests of crashes and of single bytes: too slow to run for every mutant."""

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.json")
"""File, line and mutant of each that no test can tell from the code, and why."""

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    """What a node may become, each with its description; ``None`` leaves a statement out."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARE:
        other = deepcopy(node)
        other.ops[0] = _COMPARE[type(node.ops[0])]()
        yield ast.unparse(other), other
    elif isinstance(node, ast.BoolOp):
        other_bool = deepcopy(node)
        other_bool.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        yield ast.unparse(other_bool), other_bool
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield ast.unparse(node.operand), node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC and not _is_text(node):
        other_sum = deepcopy(node)
        other_sum.op = _ARITHMETIC[type(node.op)]()
        yield ast.unparse(other_sum), other_sum
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield str(not node.value), ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield str(node.value + 1), ast.Constant(node.value + 1)
    elif isinstance(node, (ast.If, ast.IfExp)):
        other_if = deepcopy(node)
        other_if.test = ast.UnaryOp(ast.Not(), node.test)
        yield f"if not ({ast.unparse(node.test)})", other_if
    elif (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)) or isinstance(
        node, ast.AugAssign
    ):
        yield f"without {ast.unparse(node)}", None


def _is_text(node: ast.BinOp) -> bool:
    texts = (ast.JoinedStr, ast.List, ast.Tuple)
    return any(
        isinstance(side, texts) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def mutants(source: str) -> list[tuple[int, str]]:
    """Every mutant of a module: the line, and what is different."""
    return [(line, text) for line, text, _, _ in _sites(ast.parse(source))]


def mutated(source: str, number: int) -> ast.Module:
    """The module with the change of that number, counted as in :func:`mutants`."""
    tree = ast.parse(source)
    _, _, node, put = _sites(tree)[number]
    put(node)
    return ast.fix_missing_locations(tree)


def _sites(tree: ast.Module) -> list[tuple[int, str, ast.AST | None, Any]]:
    """Line, description, new node, and how it gets into the tree; in a stable order."""
    found: list[tuple[int, str, ast.AST | None, Any]] = []

    def visit(parent: ast.AST) -> None:
        for field, value in ast.iter_fields(parent):
            for index, child in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(child, ast.AST) or _is_passive(parent, field, child):
                    continue
                for text, new in changes(child):
                    found.append(
                        (getattr(child, "lineno", 0), text, new, _put(parent, field, index))
                    )
                visit(child)

    visit(tree)
    return found


def _is_passive(parent: ast.AST, field: str, child: ast.AST) -> bool:
    """Whether a change says nothing: types, decorators, words of errors, and other systems."""
    if isinstance(child, ast.Raise) or field in {"annotation", "returns", "decorator_list"}:
        return True
    test = child.test if isinstance(child, (ast.If, ast.IfExp)) else None
    names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)} if test else set()
    return bool(names & {"TYPE_CHECKING", "sys"}) or (
        isinstance(parent, ast.Module) and isinstance(child, ast.Expr)
    )


def _put(parent: ast.AST, field: str, index: int) -> Any:
    def put(node: ast.AST | None) -> None:
        value = getattr(parent, field)
        if isinstance(value, list):
            value[index] = node or ast.Pass()
        else:
            setattr(parent, field, node)

    return put


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module in its changed form."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self._name, self._path, self._tree = name, path, tree

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:  # noqa: ARG002
        """Ours for the one name."""
        if fullname != self._name:
            return None
        package = self._path.name == "__init__.py"
        return importlib.util.spec_from_file_location(
            fullname,
            self._path,
            loader=self,
            submodule_search_locations=[str(self._path.parent)] if package else None,
        )

    def create_module(self, spec: Any) -> ModuleType | None:  # noqa: ARG002
        """As usual."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed source."""
        exec(compile(self._tree, str(self._path), "exec"), module.__dict__)  # noqa: S102


def likeliest_first(tests: Sequence[str], module: Path) -> list[str]:
    """The same tests, those of the module itself first: most mutants end there."""
    files = [
        file
        for path in (ROOT / test for test in tests)
        for file in (sorted(path.rglob("test_*.py")) if path.is_dir() else [path])
    ]
    files.sort(key=lambda file: module.stem.removesuffix("s") not in file.stem)
    return [str(file.relative_to(ROOT)) for file in files]


def passes(tests: Sequence[str], changed: Changed | None) -> bool:
    """Whether the tests pass, in a child of this process."""
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        child = os.fork()
        if not child:
            _run(tests, changed, folder)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _run(tests: Sequence[str], changed: Changed | None, folder: str) -> NoReturn:
    """Run the tests in this process, and end it with their exit code."""
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(6 * CPU_SECONDS)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        if changed is not None:
            sys.meta_path.insert(0, changed)
        import pytest
        from hypothesis import HealthCheck, settings

        settings.register_profile(
            "mutants",
            deadline=None,
            derandomize=True,
            max_examples=15,
            suppress_health_check=[HealthCheck.too_slow],
        )
        settings.load_profile("mutants")
        flags = [
            "-x",
            "-q",
            "--noconftest",
            "-o",
            "addopts=--import-mode=importlib",
            "-o",
            "filterwarnings=",
            "-p",
            "no:cacheprovider",
            "-k",
            SLOW,
            f"--basetemp={folder}/tests",
        ]
        code = int(pytest.main([*flags, *tests]))
    finally:
        os._exit(code)


def _memory() -> str | None:
    """A folder in memory, where there is one: files of tests need not reach a disk."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of an own name is made in it
    return str(shared) if os.access(shared, os.W_OK) else None


def equivalents() -> dict[tuple[str, str, str], str]:
    """Why a mutant does what the code does, by file, line without indent, and what is changed."""
    rows = json.loads(EQUIVALENT.read_text("utf-8"))
    return {(row["file"], row["line"], row["mutant"]): row["why"] for row in rows}


Mutant = tuple[Path, int, str, int]
"""Module, line, what is different, and the number of the change."""


def every(package: str) -> tuple[list[Mutant], list[tuple[str, str, str]]]:
    """The mutants of a package that tests can notice, and the keys of those that they cannot."""
    where = ROOT / PACKAGES[package][0]
    files = sorted(where.rglob("*.py")) if where.is_dir() else [where]
    known, found, same = equivalents(), [], []
    for path in files:
        source = path.read_text("utf-8")
        lines = source.splitlines()
        for number, (line, text) in enumerate(mutants(source)):
            key = (str(path.relative_to(ROOT)), lines[line - 1].strip(), text)
            if key in known:
                same.append(key)
            else:
                found.append((path, line, text, number))
    return found, same


def score(package: str, size: int, seed: int, until: float) -> dict[str, Any]:
    """Try a sample of a package's mutants, and say what survived."""
    tests = PACKAGES[package][1]
    assert passes(tests, None), f"the tests of {package} fail without any change"
    found, same = every(package)
    chosen = list(found)
    random.Random(seed).shuffle(chosen)  # noqa: S311
    killed = tried = 0
    survivors = []
    for path, line, text, number in chosen[:size]:
        if time.monotonic() > until:
            break
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tried += 1
        tree = mutated(path.read_text("utf-8"), number)
        if passes(likeliest_first(tests, path), Changed(name, path, tree)):
            survivors.append(f"{path.relative_to(ROOT)}:{line}: {text:.100}")
            print("survived:", survivors[-1], flush=True)
        else:
            killed += 1
    return {
        "package": package,
        "seed": seed,
        "mutants": len(found),
        "equivalent": len(same),
        "tried": tried,
        "killed": killed,
        "share": round(killed / tried, 3) if tried else 1.0,
        "survivors": survivors,
    }


def _kept(path: Path, row: dict[str, Any]) -> None:
    """Put a package's row into a file of results, in place of its last one."""
    text = path.read_text("utf-8") if path.exists() else "{}"
    rows = {old["package"]: old for old in json.loads(text).get("packages", ())}
    today = datetime.now(timezone.utc).date().isoformat()
    rows[row["package"]] = {**row, "date": today}
    listed = [rows[name] for name in PACKAGES if name in rows]
    path.write_text(json.dumps({"packages": listed}, indent=2) + "\n", "utf-8")


def main() -> int:
    """Try the sample of every package, and print what survived."""
    parser = argparse.ArgumentParser(description="Whether tests notice changed code.")
    parser.add_argument("--package", action="append", choices=PACKAGES, help="only this one")
    parser.add_argument("--sample", type=int, default=100, help="mutants of each package")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--least", type=float, default=0.0, help="exit 1 below this share killed")
    parser.add_argument("--json", type=Path, help="file of results to put each package's row into")
    parser.add_argument("--seconds", type=float, default=1e9, help="begin no mutant after so long")
    arguments = parser.parse_args()
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT), str(ROOT / "cli")]
    sys.dont_write_bytecode = True
    for name in ("pytest", "hypothesis", "numpy", "jsonschema", "tests"):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    until, worst = time.monotonic() + arguments.seconds, 1.0
    for package in arguments.package or PACKAGES:
        row = score(package, arguments.sample, arguments.seed, until)
        worst = min(worst, row["share"])
        print(json.dumps(row), flush=True)
        if arguments.json is not None:
            _kept(arguments.json, row)
    return 0 if worst >= arguments.least else 1


if __name__ == "__main__":
    sys.exit(main())
