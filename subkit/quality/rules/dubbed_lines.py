"""Rules on lines to be dubbed: their time, their pauses, who speaks them, how they are recorded."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.dubbing import (
    UNKNOWN,
    Band,
    Bands,
    LineFit,
    find_territory,
    fit_track,
    fits_one_loop,
    territory_ids,
)
from subkit.model import Purpose, Span
from subkit.quality.rule import WARNING, Breach, TrackRule, over, under
from subkit.timing.measures import above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue

__all__ = ["RULES"]

_LEAST_OVERLAP = Fraction(1, 5)
"""Seconds: word times are no finer, so that a shorter overlap says nothing."""


def _lines(subject: Subject) -> tuple[Cue, ...]:
    return subject.track.cues if subject.track.purpose is Purpose.DUBBING else ()


def _fits(subject: Subject) -> Iterator[tuple[Cue, LineFit]]:
    """Yield the spoken lines of an adaptation with how they fit; the original fits itself."""
    if not _lines(subject) or subject.source is None:
        return
    cues = {cue.id: cue for cue in subject.track.cues}
    for fit in fit_track(subject.track, subject.source):
        yield cues[fit.cue], fit


def _line_duration(subject: Subject) -> Iterator[Breach]:
    """A line that takes much longer or shorter to say than the original speaks (0.6 to 1.4 times).

    Predicted from its syllables and the tempo of its speaker; the remedy is another text.
    """
    low, high = Bands().amber
    for cue, fit in _fits(subject):
        if fit.band is not Band.RED:
            continue
        taken, given = Fraction(fit.seconds), Fraction(fit.source_seconds)
        long = fit.ratio > high
        limit = given * Fraction(str(high if long else low))
        apart = above(abs(taken - given), 1)
        fault = f"is {apart} s too {'long' if long else 'short'} for its {float(given):.1f} s"
        measured = over(taken, "s") if long else under(taken, "s")
        yield Breach(cue=cue, measured=measured, limit=over(limit, "s"), fault=fault)


def _line_pauses(subject: Subject) -> Iterator[Breach]:
    """A line that has no place to pause where the original is silent for 300 ms and more."""
    for cue, fit in _fits(subject):
        if fit.pauses_kept < fit.pauses:
            fault = f"can make {fit.pauses_kept} of the {fit.pauses} pauses of the original"
            yield Breach(
                cue=cue,
                measured=under(fit.pauses_kept, "pauses", 0),
                limit=over(fit.pauses, "pauses", 0),
                fault=fault,
            )


def _no_character(subject: Subject) -> Iterator[Breach]:
    """A line of which nobody knows who speaks it."""
    cues = _lines(subject)
    nobody = [c for c in cues if c.dub is None or c.dub.character in (None, UNKNOWN)]
    if len(nobody) == len(cues) > 1:
        whole = Span(cues[0].span.start, max(cue.span.end for cue in cues))
        yield Breach(cue=None, span=whole, fault=f"None of {len(cues)} lines has a character")
        return
    for cue in nobody:
        yield Breach(cue=cue, fault="has no character")


def _lines_at_once(subject: Subject) -> Iterator[Breach]:
    """A line that begins while another is still spoken; of one character the times are wrong."""
    before: list[Cue] = []
    for cue in _lines(subject):
        before = [other for other in before if other.span.end > cue.span.start]
        for other in before:
            shared = min(other.span.end, cue.span.end) - cue.span.start
            if shared >= _LEAST_OVERLAP:
                who = (other.dub.character if other.dub else None, cue.dub and cue.dub.character)
                same = ", both of one character" if who[0] == who[1] and who[0] != UNKNOWN else ""
                yield Breach(
                    cue=cue,
                    measured=over(shared, "s", 2),
                    fault=f"is spoken at once with {other.id} for {above(shared, 2)} s{same}",
                )
        before.append(cue)


def _loop_limits(subject: Subject) -> Iterator[Breach]:
    """A loop that is over the limits of its territory, or that has no line."""
    name = subject.track.territory
    territory = find_territory(name) if name in territory_ids() else None
    cues = {cue.id: cue for cue in _lines(subject)}
    for loop in subject.track.loops if cues else ():
        inside = [cues[one] for one in loop.cues if one in cues]
        if not inside:
            yield Breach(cue=None, span=loop.span, fault=f"Loop {loop.name} has no line")
        elif territory is not None and not fits_one_loop(inside, territory):
            limits = f"the limits of a loop in {territory.name}"
            yield Breach(cue=inside[0], fault=f"begins loop {loop.name}, which is over {limits}")


RULES = (
    TrackRule("line-duration", WARNING, _line_duration),
    TrackRule("line-pauses", WARNING, _line_pauses),
    TrackRule("no-character", WARNING, _no_character),
    TrackRule("lines-at-once", WARNING, _lines_at_once),
    TrackRule("loop-limits", WARNING, _loop_limits),
)
