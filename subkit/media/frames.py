"""Decoding one stream of a container past damage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subkit.media.container import demux

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from av.container import InputContainer

__all__ = ["Frames"]

_TRIES = 5


class Frames:
    """The decoded frames of one stream, in the order of the file.

    Args:
        container: An open container.
        stream: The stream of it.
        warn: Takes one sentence if reading stops before the end.

    Attributes:
        damaged: Packets that could not be decoded.
    """

    def __init__(self, container: InputContainer, stream: Any, warn: Callable[[str], None]) -> None:
        self.damaged = 0
        self._container = container
        self._stream = stream
        self._warn = warn

    def __iter__(self) -> Iterator[Any]:
        import av

        for packet in self._packets():
            try:
                decoded = packet.decode()
            except av.error.FFmpegError:
                self.damaged += 1
                continue
            yield from decoded

    def _packets(self) -> Iterator[Any]:
        """Packets; a fault in reading is passed over, several on end are the end."""
        import av

        faults = 0
        while True:
            try:
                for packet in demux(self._container, self._stream):
                    faults = 0
                    yield packet
            except av.error.FFmpegError as error:  # noqa: PERF203 - once a fault
                faults += 1
                if faults >= _TRIES:
                    self._warn(
                        f"Reading the {self._stream.type} stopped before the end: {error.strerror}."
                    )
                    return
            else:
                return
