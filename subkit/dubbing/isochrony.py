"""How well a line fits the time and the mouth of the original.

S is how long the original speaks, without its pauses of 300 ms and more; D how long the line is
predicted to take in the speaker's own tempo; r is D over S. What does not fit is said in seconds; a
line is never told to be spoken faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from subkit.dubbing.closures import closure_offsets, closure_score, knows_closures
from subkit.dubbing.pauses import MIN_PAUSE, may_pause
from subkit.dubbing.syllable_counts import syllables_of
from subkit.dubbing.timed_text import TextClock, phrases, timed_words
from subkit.language import is_estimated
from subkit.model import AnchorKind, LineKind, OnScreen

if TYPE_CHECKING:
    from subkit.dubbing.tempos import Tempo
    from subkit.model import Anchor, Cue

__all__ = ["Band", "Bands", "LineFit", "PhraseFit", "fit_line", "is_spoken"]

_COMPLIANT = 0.1
"""A phrase within 10 % of its time complies."""


class Band(str, Enum):
    """How well the duration of a line fits."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """The ratios at which a line is green or amber; outside it is red."""

    green: tuple[float, float] = (0.9, 1.1)
    amber: tuple[float, float] = (0.6, 1.4)

    def of(self, ratio: float) -> Band:
        """Return the band of a ratio."""
        if self.green[0] <= ratio <= self.green[1]:
            return Band.GREEN
        return Band.AMBER if self.amber[0] <= ratio <= self.amber[1] else Band.RED


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseFit:
    """One phrase: how long the original speaks there, how long the line takes, both in seconds."""

    start: float
    seconds: float
    predicted: float

    @property
    def complies(self) -> bool:
        """Whether it is within 10 % of its time."""
        return abs(self.predicted - self.seconds) <= _COMPLIANT * self.seconds

    @property
    def shared(self) -> float:
        """Seconds in which both speak, where the phrase begins with the original."""
        return min(self.seconds, self.predicted)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFit:
    """How well a line fits.

    Attributes:
        cue: Id of the line.
        character: Id of its character.
        syllables: Of its text; morae in Japanese.
        source_seconds: How long the original speaks (S).
        seconds: How long the line is predicted to take (D).
        band: Of their ratio.
        phrases: Each stretch between pauses.
        pauses: How many pauses of 300 ms and more the original has.
        pauses_kept: How many of them fall where the text may pause.
        closures: How well its lip closures meet those that are seen, 0 to 1; ``None`` where
            nothing is seen or known. Advice only.
        calibrated: The tempo of its speaker was measured.
        estimated: Its syllables are an estimate, since the reading of its letters is not known.
    """

    cue: str
    character: str | None
    syllables: int
    source_seconds: float
    seconds: float
    band: Band
    phrases: tuple[PhraseFit, ...]
    pauses: int
    pauses_kept: int
    closures: float | None
    calibrated: bool
    estimated: bool

    @property
    def ratio(self) -> float:
        """D over S (r)."""
        return self.seconds / self.source_seconds if self.source_seconds else 0.0

    @property
    def overlap(self) -> float:
        """1 less the share of its time that is missing or too much; never below 0."""
        if not self.source_seconds:
            return 0.0
        return max(0.0, 1 - abs(self.source_seconds - self.seconds) / self.source_seconds)

    @property
    def interval_overlap(self) -> float:
        """The time in which both speak over the time in which one does, phrase by phrase."""
        whole = sum(max(one.seconds, one.predicted) for one in self.phrases)
        return sum(one.shared for one in self.phrases) / whole if whole else 0.0

    @property
    def compliant_phrases(self) -> int:
        """How many of its phrases are within 10 % of their time."""
        return sum(one.complies for one in self.phrases)

    @property
    def excess(self) -> float:
        """Seconds that it is too long, or with a minus too short."""
        return self.seconds - self.source_seconds


def is_spoken(cue: Cue) -> bool:
    """Whether a line has words to fit: dialogue, crowds and songs, no sounds or signs."""
    kind = cue.dub.kind if cue.dub is not None else LineKind.DIALOGUE
    return kind in (LineKind.DIALOGUE, LineKind.CROWD, LineKind.SONG)


def fit_line(cue: Cue, language: str, tempo: Tempo, bands: Bands | None = None) -> LineFit:
    """Return how well a line fits the time that its span and its pauses give it.

    Args:
        cue: A line of a dubbing track.
        language: BCP 47 tag of its text.
        tempo: Of its speaker.
        bands: What is green and amber; ``None`` takes the defaults.
    """
    spoken = tuple(
        PhraseFit(
            start=float(phrase.span.start),
            seconds=float(phrase.span.duration),
            predicted=tempo.predict(cue.text[phrase.start : phrase.end], language),
        )
        for phrase in phrases(cue)
    )
    source = sum(one.seconds for one in spoken)
    predicted = sum(one.predicted for one in spoken)
    long = [one for one in _pauses(cue) if float(one.seconds) >= MIN_PAUSE]
    return LineFit(
        cue=cue.id,
        character=cue.dub.character if cue.dub is not None else None,
        syllables=syllables_of(cue.text, language),
        source_seconds=source,
        seconds=predicted,
        band=(bands or Bands()).of(predicted / source if source else 0.0),
        phrases=spoken,
        pauses=len(long),
        pauses_kept=sum(may_pause(cue.text, one.offset, language) for one in long),
        closures=_closures(cue, language),
        calibrated=tempo.seconds > 0,
        estimated=is_estimated(cue.text, language),
    )


def _pauses(cue: Cue) -> tuple[Anchor, ...]:
    return cue.dub.pauses if cue.dub is not None else ()


def _closures(cue: Cue, language: str) -> float | None:
    """How well lip closures agree; signs of the mouth stand on a line whose mouth is seen."""
    dub = cue.dub
    if dub is None or dub.on_screen is OnScreen.OFF or not knows_closures(language):
        return None
    seen = [float(anchor.time) for anchor in dub.anchors if anchor.kind is AnchorKind.MPB]
    if not seen:
        return None
    clock = TextClock(cue.text, timed_words(cue, language))
    return closure_score(sorted(seen), clock.times(closure_offsets(cue.text, language)))
