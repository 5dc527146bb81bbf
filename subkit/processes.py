"""The end of a process: signals that ask for it, and programs that subkit started."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

__all__ = ["stop_signals", "tethered"]

_STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")

# The kernel ends the process when the thread that started it ends, also by kill -9. It keeps that
# promise over exec. PR_SET_PDEATHSIG is 1, SIGKILL 9; a parent gone before that is not ours any
# more. A process of its own asks for it: code between fork and exec may hang a threaded program.
_TETHER = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); "
    "os.getppid() == int(sys.argv[1]) or os._exit(1); os.execvp(sys.argv[2], sys.argv[2:])"
)


def tethered(command: Sequence[str]) -> list[str]:
    """Return a command that runs as ``command`` does, and ends when this process ends.

    On Linux it ends however this process does; elsewhere the command is as it was, and whoever
    starts it ends it. The thread that starts it must wait for it. Its process id is that of the
    program itself.

    Args:
        command: A program and its arguments.
    """
    if sys.platform != "linux" or not sys.executable or getattr(sys, "frozen", False):
        return list(command)
    return [sys.executable, "-I", "-S", "-c", _TETHER, str(os.getpid()), *command]


@contextmanager
def stop_signals(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Give Ctrl-C, SIGTERM and SIGHUP to ``handler`` within the block.

    What was ignored before stays ignored, as under ``nohup``. In another thread than the main one
    nothing changes.
    """
    before = {}
    if threading.current_thread() is threading.main_thread():
        numbers = [getattr(signal, name) for name in _STOPPING if hasattr(signal, name)]
        for number in numbers:
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, known in before.items():
            signal.signal(number, known)
