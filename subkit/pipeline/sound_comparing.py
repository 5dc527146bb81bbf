"""The sound of two cuts of a film held against each other."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.alignment import RATIOS
from subkit.alignment.landmark_search import windows_found
from subkit.alignment.landmarks import Speed, hear
from subkit.alignment.sound_map import map_sound
from subkit.decode import ahead
from subkit.media import SAMPLE_RATE, audio_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from subkit.alignment import CutMap
    from subkit.alignment.landmarks import Landmarks
    from subkit.interfaces import Progress
    from subkit.model import Media

    Samples = NDArray[np.float32]

__all__ = ["compare_sound"]

STAGE = "listen"

_KNOWN = 0.5
"""Share of the new cut from which no other speed is tried."""

_EXCERPTS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
_SECONDS = 60
"""Where in the new cut, and how long, its sound is kept to try other speeds on."""

_MANY, _USUAL = 20, 20
"""Passages, and seconds of one, below which the films may slowly run apart."""

_PIECE = 1.0
"""Seconds of the new cut that another passage must bring."""

_PULLED = tuple(
    Speed(factor, pitched=True) for factor in (Fraction(1001, 1000), Fraction(1000, 1001))
)
"""A film of 24 frames a second shown at 23.976, and the other way round."""

_CLOSE = Fraction(1, 200)
"""Speeds that an excerpt does not tell apart."""

_FOUND = 0.3
"""Share of the windows of the excerpts that must be in the old cut at a speed."""


def compare_sound(before: Media, after: Media, progress: Progress) -> CutMap:
    """Return where the stretches of an old cut are in a new one, by their sound.

    The new one may run at another frame rate, with its pitch or with that of the old one.

    Args:
        before: The old cut.
        after: The new one.
        progress: Hears how it goes.

    Raises:
        MediaError: a file cannot be read, or has no sound.
    """
    old = hear(_sound(before, progress))
    kept = _Excerpts(after)
    new = hear(kept.passing(_sound(after, progress)))
    cuts = map_sound(old, new, _frame(before, after))
    if cuts.share < _KNOWN:
        speeds = _other_speeds(old, kept.sounds())
    else:
        speeds = _PULLED if _drifts(cuts) else ()
    best = cuts
    for speed in speeds:
        found = map_sound(old, hear(_sound(after, progress), speed))
        if _worth(found) > _worth(best):
            best = replace(found, notes=(_told(speed),))
    return best


def _drifts(cuts: CutMap) -> bool:
    """Whether passages are short, as where the films slowly run apart."""
    return len(cuts.passages) > _MANY and len(cuts.passages) * _USUAL > cuts.duration


def _worth(cuts: CutMap) -> float:
    """How much of the new cut is known, less for each piece that it is known in."""
    return cuts.share - len(cuts.passages) * _PIECE / float(cuts.duration or 1)


def _frame(before: Media, after: Media) -> Fraction | None:
    """Seconds of a frame that both cuts have."""
    rates = {
        None if media.frame_rate is None else media.frame_rate.rate for media in (before, after)
    }
    rate = rates.pop() if len(rates) == 1 else None
    return None if rate is None else 1 / rate


def _sound(media: Media, progress: Progress) -> Iterator[Samples]:
    """The sound of a film, decoded in a thread of its own."""
    progress.begin(STAGE, float(media.duration), "s")
    heard = 0
    for block in ahead(audio_blocks(media, warn=progress.warn), 4):
        yield block
        heard += len(block)
        progress.advance(STAGE, heard / SAMPLE_RATE)
    progress.end(STAGE)


class _Excerpts:
    """Some minutes of a sound that passes by."""

    def __init__(self, media: Media) -> None:
        length = _SECONDS * SAMPLE_RATE
        starts = [int(media.duration * part * SAMPLE_RATE) for part in _EXCERPTS]
        self._spans = [(start, start + length) for start in starts]
        self._kept: list[list[Samples]] = [[] for _ in starts]

    def passing(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        """Give the blocks on, and keep what of them is in an excerpt."""
        at = 0
        for block in blocks:
            for kept, (first, last) in zip(self._kept, self._spans, strict=True):
                part = block[max(first - at, 0) : max(last - at, 0)]
                if len(part):
                    kept.append(part.copy())
            at += len(block)
            yield block

    def sounds(self) -> list[list[Samples]]:
        """Return the blocks of each excerpt."""
        return [blocks for blocks in self._kept if blocks]


def _other_speeds(old: Landmarks, excerpts: list[list[Samples]]) -> tuple[Speed, ...]:
    """The speed at which most of the excerpts are in the old cut, and those close to it."""
    found: dict[Speed, float] = {}
    for ratio in RATIOS:
        for pitched in (True, False):
            speed = Speed(ratio.factor, pitched=pitched)
            if excerpts and speed.factor != 1:
                shares = [windows_found(old, hear(one, speed)) for one in excerpts]
                found[speed] = sum(shares) / len(excerpts)
    best = max(found, key=lambda speed: found[speed], default=None)
    if best is None or found[best] < _FOUND:
        return ()
    return tuple(
        speed
        for speed in found
        if speed.pitched == best.pitched and abs(speed.factor / best.factor - 1) < _CLOSE
    )


def _told(speed: Speed) -> str:
    percent = float((1 / speed.factor - 1) * 100)
    how = "with its pitch changed" if speed.pitched else "with the pitch of the old one"
    return f"The new cut runs {abs(percent):.1f} % {'faster' if percent > 0 else 'slower'}, {how}."
