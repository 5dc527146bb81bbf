"""The queue of a server: one thread works through it and holds the models."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from subkit.calls import Engines
from subkit.serve.serve_errors import BusyError, ServeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["WorkQueue"]

_LONGEST_WAIT = 300


class WorkQueue:
    """Requests in the order in which they came, each worked on with the same engines.

    Args:
        max_waiting: Requests that have been let in and are not answered.
        idle_seconds: Without work for so long the models are unloaded.
    """

    def __init__(self, max_waiting: int, idle_seconds: float) -> None:
        self._max, self._idle = max_waiting, idle_seconds
        self._inside = 0
        self._lock = threading.Lock()
        self._work: queue.SimpleQueue[tuple[Callable[[Engines], Any], Future[Any]] | None]
        self._work = queue.SimpleQueue()
        self._engines = Engines()
        self.loaded = False
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="subkit-serve", daemon=True)
        self._thread.start()

    @property
    def inside(self) -> int:
        """How many requests are let in and not answered."""
        return self._inside

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Hold a place in the queue, from before the body is read until the answer.

        Raises:
            BusyError: all places are taken.
        """
        with self._lock:
            if self._inside >= self._max:
                seconds = min(_LONGEST_WAIT, 5 * self._inside)
                raise BusyError("The queue of the server is full.", seconds=seconds)
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1

    def submit(self, work: Callable[[Engines], Any]) -> Future[Any]:
        """Put work into the queue; cancelling its future takes out what has not begun."""
        future: Future[Any] = Future()
        if self._closed.is_set():
            raise ServeError("The server is stopping.", status=503)
        self._work.put((work, future))
        return future

    def close(self) -> None:
        """Stop after the work in hand, and unload the models."""
        self._closed.set()
        self._work.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                item = self._work.get(timeout=self._idle if self.loaded else None)
            except queue.Empty:
                self._unload()
                continue
            if item is None or self._closed.is_set():
                break
            work, future = item
            if not future.set_running_or_notify_cancel():
                continue
            self.loaded = True
            try:
                future.set_result(work(self._engines))
            except BaseException as error:  # noqa: BLE001 - the one who waits hears of it
                future.set_exception(error)
        self._unload()
        self._refuse_rest(item)

    def _refuse_rest(self, item: Any) -> None:
        while item is not None:
            item[1].cancel()
            try:
                item = self._work.get_nowait()
            except queue.Empty:
                return

    def _unload(self) -> None:
        self._engines.close()
        self.loaded = False
