"""Commands, reviews and upgrades that are killed: nothing that was acknowledged is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from subkit.demo import scene_file
from subkit.store import ProjectFile

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="fork and signals of POSIX")


def run(folder: Path, turns: int, seed: int) -> dict[str, int]:
    command = [sys.executable, "-m", "tests.cli.storm", str(folder), str(turns), str(seed)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    counts = run(tmp_path, turns=30, seed=3)
    assert counts["acknowledged"] > 0
    assert {"edit", "approve", "review", "fix", "upgrade"} <= set(counts)


@pytest.mark.soak
def test_nothing_acknowledged_is_lost_in_a_day(tmp_path: Path) -> None:
    """2,900 kills: one for each half minute of a day."""
    acknowledged = 0
    for seed in range(29):
        folder = tmp_path / str(seed)
        folder.mkdir()
        acknowledged += run(folder, turns=100, seed=seed)["acknowledged"]
    assert acknowledged > 2_900


@pytest.mark.soak
def test_a_run_that_is_killed_again_and_again_comes_to_its_end(tmp_path: Path) -> None:
    words = ("run", scene_file(), "-o", tmp_path, "--to", "ko", "--model", "demo")
    command = [sys.executable, "-m", "subkit_cli", *map(str, words), "--translator", "demo"]
    project = tmp_path / f"{scene_file().stem}.subkit"
    ended = kills = 0
    for seconds in (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 300):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
            try:
                _, err = child.communicate(timeout=seconds)
                assert child.returncode == 0, err
                ended = 1
            except subprocess.TimeoutExpired:
                child.kill()
                assert child.wait() == -signal.SIGKILL
                kills += 1
        if project.exists():
            with ProjectFile.open(project, writable=False) as store:
                assert store.verify() is None
        if ended:
            break
    assert ended
    assert kills > 1
    assert (tmp_path / f"{scene_file().stem}.ko.srt").is_file()
