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
    if cuts.share >= _KNOWN:
        return cuts
    speed = _other_speed(old, kept.sounds())
    if speed is None:
        return cuts
    found = map_sound(old, hear(_sound(after, progress), speed))
    return replace(found, notes=(_told(speed),)) if found.share > cuts.share else cuts


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


def _other_speed(old: Landmarks, excerpts: list[list[Samples]]) -> Speed | None:
    """The speed at which most of the excerpts are in the old cut; ``None`` where at none."""
    best: tuple[float, Speed | None] = (_FOUND, None)
    for ratio in RATIOS:
        for pitched in (True, False):
            speed = Speed(ratio.factor, pitched=pitched)
            if not excerpts or speed.factor == 1:
                continue
            found = sum(windows_found(old, hear(one, speed)) for one in excerpts) / len(excerpts)
            best = max(best, (found, speed), key=lambda pair: pair[0])
    return best[1]


def _told(speed: Speed) -> str:
    percent = float((1 / speed.factor - 1) * 100)
    how = "with its pitch changed" if speed.pitched else "with the pitch of the old one"
    return f"The new cut runs {abs(percent):.1f} % {'faster' if percent > 0 else 'slower'}, {how}."
