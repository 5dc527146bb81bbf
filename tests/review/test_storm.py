"""``kill -9`` at random points of a storm of edits: nothing that was said to be saved is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from subkit.store import ProjectFile
from tests.builders.stores import sample

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="fork and signals of POSIX")


def run(path: Path, turns: int, seed: int) -> dict[str, int]:
    ProjectFile.create(path, sample(cues=20), actor="ada").close()
    command = [sys.executable, "-m", "tests.review.storm", str(path), str(turns), str(seed)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_no_acknowledged_edit_is_lost(tmp_path: Path) -> None:
    told = run(tmp_path / "film.subkit", turns=25, seed=7)
    assert told["acknowledged"] >= 25


@pytest.mark.soak
def test_no_acknowledged_edit_is_lost_at_many_points(tmp_path: Path) -> None:
    acknowledged = 0
    for seed in range(20):
        told = run(tmp_path / f"film{seed}.subkit", turns=25, seed=seed)
        acknowledged += told["acknowledged"]
    assert acknowledged >= 500
