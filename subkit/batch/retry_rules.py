"""Why a title failed, and whether another attempt is worth it."""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass

from subkit.errors import (
    DeviceError,
    EngineError,
    InputError,
    LockedError,
    MediaError,
    ModelNotFound,
    PlanError,
    PluginError,
    StoreError,
    SubkitError,
)

__all__ = ["REMEDIES", "RetryOptions", "reason_of"]

_PASSING = {
    getattr(errno, name)
    for name in (
        "ENOSPC", "EDQUOT", "EIO", "ESTALE", "ETIMEDOUT", "ENETDOWN", "ENETUNREACH", "EHOSTUNREACH",
        "ECONNRESET", "ECONNREFUSED", "EMFILE", "ENFILE", "EAGAIN", "EBUSY", "ENODEV",
    )
    if hasattr(errno, name)
}  # fmt: skip
"""What the world around a title says when it is short of something now."""

# The first class that fits decides, so the more special come first.
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (MemoryError, "memory"),
    (LockedError, "locked"),
    (ModelNotFound, "missing"),
    (DeviceError, "missing"),
    (PluginError, "missing"),
    (EngineError, "engine"),
    (MediaError, "media"),
    (PlanError, "options"),
    (StoreError, "store"),
    (InputError, "input"),
    (SubkitError, "refused"),
)

_WORTH_IT = frozenset({"storage", "locked", "engine", "killed", "memory", "node"})

REMEDIES = {
    "storage": "Make room, or see to the disk or share, then try it again.",
    "locked": "Close the program that has its project open, then try it again.",
    "engine": "Try it alone with subkit run; another model or batch size may do.",
    "killed": "It ended its worker: look at the file if it does so again, also alone.",
    "memory": "Raise --max-memory, take fewer workers or a smaller model.",
    "node": "Look at the nodes of the cluster, then try it again.",
    "time": "Raise --max-time, or look at the file.",
    "media": "Look at the file, or get another copy.",
    "missing": "See subkit doctor.",
    "fault": "This is a fault of subkit: please report it with these lines.",
}
"""What to do about a reason where the error itself does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryOptions:
    """When a title that failed is tried again.

    Attributes:
        delays: Seconds before the second attempt, the third and so on.
        max_kills: Attempts that may end their worker; the last of them runs alone.
    """

    delays: tuple[float, ...] = (30.0, 120.0, 600.0)
    max_kills: int = 3

    def delay(self, reason: str, *, attempts: int, kills: int) -> float | None:
        """Return seconds until the next attempt; ``None`` where none is worth it.

        Args:
            reason: Of the failure.
            attempts: That failed before.
            kills: Attempts that ended their worker, this one included.
        """
        if reason not in _WORTH_IT or kills >= self.max_kills or attempts >= len(self.delays):
            return None
        return self.delays[attempts]


def reason_of(error: BaseException) -> str:
    """Return the reason for which a title failed, in one word."""
    cause: BaseException | None = error
    while cause is not None:
        full = isinstance(cause, sqlite3.OperationalError) and "disk is full" in str(cause)
        if full or (isinstance(cause, OSError) and cause.errno in _PASSING):
            return "storage"
        cause = cause.__cause__ or cause.__context__
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), "fault")
