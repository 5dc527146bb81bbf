"""Times as text: the time of day of records (ISO 8601 in UTC), and times of the media."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["clock_time", "utc_now", "utc_seconds"]


def clock_time(time: Fraction) -> str:
    """Return seconds of the media as ``HH:MM:SS.mmm``."""
    thousandths = round(time * 1000)
    whole, rest = divmod(thousandths, 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{rest:03d}"


def utc_now() -> str:
    """Return the current time with microseconds, for the ledger."""
    return datetime.now(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def utc_seconds() -> str:
    """Return the current time in whole seconds, for provenance."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
