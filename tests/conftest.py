"""What the tests of several packages share: markers, the demo run, a browser, small media."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from subkit.demo import scene_file
from subkit.media import find_ffmpeg
from subkit.pipeline import Outcome, RunOptions, plan_run, run_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

# How long an example takes says something of the machine, not of what is tested.
settings.register_profile(
    "subkit", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("subkit")

TESTS = Path(__file__).parent
PURE = frozenset(
    {
        "alignment",
        "compliance",
        "dubbing",
        "edit",
        "exchange",
        "formats",
        "language",
        "model",
        "quality",
    }
    | {
        "risk",
        "signals",
        "speakers",
        "spotting",
        "store",
        "styles",
        "terminology",
        "timing",
        "translation",
    }
)
"""Folders whose tests look at values and small files."""
COSTLY = frozenset({"chromium", "demo", "demo_translator", "media", "speech", "make", "nursery"})
"""Fixtures that take seconds."""

DEMO = RunOptions(to=("ko", "es"), model="demo", translator="demo", offline=True)


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test the markers that follow from its folder and from what it asks for."""
    for item in items:
        for marker in markers(item):
            item.add_marker(marker)


def markers(item: pytest.Item) -> Iterator[str]:
    """The markers of a test beside those that its module gives it."""
    folder = item.path.relative_to(TESTS).parts[0]
    if folder == "benchmarks":
        yield "benchmarks"
    fixtures = set(getattr(item, "fixturenames", ()))
    if "chromium" in fixtures:
        yield "browser"
    given = {mark.name for mark in item.iter_markers()}
    searches = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    costly = searches or fixtures & COSTLY or given & {"models", "slow", "soak"}
    if folder in PURE and not costly:
        yield "fast"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests that need one."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The main job on the embedded scene, in a folder of this process.

    Its models run once, whatever the number of processes: each goes on from a copy of what the
    first made, and finds all stages done.
    """
    base = tmp_path_factory.getbasetemp()
    made = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "scene-of-all"
    with FileLock(f"{made}.lock"):
        if not made.exists():
            fresh = made.with_name("scene-in-the-making")
            run_demo(fresh)
            fresh.rename(made)
    return run_demo(shutil.copytree(made, base / "demo"))


def run_demo(folder: Path) -> Outcome:
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
