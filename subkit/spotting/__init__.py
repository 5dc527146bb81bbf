"""Spotting: recognised words to cues, and text to lines."""

from subkit.language import join_words
from subkit.spotting.lines import break_lines
from subkit.spotting.options import SpottingOptions
from subkit.spotting.spot import spot

__all__ = ["SpottingOptions", "break_lines", "join_words", "spot"]
