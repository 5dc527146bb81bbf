"""Commands, reviews and upgrades that are killed: nothing that was acknowledged is lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from subkit.demo import scene_file
from subkit.store import ProjectFile
from tests.waiting import wait_until

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


def content(path: Path) -> tuple[object, ...]:
    """What a run made, but for when."""
    with ProjectFile.open(path, writable=False) as store:
        assert store.verify() is None
        project = store.load()
    assert project.transcript is not None
    words = [(word.text, word.span) for word in project.transcript.words]
    cues = [
        (cue.id, cue.span, cue.lines, cue.placement, [other.text for other in cue.alternatives])
        for track in project.tracks
        for cue in track.cues
    ]
    return words, project.shots, [track.id for track in project.tracks], cues


def demo_run(folder: Path) -> list[str]:
    folder.mkdir()
    words = ("run", scene_file(), "-o", folder, "--to", "ko", "-f", "srt", "--model", "demo")
    return [sys.executable, "-m", "subkit_cli", *map(str, words), "--translator", "demo"]


def children_at(folder: Path) -> list[str]:
    """Command lines of programs that still work on what lies in a folder."""
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in found.stdout.splitlines() if str(folder) in line]


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_killed_at_any_moment_ends_as_one_that_was_not(tmp_path: Path, seed: int) -> None:
    whole, folder = tmp_path / "whole", tmp_path / "killed"
    subprocess.run(demo_run(whole), check=True, capture_output=True)
    project, chance, kills = folder / f"{scene_file().stem}.subkit", random.Random(seed), 0
    command = demo_run(folder)
    while True:
        patience = chance.uniform(0.2, 6) if kills < 12 else 300
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
            try:
                _, err = child.communicate(timeout=patience)
                assert child.returncode == 0, err
                break
            except subprocess.TimeoutExpired:
                child.kill()
                assert child.wait() == -signal.SIGKILL
                kills += 1
        if project.exists():
            with ProjectFile.open(project, writable=False) as store:
                assert store.verify() is None
    assert kills > 1
    assert content(project) == content(whole / project.name)
    for path in whole.glob("*.srt"):
        assert (folder / path.name).read_bytes() == path.read_bytes()
    assert {path.name for path in folder.iterdir()} == {path.name for path in whole.iterdir()}
    wait_until(lambda: not children_at(folder))
