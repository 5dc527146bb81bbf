"""Fixtures that several packages' tests share: the demo run, and small media made on the spot."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from subkit.demo import scene_file
from subkit.media import find_ffmpeg
from subkit.pipeline import Outcome, RunOptions, plan_run, run_plan

if TYPE_CHECKING:
    from collections.abc import Callable

# How long an example takes says something of the machine, not of what is tested.
settings.register_profile("subkit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("subkit")

DEMO = RunOptions(to=("ko", "es"), model="demo", translator="demo", offline=True)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The main job on the embedded scene, run once."""
    folder = tmp_path_factory.mktemp("demo")
    plan = plan_run(scene_file(), DEMO, folder=folder, formats=("srt", "vtt", "ass"))
    return run_plan(plan)


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first seconds of the scene as sound alone: the quickest real speech there is."""
    path = tmp_path_factory.mktemp("speech") / "speech.wav"
    return make_media(path, "-i", str(scene_file()), "-t", "16", "-vn", "-ac", "1", "-ar", "16000")


@pytest.fixture
def media(tmp_path: Path) -> Callable[..., Path]:
    """A function that makes a media file of a name from ffmpeg arguments."""

    def make(name: str, *arguments: str) -> Path:
        return make_media(tmp_path / name, *arguments)

    return make


def make_media(path: Path, *arguments: str) -> Path:
    """Run ffmpeg with ``arguments`` into ``path``."""
    command = [str(find_ffmpeg()), "-nostdin", "-loglevel", "error", "-y", *arguments, str(path)]
    subprocess.run(command, check=True, timeout=120)
    return path
