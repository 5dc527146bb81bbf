"""Connections that never ask anything: they are closed, and they keep nobody out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

__all__ = ["bounded_protocol"]

REQUEST_SECONDS = 10.0
"""Until the head of a request is whole."""

MAX_WAITING = 100
"""Connections without a whole request; one more closes the oldest of them. A browser that has
just connected asks within milliseconds, so it is never the oldest."""


class _HalfOpen:
    """Connections without a whole request, oldest first, each with its clock."""

    def __init__(self) -> None:
        self._clocks: dict[Any, asyncio.TimerHandle] = {}

    def add(self, connection: Any) -> None:
        """Wait for a request; the oldest connection gives way where too many wait."""
        self.remove(connection)
        while len(self._clocks) >= MAX_WAITING:
            oldest = next(iter(self._clocks))
            self.remove(oldest)
            oldest.transport.abort()
        abort = connection.transport.abort
        self._clocks[connection] = connection.loop.call_later(REQUEST_SECONDS, abort)

    def remove(self, connection: Any) -> None:
        """Wait no longer."""
        if clock := self._clocks.pop(connection, None):
            clock.cancel()

    def __contains__(self, connection: Any) -> bool:
        return connection in self._clocks


def bounded_protocol() -> type[asyncio.Protocol]:
    """Return uvicorn's protocol with bounds on connections that are half open."""
    from uvicorn.protocols.http.h11_impl import H11Protocol

    waiting = _HalfOpen()

    class BoundedProtocol(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            waiting.add(self)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.cycle is not None and not self.cycle.response_complete:
                waiting.remove(self)
            elif self not in waiting and not self.transport.is_closing():
                waiting.add(self)  # the beginning of another request

        def connection_lost(self, exc: Exception | None) -> None:
            waiting.remove(self)
            super().connection_lost(exc)

        def on_response_complete(self) -> None:
            super().on_response_complete()
            waiting.remove(self)  # from here uvicorn's own clock for idle connections runs

    return BoundedProtocol
