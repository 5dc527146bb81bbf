"""Translation: cues -> the same cues in another language.

Sentences are joined across cues into units, each sentence is translated once, and the words go back
to the cues they came from: same ids, same times, every cue accounted for.
"""

from subkit.translation.candidates import Candidate
from subkit.translation.distribution import distribute
from subkit.translation.dressing import Dressing, dress, find_tags, undress
from subkit.translation.length import ReadingSpeed, SpokenDuration
from subkit.translation.mark_transfer import lost_marks
from subkit.translation.placeholders import Placeholder, Probed, probe_placeholders
from subkit.translation.preferences import MEMORY_TOOL, REFINER_TOOL, Memory, Preference
from subkit.translation.protection import ProtectedTranslator, protect
from subkit.translation.questions import Questions
from subkit.translation.refining import refine_units
from subkit.translation.sentence_candidates import translate_units
from subkit.translation.sentence_cores import same_language
from subkit.translation.staleness import is_settled, source_digest, stale_cues
from subkit.translation.text_guards import LOW_SCORE, REASONS, doubts
from subkit.translation.tracks import track_questions, translate_track, translated_id
from subkit.translation.translation_options import FITS, TranslationOptions
from subkit.translation.units import Turn, Unit, build_units

__all__ = [
    "FITS",
    "LOW_SCORE",
    "MEMORY_TOOL",
    "REASONS",
    "REFINER_TOOL",
    "Candidate",
    "Dressing",
    "Memory",
    "Placeholder",
    "Preference",
    "Probed",
    "ProtectedTranslator",
    "Questions",
    "ReadingSpeed",
    "SpokenDuration",
    "TranslationOptions",
    "Turn",
    "Unit",
    "build_units",
    "distribute",
    "doubts",
    "dress",
    "find_tags",
    "is_settled",
    "lost_marks",
    "probe_placeholders",
    "protect",
    "refine_units",
    "same_language",
    "source_digest",
    "stale_cues",
    "track_questions",
    "translate_track",
    "translate_units",
    "translated_id",
    "undress",
]
