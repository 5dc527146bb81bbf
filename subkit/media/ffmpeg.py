"""Find ffmpeg, inspect its features, and run it within limits."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from subkit.errors import MediaError, StoreError
from subkit.media.container import FORMATS, file_url, require_file
from subkit.processes import tethered

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "FfmpegFacts",
    "ffmpeg_command",
    "ffmpeg_facts",
    "find_ffmpeg",
    "run_ffmpeg",
]

Source = Literal["PATH", "imageio-ffmpeg", "given"]

_SUBTITLES = ("ass", "srt", "webvtt")
_ENCODER = re.compile(r"^ [VAS][F.][S.][X.][B.][D.] (\w\S*)", re.MULTILINE)
_REMEDY = "Install ffmpeg, or: pip install imageio-ffmpeg."


@dataclass(frozen=True, slots=True, kw_only=True)
class FfmpegFacts:
    """What an ffmpeg program is.

    Attributes:
        path: The program.
        version: As it states it, for example ``"5.1.9-0+deb12u1"``.
        encoders: Names of the encoders built in (``libx264``, ``aac``…).
        source: Where it was found.
    """

    path: Path
    version: str
    encoders: frozenset[str]
    source: Source


def find_ffmpeg(explicit: Path | None = None) -> Path:
    """The ffmpeg to use: the one given, else on ``PATH``, else the one imageio-ffmpeg carries.

    Raises:
        MediaError: there is none.
    """
    if explicit is not None:
        named = shutil.which(os.path.abspath(explicit))  # noqa: PTH100 - keep links
        if named is None:
            raise MediaError(
                f"{explicit} is not a program.", remedy="Name an ffmpeg.", path=str(explicit)
            )
        return Path(named)
    on_path = shutil.which("ffmpeg")
    return Path(on_path) if on_path else _carried()


def _carried() -> Path:
    try:
        import imageio_ffmpeg

        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise MediaError("There is no ffmpeg on this machine.", remedy=_REMEDY) from error


def ffmpeg_facts(path: Path | None = None) -> FfmpegFacts:
    """Version and encoders of an ffmpeg, asked of the program itself.

    Args:
        path: The program; ``None`` finds it as ``find_ffmpeg`` does.

    Raises:
        MediaError: there is none, or it does not answer as ffmpeg.
    """
    found = find_ffmpeg(path)
    version = re.match(r"ffmpeg version (\S+)", _ask(found, "-version"))
    if version is None:
        raise MediaError(f"{found} does not answer as ffmpeg.", remedy=_REMEDY, path=str(found))
    return FfmpegFacts(
        path=found,
        version=version[1],
        encoders=frozenset(_ENCODER.findall(_ask(found, "-encoders"))),
        source=_source(found),
    )


def _source(found: Path) -> Source:
    if shutil.which("ffmpeg") == str(found):
        return "PATH"
    try:
        carried = _carried()
    except MediaError:
        return "given"
    return "imageio-ffmpeg" if found == carried else "given"


def _ask(program: Path, flag: str) -> str:
    return (
        _Process([str(program), "-hide_banner", "-nostdin", flag])
        .wait(30.0)
        .decode(errors="replace")
    )


def run_ffmpeg(
    args: Sequence[str | Path],
    *,
    timeout: float,
    ffmpeg: Path | None = None,
    max_output: int = 64 << 20,
) -> bytes:
    """Run ffmpeg without a shell and within bounds; returns its standard output.

    The arguments are best built by ffmpeg-python (``get_args()`` of its graph), which escapes the
    values of filters. Files are given as ``Path``, to it too, and reach ffmpeg as ``file:``
    addresses, so that a file called ``-x`` or ``http:a`` is a file. Behind ``-i`` stands a
    ``Path``, or a text after ``-f lavfi`` (generated pictures and sound); behind ``-attach`` a
    ``Path`` is a file to put inside; any other ``Path`` is an output. Inputs may only be files in
    the containers of ``subkit.media.container.FORMATS`` or SRT, ASS and WebVTT. An existing output
    is refused unless ``-y`` is given.

    Args:
        args: Everything behind the program's name.
        timeout: Seconds after which ffmpeg is ended.
        ffmpeg: The program; ``None`` finds one.
        max_output: Most bytes taken from standard output.

    Raises:
        ValueError: an input is not a ``Path``.
        InputError: an input is not a readable file.
        StoreError: an output is there already and ``-y`` is not given.
        MediaError: no ffmpeg, it failed (its last words are in the message), ran too long or wrote
            more than ``max_output``.
    """
    return _Process(ffmpeg_command(args, ffmpeg=ffmpeg), max_output).wait(timeout)


def ffmpeg_command(args: Sequence[str | Path], *, ffmpeg: Path | None = None) -> list[str]:
    """The command line that :func:`run_ffmpeg` runs, for those who read its output as it comes.

    It ends when this process does (see ``subkit.processes``).

    Raises:
        ValueError: an input is not a ``Path``.
        InputError: an input is not a readable file.
        StoreError: an output is there already and ``-y`` is not given.
        MediaError: there is no ffmpeg.
    """
    program = find_ffmpeg(ffmpeg)
    told = [str(program), "-hide_banner", "-nostdin", "-loglevel", "error", *_guarded(args)]
    return tethered(told)


def _guarded(args: Sequence[str | Path]) -> list[str]:
    """The arguments with files as addresses and each file input fenced in."""
    fence = ["-protocol_whitelist", "file", "-format_whitelist", ",".join((*FORMATS, *_SUBTITLES))]
    guarded: list[str] = []
    for index, arg in enumerate(args):
        before = args[index - 1] if index else ""
        if before == "-i" and isinstance(arg, Path):
            guarded[-1:] = [*fence, "-i", file_url(require_file(arg))]
        elif before == "-attach" and isinstance(arg, Path):
            guarded.append(file_url(require_file(arg)))
        elif before == "-i" and list(args[max(0, index - 3) : index - 1]) != ["-f", "lavfi"]:
            raise ValueError(f"an input must be a Path, not {arg!r}")
        elif isinstance(arg, Path):
            # Asked here, since newer ffmpegs leave such a file alone and report success.
            if arg.exists() and "-y" not in args:
                raise StoreError(
                    f"{arg} already exists.", remedy="Name another file.", path=str(arg)
                )
            guarded.append(file_url(arg))
        else:
            guarded.append(arg)
    return guarded


class _Process:
    """A child process whose time, output and complaints are bounded."""

    def __init__(self, command: list[str], max_output: int = 8 << 20) -> None:
        self._command = command
        self._max_output = max_output
        self._complaints: deque[str] = deque(maxlen=20)

    def wait(self, timeout: float) -> bytes:
        late = threading.Event()
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise MediaError(
                f"{self._command[0]} could not be started: {error.strerror}.", remedy=_REMEDY
            ) from error

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(timeout, end)
        listener = threading.Thread(target=self._listen, args=(process.stderr,), daemon=True)
        with process:
            try:
                timer.start()
                listener.start()
                assert process.stdout is not None
                output = process.stdout.read(self._max_output + 1)
                if len(output) > self._max_output:
                    process.kill()
                process.wait()
                listener.join()
            finally:
                timer.cancel()
                process.kill()
        self._judge(process.returncode, len(output), timeout if late.is_set() else None)
        return output

    def _listen(self, stream: IO[bytes]) -> None:
        while line := stream.readline(4096):
            if text := line.decode(errors="replace").strip():
                self._complaints.append(text)

    def _judge(self, code: int, size: int, timeout: float | None) -> None:
        words = " ".join(list(self._complaints)[-5:])
        facts: dict[str, Any] = {"command": self._command, "complaints": list(self._complaints)}
        if timeout is not None:
            raise MediaError(f"ffmpeg was ended after {timeout:g} s: it took too long.", **facts)
        if size > self._max_output:
            raise MediaError(f"ffmpeg wrote more than {self._max_output} bytes.", **facts)
        if code:
            raise MediaError(
                f"ffmpeg failed with code {code}: {words or 'no reason given'}", **facts
            )
