"""A worker process: started with the settings that make decoding fast, watched, and ended.

The settings are of the C library's allocator and must stand before a process starts. CTranslate2
asks for tens of megabytes for each layer and gives them back: by default each request is mapped
anew, and the kernel clears every page again. Kept in one heap with huge pages, encoding takes about
half the time. They are given to the worker only: the caller's own process stays as it is.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from subkit.decode.messages import SharedAudio, read_message, write_message
from subkit.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "WorkerDied",
    "WorkerProcess",
    "can_isolate",
    "widest_kernels",
    "worker_environment",
]

_log = logging.getLogger(__name__)

_SETTINGS = {
    "MALLOC_ARENA_MAX": "1",
    # Older libraries refuse so high a threshold: there the second line does it.
    "MALLOC_MMAP_THRESHOLD_": str(1 << 32),
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": str(1 << 33),
    "MALLOC_TOP_PAD_": str(64 << 20),
    # The products here are small: numpy's threads would only wait for each other.
    "OPENBLAS_NUM_THREADS": "1",
}
_AVX512 = ("avx512f", "avx512cd", "avx512dq", "avx512bw", "avx512vl")
_TUNABLE = "glibc.malloc.hugetlb"

# The path of modules is handed over whole: the folder that the user happens to stand in is not
# on it unless it is here.
_START = "import sys; sys.path[:] = sys.argv[1:]; from subkit.decode.worker import main; main()"

_PATIENCE = 5.0
_LAST_WORDS = 20


class WorkerDied(Exception):  # noqa: N818 - the name reads as what happened
    """The worker process ended by itself; ``killed`` if by SIGKILL, as when memory runs out."""

    def __init__(self, message: str, *, killed: bool) -> None:
        super().__init__(message)
        self.killed = killed


def can_isolate() -> bool:
    """Whether a worker process can be had: not on Windows, not in a frozen program."""
    return os.name == "posix" and bool(sys.executable) and not getattr(sys, "frozen", False)


def worker_environment(
    inherited: Mapping[str, str], platform: str, *, cpu: str = ""
) -> dict[str, str]:
    """The environment of a worker: the inherited one, and our settings where it says nothing.

    Args:
        inherited: Of this process.
        platform: As in ``sys.platform``; the allocator's settings are glibc's.
        cpu: CTranslate2's kernels to use, for example ``"AVX512"``; empty leaves it to CTranslate2.
    """
    if not platform.startswith("linux"):
        return {"OPENBLAS_NUM_THREADS": "1", **inherited}
    kernels = {"CT2_FORCE_CPU_ISA": cpu} if cpu else {}
    tunables = inherited.get("GLIBC_TUNABLES", "")
    if _TUNABLE not in tunables:
        tunables = ":".join(part for part in (tunables, f"{_TUNABLE}=1") if part)
    return {**_SETTINGS, **kernels, **inherited, "GLIBC_TUNABLES": tunables}


def widest_kernels(facts: Path = Path("/proc/cpuinfo")) -> str:
    """``"AVX512"`` where the processor has all of it that CTranslate2 needs, else empty.

    CTranslate2 has these kernels but takes them only when told to. They round differently.

    Args:
        facts: What the system says of the processor.
    """
    try:
        lines = facts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    return "AVX512" if set(_AVX512) <= set(flags) else ""


class WorkerProcess:
    """A running worker.

    Args:
        first: Its first message, without the audio.
        cpu: Kernels, as :func:`worker_environment` takes them.

    Raises:
        EngineError: it could not be started.
    """

    def __init__(self, first: dict[str, Any], *, cpu: str = "") -> None:
        self.audio = SharedAudio()
        self._owner = os.getpid()
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-c", _START, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                pass_fds=(self.audio.file,),
                env=worker_environment(os.environ, sys.platform, cpu=cpu),
                # Ctrl-C is for the parent, which ends the worker.
                start_new_session=True,
            )
        except OSError as error:
            self.audio.close()
            raise EngineError(
                f"The engine process cannot be started: {error.strerror}.",
                remedy="Use the recogniser whisper-in-process, which needs none.",
            ) from error
        self._words: deque[str] = deque(maxlen=_LAST_WORDS)
        assert self._child.stderr is not None
        self._listener = threading.Thread(
            target=_listen, args=(self._child.stderr, self._words), daemon=True
        )
        self._listener.start()
        with suppress(OSError):  # a worker that is gone already is found when it is read from
            self.send({**first, "audio": self.audio.file})

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._child.pid

    def send(self, message: dict[str, Any]) -> None:
        """Send a message.

        Raises:
            OSError: the worker is gone.
        """
        assert self._child.stdin is not None
        write_message(self._child.stdin.fileno(), message)

    def receive(self) -> dict[str, Any]:
        """The next message.

        Raises:
            WorkerDied: there is none, the worker is gone.
        """
        assert self._child.stdout is not None
        message = read_message(self._child.stdout.fileno())
        if message is None:
            code = self._child.wait()
            self._listener.join(_PATIENCE)
            raise WorkerDied(_told(code, self._words), killed=code == -signal.SIGKILL)
        return message

    def stop(self, *, gently: bool = True) -> None:
        """End the worker and wait until it is gone; at once if not ``gently``."""
        if os.getpid() != self._owner:
            return
        child = self._child
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.close()
        if not gently:
            child.kill()
        try:
            child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        self._listener.join(_PATIENCE)
        child.stdout.close()
        self.audio.close()


def _listen(stream: IO[bytes], words: deque[str]) -> None:
    """Log what the worker's libraries say, and remember the last of it for an error."""
    with stream:
        for line in iter(stream.readline, b""):
            text = line.decode(errors="replace").rstrip()[:1000]
            if text:
                words.append(text)
                _log.info("worker: %s", text)


def _told(code: int, words: deque[str]) -> str:
    """How a process ended, and its last words."""
    if code == -signal.SIGKILL:
        how = "it was killed, perhaps because memory ran out"
    elif code < 0:
        try:
            how = f"signal {signal.Signals(-code).name}"
        except ValueError:
            how = f"signal {-code}"
    else:
        how = f"exit status {code}"
    return f"{how}: {words[-1]}" if words else how
