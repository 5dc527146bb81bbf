"""``subkit verify --against``: a project, and what went out of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

FORGED = Path(__file__).parents[3] / "shared" / "cases" / "hostile" / "forged.subkit"
SRT = "1\n00:00:01,000 --> 00:00:02,000\nHello there.\n\n2\n00:00:04,000 --> 00:00:06,000\nWho?\n"


@pytest.fixture
def talk(subkit: Callable[..., Answer], tmp_path: Path) -> Path:
    """A project whose Korean track went out."""
    (tmp_path / "talk.en.srt").write_text(SRT)
    answer = subkit("translate", "talk.en.srt", "--to", "ko", "--translator", "demo")
    assert answer.code == 0, answer.err
    return tmp_path / "talk.subkit"


def test_what_went_out_witnesses_the_ledger(
    subkit: Callable[..., Answer], talk: Path, tmp_path: Path
) -> None:
    ledger = json.loads((tmp_path / "talk.ko.disclosure.json").read_text())["ledger"]
    told = subkit("verify", talk, "--json").json()
    assert ledger == {name: told[name] for name in ("entries", "first", "head")}
    assert subkit("disclose", talk, "--json").json()["disclosures"][0]["ledger"] == ledger
    shutil.copy(talk, tmp_path / "copy.subkit")
    assert subkit("edit", talk, "1", "--track", "ko", "--text", "안녕.").code == 0
    (tmp_path / "printed.txt").write_text(subkit("verify", talk).out)
    (tmp_path / "printed.json").write_text(subkit("verify", talk, "--json").out)
    for witness in ("talk.ko.srt", "talk.ko.disclosure.json", "copy.subkit", "printed.txt"):
        assert subkit("verify", talk, "--against", witness).code == 0
    for witness in ("talk.subkit", "printed.txt", "printed.json"):
        answer = subkit("verify", "copy.subkit", "--against", "talk.ko.srt", "--against", witness)
        assert answer.code == 5
        assert answer.out.startswith(f"Against {witness}: The ledger was cut from its end: ")
        bad = subkit("verify", "copy.subkit", "--against", witness, "--json").json()
        assert (bad["whole"], bad["bad"]["against"]) == (False, witness)


def test_a_forged_project_is_found_by_what_went_out(
    subkit: Callable[..., Answer], talk: Path
) -> None:
    if not FORGED.is_file():
        pytest.skip("the shared cases are not here")
    assert subkit("verify", FORGED).code == 0, "a chain without a key proves no more"
    answer = subkit("verify", FORGED, "--against", talk.with_name("talk.ko.srt"))
    assert answer.code == 5
    assert "rewritten from its first entry on" in answer.out


def test_a_witness_that_was_changed_witnesses_nothing(
    subkit: Callable[..., Answer], talk: Path, tmp_path: Path
) -> None:
    sidecar = tmp_path / "talk.ko.disclosure.json"
    sidecar.write_text(sidecar.read_text().replace('"approved": 0', '"approved": 2'))
    answer = subkit("verify", talk, "--against", "talk.ko.srt")
    assert answer.code == 3
    assert "witnesses nothing" in answer.err
    assert subkit("verify", talk, "--against", "talk.en.srt").code == 3
    assert subkit("verify", talk, "--against", "none.srt").code == 3
