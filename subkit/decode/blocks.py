"""Audio as it streams: blocks of any length made even, and a buffer that forgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.interfaces import Samples

__all__ = ["CHUNK", "SAMPLE_RATE", "AudioBuffer", "regroup"]

SAMPLE_RATE = 16_000
"""Samples a second of all audio in this package."""

CHUNK = 512
"""Samples for each probability of speech (32 ms)."""


def regroup(blocks: Iterable[Samples], size: int) -> Iterator[Samples]:
    """The same audio in blocks of exactly ``size`` samples; the last one may be shorter.

    Samples that are not numbers become silence and others are held within [-1, 1]: one bad sample
    must not poison what carries state from block to block.

    Args:
        blocks: Mono float32, shape ``(n,)``, any lengths, zero included.
        size: Samples a block.

    Raises:
        ValueError: a block is not one-dimensional.
    """
    import numpy as np

    pending: list[Samples] = []
    held = 0
    for given in blocks:
        if given.ndim != 1:
            raise ValueError(f"audio blocks must be mono, shape (n,), not {given.shape}")
        block = np.asarray(given, dtype=np.float32)
        if not np.isfinite(block).all():
            block = np.nan_to_num(block, nan=0.0, posinf=1.0, neginf=-1.0)
        if block.size and np.abs(block).max() > 1.0:
            block = np.clip(block, -1.0, 1.0)
        start = 0
        while held + block.size - start >= size:
            take = size - held
            pending.append(block[start : start + take])
            yield np.concatenate(pending)
            pending, held, start = [], 0, start + take
        if start < block.size:
            # A copy: the caller may fill the same array again.
            pending.append(block[start:].copy())
            held += block.size - start
    if held:
        yield np.concatenate(pending)


class AudioBuffer:
    """The newest stretch of a stream, addressed by sample number from the stream's start."""

    def __init__(self) -> None:
        self._parts: list[Samples] = []
        self._start = 0
        self._end = 0

    @property
    def start(self) -> int:
        """Number of the first sample still held."""
        return self._start

    @property
    def end(self) -> int:
        """Number of samples that came in so far."""
        return self._end

    def append(self, samples: Samples) -> None:
        """Add the samples that follow."""
        if samples.size:
            self._parts.append(samples)
            self._end += samples.size

    def forget(self, before: int) -> None:
        """Drop whole parts that lie before sample ``before``."""
        while self._parts and self._start + self._parts[0].size <= before:
            self._start += self._parts.pop(0).size

    def read(self, start: int, end: int) -> Samples:
        """A copy of samples ``[start, end)``, shape ``(end - start,)``.

        Raises:
            IndexError: some of them are not held.
        """
        import numpy as np

        if not self._start <= start <= end <= self._end:
            raise IndexError(f"samples {start}:{end} are not in {self._start}:{self._end}")
        found = [np.zeros(0, dtype=np.float32)]
        at = self._start
        for part in self._parts:
            if at >= end:
                break
            if at + part.size > start:
                found.append(part[max(0, start - at) : end - at])
            at += part.size
        return np.concatenate(found)
