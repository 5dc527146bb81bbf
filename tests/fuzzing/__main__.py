"""``python -m tests.fuzzing NAME COUNT SEED``: feed a reader, within memory and time.

Prints how many inputs were read and how many refused; ends with 1 at the first fault, whose input
is written where ``FUZZING_OUT`` says.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from subkit.errors import SubkitError
from tests.fuzzing.mutation import mutated
from tests.fuzzing.targets import TARGETS

_SECONDS = 20.0
"""Of the processor, for one input: what takes longer never ends."""

_MEMORY = 1 << 30
"""Bytes beyond what the process has at its start."""


def main(name: str, count: int, seed: int) -> int:
    make, feed = TARGETS[name]
    seeds, chance = make(), random.Random(f"{name} {seed}")
    for good in seeds:  # loads what is loaded late, before memory is measured
        with suppress(SubkitError):
            feed(good)
    _limit_memory()
    signal.signal(signal.SIGPROF, _too_long)
    read = 0
    for number in range(count):
        data = mutated(seeds, chance)
        signal.setitimer(signal.ITIMER_PROF, _SECONDS)
        try:
            feed(data)
            read += 1
        except SubkitError:
            pass
        except BaseException:  # noqa: BLE001 - each is a fault
            signal.setitimer(signal.ITIMER_PROF, 0)
            out = Path(os.environ.get("FUZZING_OUT", ".")) / f"fault-{name}-{seed}-{number}"
            out.write_bytes(data)
            sys.stderr.write(f"{name}, input {number} of seed {seed}, kept as {out}:\n")
            sys.stderr.write(traceback.format_exc())
            return 1
        signal.setitimer(signal.ITIMER_PROF, 0)
    sys.stdout.write(f"{name}: {count} inputs, {read} read, {count - read} refused\n")
    return 0


def _limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if sys.platform == "linux" else 0
    if pages:
        most = pages * resource.getpagesize() + _MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _too_long(*_: object) -> NoReturn:
    raise TimeoutError(f"more than {_SECONDS:g} s of the processor")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
