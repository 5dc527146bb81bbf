"""Align times: cues to the film, or to the subtitle, that they belong to; a text to its film."""

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

__all__ = [
    "RATIOS",
    "AlignedText",
    "AskedText",
    "GivenLine",
    "GivenText",
    "GivenWord",
    "PlacedWord",
    "Ratio",
    "Reference",
    "Resync",
    "Section",
    "UnlistedSpeech",
    "align_text",
    "find_resync",
]
