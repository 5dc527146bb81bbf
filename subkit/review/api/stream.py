"""Streaming responses: media with byte ranges, conversions by ffmpeg, events."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from subkit.errors import NotFoundError, SubkitError
from subkit.review.api.answers import RequestError, answer_error, respond
from subkit.review.events import Event
from subkit.review.operations import exact_seconds
from subkit.review.proxies import KINDS, live_command, media_type

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.requests import Request as WebRequest
    from starlette.responses import Response

    from subkit.review.desk import Desk

__all__ = ["Conversions", "streaming_routes"]

_KEEPALIVE = 15.0
_MAX_RANGE = 200
"""Characters of a Range header; a player asks for one range."""

_MAX_LIVE = 4
"""Streams at once: each is an ffmpeg, and a page that seeks leaves the last one behind."""

_CHUNK = 1 << 16


def streaming_routes(desk: Desk) -> dict[str, Any]:
    """Address -> endpoint."""
    live = _live(desk)
    return {
        "/api/events": _events(desk),
        "/media/original": _original(desk),
        **{f"/media/proxy.{kind}": _proxy(desk, kind) for kind in KINDS},
        **{f"/media/live.{kind}": live for kind in KINDS},
    }


def _file(web: WebRequest, path: Path | None, kind: str) -> Response:
    """Send a file, or the byte range that was asked for."""
    from starlette.responses import FileResponse

    if path is None or not path.is_file():
        return respond(answer_error(NotFoundError("The media is not there.")))
    if len(web.headers.get("range", "")) > _MAX_RANGE:
        return respond(answer_error(RequestError("The range is not valid.", status=416)))
    return FileResponse(path, media_type=kind)


def _original(desk: Desk) -> Any:
    async def endpoint(web: WebRequest) -> Response:
        screening = desk.screening
        return _file(web, screening.path if screening.there else None, screening.type)

    return endpoint


def _proxy(desk: Desk, kind: str) -> Any:
    async def endpoint(web: WebRequest) -> Response:
        proxies = desk.screening.proxies
        ready = proxies.file(kind) if proxies.is_ready(kind) else None
        return _file(web, ready, media_type(kind))

    return endpoint


class Conversions:
    """Live conversions: never more at once than there may be, the oldest gives way."""

    def __init__(self) -> None:
        self._running: list[asyncio.subprocess.Process] = []
        self._guard = asyncio.Lock()

    async def start(self, command: list[str]) -> asyncio.subprocess.Process:
        """Start one; of many that are asked for at once each waits for its turn."""
        async with self._guard:
            while len(self._running) >= _MAX_LIVE:
                await self.end(self._running[0])
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
            self._running.append(process)
            return process

    async def end(self, process: asyncio.subprocess.Process) -> None:
        """End one, which may have ended itself, and return when it is gone."""
        with suppress(ValueError):
            self._running.remove(process)
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _live(desk: Desk) -> Any:
    from starlette.responses import StreamingResponse

    conversions = Conversions()

    class LiveResponse(StreamingResponse):
        """Sends what a process makes; ends the process also where nobody takes a byte."""

        def __init__(self, process: asyncio.subprocess.Process, kind: str) -> None:
            super().__init__(_chunks(process), media_type=media_type(kind))
            self._process = process

        async def __call__(self, *connection: Any) -> None:
            try:
                await super().__call__(*connection)
            finally:
                await conversions.end(self._process)

    async def endpoint(web: WebRequest) -> Response:
        kind = web.url.path.rpartition(".")[2]
        try:
            at = exact_seconds(web.query_params.get("at", "0"), "at")
            if not desk.screening.there:
                raise NotFoundError("The media is not there.")
            await asyncio.to_thread(desk.screening.proxies.require, kind)
            command = live_command(desk.screening.media, kind, at)
        except SubkitError as error:
            return respond(answer_error(error))
        return LiveResponse(await conversions.start(command), kind)

    return endpoint


async def _chunks(process: asyncio.subprocess.Process) -> AsyncIterator[bytes]:
    assert process.stdout is not None
    while chunk := await process.stdout.read(_CHUNK):
        yield chunk


def _events(desk: Desk) -> Any:
    async def endpoint(web: WebRequest) -> Response:
        from starlette.responses import StreamingResponse

        after = web.headers.get("last-event-id") or web.query_params.get("after", "")
        head = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else None
        stream = _listen(desk, web.scope["subkit.seat"], head)
        return StreamingResponse(stream, media_type="text/event-stream")

    return endpoint


async def _listen(desk: Desk, key: str, head: int | None) -> AsyncIterator[bytes]:
    """Send events to one page, beginning with those that it missed."""
    session = desk.session
    queue = session.broadcast.listen()
    seat = session.seat(key)
    seat.pages += 1
    session.tell_people()
    try:
        yield b"retry: 1000\n\n"
        if head is not None:
            missed = await asyncio.to_thread(session.since, head)
            if missed is not None:
                yield Event("edit", missed, missed["head"]).encoded
        while True:
            event = await _next(queue)
            if event is None:
                return
            yield event
    finally:
        session.broadcast.leave(queue)
        seat.pages -= 1
        session.tell_people()


async def _next(queue: asyncio.Queue[Event | None]) -> bytes | None:
    try:
        event = await asyncio.wait_for(queue.get(), _KEEPALIVE)
    except asyncio.TimeoutError:
        return b": still here\n\n"
    return None if event is None else event.encoded
