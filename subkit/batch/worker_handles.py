"""Worker processes as their runner has them: started, fed, watched and ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from subkit.decode.messages import read_message, write_message
from subkit.errors import EngineError
from subkit.processes import tethered

if TYPE_CHECKING:
    from queue import SimpleQueue

    from subkit.batch.title_claims import Claim

__all__ = ["WorkerHandle", "ended_as", "tree_bytes"]

_START = (
    "import sys; from importlib import import_module; name = sys.argv[1]; "
    "sys.path[:] = sys.argv[2:]; import_module(name).main()"
)
_LAST_LINES = 20
_PATIENCE = 5.0


class WorkerHandle:
    """A running worker; it ends when this process does.

    Args:
        module: Name of the module whose ``main`` does titles.
        limit: Bytes that each of its processes may take; 0 for no limit.
        answers: Gets ``(worker, message)``; the message is ``None`` when the worker has ended.

    Raises:
        EngineError: it cannot be started.
    """

    def __init__(
        self,
        module: str,
        limit: int,
        answers: SimpleQueue[tuple[WorkerHandle, dict[str, Any] | None]],
    ) -> None:
        self.claim: Claim | None = None
        self.began = 0.0
        self.stage = ""
        self.ending = ""  # why it was ended: time, memory, lost, node
        self.ready = True
        self._lines: deque[str] = deque(maxlen=_LAST_LINES)
        command = tethered([sys.executable, "-c", _START, module, *sys.path])
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,  # Ctrl-C is for the runner, which ends its workers
            )
        except OSError as error:
            raise EngineError(
                f"A worker cannot be started: {error.strerror}.", remedy="Take fewer workers."
            ) from error
        self._readers = [
            threading.Thread(target=work, args=(answers,), daemon=True)
            for work in (self._hear, self._listen)
        ]
        for reader in self._readers:
            reader.start()
        self.send({"limit": limit})

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._child.pid

    @property
    def lines(self) -> list[str]:
        """The last that it wrote to its log since it was given a title."""
        return list(self._lines)

    def begin(self, claim: Claim, scratch: Path, *, job: str, careful: bool, now: float) -> None:
        """Give it a title."""
        self.claim, self.began, self.stage, self.ending = claim, now, "", ""
        self.clear()
        self.send(
            {
                "number": claim.number,
                "job": job,
                "scratch": str(scratch),
                "careful": careful,
            }
        )

    def clear(self) -> None:
        """Forget its last lines."""
        self._lines.clear()

    def send(self, message: dict[str, Any]) -> None:
        """Send a message; that the worker is gone is heard elsewhere."""
        assert self._child.stdin is not None
        with suppress(OSError, ValueError):
            write_message(self._child.stdin.fileno(), message)

    def kill(self, why: str) -> None:
        """End it and what it has started, at once; its end is heard with the answers."""
        self.ending = self.ending or why
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            self._child.kill()

    def stop(self) -> None:
        """End it when its title is done, and wait for that; after a while at once."""
        self._close()
        try:
            self._child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill("stop")

    def wait(self) -> int:
        """Return how it ended, once it has and all that it wrote was read."""
        code = self._child.wait()
        self._close()
        for reader in self._readers:
            reader.join(_PATIENCE)
        return code

    def _close(self) -> None:
        assert self._child.stdin is not None
        self._child.stdin.close()

    def _hear(self, answers: SimpleQueue[tuple[WorkerHandle, dict[str, Any] | None]]) -> None:
        stream = self._child.stdout
        assert stream is not None
        with stream:
            while True:
                try:
                    message = read_message(stream.fileno())
                except Exception:  # noqa: BLE001 - half a message: it ended in the midst of it
                    message = None
                answers.put((self, message))
                if message is None:
                    return

    def _listen(self, _: object) -> None:
        stream: IO[bytes] | None = self._child.stderr
        assert stream is not None
        with stream:
            for line in iter(stream.readline, b""):
                text = line.decode(errors="replace").rstrip()[:1000]
                if text:
                    self._lines.append(text)


def ended_as(code: int) -> str:
    """Return how a process ended, in words."""
    if code == -signal.SIGKILL:
        return "it was killed, perhaps because memory ran out"
    if code < 0:
        with suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"exit status {abs(code)}"


def tree_bytes(pids: set[int]) -> dict[int, int]:
    """Return the memory of processes with all that they started, in bytes; Linux only."""
    parents: dict[int, int] = {}
    sizes: dict[int, int] = {}
    page = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
    with suppress(OSError):
        for folder in Path("/proc").iterdir():
            if not folder.name.isdecimal():
                continue
            with suppress(OSError, ValueError, IndexError):
                stat = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
                pid = int(folder.name)
                parents[pid], sizes[pid] = int(stat[1]), int(stat[21]) * page
    found = dict.fromkeys(pids, 0)
    for pid, size in sizes.items():
        above = pid
        while above and above not in found:
            above = parents.get(above, 0)
        if above:
            found[above] += size
    return found
