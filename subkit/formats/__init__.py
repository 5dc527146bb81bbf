"""Timed-text formats: one module for each, with its reader and its writer.

=========  ======  ======  ==================================================================
extension  reads   writes  carries beside lines, times and placement
=========  ======  ======  ==================================================================
srt        yes     yes     styling, place (ids, speakers and languages are lost)
vtt        yes     yes     styling, place, ids, speakers, languages, blocks, the note
ass, ssa   yes     yes     styling, place, styles, speakers, overrides, blocks, the note
scc        yes     yes     italics, underlines, colours, rows and columns, way of coming on screen
mcc        yes     yes     the same; all letters in CEA-708
txt        no      yes     nothing, not even times
tsv        no      yes     nothing
json       no      yes     cue ids, speakers, times of words, the note
=========  ======  ======  ==================================================================
"""

from subkit.formats.format_table import (
    FormatFacts,
    format_facts,
    known_formats,
    reader_for,
    reader_of_content,
    writer_for,
)
from subkit.formats.shot_list import read_shots
from subkit.formats.word_list import read_words

__all__ = [
    "FormatFacts",
    "format_facts",
    "known_formats",
    "read_shots",
    "read_words",
    "reader_for",
    "reader_of_content",
    "writer_for",
]
