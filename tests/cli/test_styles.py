"""``subkit styles``: list, show, new."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_show_prints_each_number_with_confidence_and_sources(subkit: Callable[..., Any]) -> None:
    out = subkit("styles", "show", "netflix", "--language", "ko").out
    row = next(line for line in out.splitlines() if "max_cps" in line)
    assert "12" in row
    assert "SE-NFQC" in row
    assert " C " in row
    assert "pause for ellipsis s: 2 (A: NF-KO)" in out
    assert "SE-NFQC  SubtitleEdit/subtitleedit" in out
    assert "compliant" not in out
    report = subkit("styles", "show", "bbc", "--json").json()
    assert report["profiles"][0]["shots"]["in_after"] == "1/1"
    assert report["rules"]["max_wpm"]["confidence"] == "B"
    assert set(report["rules"]["max_wpm"]["sources"]) <= set(report["sources"])


def test_a_new_style_is_written_once_and_can_be_used(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    answer = subkit("styles", "new", "acme.toml", "--from", "netflix", "--language", "ko")
    assert answer.code == 0
    assert answer.out == "acme.toml\n"
    text = Path("acme.toml").read_text(encoding="utf-8")
    assert "# max_cpl = 16" in text
    shown = subkit("styles", "show", "acme", "--styles", "acme.toml", "--json").json()
    assert shown["profiles"][0]["max_cps"] == "20/1"
    again = subkit("styles", "new", "acme.toml", "--json")
    assert again.code == 3
    assert "acme.toml" in again.json()["error"]["message"]
    assert Path("acme.toml").read_text(encoding="utf-8") == text
    assert [path.name for path in tmp_path.iterdir()] == ["acme.toml"]


def test_a_new_style_needs_a_name_and_a_known_parent(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    assert subkit("styles", "new", "acme.json").code == 2
    answer = subkit("styles", "new", "acme.toml", "--from", "netflicks")
    assert answer.code == 2
    assert "netflix" in answer.err
    assert not list(tmp_path.iterdir())
