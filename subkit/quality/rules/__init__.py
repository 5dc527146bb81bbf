"""The rules by what they look at; each module has its own in a table ``RULES``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.quality.rules import (
    characters,
    consistency,
    cue_times,
    heard_speech,
    line_breaks,
    reading_speed,
    script,
    sdh,
    shot_changes,
    sound,
    source_match,
    term_use,
    typography,
)

if TYPE_CHECKING:
    from subkit.quality.rule import CueRule, TrackRule

__all__ = ["RULES"]

RULES: tuple[CueRule | TrackRule, ...] = (
    *cue_times.RULES,
    *reading_speed.RULES,
    *line_breaks.RULES,
    *shot_changes.RULES,
    *heard_speech.RULES,
    *sound.RULES,
    *typography.RULES,
    *consistency.RULES,
    *source_match.RULES,
    *script.RULES,
    *characters.RULES,
    *sdh.RULES,
    *term_use.RULES,
)
"""Every rule, in the order of the table in ``docs/quality.md``."""
