"""The author and time of an edit."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Hand"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who edits, and when (ISO 8601 in UTC): it goes into what they leave behind."""

    actor: str
    time: str
