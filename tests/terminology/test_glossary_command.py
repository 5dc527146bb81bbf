"""``subkit glossary`` as a user meets it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from subkit_cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "source,target,source_language,language\n"


def call(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, Any]:
    code = main([*map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_good_glossary_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "g.csv"
    path.write_text(HEAD + "Hugo,휴고,en,ko\n", encoding="utf-8")
    code, facts = call(capsys, "glossary", "check", path)
    assert code == 0
    assert (facts["terms"], facts["errors"], facts["faults"]) == (1, 0, [])


def test_errors_close_the_gate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "g.csv"
    path.write_text(HEAD + "Hugo,휴고,en,ko\nhugo,위고,en,ko\n", encoding="utf-8")
    code, facts = call(capsys, "glossary", "check", path)
    assert code == 5
    assert facts["faults"] == [
        {
            "kind": "clash",
            "severity": "error",
            "place": "line 3",
            "message": "'hugo' is '위고' here and '휴고' in line 2",
        }
    ]
    assert main(["glossary", "check", str(path)]) == 5
    assert "line 3: error: 'hugo' is '위고' here" in capsys.readouterr().out


def test_what_is_no_glossary_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "g.csv"
    path.write_text("Hugo\n", encoding="utf-8")
    code, facts = call(capsys, "glossary", "check", path)
    assert code == 3
    assert facts["error"]["kind"] == "FormatError"
