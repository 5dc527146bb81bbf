"""Cues as people name them on a command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.edit.media_times import find_time
from subkit.errors import NotFoundError

if TYPE_CHECKING:
    from fractions import Fraction

    from subkit.model import Cue, Media, Track

__all__ = ["CUE_HELP", "cue_named"]

CUE_HELP = "id, number or time: c0006, c6, 6, 00:01:23:10 or 83.4"

_NUMBERED = re.compile(r"[a-z]?0*(\d{1,9})", re.IGNORECASE)


def cue_named(track: Track, name: str, media: Media) -> Cue:
    """The cue of that id, else of that number, else on screen at that time.

    Args:
        track: Where to look.
        name: ``c0006``, ``c6`` and ``6`` are the same cue; ``00:01:23:10`` or ``83.4`` is a time.
        media: The film, for the timecode.

    Raises:
        NotFoundError: there is none; the remedy names the nearest.
    """
    name = name.strip()
    for cue in track.cues:
        if cue.id == name:
            return cue
    if number := _number(name):
        found = [cue for cue in track.cues if _number(cue.id) == number]
        if len(found) == 1:
            return found[0]
    elif (time := find_time(name, media)) is not None:
        return _cue_at(track, time, name, media)
    raise NotFoundError(
        f"Track {track.id!r} has no cue {name!r}.", remedy=_range(track), track=track.id, cue=name
    )


def _number(name: str) -> str:
    """The number in a cue's id; empty where it is not one letter and a number."""
    found = _NUMBERED.fullmatch(name)
    return found[1] if found else ""


def _cue_at(track: Track, time: Fraction, name: str, media: Media) -> Cue:
    for cue in track.cues:
        if cue.span.start <= time < cue.span.end:
            return cue
    remedy = "It has no cue yet."
    if track.cues:
        near = min(track.cues, key=lambda c: max(c.span.start - time, time - c.span.end))
        at = media.frame_grid.timecode(near.span.start, media.programme_start)
        remedy = f"The nearest is {near.id}, from {at}."
    raise NotFoundError(
        f"Track {track.id!r} shows no cue at {name}.", remedy=remedy, track=track.id, cue=name
    )


def _range(track: Track) -> str:
    if not track.cues:
        return "It has no cue yet."
    return f"Its cues are {track.cues[0].id} to {track.cues[-1].id}; a time such as 83.4 will do."
