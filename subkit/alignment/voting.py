"""Which cues say something about when somebody speaks, and which of their words were heard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.language.punctuation import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from subkit.model import Cue, Word

    Floats = NDArray[np.float64]

__all__ = ["hints_at", "voting_cues", "word_anchors"]

_LABELS = re.compile(r"\[[^\]]*\]|\([^)]*\)|（[^）]*）|【[^】]*】|♪[^♪]*♪?")
"""Sounds and songs: nobody speaks, or nobody's voice is detected."""

_LONGEST = 30
"""Seconds: who stands longer on screen is a credit, not speech."""

_PHRASES = (5, 4, 3)
"""Words in a row that may tell one place of a film from all others."""


def voting_cues(cues: Iterable[Cue]) -> list[Cue]:
    """Return the cues that somebody speaks, in order of time; one of several at the same times."""
    spoken = {
        (cue.span.start, cue.span.end): cue
        for cue in cues
        if cue.span.duration <= _LONGEST
        and any(letter.isalnum() for letter in _LABELS.sub(" ", cue.text))
    }
    return [spoken[times] for times in sorted(spoken)]


def word_anchors(cues: Sequence[Cue], words: Sequence[Word]) -> dict[int, tuple[float, ...]]:
    """Return the times at which the first words of cues were heard, by the index of the cue.

    A phrase counts where it is written once and heard once.
    """
    written = [(token, index) for index, cue in enumerate(cues) for token in tokens(cue.text)]
    heard = [(token, float(w.span.start)) for w in words for token in tokens(w.text)]
    firsts = [
        place for place, one in enumerate(written) if not place or one[1] != written[place - 1][1]
    ]
    found: dict[int, tuple[float, ...]] = {}
    for size in _PHRASES:
        known = _phrases([token for token, _ in written], size)
        times = _phrases([token for token, _ in heard], size)
        for place in firsts:
            phrase = tuple(token for token, _ in written[place : place + size])
            if len(known.get(phrase, ())) == len(times.get(phrase, ())) == 1:
                found.setdefault(written[place][1], (heard[times[phrase][0]][1],))
    return found


def hints_at(anchors: Mapping[int, Sequence[float]], cues: Floats) -> dict[int, tuple[float, ...]]:
    """Return the offset that each anchor means, by the index of the cue, seconds."""
    return {
        index: tuple(time - float(cues[index, 0]) for time in times)
        for index, times in anchors.items()
    }


def _phrases(told: Sequence[str], size: int) -> dict[tuple[str, ...], list[int]]:
    """Where each phrase of so many words begins; more than two places are as good as two."""
    found: dict[tuple[str, ...], list[int]] = {}
    for place in range(len(told) - size + 1):
        places = found.setdefault(tuple(told[place : place + size]), [])
        if len(places) < 2:
            places.append(place)
    return found
