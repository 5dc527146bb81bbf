"""What many at once can do to the server: little, and never to others."""

from __future__ import annotations

import asyncio
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

from subkit.review.api import stream
from subkit.web import connections

if TYPE_CHECKING:
    import pytest

    from tests.review.conftest import Running

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_forty_live_conversions_at_once_are_four() -> None:
    async def ask() -> tuple[int, int]:
        conversions = stream.Conversions()
        most = 0

        async def one() -> asyncio.subprocess.Process:
            nonlocal most
            process = await conversions.start(SLEEPER)
            most = max(most, len(conversions._running))
            return process

        processes = await asyncio.gather(*(one() for _ in range(40)))
        alive = [process for process in processes if process.returncode is None]
        for process in processes:
            await conversions.end(process)
            await conversions.end(process)  # also twice
        assert all(process.returncode is not None for process in processes)
        assert conversions._running == []
        return most, len(alive)

    # In a thread of its own: a browser of other tests may have a loop in this one.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, ask()).result() == (4, 4)


def test_half_open_connections_lock_nobody_out(running: Running) -> None:
    beginnings = (b"", b"GET", b"GET / HTTP/1.1\r\nHost: ", b"POST /api/edit HTTP/1.1\r\nA: b\r\n")
    with ExitStack() as opened:
        for place in range(400):
            half = opened.enter_context(socket.create_connection(("127.0.0.1", running.port)))
            half.sendall(beginnings[place % len(beginnings)])
        ana = running.browser("Ana")
        assert ana.get("/api/project").json()["reviewer"]["name"] == "Ana"


def test_a_request_that_never_comes_is_given_up(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.1)
    for beginning in (b"", b"GET / HTTP/1.1\r\nHost: "):
        with socket.create_connection(("127.0.0.1", running.port), timeout=20) as half:
            half.sendall(beginning)
            assert half.recv(100) == b""  # closed from the other side
