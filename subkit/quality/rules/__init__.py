"""The rules by what they look at; each module has its own in a table ``RULES``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.quality.rules import (
    consistency,
    encoding,
    reading,
    script,
    sdh,
    shape,
    shots,
    speech,
    terminology,
    text,
    timing,
    translation,
)

if TYPE_CHECKING:
    from subkit.quality.rule import CueRule, TrackRule

__all__ = ["RULES"]

RULES: tuple[CueRule | TrackRule, ...] = (
    *timing.RULES,
    *reading.RULES,
    *shape.RULES,
    *shots.RULES,
    *speech.RULES,
    *text.RULES,
    *consistency.RULES,
    *translation.RULES,
    *script.RULES,
    *encoding.RULES,
    *sdh.RULES,
    *terminology.RULES,
)
"""Every rule, in the order of the table in ``docs/quality.md``."""
