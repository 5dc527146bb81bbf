"""D-cinema subtitles: Interop (CineCanvas) and SMPTE ST 428-7 of 2010 and 2014.

Recipe: UTF-8; a head with an id made of the content, so that the same cues give the same bytes,
title, reel and language; in SMPTE also the rate, the start of the reel and the font, whose file the
packager adds under its id; one font for all text (white, 42 points, black border); an event for
each cue with its id as spot number, fades of two frames unless the cue has others, and each line as
a text with its place. Cinemas run at whole rates: frame 24 of a film at 23.976 is frame 24 at 24.
Interop counts ticks of 4 ms, SMPTE frames; times are the nearest. A line at the bottom stands 8 %
above the edge, each line above it 6.5 % higher. Lines without letters are left out. A profile
``2010`` writes the edition of 2010, ``closed-caption`` captions without fades.

The reader takes names in any case and elements of any namespace, fonts nested to any depth and
lines in any order. Lines that do not stand where subkit puts them keep their place as it was read.
How most text looks (size, effect) is kept once, for the document, and given back; so are the reel's
start, the date, the font's name and the annotation. Ticks over 249 make it read ticks as
milliseconds. It names lines without text, missing fonts, and events that break the limits of
:mod:`~subkit.formats.dcinema.cinema_limits`.
"""

from subkit.formats.dcinema.cinema_reader import DCinemaReader
from subkit.formats.dcinema.cinema_writer import InteropWriter, SmpteCinemaWriter

__all__ = ["DCinemaReader", "InteropWriter", "SmpteCinemaWriter"]
