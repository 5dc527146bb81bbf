"""How well the lines of a track fit, each in the tempo of its own speaker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.dubbing.isochrony import LineFit, fit_line, is_spoken
from subkit.dubbing.tempos import calibrate_speakers

if TYPE_CHECKING:
    from subkit.dubbing.isochrony import Bands
    from subkit.model import Cue, Track

__all__ = ["fit_track"]


def fit_track(
    track: Track, source: Track | None, bands: Bands | None = None
) -> tuple[LineFit, ...]:
    """Return how well each spoken line with text fits, in order.

    The tempo of a character is measured on the lines of the source track, which were heard.

    Args:
        track: A dubbing track.
        source: The lines of the original with their pauses; ``None`` where there are none: then
            everybody is taken to speak at the rate of the language.
        bands: What is green and amber.
    """
    heard = source if source is not None else track
    tempos = calibrate_speakers(heard.cues if source is not None else (), heard.language)
    return tuple(
        fit_line(
            cue,
            cue.language or track.language,
            tempos.get(cue.dub.character if cue.dub is not None else None) or tempos[None],
            bands,
        )
        for cue in track.cues
        if is_spoken(cue) and _has_words(cue)
    )


def _has_words(cue: Cue) -> bool:
    return any(char.isalnum() for char in cue.text)
