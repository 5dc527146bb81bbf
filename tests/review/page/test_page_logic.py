"""The page's pure modules, run by node."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import subkit.review

STATIC = Path(subkit.review.__file__).parent / "static"


def run(module: str, expression: str) -> Any:
    """The value of an expression in which ``m`` is a module of the page."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    script = f"import * as m from {json.dumps((STATIC / module).as_uri())};"
    script += f"process.stdout.write(JSON.stringify({expression}) ?? 'null');"
    command = [node, "--no-warnings", "--input-type=module", "-e", script]
    return json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)


def test_a_letter_counts_by_its_place_on_other_keyboards() -> None:
    pressed = [
        {"key": "a", "code": "KeyA"},
        {"key": "a", "code": "KeyQ"},  # a French keyboard says a, wherever it stands
        {"key": "ㅁ", "code": "KeyA"},
        {"key": "Ф", "code": "KeyA", "shiftKey": True},
        {"key": "я", "code": "KeyZ", "ctrlKey": True},
        {"key": "Process", "code": "KeyN"},
        {"key": "Enter", "code": "Enter", "ctrlKey": True, "shiftKey": True},
        {"key": "é", "code": "Digit2"},
    ]
    names = run("keynames.js", f"{json.dumps(pressed)}.map(m.nameOf)")
    assert names == ["a", "a", "a", "A", "Control+z", "n", "Control+Shift+Enter", "é"]


def test_what_was_done_is_said() -> None:
    cue = {"changed": [{"id": "6"}, {"id": "6.2"}], "removed": [], "order": None}
    cases = [
        ["/api/edit", {"op": "split", "track": "ko", "cue": "6"}, {"tracks": {"ko": cue}}],
        ["/api/edit", {"op": "merge", "track": "ko", "cue": "6", "with": "7"},
         {"tracks": {"ko": cue}}],
        ["/api/edit", {"op": "lock", "track": "ko", "cue": "6"}, {"tracks": {}, "project": False}],
        ["/api/undo", {}, {"of": "merge", "tracks": {"ko": {"changed": [{"id": "6"}],
                                                            "removed": ["7"]}}}],
    ]  # fmt: skip
    said = run("messages.js", f"{json.dumps(cases)}.map(one => m.outcome(...one, 'ko'))")
    assert said == [
        "Split 6 into 6 and 6.2. Saved.",
        "Merged 6 and 7. Saved.",
        "Nothing to change.",
        "Undid the merge of 6 and 7. Saved.",
    ]
    assert run("messages.js", "['1','2','3','4','5'].map((_, i, a) => m.named(a.slice(0, i)))") == [
        "",
        "1",
        "1 and 2",
        "1, 2 and 3",
        "1, 2 and 2 more",
    ]
