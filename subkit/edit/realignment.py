"""Align one cue to the recognised words, after it was written or moved by hand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from difflib import SequenceMatcher
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.edit.retiming import retime
from subkit.errors import InputError
from subkit.language.punctuation import tokens
from subkit.model import Rounding, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.edit.hand import Hand
    from subkit.model import Cue, Profile, Project, Track, Word

__all__ = ["realign"]

_REACHES = (Fraction(2), Fraction(10))
"""Seconds around the cue in which its words are looked for: near first."""

_ENOUGH = 0.5
"""Share of the cue's words that must be found."""


def realign(project: Project, track: str, cue: str, profile: Profile, hand: Hand) -> Project:
    """In-time at the first of the cue's words, out-time at the last, within its neighbours.

    A translated cue gets the times of its source cue. The out-time waits for the profile's least
    duration, as far as the next cue leaves room.

    Args:
        project: The document.
        track: Id of the track.
        cue: Id of the cue.
        profile: House style of the track.
        hand: Who asks for it.

    Raises:
        InputError: no such cue, it is locked, or its words were not heard anywhere near.
    """
    where = project.track(track)
    old = where.cue(cue)
    span = _source_span(project, where, old) or _heard_span(project, old)
    if span is None:
        raise InputError(
            f"The words of cue {cue!r} were not recognised near it.",
            remedy="Move its edges by hand.",
            cue=cue,
        )
    return retime(project, track, cue, _fitted(project, where, old, span, profile), hand)


def _source_span(project: Project, track: Track, cue: Cue) -> Span | None:
    source = project.source_of(track)
    found = (c.span for c in source.cues if c.id == cue.id) if source is not None else ()
    return next(iter(found), None)


def _heard_span(project: Project, cue: Cue) -> Span | None:
    words = project.transcript.words if project.transcript is not None else ()
    starts, shown = [word.span.start for word in words], tokens(cue.text)
    for reach in _REACHES if shown else ():
        first = bisect_left(starts, cue.span.start - reach)
        found = _matched(shown, words[first : bisect_right(starts, cue.span.end + reach)])
        if found is not None:
            return found
    return None


def _matched(shown: list[str], words: Sequence[Word]) -> Span | None:
    heard = [" ".join(tokens(word.text)) for word in words]
    matcher = SequenceMatcher(None, shown, heard, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if sum(block.size for block in blocks) < _ENOUGH * len(shown):
        return None
    last = words[blocks[-1].b + blocks[-1].size - 1]
    return Span(words[blocks[0].b].span.start, last.span.end)


def _fitted(project: Project, track: Track, cue: Cue, span: Span, profile: Profile) -> Span:
    """Put the span on frames, and keep it clear of the neighbours that it was clear of."""
    rate = project.media.frame_grid
    gap = profile.min_gap_frames
    start = rate.frame(span.start, Rounding.BEFORE)
    end = rate.frame(span.end, Rounding.AFTER)
    end = max(end, start + rate.frame(profile.min_duration, Rounding.AFTER))
    for other in track.cues:
        if other.id == cue.id or other.placement.vertical != cue.placement.vertical:
            continue
        if other.span.end <= cue.span.start:
            start = max(start, rate.frame(other.span.end) + gap)
        elif other.span.start >= cue.span.end:
            end = min(end, rate.frame(other.span.start) - gap)
    return Span(rate.time(max(start, 0)), rate.time(max(end, start + 1)))
