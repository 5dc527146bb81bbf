"""The web application: the only module that knows the framework."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError, NotFoundError, SubkitError
from subkit.review.api.answers import (
    MAX_BODY,
    Answer,
    Request,
    RequestError,
    answer_error,
    answer_json,
    parse_body,
    respond,
)
from subkit.review.api.get import READING
from subkit.review.api.guard import HEADERS
from subkit.review.api.post import EDITING
from subkit.review.api.stream import streaming_routes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from starlette.applications import Starlette
    from starlette.requests import Request as WebRequest
    from starlette.responses import Response

    from subkit.review.api.guard import Gatekeeper
    from subkit.review.desk import Desk

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Any]]
    Send = Callable[[Any], Awaitable[None]]
    Handler = Callable[[Desk, Request], Answer]

__all__ = ["build_app", "static_files"]

STATIC = Path(__file__).parents[1] / "static"
BODY_SECONDS = 30.0
"""Until the body of a request, of at most a megabyte, is whole."""

_LOG = logging.getLogger(__name__)


def static_files() -> dict[str, Path]:
    """The page's files by the name they are asked for; nothing else can be."""
    return {
        path.relative_to(STATIC).as_posix(): path
        for path in STATIC.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def build_app(desk: Desk, gatekeeper: Gatekeeper) -> Guarded:
    """The application for one desk."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    routes = [
        Route("/", _static(desk, "index.html")),
        Route("/static/{name:path}", _static(desk, "")),
        *(Route(path, endpoint) for path, endpoint in streaming_routes(desk).items()),
        *(Route(path, _reading(desk, handler)) for path, handler in READING.items()),
        *(
            Route(path, _editing(desk, handler), methods=["POST"])
            for path, handler in EDITING.items()
        ),
    ]
    return Guarded(Starlette(routes=routes, exception_handlers=_HANDLERS), gatekeeper)


class Guarded:
    """An application behind its gatekeeper; puts the headers of all answers."""

    def __init__(self, app: Starlette, gatekeeper: Gatekeeper) -> None:
        self._app = app
        self._gatekeeper = gatekeeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in or refuse it (ASGI)."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = [(k, v) for k, v in message["headers"] if k.decode() not in HEADERS]
                headers += [(k.encode(), v.encode()) for k, v in HEADERS.items()]
                message = {**message, "headers": headers}
            await send(message)

        verdict = self._gatekeeper.judge(scope)
        if isinstance(verdict, Answer):
            await respond(verdict)(scope, receive, with_headers)
            return
        scope["subkit.seat"] = verdict
        await self._app(scope, receive, with_headers)


def _reading(desk: Desk, handler: Handler) -> Any:
    async def endpoint(web: WebRequest) -> Response:
        request = Request(seat=web.scope["subkit.seat"], query=dict(web.query_params))
        return respond(await asyncio.to_thread(_run, desk, handler, request))

    return endpoint


def _editing(desk: Desk, handler: Handler) -> Any:
    async def endpoint(web: WebRequest) -> Response:
        try:
            body = await read_body(web)
        except InputError as error:
            return respond(answer_error(error))
        request = Request(seat=web.scope["subkit.seat"], body=body)
        return respond(await asyncio.to_thread(_run, desk, handler, request))

    return endpoint


def _run(desk: Desk, handler: Handler, request: Request) -> Answer:
    try:
        return handler(desk, request)
    except SubkitError as error:
        return answer_error(error)
    except Exception:  # noqa: BLE001 - a fault of one request must not end the review
        _LOG.exception("a request failed")
        told = {
            "kind": "Fault",
            "message": "This is a fault of subkit; see its output.",
            "remedy": "",
        }
        return answer_json({"error": told}, 500)


def _static(desk: Desk, fixed: str) -> Any:  # noqa: ARG001 - all endpoints are made alike
    async def endpoint(web: WebRequest) -> Response:
        from starlette.responses import FileResponse

        name = fixed or web.path_params["name"]
        path = (await asyncio.to_thread(static_files)).get(name)
        if path is None:
            return respond(answer_error(NotFoundError(f"There is no {name!r:.60}.")))
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return FileResponse(path, media_type=_TYPES.get(path.suffix, kind))

    return endpoint


_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}
"""Not left to the system's table: browsers refuse a module of another type."""


async def read_body(web: WebRequest) -> dict[str, Any]:
    """The JSON object of a request, bounded.

    Raises:
        InputError: too long, not JSON or not said to be.
    """
    kind = web.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RequestError("The body must be of type application/json.", status=415)
    try:
        data = await asyncio.wait_for(_body(web), BODY_SECONDS)
    except asyncio.TimeoutError as error:
        raise RequestError("The body of the request was not received.", status=408) from error
    return parse_body(data)


async def _body(web: WebRequest) -> bytes:
    data = bytearray()
    async for chunk in web.stream():
        data += chunk
        if len(data) > MAX_BODY:
            raise RequestError(f"The body is longer than {MAX_BODY} bytes.", status=413)
    return bytes(data)


async def _not_found(web: WebRequest, error: Exception) -> Response:  # noqa: ARG001
    return respond(answer_error(NotFoundError("There is nothing at this address.")))


async def _not_allowed(web: WebRequest, error: Exception) -> Response:  # noqa: ARG001
    return respond(answer_error(RequestError("Method not allowed.", status=405)))


_HANDLERS: dict[Any, Any] = {404: _not_found, 405: _not_allowed}
