"""Preferences for texts that can be read, or spoken, in their time.

They choose among whole hypotheses; no text is cut to fit. Their penalty is bounded: a text that
the model holds much less likely is not worth a little less to read.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from subkit.language import count_syllables, half_units, speech_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.model import Profile
    from subkit.translation.units import Unit

__all__ = ["ReadingSpeed", "SpokenDuration"]

_FREE = log(1.1)
"""Speech up to 10 % longer or shorter counts as isochronous (dubbing's green band)."""


@dataclass(frozen=True, slots=True)
class ReadingSpeed:
    """Penalises what cannot be read in its time at the profile's reading speed.

    The penalty is ``weight * ln(cps / max_cps)``, where a sentence has the share of its unit's time
    that it has of the source text.

    Attributes:
        profile: House style of the target.
        weight: Nats a token for text 2.7 times too fast.
        most: The penalty goes no higher.
    """

    profile: Profile
    weight: float = 1.0
    most: float = 0.35

    def __call__(self, unit: Unit, source_sentence: str, hypothesis_text: str, /) -> float:
        """See :class:`subkit.translation.Preference`."""
        seconds = float(unit.seconds) * _share(unit, source_sentence, len)
        wide = half_units(hypothesis_text, self.profile.counting) / 2
        if seconds <= 0 or not wide:
            return 0.0
        over = log(wide / seconds / float(self.profile.max_cps))
        return min(self.most, self.weight * max(0.0, over))


@dataclass(frozen=True, slots=True)
class SpokenDuration:
    """Penalises what takes longer or shorter to say than its source did.

    With r the predicted duration over the source's, ``weight * max(0, |ln r| - ln 1.1)``. Predicted
    are the syllables over the rate of the target language times the tempo of the speaker: who
    speaks fast is dubbed by somebody who speaks fast.

    Attributes:
        language: BCP 47 language of the target.
        spoken: How long the source of a unit is spoken, seconds; ``None`` takes the time that its
            cues are on screen, which is a little longer.
        tempo: How fast a unit is spoken against the rate of its language
            (:func:`subkit.language.measured_tempo`); ``None`` takes 1.
        weight: Nats a token for speech 2.7 times too long.
        most: The penalty goes no higher.
    """

    language: str
    spoken: Callable[[Unit], float] | None = None
    tempo: Callable[[Unit], float] | None = None
    weight: float = 1.0
    most: float = 0.35

    def __call__(self, unit: Unit, source_sentence: str, hypothesis_text: str, /) -> float:
        """See :class:`subkit.translation.Preference`."""

        def syllables(text: str) -> int:
            return count_syllables(text, unit.language)

        whole = self.spoken(unit) if self.spoken is not None else float(unit.seconds)
        source = whole * _share(unit, source_sentence, syllables)
        tempo = self.tempo(unit) if self.tempo is not None else 1.0
        target = speech_seconds(hypothesis_text, self.language) / tempo
        if source <= 0 or target <= 0:
            return 0.0
        return min(self.most, self.weight * max(0.0, abs(log(target / source)) - _FREE))


def _share(unit: Unit, sentence: str, size: Callable[[str], int]) -> float:
    """The part of its unit that a sentence is, by some measure of text."""
    total = sum(size(text) for turn in unit.turns for text in turn.sentences)
    return min(1.0, size(sentence) / total) if total else 1.0
