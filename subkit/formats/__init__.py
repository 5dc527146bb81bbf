"""Timed-text formats: one module for each, with its reader and its writer.

========== ======  ======  ==================================================================
name       reads   writes  carries beside lines, times and placement
========== ======  ======  ==================================================================
srt        yes     yes     styling, place (ids, speakers and languages are lost)
vtt        yes     yes     styling, place, ids, speakers, languages, blocks, the note
ass, ssa   yes     yes     styling, place, styles, speakers, overrides, blocks, the note
scc        yes     yes     italics, underlines, colours, rows and columns, way of coming on screen
mcc        yes     yes     the same; all letters in CEA-708
imsc       yes     yes     all styling, places, ids, speakers, languages, forced, the note
ebuttd     yes     yes     the same less ruby, emphasis, slant, outline, strike, forced
smptett    yes     yes     the same less ruby, emphasis, slant, forced
itt        yes     yes     italic, bold, underline, colour, place, a cue's own language, the note
netflix    yes     yes     as smptett
netflix-ja yes     yes     as imsc
dcinema    yes     yes     italic, bold, underline, colours, outline, size, ruby, fades, the note
interop    yes     yes     the same
stl        yes     yes     italics or colours, rows, delayed parts, comments, the head
txt        no      yes     nothing, not even times
tsv        no      yes     nothing
smi        yes     yes     styling, ruby, sides, several languages when read, its head, the note
edl        yes     yes     colours of markers
fcpxml     yes     yes     italic, bold, underline, colour, font, size, place, the note
fcp7, xmp  yes     no      markers and texts of editing systems
sbv        yes     yes     nothing
lrc        yes     yes     times of words, tags of its head
microdvd   yes     yes     styling of whole lines
mpl2       yes     yes     italics, bold and underline of whole lines
tmplayer   yes     yes     nothing, not even out-times
json       yes     yes     cue ids, speakers, times of words (written), the note
========== ======  ======  ==================================================================
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
