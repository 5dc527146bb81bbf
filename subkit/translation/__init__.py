"""Translation: cues -> the same cues in another language.

Sentences are joined across cues into units, each sentence is translated once, and the words go back
to the cues they came from: same ids, same times, every cue accounted for.
"""

from subkit.translation.distribution import distribute
from subkit.translation.guards import REASONS, doubts
from subkit.translation.options import TranslationOptions
from subkit.translation.preferences import MEMORY_TOOL, Memory, Preference
from subkit.translation.sentences import Candidate, translate_units
from subkit.translation.staleness import is_settled, is_stale, source_digest, stale_cues
from subkit.translation.tracks import translate_track, translated_id
from subkit.translation.units import Turn, Unit, build_units

__all__ = [
    "MEMORY_TOOL",
    "REASONS",
    "Candidate",
    "Memory",
    "Preference",
    "TranslationOptions",
    "Turn",
    "Unit",
    "build_units",
    "distribute",
    "doubts",
    "is_settled",
    "is_stale",
    "source_digest",
    "stale_cues",
    "translate_track",
    "translate_units",
    "translated_id",
]
