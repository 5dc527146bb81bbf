"""Run work in batches: one for each replica at a time, smaller ones when memory runs out."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

from subkit.decode.loading import is_out_of_memory, model_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from subkit.interfaces import SpeechWindow

__all__ = ["Batches"]

_log = logging.getLogger(__name__)


class _Item(Protocol):
    """What is worked on: it belongs to a window."""

    @property
    def window(self) -> SpeechWindow: ...


T = TypeVar("T", bound=_Item)
Result = TypeVar("Result")


class Batches:
    """Batches of at most a size that shrinks for good when memory runs out.

    Args:
        size: Items in a batch at most.
        workers: Batches that are worked on at the same time.
        shrunk: Called when the size was halved.
    """

    def __init__(self, *, size: int, workers: int, shrunk: Callable[[], None]) -> None:
        self._size = size
        self._workers = workers
        self._shrunk = shrunk

    def of(self, items: Iterable[T], kind: Callable[[T], Hashable]) -> list[list[T]]:
        """Return items of equal kind in batches, in the order they came."""
        buckets: dict[Hashable, list[T]] = {}
        for item in items:
            buckets.setdefault(kind(item), []).append(item)
        found = []
        for bucket in buckets.values():
            # Where there is little to do, each replica does some of it.
            size = min(self._size, -(-len(bucket) // self._workers))
            found += [bucket[at : at + size] for at in range(0, len(bucket), size)]
        return found

    def done(
        self, work: Callable[[list[T]], list[Result]], batches: Sequence[list[T]]
    ) -> Iterator[list[Result]]:
        """Do ``work`` for each batch and yield what it gives, in order.

        Raises:
            EngineError: the engine failed; names the time.
        """
        if self._workers == 1 or len(batches) == 1:
            for batch in batches:
                yield self.do(work, batch)
            return
        with ThreadPoolExecutor(self._workers) as pool:
            yield from pool.map(lambda batch: self.do(work, batch), batches)

    def do(self, work: Callable[[list[T]], list[Result]], batch: list[T]) -> list[Result]:
        """Do ``work``; where memory runs out, with half of the batch, now and from now on.

        Raises:
            EngineError: the engine failed; names the time.
        """
        if len(batch) <= self._size:
            try:
                return work(batch)
            except (RuntimeError, ValueError, MemoryError) as error:
                if len(batch) == 1 or not is_out_of_memory(error):
                    raise model_fault(error, f"Decoding failed at {_place(batch)}") from error
                self._size = max(1, min(self._size, (len(batch) + 1) // 2))
                self._shrunk()
                _log.warning("out of memory with %d windows: now half as many", len(batch))
        found: list[Result] = []
        size = self._size  # it may shrink on the way
        for at in range(0, len(batch), size):
            found += self.do(work, batch[at : at + size])
        return found


def _place(batch: Sequence[_Item]) -> str:
    """The time of a batch, for an error."""
    start = min(item.window.span.start for item in batch)
    end = max(item.window.span.end for item in batch)
    return f"{float(start):.3f} to {float(end):.3f} s"
