"""Spotting: recognised words to cues, and text to lines."""

from subkit.language import join_words
from subkit.spotting.lines import break_lines
from subkit.spotting.spotter import spot
from subkit.spotting.spotting_options import SpottingOptions

__all__ = ["SpottingOptions", "break_lines", "join_words", "spot"]
