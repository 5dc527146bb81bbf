"""The rules by what they look at; each module has its own in a table ``RULES``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.quality.rules import reading, timing

if TYPE_CHECKING:
    from subkit.quality.rule import CueRule, TrackRule

__all__ = ["RULES"]

RULES: tuple[CueRule | TrackRule, ...] = (
    *timing.RULES,
    *reading.RULES,
)
"""Every rule, in the order of the table in ``docs/quality.md``."""
