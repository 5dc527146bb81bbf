"""The web application of the speech server: addresses, answers and errors."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from subkit.compliance.provenance import tool_version
from subkit.errors import SubkitError
from subkit.serve.entrance import require_welcome
from subkit.serve.hearing import SpeechAnswer
from subkit.serve.openapi_page import openapi_document
from subkit.serve.renderings import (
    MACHINE_HEADER,
    NOTICE,
    TYPES,
    language_name,
    machine_note,
    rendered,
)
from subkit.serve.serve_errors import BusyError, ServeError, error_document, status_of
from subkit.serve.speech_requests import (
    SpeechRequest,
    bazarr_request,
    detection_request,
    openai_request,
)
from subkit.serve.uploads import WAVE_HEADER, receive_upload, wrap_samples

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping

    from starlette.applications import Starlette
    from starlette.requests import Request as WebRequest
    from starlette.responses import Response

    from subkit.serve.speech_desk import SpeechDesk
    from subkit.serve.uploads import Upload

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Any]]
    Send = Callable[[Any], Awaitable[None]]

__all__ = ["build_speech_app"]

_LOG = logging.getLogger(__name__)
_WAIT = 1.0
"""Seconds without text until a comment is sent, so that no proxy closes the connection."""

DETECT_SECONDS = 60
"""How much of a file is listened to for its language."""

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)
"""On every answer."""


def build_speech_app(desk: SpeechDesk) -> _Guarded:
    """Return the application of a desk."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    routes = [
        Route("/v1/audio/transcriptions", _openai(desk, "transcribe"), methods=["POST"]),
        Route("/v1/audio/translations", _openai(desk, "translate"), methods=["POST"]),
        Route("/v1/models", _models(desk)),
        Route("/v1/models/{name}", _models(desk)),
        Route("/asr", _asr(desk), methods=["POST"]),
        Route("/detect-language", _detect(desk), methods=["POST"]),
        Route("/status", _status(desk)),
        Route("/openapi.json", _openapi),
    ]
    handlers: dict[Any, Any] = {404: _not_found, 405: _not_allowed}
    return _Guarded(Starlette(routes=routes, exception_handlers=handlers), desk)


class _Guarded:
    """An application behind its entrance; puts the headers of all answers."""

    def __init__(self, app: Starlette, desk: SpeechDesk) -> None:
        self._app, self._desk = app, desk

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
                message = {**message, "headers": [*message["headers"], *HEADERS]}
            await send(message)

        options = self._desk.options
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        try:
            require_welcome(headers, options.host, options.tokens)
        except ServeError as error:
            await _refused(error)(scope, receive, with_headers)
            return
        await self._app(scope, receive, with_headers)


def _refused(error: SubkitError, hidden: Upload | None = None) -> Response:
    """Return an error as an answer, without the names of folders here."""
    from starlette.responses import JSONResponse

    document = error_document(error)
    if hidden is not None:
        told = document["error"]["message"]
        document["error"]["message"] = told.replace(str(hidden.path), hidden.name)
    headers = {}
    if isinstance(error, BusyError):
        headers["retry-after"] = str(error.seconds)
    status = status_of(error)
    if status == 401:
        headers["www-authenticate"] = 'Bearer realm="subkit"'
    return JSONResponse(document, status, headers=headers)


def _openai(desk: SpeechDesk, task: str) -> Any:
    def read(web: WebRequest, upload: Upload) -> SpeechRequest:  # noqa: ARG001 - as all are called
        return openai_request(upload.fields, task, desk.model_names)

    async def endpoint(web: WebRequest) -> Any:
        return await _serve(desk, web, ("file",), read)

    return endpoint


def _asr(desk: SpeechDesk) -> Any:
    async def endpoint(web: WebRequest) -> Any:
        def read(web: WebRequest, upload: Upload) -> SpeechRequest:
            request, encoded = bazarr_request(web.query_params.multi_items())
            if not encoded:
                wrap_samples(upload)
            return request

        bare = web.query_params.get("encode", "").lower() in {"false", "0", "no", "off"}
        return await _serve(desk, web, ("audio_file",), read, bare=bare)

    return endpoint


def _detect(desk: SpeechDesk) -> Any:
    async def endpoint(web: WebRequest) -> Any:
        def read(web: WebRequest, upload: Upload) -> SpeechRequest:
            encoded = detection_request(web.query_params.multi_items())
            if not encoded:
                wrap_samples(upload, seconds=DETECT_SECONDS)
            return SpeechRequest(keep=False)

        bare = web.query_params.get("encode", "").lower() in {"false", "0", "no", "off"}
        return await _serve(desk, web, ("audio_file",), read, bare=bare, answer=_found_language)

    return endpoint


def _found_language(heard: SpeechAnswer, request: SpeechRequest, kept: str) -> Response:  # noqa: ARG001
    from starlette.responses import JSONResponse

    return JSONResponse(
        {
            "detected_language": language_name(heard.language),
            "language_code": heard.language or None,
            "confidence": heard.language_confidence,
            "subkit": machine_note(heard, kept),
        },
        headers={MACHINE_HEADER: "unreviewed"},
    )


