"""What was heard and seen in one edit, in the times of another."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.alignment.cut_map import CutMap
    from subkit.model import Media, SoundFault, SpeakerTurn, Transcript, Unheard, Window, Word

    Timed = TypeVar("Timed", Word, SpeakerTurn, Unheard, SoundFault)

__all__ = ["carried_shots", "carried_transcript"]

_HALF = Fraction(1, 2)


def carried_transcript(transcript: Transcript, cuts: CutMap) -> Transcript:
    """Return the words, windows, turns and voice of a transcript in another edit.

    A word of which less than half is left goes. What the new edit has twice was heard twice.
    """
    voice = (part.new for span in transcript.voice for part in cuts.carried(span))
    return replace(
        transcript,
        words=_carried(transcript.words, cuts, _HALF),
        windows=_windows(transcript.windows, cuts),
        voice=tuple(sorted(voice)),
        unheard=_carried(transcript.unheard, cuts),
        faults=_carried(transcript.faults, cuts),
        turns=_carried(transcript.turns, cuts),
    )


def _carried(
    things: Iterable[Timed], cuts: CutMap, share: Fraction = Fraction(0)
) -> tuple[Timed, ...]:
    """Things in the new edit, in order: each part of which at least a share is left."""
    found = [
        replace(thing, span=part.new)
        for thing in things
        for part in cuts.carried(thing.span)
        if part.old.duration >= share * thing.span.duration
    ]
    return tuple(sorted(found, key=lambda thing: (thing.span.start, thing.span.end)))


def _windows(windows: Iterable[Window], cuts: CutMap) -> tuple[Window, ...]:
    """Windows, each part of them one; what was heard of it stays inside of it."""
    found = []
    for window in windows:
        for part in cuts.carried(window.span):
            heard = tuple(
                inside.new
                for span in window.parts
                for inside in cuts.carried(span)
                if part.new.start <= inside.new.start and inside.new.end <= part.new.end
            )
            found.append(replace(window, span=part.new, parts=heard))
    return tuple(sorted(found, key=lambda window: (window.span.start, window.span.end)))


def carried_shots(shots: Iterable[Fraction], cuts: CutMap, media: Media) -> tuple[Fraction, ...]:
    """Return shot changes in another edit, on its frames: those that are left, and its new cuts."""
    grid = media.frame_grid
    found = {time for shot in shots for time in cuts.times(shot)}
    before = None
    for passage in cuts.passages:
        if before is None or not passage.continues(before, cuts.slack):
            found |= {passage.new.start}
            if before is not None and before.new.end < passage.new.start:
                found |= {before.new.end}
        before = passage
    framed = {grid.snap(time) for time in found}
    return tuple(sorted(time for time in framed if 0 < time < cuts.duration))
