"""Picture and sound for the review: what a browser can play, and from which address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import SubkitError
from subkit.media import open_media
from subkit.review.proxies import KINDS, Proxies

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.model import Media

__all__ = ["Screening", "playability"]

_PLAYABLE = {
    "mp4": ({"h264", "av1", "vp9", ""}, {"aac", "mp3", "opus", "flac", ""}),
    "webm": ({"vp8", "vp9", "av1", ""}, {"opus", "vorbis", ""}),
    "mp3": ({""}, {"mp3", "mp3float"}),
    "wav": ({""}, {"pcm_s16le", "pcm_u8", "pcm_f32le", "pcm_s24le"}),
    "flac": ({""}, {"flac"}),
    "ogg": ({""}, {"opus", "vorbis", "flac"}),
}
"""Container -> picture and sound codecs that Chromium plays in it; empty stands for none."""

_TYPES = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
}
_PICTURES = {"yuv420p", "yuvj420p"}
"""What H.264 decoders of browsers take: 8 bits, 4:2:0."""


def playability(path: Path) -> tuple[str, str]:
    """Media type of a file, and why a browser cannot play it; empty if it can.

    Raises:
        InputError: there is no such file.
        MediaError: it cannot be read.
    """
    with open_media(path) as container:
        names = set(container.format.name.split(","))
        pictures = [s for s in container.streams.video if not _is_cover(s)]
        video = pictures[0].codec_context if pictures else None
        sound = container.streams.audio[0].codec_context if container.streams.audio else None
        picture = video.name if video is not None else ""
        depth = video.pix_fmt or "" if video is not None else ""
        heard = sound.name if sound is not None else ""
    kind = _container(names, path)
    if kind is None:
        return "application/octet-stream", f"Browsers do not play {'/'.join(sorted(names))} files."
    videos, audios = _PLAYABLE[kind]
    media_type = _TYPES[kind] if picture or kind != "mp4" else "audio/mp4"
    picture, heard = _plain(picture), _plain(heard)
    if picture not in videos:
        return media_type, f"Browsers do not play {picture} in {kind}."
    if heard not in audios:
        return media_type, f"Browsers do not play {heard} sound in {kind}."
    if picture == "h264" and depth not in _PICTURES:
        return media_type, f"Browsers do not play H.264 as {depth}."
    return media_type, ""


def _container(names: set[str], path: Path) -> str | None:
    if "matroska" in names or "webm" in names:
        return "webm" if path.suffix.lower() == ".webm" else None
    return next((kind for kind in _PLAYABLE if kind in names), None)


def _is_cover(stream: Any) -> bool:
    from av.stream import Disposition

    return bool(stream.disposition & Disposition.attached_pic)


def _plain(codec: str) -> str:
    """Return the codec of a decoder: ``av1`` of ``libdav1d``, ``aac`` of ``aac_fixed``."""
    known = {"libdav1d": "av1", "libvpx": "vp8", "libvpx-vp9": "vp9", "libopus": "opus"}
    return known.get(codec, codec.removesuffix("float"))


class Screening:
    """The media of a project as the page plays it.

    Args:
        media: The media.
        folder: Where proxies are kept.
        project: The project that is open.
        tell: Hears how far one is.
    """

    def __init__(
        self, media: Media, folder: Path, project: Path, tell: Callable[[dict[str, Any]], None]
    ) -> None:
        self.media = media
        self.path = Path(media.path)
        self.there = False
        self.type = "application/octet-stream"
        self.reason = ""
        self._look()
        self.proxies = Proxies(media, folder, project, tell)

    def _look(self) -> None:
        try:
            self.there = self.path.is_file()
            if self.there:
                self.type, self.reason = playability(self.path)
            else:
                missing = "The media file is not there any more."
                self.reason = missing if self.path else "The project has no media."
        except (SubkitError, OSError) as error:
            self.there, self.reason = False, str(error)

    def view(self) -> dict[str, Any]:
        """As the API tells it."""
        return {
            "name": Path(self.media.path).name,
            "there": self.there,
            "has_video": bool(self.media.width),
            "has_audio": bool(self.media.audio),
            "playable": self.there and not self.reason,
            "reason": self.reason,
            "original": {"url": "/media/original", "type": self.type},
            "live": {kind: f"/media/live.{kind}?at=0" for kind in KINDS},
            "proxies": self.proxies.view(),
        }
