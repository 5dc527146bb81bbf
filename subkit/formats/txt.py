r"""Plain text (``.txt``), as openai-whisper writes it: what is said, a line a cue, no times.

Recipe: UTF-8, ``\n`` line breaks, the lines of a cue joined as its language writes. The format has
no place for a note, times, ids, speakers or languages: they are left out. Nothing reads it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.formats.cue_text import in_order, one_line

if TYPE_CHECKING:
    from subkit.model import Media, Track

__all__ = ["TxtWriter"]


class TxtWriter:
    """Writes plain text; see the module for the recipe."""

    extension = "txt"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:  # noqa: ARG002
        """The file's bytes; ``note`` has no place in this format and is left out."""
        return "".join(f"{one_line(cue, track)}\n" for cue in in_order(track)).encode()
