"""What cinemas demand of subtitles beside the schema.

At least two frames between events, no more than six lines an event (SMPTE ST 429-2, 8.4.4); closed
captions have up to three lines of up to 30 letters, and up to 256 KB a reel.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import Cue, FrameRate

__all__ = ["MAX_CAPTION_BYTES", "MAX_FONT_BYTES", "cinema_faults"]

MAX_CAPTION_BYTES = 256 * 1024
MAX_FONT_BYTES = 640 * 1024

_MIN_GAP = 2
_MAX_LINES = 6
_MAX_CAPTION_LINES = 3
_MAX_CAPTION_LETTERS = 30


def cinema_faults(cues: Sequence[Cue], rate: FrameRate, *, captions: bool) -> dict[str, list[str]]:
    """Return each demand that cues break, as a sentence without its stop, with their ids.

    Args:
        cues: In order of in-time.
        rate: Frames of the film.
        captions: They are closed captions.
    """
    found: dict[str, list[str]] = {}
    for before, cue in pairwise(cues):
        gap = rate.frame(cue.span.start) - rate.frame(before.span.end)
        if gap < _MIN_GAP:
            found.setdefault("Less than 2 frames lie between events", []).append(cue.id)
    for cue in cues:
        for message, broken in _of_cue(cue, captions=captions):
            if broken:
                found.setdefault(message, []).append(cue.id)
    return found


def _of_cue(cue: Cue, *, captions: bool) -> list[tuple[str, bool]]:
    lines = len(cue.lines)
    return [
        (f"An event has more than {_MAX_LINES} lines", lines > _MAX_LINES),
        (
            f"A closed caption has more than {_MAX_CAPTION_LINES} lines",
            captions and lines > _MAX_CAPTION_LINES,
        ),
        (
            f"A line of a closed caption has more than {_MAX_CAPTION_LETTERS} letters",
            captions and any(len(line) > _MAX_CAPTION_LETTERS for line in cue.lines),
        ),
    ]