def _whole(heard: SpeechAnswer, request: SpeechRequest, kept: str) -> Response:
    from starlette.responses import Response

    headers = {MACHINE_HEADER: "unreviewed"}
    if kept:
        headers["x-subkit-project"] = kept
    body = rendered(heard, request, kept)
    return Response(body, media_type=TYPES[request.output], headers=headers)


async def _serve(
    desk: SpeechDesk,
    web: WebRequest,
    file_fields: tuple[str, ...],
    read: Callable[[WebRequest, Upload], SpeechRequest],
    *,
    bare: bool = False,
    answer: Callable[[SpeechAnswer, SpeechRequest, str], Response] = _whole,
) -> Any:
    """Take one file through the queue.

    Args:
        desk: Of the server.
        web: The request.
        file_fields: Names that the file's field may have.
        read: Upload -> what is asked for.
        bare: The file is bare samples, which get a header.
        answer: What was heard -> the answer.
    """
    from starlette.requests import ClientDisconnect

    upload: Upload | None = None
    async with AsyncExitStack() as stack:
        try:
            stack.enter_context(desk.queue.admitted())
            place = stack.enter_context(desk.scratch.place())
            skip = WAVE_HEADER if bare else 0
            upload = await receive_upload(web, place, desk.options.max_body, file_fields, skip)
            if not upload.size:
                raise ServeError(f"{upload.name} is empty.", field=file_fields[0])
            request = await asyncio.to_thread(read, web, upload)
            if request.stream:
                return _Stream(desk, upload, request, stack.pop_all())
            heard, kept = await desk.start(upload, request).result(web)
            return answer(heard, request, kept)
        except SubkitError as error:
            return _refused(error, upload)
        except ClientDisconnect:
            return _refused(ServeError("The client has gone.", status=499))
        except Exception:  # noqa: BLE001 - a fault of one request must not end the server
            _LOG.exception("a request failed")
            return _refused(_fault())


def _fault() -> SubkitError:
    return SubkitError("This is a fault of subkit; see the output of the server.")


class _Stream:
    """Sends text as it comes, as server-sent events; gives everything back at the end."""

    def __init__(
        self, desk: SpeechDesk, upload: Upload, request: SpeechRequest, stack: AsyncExitStack
    ) -> None:
        self._desk, self._upload, self._request, self._stack = desk, upload, request, stack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events (ASGI)."""
        from starlette.responses import StreamingResponse

        async with self._stack:
            response = StreamingResponse(
                self._events(),
                media_type="text/event-stream",
                headers={MACHINE_HEADER: "unreviewed"},
            )
            await response(scope, receive, send)

    async def _events(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        texts: asyncio.Queue[str] = asyncio.Queue()

        def tell(text: str) -> None:
            loop.call_soon_threadsafe(texts.put_nowait, text)

        queued = None
        try:
            queued = self._desk.start(self._upload, self._request, tell)
            first = True
            while not (queued.done and texts.empty()):
                try:
                    text = await asyncio.wait_for(texts.get(), 0.25 if queued.done else _WAIT)
                except asyncio.TimeoutError:
                    if not queued.done:
                        yield b": still working\n\n"
                    continue
                delta = text if first else f" {text}"
                first = False
                yield _event({"type": "transcript.text.delta", "delta": delta})
            heard, kept = await queued.result()
            yield _event(
                {
                    "type": "transcript.text.done",
                    "text": heard.text,
                    "subkit": machine_note(heard, kept),
                }
            )
        except SubkitError as error:
            yield _event({"type": "error", **error_document(error)})
        except Exception:  # noqa: BLE001 - a fault of one request must not end the server
            _LOG.exception("a request failed")
            yield _event({"type": "error", **error_document(_fault())})
        finally:
            if queued is not None:
                await queued.settled()


def _event(document: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(document, ensure_ascii=False).encode("utf-8", "replace") + b"\n\n"


def _models(desk: SpeechDesk) -> Any:
    async def endpoint(web: WebRequest) -> Response:
        from starlette.responses import JSONResponse

        listed = [
            {"id": name, "object": "model", "created": 0, "owned_by": "subkit"}
            for name in desk.model_names
        ]
        name = web.path_params.get("name")
        if name is None:
            return JSONResponse({"object": "list", "data": listed})
        found = next((one for one in listed if one["id"] == name), None)
        if found is None:
            return _refused(ServeError(f"The model {name!r:.80} is not served here.", status=404))
        return JSONResponse(found)

    return endpoint


def _status(desk: SpeechDesk) -> Any:
    async def endpoint(web: WebRequest) -> Response:  # noqa: ARG001
        from starlette.responses import JSONResponse

        return JSONResponse(
            {
                "version": f"subkit {tool_version('subkit')}".strip(),
                "model": desk.model,
                "loaded": desk.queue.loaded,
                "requests": desk.queue.inside,
                "limit": desk.options.max_waiting,
                "notice": NOTICE,
            }
        )

    return endpoint


async def _openapi(web: WebRequest) -> Response:  # noqa: ARG001
    from starlette.responses import JSONResponse

    return JSONResponse(openapi_document(tool_version("subkit")))


async def _not_found(web: WebRequest, error: Exception) -> Response:  # noqa: ARG001
    return _refused(ServeError("There is nothing at this address.", status=404))


async def _not_allowed(web: WebRequest, error: Exception) -> Response:  # noqa: ARG001
    return _refused(ServeError("This address takes another method.", status=405))
