"""The rules by what they look at; each module has its own in a table ``RULES``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.quality.rules import (
    characters,
    consistency,
    cue_times,
    dubbed_lines,
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

__all__ = ["RULES", "SHOWN_ONLY"]

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
    *dubbed_lines.RULES,
)
"""Every rule, in the order of the table in ``docs/quality.md``."""

_OF_LINES = frozenset(
    rule.name
    for rules in (script.RULES, characters.RULES, source_match.RULES, term_use.RULES)
    for rule in rules
) | {"no-cue", "order", "past-end", "off-grid", "loop", "repeated-text", "doubled-word", "tags"}
_OF_LINES |= {rule.name for rule in dubbed_lines.RULES}
_OF_LINES |= {rule.name for rule in heard_speech.RULES if rule.name.startswith("recognition-")}

SHOWN_ONLY = frozenset(rule.name for rule in RULES) - _OF_LINES
"""Rules of text that is shown and read: they say nothing of a line to be dubbed."""
