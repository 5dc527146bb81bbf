"""Rules on how much there is to read: lines, their length, reading speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.language import width
from subkit.quality.measure import above, on_grid, reading_width, slack
from subkit.quality.rule import ERROR, WARNING, Breach, CueRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue

__all__ = ["RULES"]


def _lines(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """More lines than the profile allows."""
    count, most = len(cue.lines), subject.profile.max_lines
    if count > most:
        yield Breach(
            cue=cue,
            measured=str(count),
            limit=str(most),
            fault=f"has {count} lines, more than {most}",
        )


def _cpl(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A line wider than the profile allows, counted as its language counts."""
    most = subject.profile.max_cpl
    for number, line in enumerate(cue.lines, start=1):
        wide = width(line, subject.profile.counting)
        if wide > most:
            yield Breach(
                cue=cue,
                measured=above(wide),
                limit=str(most),
                fault=f"has {above(wide)} characters in line {number}, more than {most}",
            )


def _reading_speed(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """More characters a second than the profile allows, spaces counted."""
    duration = on_grid(cue.span, subject.media).duration
    if not duration:  # no speed; the rule on durations speaks
        return
    wide = reading_width(cue, subject.profile.counting)
    if wide > subject.profile.max_cps * (duration + slack(subject.media)):
        speed, limit = above(wide / duration), above(subject.profile.max_cps)
        yield Breach(
            cue=cue,
            measured=speed,
            limit=limit,
            fault=f"asks for {speed} characters a second, more than {limit}",
        )


def _empty(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """A cue without text."""
    if not any(line.strip() for line in cue.lines):
        yield Breach(cue=cue, measured="0", limit="1", fault="has no text")


RULES = (
    CueRule("lines", ERROR, _lines, ("max_lines",)),
    CueRule("cpl", ERROR, _cpl, ("max_cpl", "counting")),
    CueRule("reading-speed", WARNING, _reading_speed, ("max_cps", "counting")),
    CueRule("empty", ERROR, _empty),
)
