"""The lines and the order of cues, as text formats can hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.files.plain_text import split_lines

if TYPE_CHECKING:
    from subkit.files.plain_text import Repairs
    from subkit.model import Cue, Track

__all__ = ["NO_BREAK_SPACE", "cue_lines", "in_order", "put_in_order"]

NO_BREAK_SPACE = "\u00a0"
"""Stands for an empty line inside a cue: SRT and WebVTT end a cue at a truly empty one."""


def cue_lines(cue: Cue) -> list[str]:
    """The lines of a cue as a file can hold them; inner empty ones are a no-break space."""
    return [line or NO_BREAK_SPACE for line in split_lines(cue.lines)]


def in_order(track: Track) -> list[Cue]:
    """The cues by in-time, as every format wants them."""
    return sorted(track.cues, key=lambda cue: cue.span.start)


def put_in_order(cues: list[Cue], repairs: Repairs) -> list[Cue]:
    """The cues read from a file by in-time; says so if they were not."""
    ordered = sorted(cues, key=lambda cue: cue.span.start)
    if ordered != cues:
        repairs.add("Cues were put in order of in-time")
    return ordered
