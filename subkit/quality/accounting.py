"""Speech accounting: the cue that shows each stretch of voice, or the reason why none does.

A detector cannot witness for itself: what it skips would never be missed. So what it skipped is
accounted for too, by what the recogniser heard there and by how loud it is.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from subkit.model import Cue, Project, Transcript

__all__ = ["Accounting", "Stretch", "account", "uncovered", "voice_of"]

REACH = Fraction(3, 10)
"""Seconds around a cue in which voice still belongs to it: cues begin and end near their words."""

LEAST = Fraction(2, 5)
"""Seconds: a shorter rest of voice is a breath, a laugh or the detector's edge."""

_JOIN = Fraction(1, 4)
_SECOND_OPINION = "second-opinion"
_REASONS = {"no-speech": "the recogniser heard no speech in it"}

_UNHEARD = {
    "silence": "silence, below -60 dBFS",
    "no-voice": "the voice detector was sure that nobody speaks",
    "not-speech": "no voice was detected, and the recogniser heard nobody either",
    "unsure": "",
}
"""Why no word comes from a stretch that voice detection skipped; none is given where somebody
should listen."""

_LEAST_UNHEARD = Fraction(3, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of voice.

    Attributes:
        span: When, seconds.
        cues: Ids of the cues that show it; empty if none does.
        reason: Why none does; empty if nobody knows.
        actor: Who says so: a person, ``"subkit"``, or nobody.
        skipped: Voice detection heard nobody in it.
    """

    span: Span
    cues: tuple[str, ...] = ()
    reason: str = ""
    actor: str = ""
    skipped: bool = False

    @property
    def state(self) -> str:
        """``"cue"``, ``"reason"`` or ``"open"``."""
        return "cue" if self.cues else "reason" if self.reason else "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounting:
    """What is accounted for.

    Attributes:
        stretches: All stretches of voice, in order, and those that voice detection skipped where
            the recogniser may have heard somebody. What a cue shows of one and what it does not
            are two.
        skipped: All other stretches that voice detection skipped, each with its reason.
    """

    stretches: tuple[Stretch, ...]
    skipped: tuple[Stretch, ...] = ()

    def seconds(self, *states: str) -> Fraction:
        """Seconds of voice in these states; in all of them if none is named."""
        wanted = states or ("cue", "reason", "open")
        found = (s.span.duration for s in self.stretches if s.state in wanted)
        return sum(found, Fraction(0))

    def skipped_seconds(self) -> dict[str, Fraction]:
        """Return the seconds that voice detection skipped, by reason, the longest first."""
        found: dict[str, Fraction] = {}
        for stretch in self.skipped:
            found[stretch.reason] = found.get(stretch.reason, Fraction(0)) + stretch.span.duration
        return dict(sorted(found.items(), key=lambda item: -item[1]))


def account(project: Project) -> Accounting:
    """List the stretches of voice with the cues of the source tracks that show them.

    A person's reason comes before the machine's: that the recogniser found no speech there.
    """
    cues = sorted(
        (cue for track in project.tracks if track.source is None for cue in track.cues),
        key=lambda cue: cue.span.start,
    )
    voice = voice_of(project.transcript)
    found = [stretch for span in voice for stretch in _of_voice(span, cues, project)]
    skipped = list(_of_skipped(cues, project))
    found += [stretch for stretch in skipped if stretch.state != "reason"]
    return Accounting(
        stretches=tuple(sorted(found, key=lambda stretch: stretch.span.start)),
        skipped=tuple(stretch for stretch in skipped if stretch.state == "reason"),
    )


def voice_of(transcript: Transcript | None) -> tuple[Span, ...]:
    """Where a voice was heard; the windows that were decoded, where nobody listened for voice."""
    if transcript is None:
        return ()
    spans = transcript.voice or tuple(window.span for window in transcript.windows)
    # Where only the second opinion heard somebody, somebody speaks all the same.
    spans += tuple(
        part
        for window in transcript.windows
        if _SECOND_OPINION in window.warnings
        for part in window.parts
    )
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if joined and span.start - joined[-1].end <= _JOIN:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def uncovered(span: Span, cues: Sequence[Cue]) -> list[Span]:
    """The parts of a span that no cue reaches, each longer than :data:`LEAST`.

    Args:
        span: The span.
        cues: In order of in-time.
    """
    rest, at = [], span.start
    for cue in _near(span, cues):
        begin, end = cue.span.start - REACH, cue.span.end + REACH
        if begin > at:
            rest.append((at, min(begin, span.end)))
        at = max(at, end)
    rest.append((at, span.end))
    return [Span(a, b) for a, b in rest if b - a > LEAST]


def _near(span: Span, cues: Sequence[Cue]) -> Iterable[Cue]:
    """Return the cues that reach into a span; a cue is taken to last a minute at most."""
    first = bisect_left(cues, span.start - 60, key=lambda cue: cue.span.start)
    for cue in cues[first:]:
        if cue.span.start - REACH >= span.end:
            return
        if cue.span.end + REACH > span.start:
            yield cue


def _of_voice(span: Span, cues: Sequence[Cue], project: Project) -> Iterable[Stretch]:
    rest = uncovered(span, cues)
    edges = [span.start, *(edge for part in rest for edge in (part.start, part.end)), span.end]
    for place, (start, end) in enumerate(pairwise(edges)):
        if start == end:
            continue
        part = Span(start, end)
        if place % 2:
            yield _without_cue(part, project)
        else:
            yield Stretch(span=part, cues=tuple(cue.id for cue in _near(part, cues)))


def _of_skipped(cues: Sequence[Cue], project: Project) -> Iterable[Stretch]:
    """Return the spans that voice detection skipped and in which the recogniser found no words."""
    for one in project.transcript.unheard if project.transcript is not None else ():
        if one.span.duration < _LEAST_UNHEARD:
            continue
        reason = _UNHEARD.get(one.reason, one.reason)
        if reason:
            yield Stretch(span=one.span, reason=reason, actor="subkit", skipped=True)
            continue
        # A cue that reaches into it shows no more of it than that.
        for rest in uncovered(one.span, cues):
            yield replace(_without_cue(rest, project), skipped=True)


def _without_cue(span: Span, project: Project) -> Stretch:
    for known in project.omissions:
        shared = min(known.span.end, span.end) - max(known.span.start, span.start)
        if 2 * shared >= span.duration:
            return Stretch(span=span, reason=known.reason, actor=known.actor)
    reason = _machine_reason(span, project)
    return Stretch(span=span, reason=reason, actor="subkit" if reason else "")


def _machine_reason(span: Span, project: Project) -> str:
    transcript = project.transcript
    if transcript is None:
        return ""
    windows = [window for window in transcript.windows if window.overlaps(span)]
    for warning, reason in _REASONS.items():
        if windows and all(warning in window.warnings for window in windows):
            return reason
    return ""
