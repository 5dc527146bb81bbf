"""The house rules: sizes, imports, exports, errors, plug-ins."""

from __future__ import annotations

import ast
import importlib
import pickle
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import subkit
import subkit_cli
from subkit import errors
from subkit.plugins import BUILTIN, load_plugin, plugin_names

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGES = (subkit, subkit_cli)
SOURCES = sorted(
    path for package in PACKAGES for path in Path(str(package.__file__)).parent.rglob("*.py")
)
MODULES = sorted(
    info.name
    for package in PACKAGES
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)
SETTINGS = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
HEAVY = tuple(
    SETTINGS["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-module-level-imports"]
)
"""What is imported where it is used; the same list that keeps it from the top of modules."""

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60


TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def test_there_is_something_to_check() -> None:
    assert len(SOURCES) > 40
    assert len(MODULES) > 40


def test_everything_beside_the_code_is_installed_with_it() -> None:
    installed = Path(str(subkit.__file__)).parent
    source = Path(__file__).parents[2] / "subkit"
    beside = {
        path.relative_to(source)
        for path in source.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert Path("demo/scene/scene.mp4") in beside
    assert [path for path in sorted(beside) if not (installed / path).is_file()] == []


def test_files_are_small() -> None:
    lines = {_name(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {name: count for name, count in lines.items() if count > MAX_FILE_LINES} == {}


def test_functions_are_small() -> None:
    long = {}
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                assert node.end_lineno is not None
                length = node.end_lineno - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    long[f"{_name(path)} {node.name}"] = length
    assert long == {}


def _sets_lines_alone(node: ast.AST) -> bool:
    """Whether a call is ``replace(…, lines=…)`` without marks."""
    if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "replace":
        return False
    names = {keyword.arg for keyword in node.keywords}
    return "lines" in names and "marks" not in names


def test_no_text_of_a_cue_is_replaced_without_its_marks() -> None:
    found = {
        f"{_name(path)}:{node.lineno}"
        for path, tree in TREES.items()
        if path.parent.name != "decode"  # its lines are token counts of windows
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _sets_lines_alone(node)
    }
    assert not found, "subkit.model.mark_moves.with_lines keeps marks with their letters"
    assert _sets_lines_alone(ast.parse("replace(cue, lines=())").body[0].value)  # type: ignore[attr-defined]


def test_names_say_what_a_module_is_for() -> None:
    vague = {"utils", "helpers", "manager", "common", "misc"}
    assert [_name(path) for path in SOURCES if vague & {path.stem, path.parent.name}] == []


def test_every_module_says_what_it_exports_and_has_it() -> None:
    for module in MODULES:
        loaded = importlib.import_module(module)
        assert [name for name in loaded.__all__ if not hasattr(loaded, name)] == [], module


@pytest.mark.parametrize("package", ["dubbing", "exchange", "pipeline", "speakers"])
def test_a_package_that_loads_on_first_use_lists_what_it_gives(package: str) -> None:
    loaded = importlib.import_module(f"subkit.{package}")
    assert dir(loaded) == sorted(loaded.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        loaded.nothing  # noqa: B018


def test_spotting_loads_no_dubbing_sheets_or_review() -> None:
    code = (
        "import sys, subkit_cli.commands.spot\n"
        "idle = {'subkit.dubbing.work_grid', 'subkit.exchange.merging', 'subkit.review'}\n"
        "assert not idle & set(sys.modules), idle & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("module", ["subkit", "subkit.pipeline", "subkit_cli.main"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = (
        f"import sys, {module}\n"
        f"heavy = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_public_names_are_there() -> None:
    for name in subkit.__all__:
        assert getattr(subkit, name) is not None
    with pytest.raises(AttributeError):
        subkit.no_such_name  # noqa: B018


@pytest.mark.parametrize("name", errors.__all__)
def test_errors_survive_pickling_with_their_facts(name: str) -> None:
    error = getattr(errors, name)("It broke.", remedy="Mend it.", line=3)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (again.message, again.remedy) == ("It broke.", "Mend it.")
    assert again.facts == error.facts
    assert again.facts["line"] == 3
    assert str(again) == "It broke. Mend it."


def test_fields_of_errors_survive_pickling() -> None:
    refused = errors.NotFoundError("Gone.")
    for error, field in [
        (errors.FormatError("x", line=3, column=7), "line"),
        (errors.CueLockedError("x", cue="c1", state="approved"), "state"),
        (errors.ConflictError("x", track="ko", cue="c1", theirs={"text": "a"}), "theirs"),
        (errors.ApprovalError("x", cues=["ko/c1"]), "cues"),
        (errors.LockedError("x", pid=7), "pid"),
        (errors.PlanError("x", option="beam_size"), "option"),
        (errors.PlanError("x", language="ko", model="tiny.en"), "model"),
        (errors.ModelNotFound("x", path="models/base"), "path"),
    ]:
        again = pickle.loads(pickle.dumps(error))
        assert getattr(again, field) == getattr(error, field)
        assert getattr(again, field)
    batch = pickle.loads(pickle.dumps(errors.BatchError("x", failures={"a.mkv": refused})))
    assert isinstance(batch.failures["a.mkv"], errors.NotFoundError)


def test_an_error_with_another_remedy_is_the_same_error() -> None:
    error = errors.ConflictError("x", remedy="Look.", cue="c1", theirs={"text": "a"})
    other = error.with_remedy("Look again.")
    assert isinstance(other, errors.ConflictError)
    assert (other.message, other.remedy, error.remedy) == ("x", "Look again.", "Look.")
    assert (other.cue, other.theirs, other.facts) == (error.cue, error.theirs, error.facts)


def test_every_error_is_a_public_name() -> None:
    assert set(errors.__all__) <= set(subkit.__all__)


def test_facts_of_errors_decide_nothing() -> None:
    """They are printed; what a program decides by is a field of the error's class."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.If, ast.While, ast.IfExp)):
                assert "error.facts" not in ast.unparse(node.test), _name(path)


def test_the_drawn_error_tree_is_the_real_one() -> None:
    assert errors.__doc__ is not None
    for name in errors.__all__:
        assert name in errors.__doc__
        assert issubclass(getattr(errors, name), errors.SubkitError)


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, table in BUILTIN.items() for name in table]
)
def test_every_plugin_of_the_table_loads(kind: str, name: str) -> None:
    assert callable(load_plugin(kind, name))
    assert name in plugin_names(kind)


def test_unknown_plugins_are_named_with_the_known() -> None:
    with pytest.raises(errors.PluginError, match="whisper"):
        load_plugin("recognizers", "no-such")
    with pytest.raises(errors.PluginError, match="recognizers"):
        load_plugin("no-such-kind", "x")
