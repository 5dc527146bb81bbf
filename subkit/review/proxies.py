"""What a browser cannot play, made small and playable: at once as a stream, and kept as a file.

A stream begins anew at every seek: ffmpeg goes to the place in the original and sends fragments as
it makes them. A proxy is the whole, made in the background and kept under the media's digest; once
it is there, seeking is up to the browser.
"""

from __future__ import annotations

import hashlib
import logging
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError, MediaError, StoreError, SubkitError
from subkit.media import ffmpeg_command, ffmpeg_encoders

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction
    from pathlib import Path

    from subkit.model import Media

__all__ = ["KINDS", "Proxies", "live_arguments"]

_LOG = logging.getLogger(__name__)
_SMALL = ("-vf", "scale=-2:'min(360,ih)':flags=fast_bilinear,setsar=1")
_SHARED = (
    "-map",
    "0:v:0?",
    "-map",
    "0:a:0?",
    "-sn",
    "-dn",
    "-map_metadata",
    "-1",
    "-pix_fmt",
    "yuv420p",
)
"""No metadata: a proxy holds picture and sound, nothing of the file."""

_H264 = ("-preset", "ultrafast", "-crf", "27", "-g", "48")
_KINDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "mp4": (
        "video/mp4",
        ("libx264", "aac"),
        ("-c:v", "libx264", *_H264, "-c:a", "aac", "-b:a", "96k", "-ac", "2"),
        ("-f", "mp4", "-movflags", "frag_keyframe+empty_moov+default_base_moof"),
    ),
    "webm": (
        "video/webm",
        ("libvpx", "libopus"),
        (
            *("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "600k"),
            *("-g", "48", "-c:a", "libopus", "-b:a", "96k", "-ac", "2"),
        ),
        ("-f", "webm"),
    ),
}
"""Kind -> media type, encoders needed, how to encode, how to send as a stream."""

KINDS = tuple(_KINDS)
VERSION = 1


def media_type(kind: str) -> str:
    """Media type of a kind of proxy."""
    return _KINDS[kind][0]


def live_arguments(path: Path, kind: str, at: Fraction) -> list[str]:
    """The command that streams a file from a time on.

    Raises:
        InputError: no such kind, or no such file.
        MediaError: there is no ffmpeg.
    """
    _, _, encode, send = _known(kind)
    place = ("-ss", f"{float(at):.6f}")
    return ffmpeg_command([*place, "-i", path, *_SHARED, *_SMALL, *encode, *send, "pipe:1"])


def _known(kind: str) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    if kind not in _KINDS:
        raise InputError(f"{kind!r:.20} is no kind of proxy.", remedy=f"One of {', '.join(KINDS)}.")
    return _KINDS[kind]


@dataclass
class _Proxy:
    state: str = "none"
    done: float = 0.0
    error: str | None = None


class Proxies:
    """The proxies of one media file.

    Args:
        media: The media.
        folder: Where they are kept; made when the first one is.
        tell: Hears how far one is.
    """

    def __init__(
        self, media: Media, path: Path | None, folder: Path, tell: Callable[[dict[str, Any]], None]
    ) -> None:
        self._media = media
        self._path = path
        self._folder = folder
        self._tell = tell
        self._guard = threading.Lock()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._threads: list[threading.Thread] = []
        self._encoders: frozenset[str] | None = None
        self._stopped = False
        self._proxies = {
            kind: _Proxy("ready", 1.0) if self.file(kind).is_file() else _Proxy() for kind in KINDS
        }

    def view(self) -> dict[str, Any]:
        """As the API tells it."""
        return {
            kind: {
                "state": proxy.state,
                "done": round(proxy.done, 4),
                "error": proxy.error,
                "url": f"/media/proxy.{kind}",
            }
            for kind, proxy in self._proxies.items()
        }

    def file(self, kind: str) -> Path:
        """Where the proxy of a kind lies, once it is ready."""
        _known(kind)
        name = hashlib.sha256(f"{VERSION} {self._media.digest}".encode()).hexdigest()[:32]
        return self._folder / f"{name}.{kind}"

    def is_ready(self, kind: str) -> bool:
        """Whether it can be played."""
        return kind in self._proxies and self._proxies[kind].state == "ready"

    def require(self, kind: str) -> None:
        """Return if ffmpeg can make this kind.

        Raises:
            InputError: no such kind.
            MediaError: there is no ffmpeg, or it lacks an encoder.
        """
        _, needed, _, _ = _known(kind)
        if self._encoders is None:
            self._encoders = ffmpeg_encoders()
        if lacking := sorted(set(needed) - self._encoders):
            raise MediaError(
                f"The ffmpeg here cannot encode {kind}: it lacks {', '.join(lacking)}.",
                remedy="Install another ffmpeg, or: pip install imageio-ffmpeg.",
            )

    def make(self, kind: str) -> None:
        """Begin to make a proxy, unless it is there or being made.

        Raises:
            InputError: no such kind, or the media is not there.
            MediaError: ffmpeg cannot.
            StoreError: the folder cannot be written to.
        """
        self.require(kind)
        if self._path is None or not self._path.is_file():
            raise InputError("The media is not there.", status=404)
        with self._guard:
            proxy = self._proxies[kind]
            if proxy.state in {"making", "ready"}:
                return
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"{self._folder} cannot be made: {error.strerror}.") from error
            self._proxies[kind] = _Proxy("making")
            thread = threading.Thread(target=self._make, args=(kind,), name=f"proxy {kind}")
            self._threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """End what is being made; it is begun anew next time."""
        with self._guard:
            self._stopped = True
            for process in self._running.values():
                process.kill()
        for thread in self._threads:
            thread.join(timeout=10)

    def _make(self, kind: str) -> None:
        target = self.file(kind)
        draft = target.with_suffix(f".part.{kind}")
        try:
            self._encode(kind, draft)
            draft.replace(target)
            self._say(kind, _Proxy("ready", 1.0))
        except (SubkitError, OSError) as error:
            _LOG.info("no proxy: %s", error)
            self._say(kind, _Proxy("failed", error=str(error)))
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _encode(self, kind: str, draft: Path) -> None:
        assert self._path is not None
        _, _, encode, _ = _known(kind)
        whole = ("-movflags", "+faststart") if kind == "mp4" else ()
        reported = ("-progress", "pipe:1", "-y", "-i", self._path, *_SHARED, *_SMALL)
        command = ffmpeg_command([*reported, *encode, *whole, "-f", kind, draft])
        with self._guard:
            if self._stopped:
                raise MediaError("The review ended.")
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._running[kind] = process
        with process:
            assert process.stdout is not None
            for line in process.stdout:
                name, _, value = line.decode("ascii", "replace").strip().partition("=")
                if name == "out_time_us" and value.isdecimal():
                    done = int(value) / 1e6 / max(1e-3, float(self._media.duration))
                    self._say(kind, _Proxy("making", min(done, 1.0)))
        if process.returncode:
            raise MediaError(f"ffmpeg failed with code {process.returncode}.")

    def _say(self, kind: str, proxy: _Proxy) -> None:
        self._proxies[kind] = proxy
        if not self._stopped:
            self._tell({"as": kind, **self.view()[kind]})
