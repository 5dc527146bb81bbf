"""A speech server on a real socket, with the demo recogniser."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from subkit.pipeline import RunOptions
from subkit.serve import ServeOptions
from subkit.serve.speech_desk import SpeechDesk
from subkit.serve.speech_server import make_speech_server
from subkit.web import listen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

TOKEN = "a-token-for-tests-only"


class Serving:
    """A server that runs."""

    def __init__(self, options: ServeOptions) -> None:
        self.desk = SpeechDesk(options)
        self._listener = listen(options.host, options.port)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        listening = threading.Event()
        self._server = make_speech_server(self.desk, listening.set)
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],))
        self._thread.start()
        assert listening.wait(20)
        headers = {"authorization": f"Bearer {TOKEN}"} if options.tokens else {}
        self.client = httpx.Client(base_url=self.url, headers=headers, timeout=120)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(60)
        assert not self._thread.is_alive()
        self.client.close()
        self.desk.close()
        self._listener.close()


@pytest.fixture(scope="session")
def make_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., AbstractContextManager[Serving]]:
    @contextmanager
    def make(**given: object) -> Iterator[Serving]:
        base = ServeOptions(
            port=0,
            tokens=(TOKEN,),
            run=RunOptions(model="demo", offline=True),
            scratch=tmp_path_factory.mktemp("scratch"),
        )
        running = Serving(replace(base, **given))  # type: ignore[arg-type]
        try:
            yield running
        finally:
            running.stop()

    return make


@pytest.fixture(scope="session")
def server(make_server: Callable[..., AbstractContextManager[Serving]]) -> Iterator[Serving]:
    """One server for all tests that leave it as it is."""
    with make_server() as running:
        yield running


@pytest.fixture
def clip(speech: Path) -> bytes:
    return speech.read_bytes()
