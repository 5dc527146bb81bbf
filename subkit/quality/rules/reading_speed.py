"""Rules on how much there is to read: lines, their length, reading speed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.language import half_units, width
from subkit.model import Purpose
from subkit.quality.rule import ERROR, WARNING, Breach, CueRule, over, under
from subkit.quality.rules.sdh import is_sound
from subkit.timing.measures import (
    above,
    below,
    instant,
    may_last_less,
    may_last_more,
    on_grid,
    reading_width,
    slack,
    word_count,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue

__all__ = ["RULES"]

_LONG_FOR_LITTLE = Fraction(4)
"""Seconds that any cue may stand, however little there is to read."""

_SHARE = 6
"""Times slower than the limit from which a cue is too slow."""


def _lines(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """More lines than the profile allows."""
    count, most = len(cue.lines), subject.profile.max_lines
    if count > most:
        yield Breach(
            cue=cue,
            measured=over(count, "lines"),
            limit=over(most, "lines"),
            fault=f"has {count} lines, more than {most}",
        )


def _cpl(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A line wider than the profile allows, counted as its language counts."""
    most = subject.profile.max_cpl
    for number, line in enumerate(cue.lines, start=1):
        if half_units(line, subject.profile.counting) > 2 * most:
            wide = width(line, subject.profile.counting)
            yield Breach(
                cue=cue,
                measured=over(wide, "characters"),
                limit=over(most, "characters"),
                fault=f"has {above(wide)} characters in line {number}, more than {most}",
            )


def _reading_speed(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """More characters a second than the profile allows, spaces counted."""
    wide = reading_width(cue, subject.profile.counting)
    if not may_last_less(cue, instant(wide) / instant(subject.profile.max_cps)):
        return
    duration = on_grid(cue.span, subject.media).duration
    if not duration:  # no speed; the rule on durations speaks
        return
    if wide > subject.profile.max_cps * (duration + slack(subject.media)):
        speed, limit = above(wide / duration), above(subject.profile.max_cps)
        yield Breach(
            cue=cue,
            measured=over(wide / duration, "characters/s"),
            limit=over(subject.profile.max_cps, "characters/s"),
            fault=f"asks for {speed} characters a second, more than {limit}",
        )


def _too_slow(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A cue with so little to read that it stands for long after it was read: ``"A"`` for 7 s.

    Fewer characters a second than a sixth of what the profile allows, for four seconds or more;
    sounds and songs may, and signs stand as long as the picture shows them.
    """
    forced = subject.track.purpose is Purpose.FORCED
    if forced or is_sound(cue) or not may_last_more(cue, float(_LONG_FOR_LITTLE)):
        return
    duration = on_grid(cue.span, subject.media).duration
    wide, least = reading_width(cue, subject.profile.counting), subject.profile.max_cps / _SHARE
    if duration >= _LONG_FOR_LITTLE and 0 < wide < least * duration:
        speed, limit = below(wide / duration, 1), below(least, 1)
        yield Breach(
            cue=cue,
            measured=under(wide / duration, "characters/s", 1),
            limit=under(least, "characters/s", 1),
            fault=f"asks for {speed} characters a second, fewer than {limit}: it stays too long",
        )


def _max_chars(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """More characters in a cue than the profile allows (TED: 84)."""
    most = subject.profile.max_chars
    wide = Fraction(0) if most is None else reading_width(cue, subject.profile.counting)
    if most is not None and wide > most:
        yield Breach(
            cue=cue,
            measured=over(wide, "characters"),
            limit=over(most, "characters"),
            fault=f"has {above(wide)} characters, more than {most}",
        )


def _wpm(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """More words a minute than the profile allows, in languages that space their words.

    A cue of up to three words is measured by its duration alone: a rate of one word says nothing.
    """
    most = subject.profile.max_wpm
    count = word_count(cue, subject.track.language) if most else 0
    if not most or count <= 3 or not may_last_less(cue, instant(60 * count / most)):
        return
    duration = on_grid(cue.span, subject.media).duration
    if duration and 60 * count > most * (duration + slack(subject.media)):
        speed = above(60 * count / duration, 0)
        yield Breach(
            cue=cue,
            measured=over(60 * count / duration, "words/min", 0),
            limit=over(most, "words/min"),
            fault=f"asks for {speed} words a minute, more than {above(most)}",
        )


def _empty(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """A cue without text."""
    if not any(line.strip() for line in cue.lines):
        yield Breach(
            cue=cue, measured=over(0, "lines"), limit=over(1, "lines"), fault="has no text"
        )


RULES = (
    CueRule("lines", ERROR, _lines, ("max_lines",)),
    CueRule("cpl", ERROR, _cpl, ("max_cpl", "counting")),
    CueRule("reading-speed", WARNING, _reading_speed, ("max_cps", "counting")),
    CueRule("too-slow", WARNING, _too_slow, ("max_cps", "counting")),
    CueRule("max-chars", WARNING, _max_chars, ("max_chars", "counting")),
    CueRule("wpm", WARNING, _wpm, ("max_wpm",)),
    CueRule("empty", ERROR, _empty),
)
