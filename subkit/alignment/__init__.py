"""Align times: cues to their film, to a subtitle, to a new cut; a text to its film."""

from subkit.alignment.conforming import (
    ConformResult,
    ConformRow,
    Fate,
    carried_cue,
    conform_project,
)
from subkit.alignment.cue_pairing import CuePair, pair_cues
from subkit.alignment.cut_map import CarriedSpan, CutMap, SharedPassage
from subkit.alignment.edit_lists import EditEvent, EditList, map_edits, old_cut_as_source
from subkit.alignment.given_text import GivenLine, GivenText, GivenWord
from subkit.alignment.ratios import RATIOS, Ratio
from subkit.alignment.resync import Reference, Resync, Section, find_resync
from subkit.alignment.text_alignment import (
    AlignedText,
    AskedText,
    PlacedWord,
    UnlistedSpeech,
    align_text,
)
from subkit.alignment.two_languages import bilingual_track, on_screen_together, translation_of

__all__ = [
    "RATIOS",
    "AlignedText",
    "AskedText",
    "CarriedSpan",
    "ConformResult",
    "ConformRow",
    "CuePair",
    "CutMap",
    "EditEvent",
    "EditList",
    "Fate",
    "GivenLine",
    "GivenText",
    "GivenWord",
    "PlacedWord",
    "Ratio",
    "Reference",
    "Resync",
    "Section",
    "SharedPassage",
    "UnlistedSpeech",
    "align_text",
    "bilingual_track",
    "carried_cue",
    "conform_project",
    "find_resync",
    "map_edits",
    "old_cut_as_source",
    "on_screen_together",
    "pair_cues",
    "translation_of",
]
