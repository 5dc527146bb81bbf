"""The guide and the API's contract say what is there."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from subkit.compliance.signoff import Gate, read_gate
from subkit.review.api.get import READING
from subkit.review.api.guard import CSP
from subkit.review.api.post import EDITING
from subkit.review.operations import OPERATIONS
from subkit.signals import SIGNALS
from subkit_cli.command_table import COMMANDS

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "review.md").read_text(encoding="utf-8")
CONTRACT = (DOCS / "review_api.md").read_text(encoding="utf-8")


def test_every_kind_of_reason_is_explained() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \|", GUIDE, re.MULTILINE)
    assert told == [key for key, signal in SIGNALS.items() if signal.weight]


def test_the_gate_that_is_shown_is_one(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    path = tmp_path / "gate.toml"
    path.write_text(block)
    gate = read_gate(path)
    assert gate.roles == ("translator", "reviewer")
    for field in fields(Gate):
        assert re.search(rf"^{field.name} = ", block, re.MULTILINE), field.name


def test_commands_that_are_shown_exist() -> None:
    shown = set(re.findall(r"subkit ([a-z]+) ", GUIDE))
    assert len(shown) > 5
    assert shown <= set(COMMANDS)


def test_every_address_and_every_edit_is_in_the_contract() -> None:
    for address in (*READING, *EDITING):
        assert address in CONTRACT, address
    table = CONTRACT.split("| op | further fields | does |")[1].split("\n\n")[0]
    told = set(re.findall(r"`([a-z]+)`", "\n".join(re.findall(r"^\| ([^|]+) \|", table, re.M))))
    assert told == set(OPERATIONS)


def test_the_policy_that_is_told_is_sent() -> None:
    assert " ".join(CSP.split()) in " ".join(CONTRACT.split())
