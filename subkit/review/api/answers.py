"""Requests and answers as plain values, so that handlers need no web framework."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from subkit import errors
from subkit.errors import ConflictError, FormatError, InputError, StaleError, SubkitError
from subkit.files.data_files import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

__all__ = [
    "Answer",
    "Request",
    "RequestError",
    "answer_error",
    "answer_json",
    "parse_body",
    "respond",
]

MAX_BODY = 1 << 20
"""Bytes of a request body; the longest edit is a few kilobytes."""

# The first class that fits decides, so the more special come first.
_STATUS: tuple[tuple[type[SubkitError], int], ...] = (
    (StaleError, 409),
    (errors.NotFoundError, 404),
    (errors.CueLockedError, 403),
    (errors.ApprovalError, 422),
    (errors.ModelNotFound, 503),
    (errors.DeviceError, 503),
    (errors.PluginError, 503),
    (errors.EngineError, 503),
    (errors.MediaError, 503),
    (errors.PlanError, 400),
    (InputError, 400),
    (errors.StoreError, 500),
)


class RequestError(InputError):
    """A request that HTTP has a status of its own for.

    Attributes:
        status: The status.
    """

    kind = "InputError"

    def __init__(self, message: str, *, status: int = 400, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a handler sees of a request.

    Attributes:
        seat: Key of the reviewer's seat.
        query: The query string's values.
        body: The JSON object that was posted; empty for a ``GET``.
    """

    seat: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    def need(self, name: str) -> str:
        """A value of the query string.

        Raises:
            InputError: it is not there.
        """
        value = self.query.get(name)
        if not value:
            raise InputError(f"The address needs {name}=….", field=name)
        return value

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number of the query string, from 0 to ``most``.

        Raises:
            InputError: it is not one.
        """
        text = self.query.get(name, str(default))
        if not text.isascii() or not text.isdecimal() or len(text) > 15 or int(text) > most:
            raise InputError(f"{name} is a whole number up to {most}, not {text!r:.40}.")
        return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status, bytes and headers of an answer."""

    status: int = 200
    body: bytes = b""
    type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def answer_json(document: Any, status: int = 200) -> Answer:
    """An answer that is a JSON document."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Answer(status=status, body=text.encode("utf-8", "replace"))


def answer_error(error: SubkitError) -> Answer:
    """An error as the API tells it; facts that are plain go along, and both sides of a conflict."""
    facts = {
        name: value
        for name, value in error.facts.items()
        if isinstance(value, (str, int, float, bool, list, dict, type(None)))
    }
    told = {"kind": error.kind, "message": error.message, "remedy": error.remedy}
    document: dict[str, Any] = {"error": {**facts, **told}}
    if isinstance(error, ConflictError):
        document |= {"theirs": error.theirs, "entries": list(error.entries)}
        document |= {} if error.yours is None else {"yours": error.yours}
    return answer_json(document, _status(error))


def _status(error: SubkitError) -> int:
    if isinstance(error, RequestError):
        return error.status
    return next((code for kind, code in _STATUS if isinstance(error, kind)), 500)


def respond(answer: Answer) -> Response:
    """An answer as the web framework sends it."""
    from starlette.responses import Response

    return Response(
        answer.body,
        status_code=answer.status,
        headers=dict(answer.headers),
        media_type=answer.type,
    )


def parse_body(data: bytes) -> dict[str, Any]:
    """The JSON object in a request's body.

    Raises:
        InputError: not JSON, or not an object.
    """
    try:
        document = parse_json(data, "the body of the request")
    except FormatError as error:
        raise InputError("The body of the request is not JSON that can be read.") from error
    if not isinstance(document, dict):
        raise InputError("The body of the request is not a JSON object.")
    return document
