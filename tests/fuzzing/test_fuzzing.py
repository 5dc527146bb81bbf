"""Whatever bytes a reader is given, it answers: with a document, or with one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzzing.targets import TARGETS

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="timers and limits of POSIX")


def feed(name: str, count: int, seed: int, out: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzzing", name, str(count), str(seed)],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
            "FUZZING_OUT": str(out),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_answers(name: str, tmp_path: Path) -> None:
    assert f"{name}: 40 inputs" in feed(name, 40, 1, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_answers_thousands_of_times(name: str, tmp_path: Path) -> None:
    for seed in range(2, 7):
        assert f"{name}: 1000 inputs" in feed(name, 1000, seed, tmp_path)
