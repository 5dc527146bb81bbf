"""Formats: one module a format, its reader beside its writer.

=========  ======  ======  ==================================================================
extension  reads   writes  carries beside lines, times and placement
=========  ======  ======  ==================================================================
srt        yes     yes     nothing (ids, speakers and languages are lost, by the format)
vtt        yes     yes     cue ids, speakers, a cue's own language, the note
ass        no      yes     speakers, the note, the picture size
=========  ======  ======  ==================================================================

Glossaries are read and written as CSV and TBX, registers as TOML and CSV.
"""

from subkit.formats.ass import AssWriter
from subkit.formats.glossaries import (
    GLOSSARY_EXTENSIONS,
    GlossaryFile,
    inspect_glossary,
    read_glossary,
    write_glossary,
)
from subkit.formats.registers import read_register, write_register
from subkit.formats.registry import FormatFacts, known_formats, reader_for, writer_for
from subkit.formats.shot_list import read_shots
from subkit.formats.srt import SrtReader, SrtWriter
from subkit.formats.webvtt import WebVttReader, WebVttWriter
from subkit.formats.word_list import read_words

__all__ = [
    "GLOSSARY_EXTENSIONS",
    "AssWriter",
    "FormatFacts",
    "GlossaryFile",
    "SrtReader",
    "SrtWriter",
    "WebVttReader",
    "WebVttWriter",
    "inspect_glossary",
    "known_formats",
    "read_glossary",
    "read_register",
    "read_shots",
    "read_words",
    "reader_for",
    "write_glossary",
    "write_register",
    "writer_for",
]
