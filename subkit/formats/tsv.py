r"""Tab-separated values (``.tsv``), as openai-whisper writes them: ``start``, ``end``, ``text``.

Recipe: UTF-8, ``\n`` line breaks, a row of the three names, then a row a cue; times are whole
milliseconds, a tab inside a text is a space, nothing is quoted. It is for programs: a spreadsheet
may take a text that begins with ``=`` or ``-`` for a formula, so people get ``xlsx`` or ``csv``.
The format has no place for a note, ids, speakers or languages: they are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.formats.cue_text import in_order, one_line

if TYPE_CHECKING:
    from subkit.model import Media, Track

__all__ = ["TsvWriter"]


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
