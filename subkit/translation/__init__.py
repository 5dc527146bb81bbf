"""Translation: cues -> the same cues in another language.

Sentences are joined across cues into units, each sentence is translated once, and the words go back
to the cues they came from: same ids, same times, every cue accounted for.
"""

from subkit.translation.distribution import distribute
from subkit.translation.guards import REASONS, doubts
from subkit.translation.options import TranslationOptions
from subkit.translation.sentences import translate_units
from subkit.translation.tracks import translate_track
from subkit.translation.units import Turn, Unit, build_units

__all__ = [
    "REASONS",
    "TranslationOptions",
    "Turn",
    "Unit",
    "build_units",
    "distribute",
    "doubts",
    "translate_track",
    "translate_units",
]
