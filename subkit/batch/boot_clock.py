"""The clock of leases: seconds since this machine was started, the same for all its processes.

The time of day may be set back or forward while a batch runs; this clock cannot. A lease that was
taken before the machine was last started is over.
"""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Moment", "is_alive", "now", "owner_name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time of one run of the machine.

    Attributes:
        boot: Which run; empty where the system does not say.
        seconds: Since then.
    """

    boot: str
    seconds: float


def now() -> Moment:
    """Return the current moment."""
    clock = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
    seconds = time.monotonic() if clock is None else time.clock_gettime(clock)
    return Moment(boot=_boot(), seconds=seconds)


def owner_name() -> str:
    """Return a name of this process that no other process of the machine has or had."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def is_alive(owner: str) -> bool:
    """Return whether a process named by :func:`owner_name` may still run; other hosts' may."""
    host, _, rest = owner.rpartition(":")[0].rpartition(":")
    started = owner.rpartition(":")[2]
    if host != socket.gethostname() or not rest.isdecimal():
        return True
    if not Path("/proc/self/stat").exists():
        try:
            os.kill(int(rest), 0)
        except ProcessLookupError:
            return False
        except OSError:
            return True
        return True
    return _started(int(rest)) == started


def _started(pid: int) -> str:
    """When a process was started, in ticks of the machine; empty where it is gone or not told."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = text.rpartition(")")[2].split()  # a name may hold spaces and brackets
    return "" if fields[0] == "Z" else fields[19]


@cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
