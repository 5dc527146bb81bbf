"""Samples laid out in time: runs of sound, silence between them, equal blocks out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

__all__ = ["Timeline"]


class Timeline:
    """Gathers samples into blocks of one length; holds one block at most.

    Attributes:
        position: Samples laid out so far: where the next one goes.
    """

    def __init__(self, block: int) -> None:
        self.position = 0
        self._block = block
        self._parts: list[Samples] = []
        self._held = 0
        self._skip = 0

    def move_to(self, target: int) -> Iterator[Samples]:
        """Make the next sample land on ``target``: fill with silence, or drop what comes first."""
        import numpy as np

        self._skip = max(0, self.position - target)
        while self.position < target:
            count = min(self._block - self._held, target - self.position)
            yield from self._add(np.zeros(count, np.float32))

    def put(self, samples: Samples) -> Iterator[Samples]:
        """Append samples; what is not a number becomes silence, the rest is clipped to [-1, 1]."""
        import numpy as np

        if not len(samples):
            return
        if self._skip:
            dropped = min(self._skip, len(samples))
            self._skip -= dropped
            samples = samples[dropped:]
        clean = np.where(np.isfinite(samples), samples, np.float32(0))
        yield from self._add(np.clip(clean, -1.0, 1.0).astype(np.float32, copy=False))

    def rest(self) -> Iterator[Samples]:
        """What is left, shorter than a block."""
        if self._held:
            yield self._join()

    def _add(self, samples: Samples) -> Iterator[Samples]:
        while len(samples):
            part = samples[: self._block - self._held]
            samples = samples[len(part) :]
            self._parts.append(part)
            self._held += len(part)
            self.position += len(part)
            if self._held == self._block:
                yield self._join()

    def _join(self) -> Samples:
        import numpy as np

        block = np.concatenate(self._parts)
        self._parts, self._held = [], 0
        return block
