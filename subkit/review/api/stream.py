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

__all__ = ["streaming_routes"]

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
    """A file with byte ranges."""
    from starlette.responses import FileResponse

    if path is None or not path.is_file():
        return respond(answer_error(NotFoundError("The media is not there.")))
    if len(web.headers.get("range", "")) > _MAX_RANGE:
        return respond(answer_error(RequestError("This is no range.", status=416)))
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


def _live(desk: Desk) -> Any:
    running: list[asyncio.subprocess.Process] = []

    async def endpoint(web: WebRequest) -> Response:
        from starlette.responses import StreamingResponse

        kind = web.url.path.rpartition(".")[2]
        try:
            at = exact_seconds(web.query_params.get("at", "0"), "at")
            if not desk.screening.there:
                raise NotFoundError("The media is not there.")
            await asyncio.to_thread(desk.screening.proxies.require, kind)
            command = live_command(desk.screening.media, kind, at)
        except SubkitError as error:
            return respond(answer_error(error))
        while len(running) >= _MAX_LIVE:
            _end(running.pop(0))
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        running.append(process)
        return StreamingResponse(_pump(process, running), media_type=media_type(kind))

    return endpoint


async def _pump(
    process: asyncio.subprocess.Process, running: list[asyncio.subprocess.Process]
) -> AsyncIterator[bytes]:
    """What ffmpeg makes, as the page takes it; it ends with the page's request."""
    assert process.stdout is not None
    try:
        while chunk := await process.stdout.read(_CHUNK):
            yield chunk
    finally:
        with suppress(ValueError):
            running.remove(process)
        _end(process)
        await process.wait()


def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()


def _events(desk: Desk) -> Any:
    async def endpoint(web: WebRequest) -> Response:
        from starlette.responses import StreamingResponse

        after = web.headers.get("last-event-id") or web.query_params.get("after", "")
        head = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else None
        stream = _listen(desk, web.scope["subkit.seat"], head)
        return StreamingResponse(stream, media_type="text/event-stream")

    return endpoint


async def _listen(desk: Desk, key: str, head: int | None) -> AsyncIterator[bytes]:
    """Events for one page, first what it missed."""
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
