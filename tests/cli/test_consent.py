"""The consent register by the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from subkit.compliance.consent import recording_digest
from subkit.model import to_plain
from tests.compliance.test_consent import GRANT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def test_a_grant_is_added_checked_used_and_withdrawn(
    subkit: Callable[..., Answer], tmp_path: Path
) -> None:
    recording = tmp_path / "min.wav"
    recording.write_bytes(b"voice")
    plain = {**to_plain(GRANT), "recording": recording_digest(recording), "end": "2199-12-31"}
    (tmp_path / "grant.json").write_text(json.dumps(plain), encoding="utf-8")
    register = tmp_path / "voices.jsonl"
    check = (
        *("consent", "check", register, "--voice", "min-1", "--recording", recording),
        *("--title", "The Old House", "--language", "ko", "--media", "streaming"),
        *("--territory", "KR", "--purpose", "scratch", "--json"),
    )
    assert subkit(*check).code == 3  # no register: nothing is permitted
    added = subkit("consent", "add", register, tmp_path / "grant.json", "--by", "Desk")
    assert added.code == 0
    assert "Min Seo" in added.out
    answer = subkit(*check)
    assert (answer.code, answer.json()["permitted"], answer.json()["grant"]) == (0, True, "g1")
    denied = subkit(*check, "--training")
    assert (denied.code, denied.json()["permitted"]) == (6, False)
    assert "training" in denied.json()["reason"]
    assert subkit(*check, "--use", "loop 1", "--by", "Kim").code == 0
    assert subkit(*check, "--use", "loop 1").code == 3  # nobody uses nothing
    refused = subkit(*check, "--use", "loop 2", "--by", "Kim", "--training")
    assert refused.code == 6
    listed = subkit("consent", "list", register, "--json").json()
    assert [use["made"] for use in listed["uses"]] == ["loop 1"]
    assert listed["grants"][0]["withdrawn"] is None
    gone = ("consent", "withdraw", register, "g1", "--reason", "asked", "--by", "Desk")
    assert subkit(*gone).code == 0
    assert subkit(*check).code == 6
    register.write_bytes(register.read_bytes().replace(b"Min Seo", b"Min Sea", 1))
    assert subkit("consent", "list", register).code == 3
