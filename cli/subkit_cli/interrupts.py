"""Being asked to stop: Ctrl-C, SIGTERM and a closed terminal end the work in the same clean way.

The first signal is an exception wherever the work stands, so that locks are given back, children
ended and unfinished files removed. A second one while that goes on is only noted; a third ends the
process at once, and its children with it.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from subkit.processes import stop_signals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["Interrupted", "ending_cleanly"]


class Interrupted(KeyboardInterrupt):
    """The process was asked to stop.

    Attributes:
        signal: Number of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = number


class _Handler:
    """What a signal does, by how many came before it."""

    def __init__(self) -> None:
        self._asked = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._asked += 1
        if self._asked == 1:
            raise Interrupted(number)
        if self._asked == 2:
            with suppress(OSError):  # not through sys.stderr: the work may hold its lock
                os.write(2, b"\nStopping. Once more ends it at once.\n")
            return
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)


@contextmanager
def ending_cleanly() -> Iterator[None]:
    """Turn signals that ask the process to stop into :class:`Interrupted` within the block."""
    with stop_signals(_Handler()):
        yield
