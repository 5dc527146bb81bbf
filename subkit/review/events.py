"""Notify all other reviewers of a change: one queue for each open page."""

from __future__ import annotations

import asyncio
import json
from typing import Any

__all__ = ["Broadcast", "Event"]

_WAITING = 1000
"""Events kept for a page that does not read; then it is dropped and connects anew."""


class Event:
    """One server-sent event, encoded once for all listeners."""

    def __init__(self, kind: str, data: Any, head: int | None = None) -> None:
        self.kind = kind
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        number = "" if head is None else f"id: {head}\n"
        self.encoded = f"event: {kind}\n{number}data: {text}\n\n".encode()


class Broadcast:
    """Hands events from any thread to the listeners of the server's loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: set[asyncio.Queue[Event | None]] = set()

    def listen(self) -> asyncio.Queue[Event | None]:
        """A queue that gets every event from now on, and ``None`` at the end; in the loop."""
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Event | None] = asyncio.Queue(_WAITING)
        self._listeners.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[Event | None]) -> None:
        """No more events for this queue; in the loop."""
        self._listeners.discard(queue)

    def publish(self, kind: str, data: Any, head: int | None = None) -> None:
        """Tell all listeners; from any thread."""
        if self._loop is not None and self._listeners and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._deliver, Event(kind, data, head))

    def close(self) -> None:
        """Tell all listeners that the server stops; in the loop."""
        self._deliver(Event("stop", {}))
        self._deliver(None)

    def _deliver(self, event: Event | None) -> None:
        for queue in list(self._listeners):
            if queue.full():  # nobody reads there; the page connects anew and asks what it missed
                self._listeners.discard(queue)
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait(event)
