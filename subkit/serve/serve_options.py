"""Options of the speech server."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from subkit.errors import PlanError
from subkit.pipeline import RunOptions
from subkit.web import LOCAL, require_good_token

__all__ = ["ServeOptions"]

_POSITIVE = (
    "max_body", "max_scratch", "max_waiting", "max_media_seconds", "idle_seconds", "drain_seconds"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """Options of ``subkit serve``.

    Attributes:
        host: Address to listen on; anything but this machine's own needs ``tokens``.
        port: 0 takes a free one.
        tokens: Any of them lets a client in; without one everybody on this machine may ask.
        run: Model, device, house style and everything else that a request does not name.
        scratch: Folder for uploads; ``None`` is the system's folder for temporary files.
        keep: Folder in which projects and their media are kept for review; ``None`` keeps nothing.
        max_body: Bytes of a request.
        max_scratch: Bytes of all uploads together.
        max_waiting: Requests that may wait or be worked on; one more is told to come back.
        max_media_seconds: Longest media.
        idle_seconds: Without a request for so long, the models are unloaded.
        drain_seconds: How long the server waits for requests when it is asked to stop.

    Raises:
        PlanError: other machines would be let in without a token, a token is too short, or a limit
            is no positive number.
    """

    host: str = "127.0.0.1"
    port: int = 9000
    tokens: tuple[str, ...] = field(default=(), repr=False)
    run: RunOptions = field(default_factory=RunOptions)
    scratch: Path | None = None
    keep: Path | None = None
    max_body: int = 2 << 30
    max_scratch: int = 8 << 30
    max_waiting: int = 16
    max_media_seconds: float = 12 * 3600.0
    idle_seconds: float = 600.0
    drain_seconds: float = 30.0

    def __post_init__(self) -> None:
        """Refuse what would be unsafe or never work."""
        for token in self.tokens:
            require_good_token(token)
        if self.host not in LOCAL and not self.tokens:
            raise PlanError(
                f"Listening on {self.host} lets other machines in, and there is no token.",
                remedy="Give --token-file FILE, or leave --host out and use an SSH tunnel.",
            )
        for name in _POSITIVE:
            if not getattr(self, name) > 0:
                raise PlanError(f"{name} must be above 0, not {getattr(self, name)!r}.")

    @property
    def scratch_folder(self) -> Path:
        """Where the folders of servers stand."""
        return self.scratch or Path(tempfile.gettempdir())
