"""What a request is refused for, and the HTTP status of every error."""

from __future__ import annotations

from typing import Any

from subkit import errors
from subkit.errors import InputError, SubkitError

__all__ = ["BusyError", "ServeError", "error_document", "status_of"]

# The first class that fits decides, so the more special come first.
_STATUS: tuple[tuple[type[SubkitError], int], ...] = (
    (errors.NotFoundError, 404),
    (errors.ModelNotFound, 503),
    (errors.DeviceError, 503),
    (errors.PluginError, 503),
    (errors.MediaError, 400),
    (errors.PlanError, 400),
    (errors.InputError, 400),
)


class ServeError(InputError):
    """A request that HTTP has a status of its own for.

    Attributes:
        status: The status.
        field: The field of the request that is wrong; empty where it is none.
    """

    kind = "InputError"

    def __init__(
        self, message: str, *, status: int = 400, remedy: str = "", field: str = ""
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.status = status
        self.field = field


class BusyError(ServeError):
    """There is no room now, and there will be.

    Attributes:
        seconds: When to ask again.
    """

    kind = "BusyError"

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message, status=503, remedy=f"Ask again in {seconds} seconds.")
        self.seconds = seconds


def status_of(error: SubkitError) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, ServeError):
        return error.status
    return next((code for kind, code in _STATUS if isinstance(error, kind)), 500)


def error_document(error: SubkitError) -> dict[str, Any]:
    """Return an error as OpenAI's clients read it, with subkit's own fields beside."""
    status = status_of(error)
    return {
        "error": {
            "message": f"{error.message} {error.remedy}".strip(),
            "type": "invalid_request_error" if status < 500 else "server_error",
            "param": getattr(error, "field", "") or None,
            "code": error.kind,
            "remedy": error.remedy,
        }
    }
