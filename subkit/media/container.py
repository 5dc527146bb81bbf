"""Open untrusted media files: a single file in a known container, nothing else.

Some "media files" are texts that make libavformat open further files or addresses: playlists (HLS,
DASH), concat scripts, SDP, image patterns. A file from a stranger must not do that, so only the
``file`` protocol and the containers named in :data:`FORMATS` are let through.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import InputError, MediaError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av import Packet
    from av.container import InputContainer
    from av.stream import Stream

__all__ = ["FORMATS", "demux", "file_url", "open_media", "require_file"]

# libavformat demuxers that read one file and open no other.
_ONE_FILE = """
3g2 3gp aa aac aax ac3 ac4 aiff amr apac ape aptx asf asf_o ast au av1 avi avs2 avs3 bonk brstm
caf cavsvideo dhav dirac dnxhd dsf dss dts dtshd dv dxa eac3 evc flac flv gsm gxf h261 h263 h264
hevc iamf ircam ivf ivr kux lc3 live_flv loas lxf m4a m4v matroska mj2 mlp moflex mov mp3 mp4
mpc mpc8 mpeg mpegts mpegtsraw mpegvideo mv mxf nistsphere nsv nut nuv obu ogg oma osq paf pmp
pva qcp qoa r3d rka rm rso sbc shn smjpeg sox spdif tak truehd tta ty usm vc1 vivo voc vqf vvc
w64 wav webm wsd wtv wv xa xwma yuv4mpegpipe
"""
FORMATS = tuple(_ONE_FILE.split())
"""Containers that may be opened, as libavformat names them."""

_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": ",".join(FORMATS),
    # Broadcast streams may hold their second audio back for many seconds.
    "analyzeduration": "20000000",
    "probesize": str(32 << 20),
}


def require_file(path: Path) -> Path:
    """The absolute path of a regular, non-empty, readable file.

    Raises:
        InputError: it is none.
    """
    found = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    try:
        str(found).encode()
    except UnicodeEncodeError as error:  # bytes of another encoding, as old archives have them
        raise InputError(
            f"The name {str(found)!r} is not UTF-8, so no project can hold it.",
            remedy="Rename the file or its folder.",
        ) from error
    try:
        status = found.stat()
        if stat.S_ISREG(status.st_mode):
            with found.open("rb"):
                pass
    except FileNotFoundError as error:
        address = "://" in str(path) or (":/" in str(path) and not found.parent.exists())
        raise InputError(
            f"There is no file {found}.",
            remedy="subkit reads local files only: download it first."
            if address
            else "Check the name and the folder.",
            path=str(found),
        ) from error
    except PermissionError as error:
        raise InputError(
            f"{found} may not be read by this user.",
            remedy="Give read permission to the file and its folders.",
            path=str(found),
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(f"{found} could not be opened: {error}.", path=str(found)) from error
    if stat.S_ISDIR(status.st_mode):
        raise InputError(
            f"{found} is a folder, not a media file.",
            remedy="Name the files in it.",
            path=str(found),
        )
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{found} is not a regular file.", path=str(found))
    if not status.st_size:
        raise InputError(f"{found} is empty.", remedy="Copy or download it again.", path=str(found))
    return found


def file_url(path: Path) -> str:
    """``path`` as libav takes it, so that no name can be read as an option or a protocol."""
    return f"file:{os.path.abspath(path)}"  # noqa: PTH100 - resolve() would follow links


@contextmanager
def open_media(path: Path) -> Iterator[InputContainer]:
    """An open container, closed at the end; libav's errors come out as ``MediaError``.

    Raises:
        InputError: no such file, not a regular file, empty or not readable.
        MediaError: not media, damaged, or of a kind that would open other files.
    """
    import av

    found = require_file(path)
    try:
        container = av.open(
            file_url(found), container_options=dict(_OPTIONS), metadata_errors="replace"
        )
    except (av.error.FFmpegError, ValueError) as error:
        raise _not_media(found, error) from error
    try:
        yield container
    except av.error.FFmpegError as error:
        raise MediaError(
            f"{found} could not be read: {error.strerror}.",
            remedy="The file may be damaged; copy or download it again.",
            path=str(found),
        ) from error
    finally:
        container.close()


def demux(container: InputContainer, *streams: Stream) -> Iterator[Packet]:
    """Packets of the streams that were there when it was opened, of all without any named.

    A damaged transport stream may gain a stream on its way, whose packets PyAV fails at with an
    IndexError. Reading goes on behind them.
    """
    while True:
        try:
            yield from container.demux(*streams)
        except IndexError:
            continue
        return


def _not_media(path: Path, error: Exception) -> MediaError:
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        head = b""
    reason = getattr(error, "strerror", None) or str(error)
    if isinstance(error, EOFError):
        return MediaError(
            f"{path} ends before there is anything to hear or see.",
            remedy="The recording or copy was cut short; copy it again.",
            path=str(path),
        )
    if head[4:8] == b"ftyp":
        return MediaError(
            f"{path} is an MP4 or MOV file without its index (moov), so it cannot be read.",
            remedy="The recording or copy was cut short; copy it again or repair it first.",
            path=str(path),
        )
    if head.startswith((b"#EXTM3U", b"ffconcat", b"<?xml", b"<MPD", b"v=0")):
        return MediaError(
            f"{path} is a playlist that points to other files; it is not opened.",
            remedy="Join its parts into one media file first.",
            path=str(path),
        )
    if head and b"\0" not in head and _is_text(head):
        return MediaError(
            f"{path} is a text, not a media file.",
            remedy="Name the film or sound file.",
            path=str(path),
        )
    return MediaError(
        f"{path} is not a media file that can be read ({reason}).",
        remedy="Check that it plays; copy or download it again.",
        path=str(path),
    )


def _is_text(head: bytes) -> bool:
    try:
        head[: len(head) - 3 or None].decode()
    except UnicodeDecodeError:
        return False
    return True
