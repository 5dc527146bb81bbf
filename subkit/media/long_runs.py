"""Run ffmpeg for minutes or hours: with progress, without a limit of time, but never stuck."""

from __future__ import annotations

import subprocess
import threading
from collections import deque
from typing import IO, TYPE_CHECKING

from subkit.errors import MediaError
from subkit.media.ffmpeg import ffmpeg_command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

__all__ = ["run_long"]

_STUCK = 300.0
"""Seconds without a sign of life after which ffmpeg is ended: far more than any file needs."""
_KEPT = 20
_DEAF = 5000
"""Lines of complaints that are looked at; libass gives one for each letter of each frame."""


def run_long(
    args: Sequence[str | Path],
    tell: Callable[[float], None],
    *,
    folder: Path | None = None,
    ffmpeg: Path | None = None,
    hear: Callable[[str], None] = lambda _: None,
    stuck: float = _STUCK,
) -> None:
    """Run ffmpeg until it is done; it ends with this process, and when this raises.

    Args:
        args: Everything behind the program's name, as ``run_ffmpeg`` takes it.
        tell: Hears how many seconds of the output are made.
        folder: Where it runs: names in filters are looked for there.
        ffmpeg: The program; ``None`` finds one.
        hear: Hears what ffmpeg says, line by line, up to 5,000 lines; in another thread.
        stuck: Seconds without progress after which it is ended.

    Raises:
        InputError: an input is not a readable file.
        MediaError: there is no ffmpeg, it failed or got stuck.
        StoreError: an output is there already and ``-y`` is not given.
    """
    command = ffmpeg_command(["-progress", "pipe:1", *args], ffmpeg=ffmpeg)
    complaints: deque[str] = deque(maxlen=_KEPT)
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        raise MediaError(f"ffmpeg could not be started: {error.strerror}.") from error
    assert process.stdout is not None
    assert process.stderr is not None
    alive, late = threading.Event(), threading.Event()
    threads = [
        threading.Thread(target=_listen, args=(process.stderr, complaints, hear), daemon=True),
        threading.Thread(target=_watch, args=(process, alive, late, stuck), daemon=True),
    ]
    with process:
        try:
            for thread in threads:
                thread.start()
            for line in process.stdout:
                alive.set()
                _tell(line, tell)
            process.wait()
            threads[0].join()
        finally:
            process.kill()
    if late.is_set():
        raise MediaError(f"ffmpeg was ended: it made no progress for {stuck:g} s.")
    if process.returncode:
        words = " ".join(list(complaints)[-5:]) or "no reason given"
        raise MediaError(f"ffmpeg failed with code {process.returncode}: {words}")


def _tell(line: bytes, tell: Callable[[float], None]) -> None:
    """Tell the time that is made, where a line of the report gives one."""
    name, _, value = line.decode("ascii", "replace").strip().partition("=")
    if name == "out_time_us" and value.lstrip("-").isdecimal():
        tell(max(int(value), 0) / 1e6)


def _listen(stream: IO[bytes], complaints: deque[str], hear: Callable[[str], None]) -> None:
    """Keep the last complaints; after many, only empty the pipe."""
    heard = 0
    while line := stream.readline(4096):
        heard += 1
        if heard <= _DEAF and (text := line.decode(errors="replace").strip()):
            complaints.append(text)
            hear(text)


def _watch(
    process: subprocess.Popen[bytes],
    alive: threading.Event,
    late: threading.Event,
    stuck: float,
) -> None:
    """End the process when it gives no sign of life for too long."""
    while process.poll() is None:
        if not alive.wait(stuck) and process.poll() is None:
            late.set()
            process.kill()
            return
        alive.clear()
        try:
            process.wait(0.5)
        except subprocess.TimeoutExpired:
            continue
