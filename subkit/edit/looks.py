"""Edits of how a cue looks: marks on its text, and whether it is forced."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.edit.content import editable, looks_of, put_cues, touched
from subkit.errors import InputError
from subkit.model import Feature, Mark
from subkit.model.mark_moves import added_mark, cleared_marks

if TYPE_CHECKING:
    from subkit.edit.hand import Hand
    from subkit.model import Cue, Project

__all__ = ["mark_text", "restyle", "set_forced", "unmark_text"]

MAX_MARKS = 1000
"""Marks on one cue: more than any text has, and few enough to draw."""

MAX_VALUE = 1000
_COLOR = re.compile("#[0-9a-f]{8}")
_COLORS = (Feature.COLOR, Feature.BACKGROUND, Feature.OUTLINE)
_SAY_ALL = (Feature.ITALIC, Feature.BOLD, Feature.UNDERLINE, Feature.STRIKE)


def mark_text(project: Project, track: str, cue: str, mark: Mark, hand: Hand) -> Project:
    """Mark a stretch of a cue's text; it takes the place of marks of its feature there.

    Raises:
        InputError: no such cue, it is locked, or the mark is none that its text can have.
    """
    where, old = editable(project, track, cue)
    _require_stretch(old, mark.start, mark.end)
    _require_value(mark)
    marks = added_mark(old.marks, mark)
    if marks == old.marks:
        return project
    if len(marks) > MAX_MARKS:
        raise InputError(f"A cue has at most {MAX_MARKS} marks.")
    return put_cues(project, where, touched(old, hand, marks=marks))


def unmark_text(project: Project, track: str, cue: str, mark: Mark, hand: Hand) -> Project:
    """Take the marks of a feature off a stretch of a cue's text, whatever their values.

    Raises:
        InputError: no such cue or stretch, or the cue is locked.
    """
    where, old = editable(project, track, cue)
    _require_stretch(old, mark.start, mark.end)
    marks = cleared_marks(old.marks, mark.feature, mark.start, mark.end)
    if marks == old.marks:
        return project
    return put_cues(project, where, touched(old, hand, marks=marks))


def set_forced(project: Project, track: str, cue: str, hand: Hand, *, forced: bool) -> Project:
    """Say whether a cue is shown even where subtitles are off.

    Raises:
        InputError: no such cue, or it is locked.
    """
    where, old = editable(project, track, cue)
    return restyle(project, where.id, replace(old, forced=forced), hand)


def restyle(project: Project, track: str, new: Cue, hand: Hand) -> Project:
    """Give a cue the looks and the place of another state of it; its text stays.

    Raises:
        InputError: no such cue, or it is locked.
    """
    where, old = editable(project, track, new.id)
    if (looks_of(old), old.placement) == (looks_of(new), new.placement):
        return project
    looks = ("marks", "style", "forced", "fade", "mode", "placement")
    changes = {name: getattr(new, name) for name in looks}
    return put_cues(project, where, touched(old, hand, **changes))


def _require_stretch(cue: Cue, start: int, end: int) -> None:
    if not 0 <= start < end <= len(cue.text):
        raise InputError(
            f"Cue {cue.id!r} has no stretch {start} to {end} in its text.",
            remedy="Select some of its letters.",
            cue=cue.id,
        )


def _require_value(mark: Mark) -> None:
    value = mark.value
    if mark.feature in _COLORS and not _COLOR.fullmatch(value):
        raise InputError(f"{value!r:.40} is not a colour.", remedy='Write it as "#ffff00ff".')
    if (mark.feature in _SAY_ALL) == bool(value):
        wants = "no value" if mark.feature in _SAY_ALL else "a value"
        raise InputError(f"A mark {mark.feature.value!r} takes {wants}.")
    if max(len(value), len(mark.how)) > MAX_VALUE or not (value + mark.how).isprintable():
        raise InputError(f"{value!r:.40} is not what a mark {mark.feature.value!r} can say.")
