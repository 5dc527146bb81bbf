"""Processes that run code until it ends or they are killed, at little cost each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]

NURSERY = """
import json, os, sys, traceback
import subkit.store, tests.builders.stores  # loaded once, for all who are born here
for line in sys.stdin:
    code, out, *arguments = json.loads(line)
    child = os.fork()
    if not child:
        os.dup2(os.open(out, os.O_WRONLY), 1)
        sys.argv[1:] = arguments
        try:
            exec(code, {})
            sys.stdout.flush()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Nursery:
    """Processes that run code until it ends or they are killed, without a start of Python each."""

    def __init__(self, folder: Path) -> None:
        self._out = folder / "out"
        os.mkfifo(self._out)
        command = [sys.executable, "-c", NURSERY]
        pipe = subprocess.PIPE
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._parent = subprocess.Popen(
            command, env=environment, stdin=pipe, stdout=pipe, text=True
        )

    def close(self) -> None:
        """No more are born."""
        self._parent.communicate()

    @contextmanager
    def start(self, code: str, *arguments: object) -> Iterator[tuple[int, TextIO]]:
        """A process and what it prints; wait for its end with :meth:`ended`."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(json.dumps([code, str(self._out), *map(str, arguments)]) + "\n")
        self._parent.stdin.flush()
        with self._out.open() as out:
            yield int(self._parent.stdout.readline()), out

    def ended(self) -> int:
        """How the last one ended: its exit status, or less than 0 for a signal."""
        assert self._parent.stdout is not None
        return int(self._parent.stdout.readline())

    def run(self, code: str, *arguments: object) -> tuple[int, str]:
        """Run to the end; how it ended, and what it printed."""
        with self.start(code, *arguments) as (_, out):
            printed = out.read()
        return self.ended(), printed
