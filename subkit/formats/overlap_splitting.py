"""Cues that are on screen together -> one cue after the other, for formats that show one at a time.

In MP4 timed text a cue ends where the next begins, so of two that overlap the first would be cut
short. Here the time is cut where a cue begins or ends, and each part shows the lines of all cues of
its time: those at the top of the picture first, else in the order in which they came.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.model import Span
from subkit.model.mark_moves import joined_marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import Cue, Track

__all__ = ["one_at_a_time"]

_MOST = 20
"""Cues at once, above which no picture could hold them."""


def one_at_a_time(track: Track) -> tuple[Track, tuple[str, ...]]:
    """Return a track without overlaps, and the ids of the cues that had any.

    Raises:
        FormatError: more than 20 cues are on screen at once.
    """
    cues = sorted(track.cues, key=lambda cue: (cue.span.start, cue.span.end))
    made: list[Cue] = []
    cut: list[str] = []
    group: list[Cue] = []
    latest = Fraction(0)
    for cue in cues:
        if group and cue.span.start >= latest:
            made += _parted(group, cut)
            group = []
        latest = max(latest, cue.span.end) if group else cue.span.end
        group.append(cue)
    made += _parted(group, cut)
    return replace(track, cues=tuple(made)), tuple(cut)


def _parted(group: Sequence[Cue], cut: list[str]) -> list[Cue]:
    """Cues that are linked by overlaps, cut where one of them begins or ends."""
    if len(group) < 2:
        return list(group)
    cut += [cue.id for cue in group]
    made: list[Cue] = []
    shown: list[Cue] = []
    coming = 0
    places = sorted({place for cue in group for place in (cue.span.start, cue.span.end)})
    for start, end in pairwise(places):
        shown = [cue for cue in shown if cue.span.end > start]
        while coming < len(group) and group[coming].span.start <= start:
            shown.append(group[coming])
            coming += 1
        if len(shown) > _MOST:
            raise FormatError(
                f"Cue {shown[0].id!r} is on screen together with {len(shown) - 1} others; "
                f"{_MOST} at once are the most.",
                remedy="Mux it into an MKV file.",
                cue=shown[0].id,
            )
        if shown:
            made.append(_together(shown, Span(start, end), len(made)))
    return made


def _together(shown: Sequence[Cue], span: Span, number: int) -> Cue:
    first, *others = sorted(shown, key=lambda cue: cue.placement.vertical != "top")
    joined = replace(first, id=f"{first.id}.{number + 1}", span=span)
    for cue in others:
        marks = joined_marks(joined.marks, len(joined.text), cue.marks)
        joined = replace(joined, lines=(*joined.lines, *cue.lines), marks=marks)
    return joined
