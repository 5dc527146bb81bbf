"""Documentation is under test: what it shows must run, exist and be up to date."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

import subkit
from subkit import errors
from subkit_cli.command_table import COMMANDS
from subkit_cli.exits import exit_code
from subkit_cli.reference import command_reference

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_to_headings_that_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", text):
        other = page.parent / target if target else page
        headings = re.findall(r"^#+ (.+)$", other.read_text(encoding="utf-8"), re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in headings}
        assert anchor in anchors, f"{target}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_files_that_are_named_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`(?:python )?((?:subkit|cli|tests|benchmarks|training)/[\w./-]+)`?", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_house_is_drawn_as_it_is() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| `([\w/]+)` \| (.+) \|$", page, re.MULTILINE))
    inside = {path.parent.name for path in (ROOT / "subkit").glob("*/__init__.py")}
    modules = {path.stem for path in (ROOT / "subkit").glob("[a-z]*.py")}
    assert inside | modules <= {*table, "errors"}
    assert all((ROOT / name).exists() or name in inside | modules for name in table)
    gate = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = gate["tool"]["importlinter"]["contracts"][1]["layers"]
    there = [re.sub(r"\((\w+)\)( \| )?| \| \((\w+)\)", _if_there, layer) for layer in layers]
    assert "```\nsubkit_cli\n" + "\n".join(there) + "\n```" in page


def _if_there(match: re.Match[str]) -> str:
    """What the gate allows to be missing, where it is there."""
    name = match[1] or match[3]
    return match[0].replace("(", "").replace(")", "") if (ROOT / "subkit" / name).exists() else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_python_that_is_shown_compiles_and_asserts_truths(page: Path) -> None:
    for block in _blocks(page, "python"):
        code = compile(block, str(page), "exec")
        if "assert" in block:
            exec(code, {})


def test_the_command_reference_is_up_to_date() -> None:
    written = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == command_reference(), "run: python -m subkit_cli.reference > docs/cli.md"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_reference(command: str) -> None:
    assert f"## subkit {command}\n" in command_reference()


def test_commands_that_the_readme_shows_exist() -> None:
    shown = re.findall(
        r"(?:^|`|&& )subkit (\w+)", "".join(re.findall(r"```.*?```|`.*?`", README, re.DOTALL))
    )
    assert len(shown) > 5
    assert set(shown) <= set(COMMANDS)


def test_the_readme_table_of_exit_codes_is_the_real_one() -> None:
    rows = dict(re.findall(r"^\| (\d+) \| (.+?) \|$", README, re.MULTILINE))
    assert set(rows) == {"0", "1", "2", "3", "4", "5", "6", "7", "130"}
    named = {name for cell in rows.values() for name in re.findall(r"`(\w+)`", cell)}
    for name in named:
        code = next(number for number, cell in rows.items() if f"`{name}`" in cell)
        assert exit_code(getattr(errors, name)("x")) == int(code), name
    leaves = {n for n in errors.__all__ if not getattr(errors, n).__subclasses__()}
    parents = {b.__name__ for n in leaves for b in getattr(errors, n).__mro__}
    assert named <= set(errors.__all__)
    assert {"MediaError", "PlanError", "ModelNotFound", "BatchError"} <= named & (leaves | parents)


def test_terms_are_defined_once_and_in_order() -> None:
    page = (ROOT / "docs" / "terms.md").read_text(encoding="utf-8")
    terms = re.findall(r"^\| \*\*(.+?)\*\* \|", page, re.MULTILINE)
    assert len(terms) > 20
    assert len(set(terms)) == len(terms)
    assert terms == sorted(terms, key=str.casefold)


def test_nothing_speaks_of_this_machine() -> None:
    home = str(Path.home())
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert os.sep + "tmp" + os.sep not in text, page
        assert home == "/" or home + os.sep not in text, page


def test_public_names_have_docstrings() -> None:
    for name in subkit.__all__:
        assert getattr(subkit, name).__doc__, name
