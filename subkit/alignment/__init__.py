"""Align times: cues to the film, or to the subtitle, that they belong to."""

from subkit.alignment.ratios import RATIOS, Ratio
from subkit.alignment.resync import Reference, Resync, Section, find_resync

__all__ = ["RATIOS", "Ratio", "Reference", "Resync", "Section", "find_resync"]
