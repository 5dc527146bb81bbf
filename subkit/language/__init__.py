"""Facts about languages: tags, scripts, widths, sentences, where text may be broken."""

from subkit.language.breaks import FORBIDDEN, NEUTRAL, break_cost, break_points, is_article
from subkit.language.joining import join_words, joiner
from subkit.language.punctuation import DASHES, normalize_spaces
from subkit.language.readings import has_readings, is_estimated, kana_reading
from subkit.language.scripts import script_of
from subkit.language.sentence_ends import is_abbreviation, is_sentence_end, sentences
from subkit.language.speaker_turns import is_dashed, turns
from subkit.language.syllables import (
    count_syllables,
    heard_rate,
    measured_tempo,
    speech_rate,
    speech_seconds,
)
from subkit.language.tags import (
    Language,
    language_tags,
    parse_language,
    resolve_language,
    three_letters,
)
from subkit.language.widths import clusters, half_units, width

__all__ = [
    "DASHES",
    "FORBIDDEN",
    "NEUTRAL",
    "Language",
    "break_cost",
    "break_points",
    "clusters",
    "count_syllables",
    "half_units",
    "has_readings",
    "heard_rate",
    "is_abbreviation",
    "is_article",
    "is_dashed",
    "is_estimated",
    "is_sentence_end",
    "join_words",
    "joiner",
    "kana_reading",
    "language_tags",
    "measured_tempo",
    "normalize_spaces",
    "parse_language",
    "resolve_language",
    "script_of",
    "sentences",
    "speech_rate",
    "speech_seconds",
    "three_letters",
    "turns",
    "width",
]
