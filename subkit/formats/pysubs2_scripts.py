"""Tracks from and to the scripts of pysubs2, the library that many programs hold subtitles in."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.formats.ass import AssReader, AssWriter
from subkit.model import Media

if TYPE_CHECKING:
    from pysubs2 import SSAFile

    from subkit.model import Track

__all__ = ["from_pysubs2", "to_pysubs2"]


def from_pysubs2(script: SSAFile, *, language: str = "und") -> Track:
    """Return the track of a script, whichever format pysubs2 read it from.

    Args:
        script: A ``pysubs2.SSAFile``; it is not changed.
        language: BCP 47 language of its text.

    Raises:
        FormatError: a time lies outside of what scripts hold.
    """
    data = script.to_string("ass").encode()
    track, _ = AssReader().read(data, name="a script of pysubs2", language=language)
    return track


def to_pysubs2(track: Track, media: Media | None = None) -> SSAFile:
    """Return a track as a script, its looks as overrides; times have centiseconds.

    Args:
        track: The track; what scripts cannot hold is left out, as in a file ``.ass``.
        media: What it belongs to, for the frame rate and the picture's size.

    Raises:
        FormatError: a cue ends at or after 10 hours.
    """
    from pysubs2 import SSAFile

    nowhere = Media(path="", digest="", duration=Fraction(0))
    return SSAFile.from_string(AssWriter().write(track, media or nowhere).decode(), "ass")
