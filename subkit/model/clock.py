"""The time of day, as every record of subkit writes it: ISO 8601 in UTC."""

from __future__ import annotations

from datetime import datetime, timezone

__all__ = ["utc_now", "utc_seconds"]


def utc_now() -> str:
    """Return the current time with microseconds, for the ledger."""
    return datetime.now(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def utc_seconds() -> str:
    """Return the current time in whole seconds, for provenance."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
