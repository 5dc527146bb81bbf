r"""The TTML family (W3C TTML1 and TTML2): IMSC, EBU-TT, SMPTE-TT, iTunes, Netflix, DFXP.

One reader takes all of it, one serializer writes it, and a table of profiles
(:mod:`~subkit.formats.ttml.ttml_profiles`) says what each variant demands.

Recipe of a written file: UTF-8, the namespaces that are used, ``xml:lang``; in the head the title,
the note (``ttm:desc``, or a comment where a variant has no place for it), a ``ttm:agent`` for each
speaker, each look of text once as a ``style``, each place once as a ``region``; in the body a ``p``
for each cue with its id, times, region, style, language and speaker, and a ``span`` where a part
looks or sounds otherwise. Ids that are no XML names are escaped (``12`` is ``_12``), so that they
come back. Times are milliseconds (IMSC, EBU-TT-D, SMPTE-TT), ticks of 100 ns (Netflix) or timecode
(iTunes), each the nearest; the frame is found again. A cue that names no area stands in the picture
less a tenth on each side.

=========================  ==========================================================
what it is                 how it is written
=========================  ==========================================================
looks                      ``tts:`` attributes of a shared style, referred to by spans
ruby                       ``tts:ruby``; one reading as base and text, several in containers
delay                      ``begin`` of a span, from the in-time
voice, speaker             ``ttm:agent`` of a span or paragraph
language                   ``xml:lang`` of a span or paragraph
forced                     ``itts:forcedDisplay``
area, cell                 ``tts:origin`` and ``tts:extent`` of a region
vertical text              ``tts:writingMode``; places are turned with it
lines not as the block     ``ebutts:multiRowAlign``
all other attributes       opaque marks, regions and blocks of the format, given back
=========================  ==========================================================

The reader resolves timing (``par``, ``seq``, ``dur``, spans with times of their own), references
between styles, inheritance from region to span, sizes, and lengths in cells and pixels; namespaces
of 2006 and attributes in any case are understood. How all text of a document looks (font, size,
line height) is not a mark on every cue but a block that is given back. A paragraph whose parts come
and go becomes several cues; paragraphs in a division that has the times (imsc-rosetta) are the
lines of one. What it mends is listed: a paragraph without end, frames that do not exist, a region
or style that is not there, a style that refers to itself. Pictures without text are refused.
"""

from subkit.formats.ttml.ttml_reader import TtmlReader
from subkit.formats.ttml.ttml_writer import (
    EbuTtDWriter,
    ImscWriter,
    IttWriter,
    NetflixJapaneseWriter,
    NetflixWriter,
    SmpteTtWriter,
)

__all__ = [
    "EbuTtDWriter",
    "ImscWriter",
    "IttWriter",
    "NetflixJapaneseWriter",
    "NetflixWriter",
    "SmpteTtWriter",
    "TtmlReader",
]
