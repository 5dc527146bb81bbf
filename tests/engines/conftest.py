"""A hub on this machine, and small model directories to fetch from it."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from subkit.engines import demo_directory
from subkit.engines.catalogue import KnownModel

if TYPE_CHECKING:
    from collections.abc import Iterator

REVISION = "a" * 40


@dataclass
class Hub:
    """What a hub holds, what it is to do wrong, and what was asked of it.

    Speaks what a download needs: model information, and files with ranges. Large files are sent
    elsewhere by a redirect to another host, as the real hub does.
    """

    files: dict[str, bytes]
    revision: str = REVISION
    address: str = ""
    ask: list[tuple[str, str, str]] = field(default_factory=list)
    wrong_bytes: str = ""
    status: int = 200
    tokens_at: list[str] = field(default_factory=list)
    stall_at: int | None = None
    stalled: threading.Event = field(default_factory=threading.Event)
    resume: threading.Event = field(default_factory=threading.Event)

    def describe(self) -> dict[str, Any]:
        siblings = []
        for name, data in self.files.items():
            row: dict[str, Any] = {"rfilename": name, "size": len(data)}
            if name == "model.bin":
                row["lfs"] = {
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "size": len(data),
                    "pointerSize": 134,
                }
                row["blobId"] = "0" * 40
            else:
                blob = b"blob %d\0" % len(data) + data
                row["blobId"] = hashlib.sha1(blob, usedforsecurity=False).hexdigest()
            siblings.append(row)
        return {"id": "someone/small", "sha": self.revision, "siblings": siblings, "tags": []}

    def paths(self, method: str = "GET") -> list[str]:
        return [path for asked, path, _ in self.ask if asked == method]


def make_handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(body=True)

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def _answer(self, *, body: bool) -> None:
            path = self.path.split("?")[0]
            asked = self.headers.get("Range", "")
            hub.ask.append((self.command, path, asked))
            if "Authorization" in self.headers:
                hub.tokens_at.append(path.split("/")[1])
            if hub.status != 200:
                self._send(hub.status, b"", body=body)
            elif path.startswith("/api/models/"):
                self._send(200, json.dumps(hub.describe()).encode(), body=body)
            elif path.endswith("/model.bin") and "/resolve/" in path:
                elsewhere = hub.address.replace("127.0.0.1", "localhost")
                self._send(302, b"", body=body, location=f"{elsewhere}/cdn/model.bin?signed=1")
            else:
                name = path.rsplit("/", 1)[1]
                data = hub.files[name]
                if hub.wrong_bytes == name:
                    data = b"?" * len(data)
                start = int(asked.removeprefix("bytes=").rstrip("-") or 0)
                self._send(206 if asked else 200, data[start:], body=body, whole=len(data))

        def _send(
            self, status: int, data: bytes, *, body: bool, whole: int = 0, location: str = ""
        ) -> None:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            if status == 404:
                self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("ETag", '"x"')
            self.send_header("X-Repo-Commit", hub.revision)
            if status == 206:
                first = whole - len(data)
                self.send_header("Content-Range", f"bytes {first}-{whole - 1}/{whole}")
            self.end_headers()
            if body and hub.stall_at is not None and len(data) > hub.stall_at:
                self.wfile.write(data[: hub.stall_at])
                self.wfile.flush()
                hub.stalled.set()
                hub.resume.wait(timeout=60)
            elif body:
                self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub with the demo translator in it, beside files that are no part of a model."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    source = demo_directory("translator")
    files = {path.name: path.read_bytes() for path in source.iterdir() if path.is_file()}
    files["README.md"] = b"# not a part of the model"
    files["pytorch_model.bin"] = b"not wanted"
    held = Hub(files)
    server = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(held))
    held.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield held
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> KnownModel:
    """A known model without a pinned revision, whose repository the hub holds."""
    model = KnownModel(
        name="small-mt",
        kind="translator",
        family="nllb",
        repository="someone/small",
        revision=None,
        size_bytes=2_000_000,
        license="MIT",
        languages=("en", "es", "ko"),
    )
    monkeypatch.setattr("subkit.engines.catalogue._catalogue", lambda: (model,))
    return model


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the demo translator that a test may damage."""
    return Path(shutil.copytree(demo_directory("translator"), tmp_path / "copied"))
