"""The rules, as a table of small objects; severities are explained in :mod:`subkit.quality`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.language import width
from subkit.model import Finding, Severity, Span
from subkit.quality.measure import (
    SOUND_ONLY_RATE,
    above,
    below,
    grid,
    is_on_grid,
    neighbours,
    on_grid,
    reading_width,
    slack,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from subkit.interfaces import Rule, Subject
    from subkit.model import Cue, Media, Profile, Track

__all__ = ["RULES", "CueRule", "TrackRule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Breach:
    """What a rule found: where, the number, its limit, and what is wrong with the cue."""

    cue: Cue
    measured: str
    limit: str
    fault: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class TrackRule:
    """A rule that looks at cues together.

    Attributes:
        name: Its name, for example ``"gap"``.
        severity: Of its findings.
        find: What it finds in a track.
    """

    name: str
    severity: Severity
    find: Callable[[Track, Profile, Media], Iterator[_Breach]]

    def check(self, subject: Subject) -> Iterator[Finding]:
        """The places where the track departs from the profile."""
        for breach in self.find(subject.track, subject.profile, subject.media):
            yield _finding(self.name, self.severity, breach)


@dataclass(frozen=True, slots=True)
class CueRule:
    """A rule that looks at one cue at a time.

    Attributes:
        name: Its name, for example ``"cpl"``.
        severity: Of its findings.
        find: What it finds in a cue.
    """

    name: str
    severity: Severity
    find: Callable[[Cue, Profile, Media], Iterator[_Breach]]

    def check(self, subject: Subject) -> Iterator[Finding]:
        """The places where the track departs from the profile."""
        for cue in subject.track.cues:
            for breach in self.find(cue, subject.profile, subject.media):
                yield _finding(self.name, self.severity, breach)


def _finding(rule: str, severity: Severity, breach: _Breach) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        cue=breach.cue.id,
        span=breach.span or breach.cue.span,
        measured=breach.measured,
        limit=breach.limit,
        message=f"Cue {breach.cue.id} {breach.fault}.",
    )


def _order(track: Track, profile: Profile, media: Media) -> Iterator[_Breach]:  # noqa: ARG001
    for before, cue in pairwise(track.cues):
        if cue.span.start < before.span.start:
            early = above(before.span.start - cue.span.start, 3)
            yield _Breach(
                cue=cue,
                measured=f"{early} s",
                limit="0 s",
                fault=f"starts {early} s before cue {before.id}, which stands before it",
            )


def _overlap(track: Track, profile: Profile, media: Media) -> Iterator[_Breach]:  # noqa: ARG001
    for before, cue in neighbours(track):
        shared = on_grid(before.span, media).end - on_grid(cue.span, media).start
        if shared > 0:
            end = min(before.span.end, cue.span.end)
            yield _Breach(
                cue=cue,
                measured=f"{above(shared, 3)} s",
                limit="0 s",
                fault=f"starts {above(shared, 3)} s before cue {before.id} is gone",
                span=Span(cue.span.start, max(end, cue.span.start)),
            )


def _gap(track: Track, profile: Profile, media: Media) -> Iterator[_Breach]:
    rate = media.frame_rate or SOUND_ONLY_RATE
    for before, cue in neighbours(track):
        gap = (on_grid(cue.span, media).start - on_grid(before.span, media).end) * rate.rate
        if 0 <= gap < profile.min_gap_frames - slack(media) * rate.rate:
            yield _Breach(
                cue=cue,
                measured=_frames(below(gap, 1)),
                limit=_frames(str(profile.min_gap_frames)),
                fault=(
                    f"follows cue {before.id} after {_frames(below(gap, 1))}, "
                    f"fewer than {profile.min_gap_frames}"
                ),
                span=Span(before.span.end, cue.span.start)
                if before.span.end <= cue.span.start
                else None,
            )


def _frames(number: str) -> str:
    return f"{number} frame" if number == "1" else f"{number} frames"


def _min_duration(cue: Cue, profile: Profile, media: Media) -> Iterator[_Breach]:
    duration = on_grid(cue.span, media).duration
    if duration < profile.min_duration - slack(media):
        yield _Breach(
            cue=cue,
            measured=f"{below(duration)} s",
            limit=f"{above(profile.min_duration, 3)} s",
            fault=f"lasts {below(duration)} s, less than {above(profile.min_duration, 3)} s",
        )


def _max_duration(cue: Cue, profile: Profile, media: Media) -> Iterator[_Breach]:
    duration = on_grid(cue.span, media).duration
    if duration > profile.max_duration + slack(media):
        yield _Breach(
            cue=cue,
            measured=f"{above(duration, 3)} s",
            limit=f"{below(profile.max_duration)} s",
            fault=f"lasts {above(duration, 3)} s, more than {below(profile.max_duration)} s",
        )


def _lines(cue: Cue, profile: Profile, media: Media) -> Iterator[_Breach]:  # noqa: ARG001
    count = len(cue.lines)
    if count > profile.max_lines:
        yield _Breach(
            cue=cue,
            measured=str(count),
            limit=str(profile.max_lines),
            fault=f"has {count} lines, more than {profile.max_lines}",
        )


def _cpl(cue: Cue, profile: Profile, media: Media) -> Iterator[_Breach]:  # noqa: ARG001
    for number, line in enumerate(cue.lines, start=1):
        wide = width(line, profile.counting)
        if wide > profile.max_cpl:
            yield _Breach(
                cue=cue,
                measured=above(wide),
                limit=str(profile.max_cpl),
                fault=f"has {above(wide)} characters in line {number}, more than {profile.max_cpl}",
            )


def _reading_speed(cue: Cue, profile: Profile, media: Media) -> Iterator[_Breach]:
    duration = on_grid(cue.span, media).duration
    if not duration:  # no speed; the rule on durations speaks
        return
    wide = reading_width(cue, profile.counting)
    if wide > profile.max_cps * (duration + slack(media)):
        speed, limit = above(wide / duration), above(profile.max_cps)
        yield _Breach(
            cue=cue,
            measured=speed,
            limit=limit,
            fault=f"asks for {speed} characters a second, more than {limit}",
        )


def _empty(cue: Cue, profile: Profile, media: Media) -> Iterator[_Breach]:  # noqa: ARG001
    if not any(line.strip() for line in cue.lines):
        yield _Breach(cue=cue, measured="0", limit="1", fault="has no text")


def _off_grid(cue: Cue, profile: Profile, media: Media) -> Iterator[_Breach]:  # noqa: ARG001
    rate = grid(media)
    if rate is None:
        return
    for name, time in (("in-time", cue.span.start), ("out-time", cue.span.end)):
        if not is_on_grid(time, rate):
            off = above(abs(rate.snap(time) - time) * 1000)
            yield _Breach(
                cue=cue,
                measured=f"{off} ms",
                limit="0 ms",
                fault=f"has its {name} {off} ms from the nearest frame",
            )


_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

RULES: tuple[Rule, ...] = (
    TrackRule("order", _ERROR, _order),
    TrackRule("overlap", _ERROR, _overlap),
    TrackRule("gap", _ERROR, _gap),
    CueRule("min-duration", _ERROR, _min_duration),
    CueRule("max-duration", _WARNING, _max_duration),
    CueRule("lines", _ERROR, _lines),
    CueRule("cpl", _ERROR, _cpl),
    CueRule("reading-speed", _WARNING, _reading_speed),
    CueRule("empty", _ERROR, _empty),
    CueRule("off-grid", _WARNING, _off_grid),
)
"""Every rule, in the order of the table in :mod:`subkit.quality`."""
