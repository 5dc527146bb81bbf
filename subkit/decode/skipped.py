"""Collect what voice detection leaves out into windows for a second opinion.

A detector misses speech under music and effects. So what it skips is heard once more by the
recogniser, whose words count only where they are sure. Silence is not heard again: below
:data:`AUDIBLE` nobody understands anything.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.decode.blocks import CHUNK, SAMPLE_RATE
from subkit.model import Span, Unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from subkit.decode.planning import Part

__all__ = ["AUDIBLE", "SkippedParts"]

AUDIBLE = 10.0 ** (-60 / 10)
"""Mean square of the softest sound that is heard again: -60 dBFS."""

_LEAST = SAMPLE_RATE * 3 // 10
"""Samples of a stretch that a word has room in: 0.3 s."""

_LOOK_BACK = SAMPLE_RATE * 120
"""Samples after which a window is given that is not full: its sound is not kept for ever."""


class SkippedParts:
    """Takes chunks that no window of speech holds, in order; gives windows as their parts.

    Args:
        longest: Samples in a window at most.
        least: Probability of speech that a stretch must reach somewhere to be heard again.
        unheard: Called with each stretch that is not heard again, in order.
    """

    def __init__(
        self, longest: int, least: float, unheard: Callable[[Unheard], object] | None = None
    ) -> None:
        self._longest = longest
        self._least = least
        self._unheard = unheard
        self._parts: list[Part] = []
        self._held = 0
        self._run: Part | None = None
        self._audible = False
        self._likely = 0.0

    @property
    def needed_from(self) -> int | None:
        """First sample of the window in the making; ``None`` where there is none."""
        if self._parts:
            return self._parts[0][0]
        return self._run[0] if self._run is not None and self._audible else None

    def push(
        self, start: int, end: int, probability: float, level: float
    ) -> Iterator[tuple[Part, ...]]:
        """Take what follows of what was skipped; give the windows that are complete.

        Args:
            start: First sample, within one chunk.
            end: Sample after.
            probability: Of speech.
            level: Mean square.
        """
        audible = level >= AUDIBLE
        if self._run is not None and (self._run[1] != start or audible != self._audible):
            yield from self._close_run()
        self._audible = audible
        self._run = (start if self._run is None else self._run[0], end)
        self._likely = max(self._likely, probability)
        if end - self._run[0] >= self._longest - CHUNK:
            yield from self._close_run()
        first = self.needed_from
        if first is not None and end - first > _LOOK_BACK:
            yield from self._close_run()
            yield from self._close_window()

    def finish(self) -> Iterator[tuple[Part, ...]]:
        """Give the window that is left at the end."""
        yield from self._close_run()
        yield from self._close_window()

    def _close_run(self) -> Iterator[tuple[Part, ...]]:
        run, self._run = self._run, None
        likely, self._likely = self._likely, 0.0
        if run is None:
            return
        length = run[1] - run[0]
        if not self._audible or length < _LEAST or likely < self._least:
            self._tell(run, "no-voice" if self._audible else "silence")
            return
        if self._held + length > self._longest:
            yield from self._close_window()
        self._parts.append(run)
        self._held += length

    def _tell(self, run: Part, reason: str) -> None:
        if self._unheard is not None and run[1] > run[0]:
            start, end = (Fraction(sample, SAMPLE_RATE) for sample in run)
            self._unheard(Unheard(span=Span(start, end), reason=reason))

    def _close_window(self) -> Iterator[tuple[Part, ...]]:
        parts, self._parts, self._held = tuple(self._parts), [], 0
        if parts:
            yield parts
