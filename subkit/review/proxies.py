"""Convert media that a browser cannot play: immediately as a stream, and to a file for seeking.

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
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError, MediaError, NotFoundError, StoreError, SubkitError
from subkit.media import ffmpeg_command, ffmpeg_facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from ffmpeg.nodes import OutputStream

    from subkit.model import Media

__all__ = ["KINDS", "Proxies", "draft_path", "lacking_encoders", "live_command", "media_type"]

_LOG = logging.getLogger(__name__)
_EACH = {
    "map_metadata": -1,  # picture and sound, nothing else of the file
    "map_chapters": -1,
    "pix_fmt": "yuv420p",
    "g": 48,
    "b:a": "96k",
    "ac": 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One kind of proxy: its media type, and the output options for ffmpeg.

    Attributes:
        type: Media type.
        encode: How it is encoded.
        sent: Told besides where it is sent as it is made.
        kept: Told besides where it is kept as a file.
    """

    type: str
    encode: dict[str, str | int]
    sent: dict[str, str]
    kept: dict[str, str]


_KINDS = {
    "mp4": _Kind(
        type="video/mp4",
        encode={"c:v": "libx264", "preset": "ultrafast", "crf": 27, "c:a": "aac"},
        sent={"movflags": "frag_keyframe+empty_moov+default_base_moof"},
        kept={"movflags": "+faststart"},
    ),
    "webm": _Kind(
        type="video/webm",
        encode={
            "c:v": "libvpx",
            "deadline": "realtime",
            "cpu-used": 8,
            "b:v": "600k",
            "c:a": "libopus",
        },
        sent={},
        kept={},
    ),
}
KINDS = tuple(_KINDS)
VERSION = 1


def media_type(kind: str) -> str:
    """Media type of a kind of proxy."""
    return _KINDS[kind].type


def lacking_encoders(kind: str, encoders: frozenset[str]) -> list[str]:
    """What an ffmpeg with these encoders lacks to make a kind of proxy."""
    encode = _KINDS[kind].encode
    return [str(encode[key]) for key in ("c:v", "c:a") if encode[key] not in encoders]


def live_command(media: Media, kind: str, at: Fraction) -> list[str]:
    """The command that streams a file from a time on.

    Raises:
        InputError: no such kind, or no such file.
        MediaError: there is no ffmpeg.
    """
    graph = _made(media, kind, "pipe:1", _known(kind).sent, ss=f"{float(at):.6f}")
    return ffmpeg_command(graph.get_args())


def _made(
    media: Media, kind: str, target: str | Path, more: dict[str, str], **place: str
) -> OutputStream:
    """Build the filter graph of a proxy: a small picture, and sound in two channels."""
    # ffmpeg-python builds and escapes the graph, never runs it: its run() has no time limit. Filter
    # values go by name, since it escapes those given by place once too often.
    import ffmpeg

    source = ffmpeg.input(Path(media.path), **place)
    streams = [source["a:0?"]]
    if media.width:
        picture = source["V:0"].filter("scale", w=-2, h="min(360,ih)", flags="fast_bilinear")
        streams.insert(0, picture.filter("setsar", r=1))
    told = {"f": kind, **_EACH, **_known(kind).encode, **more}
    return ffmpeg.output(*streams, filename=target, **told)


def _known(kind: str) -> _Kind:
    if kind not in _KINDS:
        raise InputError(
            f"{kind!r:.20} is not a kind of proxy.", remedy=f"One of {', '.join(KINDS)}."
        )
    return _KINDS[kind]


@dataclass
class _Proxy:
    state: str = "none"
    done: float = 0.0
    error: str | None = None


def draft_path(target: Path, project: Path) -> Path:
    """The name of a file while a project's review makes it: two of one film share the folder.

    A project is open in one review at a time, so the next one of it writes over what a killed one
    left.
    """
    mark = hashlib.sha256(str(project.resolve()).encode()).hexdigest()[:8]
    return target.with_suffix(f".{mark}.part{target.suffix}")


class Proxies:
    """The proxies of one media file.

    Args:
        media: The media.
        folder: Where they are kept; made when the first one is.
        project: The project that is open, which nobody else has open for review.
        tell: Hears how far one is.
    """

    def __init__(
        self, media: Media, folder: Path, project: Path, tell: Callable[[dict[str, Any]], None]
    ) -> None:
        self._media = media
        self._project = project
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
        """Return the path of the proxy of a kind, once it is ready."""
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
        _known(kind)
        if self._encoders is None:
            self._encoders = ffmpeg_facts().encoders
        if lacking := lacking_encoders(kind, self._encoders):
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
        if not Path(self._media.path).is_file():
            raise NotFoundError("The media is not there.")
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
        """Stop the conversion; the next one starts from the beginning."""
        with self._guard:
            self._stopped = True
            for process in self._running.values():
                process.kill()
        for thread in self._threads:
            thread.join(timeout=10)

    def _make(self, kind: str) -> None:
        target = self.file(kind)
        draft = draft_path(target, self._project)
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
        graph = _made(self._media, kind, draft, _known(kind).kept)
        reported = graph.global_args("-progress", "pipe:1").overwrite_output()
        command = ffmpeg_command(reported.get_args())
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
