"""Stretches with voice, more precise than windows: used for timing, quality checks and review.

Windows keep margins and short pauses, since a recogniser needs them. Whoever asks whether somebody
speaks at a time needs the stretches of voice themselves.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.decode.blocks import CHUNK, SAMPLE_RATE
from subkit.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.decode.planning import PlanLimits
    from subkit.interfaces import Samples, VoiceDetector

__all__ = ["VoicedSpans", "voice_spans"]

_PAUSE = SAMPLE_RATE // 10
"""Samples of a pause that parts two stretches: 100 ms, as in Silero's own code."""


class VoicedSpans:
    """Takes one probability after the other; gives each stretch of voice when it has ended.

    A stretch begins where the probability reaches the threshold and ends where it falls below the
    lower one for 100 ms. It has no margin, and shorter ones than the burst of the limits are
    dropped. Times are exact: whole chunks of 32 ms.
    """

    def __init__(self, limits: PlanLimits) -> None:
        self._limits = limits
        self._at = 0
        self._start: int | None = None
        self._pause: int | None = None

    def push(self, probability: float) -> Span | None:
        """The stretch that is known to be over with the next chunk's probability of speech."""
        at = self._at
        self._at += CHUNK
        if probability >= self._limits.threshold:
            self._start = at if self._start is None else self._start
            self._pause = None
        elif probability < self._limits.neg_threshold and self._start is not None:
            self._pause = at if self._pause is None else self._pause
        if self._pause is not None and self._at - self._pause >= _PAUSE:
            return self._end(self._pause)
        return None

    def finish(self, total: int) -> Span | None:
        """The stretch that goes on, or just ended, when the stream of ``total`` samples ends."""
        return self._end(min(total, self._at if self._pause is None else self._pause))

    def open_until(self, end: int) -> Span | None:
        """Return the stretch that goes on at sample ``end``; ``None`` where there is none."""
        if self._start is None or end <= self._start:
            return None
        stop = end if self._pause is None else min(end, max(self._pause, self._start + CHUNK))
        return Span(Fraction(self._start, SAMPLE_RATE), Fraction(stop, SAMPLE_RATE))

    def _end(self, end: int) -> Span | None:
        start, self._start, self._pause = self._start, None, None
        if start is None or end - start < max(1, self._limits.burst):
            return None
        return Span(Fraction(start, SAMPLE_RATE), Fraction(end, SAMPLE_RATE))


def voice_spans(
    blocks: Iterable[Samples], detector: VoiceDetector, limits: PlanLimits
) -> Iterator[Span]:
    """Yield each stretch of voice when it has ended.

    Args:
        blocks: 16 kHz mono float32 blocks of any length, in order.
        detector: Tells speech from the rest.
        limits: Thresholds, and the shortest stretch.

    Raises:
        EngineError: the detector failed.
    """
    voiced, total = VoicedSpans(limits), 0
    for audio, probabilities in detector.probabilities(blocks):
        total += audio.size
        for probability in probabilities.tolist():
            span = voiced.push(probability)
            if span is not None:
                yield span
    last = voiced.finish(total)
    if last is not None:
        yield last
