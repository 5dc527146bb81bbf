"""The page in real Chromium, on a server in a process of its own that can be killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from subkit.store import ProjectFile, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from subkit.model import Project
    from subkit.pipeline import Outcome

TOKEN = "a-token-for-the-page-only"


class Served:
    """A project that is served; ``kill`` ends the server as no program expects."""

    def __init__(self, path: Path, port: int = 0) -> None:
        self.path = path
        command = [
            sys.executable,
            "-m",
            "subkit_cli",
            "review",
            str(path),
            "--json",
            "--reviewer",
            "Ana",
        ]
        command += ["--token", TOKEN, "--port", str(port), "--translator", "demo"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, env=dict(os.environ))
        assert self._process.stdout is not None
        text = b""
        while True:
            line = self._process.stdout.readline()
            assert line, f"the server ended: {text!r}"
            text += line
            if line.strip() == b"}":
                break
        self.url = str(json.loads(text)["url"])
        self.port = int(self.url.split(":")[2].split("/")[0])

    def kill(self) -> None:
        self._process.kill()
        self._close()

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        self._close()

    def _close(self) -> None:
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def document(self) -> Project:
        return load(self.path)


@pytest.fixture
def serve(demo: Outcome, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Serve a project (default: a copy of the demo's); another call serves it anew."""
    running: list[Served] = []

    def start(project: Project | None = None, *, path: Path | None = None, port: int = 0) -> Served:
        if path is None:
            path = tmp_path / "scene.subkit"
            if project is None:
                shutil.copyfile(demo.path, path)
            else:
                ProjectFile.create(path, project, actor="test").close()
        running.append(Served(path, port))
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture(scope="module")
def served(demo: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for a module whose tests keep out of each other's cues."""
    path = tmp_path_factory.mktemp("served") / "scene.subkit"
    shutil.copyfile(demo.path, path)
    one = Served(path)
    yield one
    one.stop()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open the page as a person would, and wait until it is ready; faults in it fail the test."""
    faults: list[str] = []
    contexts = []

    def open_page(served: Served, name: str = "", **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": 1280, "height": 720}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(f"dialog {dialog.message}"))
        page.goto(served.url)
        page.wait_for_selector("body[data-ready]")
        if name:
            page.click("#reviewer")
            page.fill("#dialog input", name)
            page.click("#dialog button.main")
            shows(page, "#reviewer", name)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


@contextmanager
def saving(page: Page, message: str = "Saved.") -> Iterator[None]:
    """Within, something is done that must end with the page saying it is saved, all of it.

    On a busy machine the first half of what is typed may be saved, and said to be, before the rest.
    """
    page.evaluate("document.getElementById('status').textContent = ''")
    yield
    shows(page, "#status", message)
    nothing_is_unsaved(page)


def nothing_is_unsaved(page: Page) -> None:
    """Wait until nothing is kept that was typed and is not known to be saved."""
    page.wait_for_function("() => (sessionStorage['subkit-drafts'] ?? '{}') === '{}'")


def shows(page: Page, selector: str, text: str) -> None:
    """Wait until something on the page contains a text."""
    from playwright.sync_api import expect

    expect(page.locator(selector)).to_contain_text(text, timeout=15_000)
