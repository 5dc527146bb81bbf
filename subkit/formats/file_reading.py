"""What a file holds, by whichever of its two ways a reader has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.interfaces.file_contents import FileContent, FileReader

if TYPE_CHECKING:
    from subkit.interfaces import Reader
    from subkit.interfaces.file_contents import ReadRequest
    from subkit.model import Track

__all__ = ["file_content", "track_in"]


def file_content(reader: Reader, data: bytes, asked: ReadRequest) -> FileContent:
    """Return what a file holds: all its tracks, or the one that a simple reader gives.

    Raises:
        FormatError: not of this format; line and column say where.
    """
    if isinstance(reader, FileReader):
        return reader.read_file(data, asked)
    track, repairs = reader.read(data, name=asked.name, language=asked.language)
    return FileContent(tracks=(track,), repairs=tuple(repairs))


def track_in(content: FileContent, language: str) -> Track:
    """Return the track of a language, else the first."""
    found = (track for track in content.tracks if track.language == language)
    track = next(found, content.tracks[0])
    return track if len(content.tracks) > 1 else replace(track, language=language)
