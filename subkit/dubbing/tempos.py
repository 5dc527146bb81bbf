"""How long a line takes to say: syllables over the rate of a language, set right for each speaker.

The last syllable of a phrase is drawn out, so that a phrase counts as one syllable more than it
has: on the speech that `benchmarks/isochrony.py` measures, that predicts short phrases better.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.dubbing.syllable_counts import syllables_of
from subkit.dubbing.timed_text import phrases
from subkit.language import heard_rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from subkit.model import Cue

__all__ = ["MIN_SECONDS", "Tempo", "calibrate", "calibrate_speakers"]

MIN_SECONDS = 5.0
"""Seconds of speech of somebody from which their tempo is taken to be known."""

_DRAWN = 1.0
"""Syllables that the drawn-out end of a phrase is worth."""

_FASTEST = 2.0
"""Beyond twice the rate of a language, or half of it, word times are more likely wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """How fast somebody speaks.

    Attributes:
        speed: Against the rate of the language: 1.2 is a fifth faster.
        seconds: Of speech that it was measured on; 0 where it was not.
    """

    speed: float = 1.0
    seconds: float = 0.0

    def predict(self, text: str, language: str) -> float:
        """Return how many seconds a phrase takes to say, without pauses; 0 for no words."""
        weight = _weight(text, language)
        return weight / heard_rate(language) / self.speed

    def predict_all(self, texts: Iterable[str], language: str) -> float:
        """Return how many seconds several phrases take, without the pauses between them."""
        return sum(self.predict(text, language) for text in texts)


def calibrate(spoken: Iterable[tuple[str, float]], language: str) -> Tempo | None:
    """Return the tempo in which phrases were spoken.

    Args:
        spoken: Text and seconds of each phrase of one speaker.
        language: BCP 47 tag of the texts.

    Returns:
        ``None`` with less than :data:`MIN_SECONDS`.
    """
    expected = taken = 0.0
    for text, seconds in spoken:
        weight = _weight(text, language)
        if weight and seconds > 0:
            expected += weight / heard_rate(language)
            taken += seconds
    if taken < MIN_SECONDS:
        return None
    speed = min(_FASTEST, max(1 / _FASTEST, expected / taken))
    return Tempo(speed=speed, seconds=taken)


def calibrate_speakers(cues: Iterable[Cue], language: str) -> Mapping[str | None, Tempo]:
    """Return the tempo of each character of lines that were heard; under ``None`` that of all.

    Who says too little to be measured has the tempo of all together.

    Args:
        cues: Lines with their pauses, as spoken in the film.
        language: BCP 47 tag of those that have none of their own.
    """
    spoken: dict[str | None, list[tuple[str, float]]] = defaultdict(list)
    for cue in cues:
        if cue.language not in (None, language):
            continue
        who = cue.dub.character if cue.dub is not None else cue.speaker
        for phrase in phrases(cue):
            text = cue.text[phrase.start : phrase.end]
            spoken[who].append((text, float(phrase.span.duration)))
    together = calibrate((one for several in spoken.values() for one in several), language)
    everyone = together or Tempo()
    tempos = {who: calibrate(several, language) or everyone for who, several in spoken.items()}
    return {**tempos, None: everyone}


def _weight(text: str, language: str) -> float:
    count = syllables_of(text, language)
    return count + _DRAWN if count else 0.0
