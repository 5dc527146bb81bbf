"""A project on a running server: real sockets, real SQLite, real media."""

from __future__ import annotations

import shutil
import socket
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from subkit.pipeline import RunOptions
from subkit.review import ReviewOptions
from subkit.review.api.guard import Gatekeeper
from subkit.review.desk import Desk
from subkit.review.server import make_server
from subkit.store import ProjectFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from subkit.pipeline import Outcome

TOKEN = "a-token-for-tests-only"
OPTIONS = ReviewOptions(
    reviewer="Ana", token=TOKEN, run=RunOptions(translator="demo", model="demo", offline=True)
)


class Running:
    """A server that runs, and browsers that talk to it."""

    def __init__(self, path: Path, options: ReviewOptions = OPTIONS) -> None:
        self.path = path
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(64)
        self.port = self._listener.getsockname()[1]
        self.gatekeeper = Gatekeeper(token=TOKEN, host="127.0.0.1", port=self.port)
        self.store = ProjectFile.open(path)
        self.desk = Desk(self.store, options)
        self.desk.start()
        listening = threading.Event()
        self._server = make_server(self.desk, self.gatekeeper, lambda *_: listening.set())
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],))
        self._thread.start()
        assert listening.wait(20)
        self.base = f"http://127.0.0.1:{self.port}"
        self._browsers: list[httpx.Client] = []

    def browser(self, name: str = "") -> httpx.Client:
        """A new browser that was let in by the printed address."""
        client = httpx.Client(base_url=self.base, timeout=60, headers={"origin": self.base})
        self._browsers.append(client)
        assert client.get("/", params={"token": TOKEN}).status_code == 303
        if name:
            posted = client.post("/api/reviewer", json={"name": name, "role": "reviewer"})
            assert posted.status_code == 200, posted.text
        return client

    def stop(self, *, close: bool = True) -> None:
        """Stop it; without ``close`` the browsers are still open when it has stopped."""
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()
        for client in self._browsers if close else ():
            client.close()
        self.desk.stop()
        self.store.close()
        self._listener.close()


@pytest.fixture
def project(demo: Outcome, tmp_path: Path) -> Path:
    """A copy of the demo's project file."""
    path = tmp_path / "scene.subkit"
    shutil.copyfile(demo.path, path)
    return path


@pytest.fixture
def running(project: Path) -> Iterator[Running]:
    server = Running(project)
    yield server
    server.stop()


@pytest.fixture
def ana(running: Running) -> httpx.Client:
    return running.browser("Ana")


@pytest.fixture
def ben(running: Running) -> httpx.Client:
    return running.browser("Ben")


def cue_of(client: httpx.Client, track: str, cue: str) -> dict[str, Any]:
    answer = client.get("/api/cue", params={"track": track, "cue": cue})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def post(client: httpx.Client, op: str, track: str, cue: str, **fields: Any) -> httpx.Response:
    """An edit of one cue, made from what it is now."""
    revision = fields.pop("revision", None) or cue_of(client, track, cue)["revision"]
    body = {"op": op, "track": track, "cue": cue, "revision": revision, **fields}
    return client.post("/api/edit", json=body)
