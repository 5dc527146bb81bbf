r"""Plain text (``.txt``) and tab-separated values (``.tsv``), as openai-whisper writes them.

Plain text is what is said, a line a cue, no times: UTF-8, ``\n`` line breaks, the lines of a cue
joined as its language writes.

Tab-separated values have a row of the names ``start``, ``end`` and ``text``, then a row a cue:
UTF-8, ``\n`` line breaks, times in whole milliseconds, a tab inside a text is a space, nothing is
quoted. They are for programs: a spreadsheet may take a text that begins with ``=`` or ``-`` for a
formula, so people get ``xlsx`` or ``csv``.

Neither has a place for a note, ids, speakers or languages: they are left out. Nothing reads them
back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.formats.cue_text import in_order, one_line

if TYPE_CHECKING:
    from subkit.model import Media, Track

__all__ = ["TsvWriter", "TxtWriter"]


class TxtWriter:
    """Writes plain text; see the module for the recipe."""

    extension = "txt"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:  # noqa: ARG002
        """The file's bytes; ``note`` has no place in this format and is left out."""
        return "".join(f"{one_line(cue, track)}\n" for cue in in_order(track)).encode()


class TsvWriter:
    """Writes tab-separated values; see the module for the recipe."""

    extension = "tsv"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:  # noqa: ARG002
        """The file's bytes; ``note`` has no place in this format and is left out."""
        rows = ["start\tend\ttext\n"]
        for cue in in_order(track):
            start, end = (round(time * 1000) for time in (cue.span.start, cue.span.end))
            rows.append(f"{start}\t{end}\t{one_line(cue, track)}\n")
        return "".join(rows).encode()
