"""Run a generator ahead in a thread, so that the front end works while the engine decodes."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["ahead"]

T = TypeVar("T")

_LOOK = 0.1
"""Seconds after which a waiting thread looks whether it is still wanted."""


class _End:
    """The items are over, with an error or without."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(items: Iterable[T], depth: int) -> Iterator[T]:
    """The same items in the same order, made in a thread of their own before they are asked for.

    An error of ``items`` is raised where it would have been. A consumer that stops early (an error,
    ``close``, or no more references) ends the thread and closes ``items``.

    Args:
        items: Used and closed in that thread only.
        depth: Most items that are there or in the making before they are asked for.
    """
    made: queue.SimpleQueue[T | _End] = queue.SimpleQueue()
    room = threading.Semaphore(max(1, depth))
    stop = threading.Event()
    thread = threading.Thread(
        target=_make, args=(items, made, room, stop), name="subkit-ahead", daemon=True
    )
    thread.start()
    try:
        while True:
            item = made.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            room.release()
            yield item
    finally:
        stop.set()
        thread.join()


def _make(
    items: Iterable[T],
    made: queue.SimpleQueue[T | _End],
    room: threading.Semaphore,
    stop: threading.Event,
) -> None:
    error: BaseException | None = None
    try:
        for _, item in zip(_places(room, stop), items, strict=False):
            made.put(item)
    except BaseException as caught:  # noqa: BLE001 - raised again in the consumer's thread
        error = caught
    try:
        close = getattr(items, "close", None)
        if close is not None:
            close()
    except BaseException as caught:  # noqa: BLE001 - raised again in the consumer's thread
        error = error or caught
    made.put(_End(error))


def _places(room: threading.Semaphore, stop: threading.Event) -> Iterator[None]:
    """One as soon as an item more may be begun, until the consumer has stopped."""
    while not stop.is_set():
        if room.acquire(timeout=_LOOK):
            yield
