"""A track with its source, transcript and settings, indexed for the signs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from subkit.language import resolve_language
from subkit.quality.accounting import voice_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from subkit.model import Cue, FrameRate, Project, Span, Track, Word

__all__ = ["Evidence", "Reason"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why to look at a cue.

    Attributes:
        cue: Its id.
        kind: A key of :data:`subkit.signals.SIGNALS`, or a rule of the house style.
        strength: 0 to 1: how clear the sign is.
        message: One sentence.
    """

    cue: str
    kind: str
    strength: float = 1.0
    message: str


class Evidence:
    """One track of a project.

    Args:
        project: The document.
        track: The track.
        rate: Frames, for timecodes in messages.
    """

    def __init__(self, project: Project, track: Track, rate: FrameRate) -> None:
        self.project = project
        self.track = track
        self._rate = rate

    @cached_property
    def cues(self) -> list[Cue]:
        """The track's cues in order of in-time."""
        return sorted(self.track.cues, key=lambda cue: cue.span.start)

    @cached_property
    def source(self) -> Track | None:
        """The track it was translated from."""
        return self.project.source_of(self.track)

    @cached_property
    def sources(self) -> dict[str, Cue]:
        """Source cues by id."""
        return {cue.id: cue for cue in self.source.cues} if self.source else {}

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The recognised words in order; empty if the track is in another language."""
        transcript = self.project.transcript
        if transcript is None or self.source is not None:
            return ()
        heard, shown = (resolve_language(x.language).base for x in (transcript, self.track))
        return transcript.words if heard == shown else ()

    @cached_property
    def voice(self) -> tuple[Span, ...]:
        """The stretches with voice."""
        return voice_of(self.project.transcript)

    @cached_property
    def _starts(self) -> list[Fraction]:
        return [word.span.start for word in self.words]

    def heard(self, start: Fraction, end: Fraction) -> Sequence[Word]:
        """The words that begin in a stretch."""
        return self.words[bisect_left(self._starts, start) : bisect_right(self._starts, end)]

    def cue_before(self, time: Fraction) -> Cue | None:
        """Return the last cue before a time, otherwise the first cue."""
        place = bisect_right(self._in_times, time) - 1
        return self.cues[max(place, 0)] if self.cues else None

    @cached_property
    def _in_times(self) -> list[Fraction]:
        return [cue.span.start for cue in self.cues]

    def timecode(self, time: Fraction) -> str:
        """A time as people read it."""
        return self._rate.timecode(time, self.project.media.programme_start)
