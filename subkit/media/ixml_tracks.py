"""Track names of a production recording: the iXML chunk of a WAV file (RIFF, RF64, BW64).

iXML 3.0: ``TRACK_LIST/TRACK`` with ``CHANNEL_INDEX``, ``INTERLEAVE_INDEX`` (counted from 1) and
``NAME``. The file is walked chunk by chunk; no sound is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from subkit.errors import FormatError, InputError
from subkit.files.xml import parse

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_track_names"]

_MAX_CHUNK = 1 << 20
_MAX_CHUNKS = 4096
_MAX_TRACKS = 128
_MAX_NAME = 60
_FORMS = {b"RIFF", b"RF64", b"BW64"}
_LONG = 0xFFFFFFFF

_NOBODY = re.compile(
    r"(?:mix|boom|amb|atmo|wild|room|plant|slate|guide|spare|empty|off|unused|input|aux|lav|wl|rf|"
    r"tc|ltc|time ?code|mono|stereo|left|right|track|tr|channel|chan|ch|isrc|lr|ms|[lrms])"
    r"[ _.\-]*[lr]?[ _.\-#]*\d*",
    re.IGNORECASE,
)
"""What a track is called that is nobody's own."""


def read_track_names(path: Path) -> dict[int, str]:
    """Return the names of the tracks that are somebody's, by channel from 0; empty without any.

    Names such as ``MIX L``, ``BOOM 1`` or ``Track 3`` are nobody's and left out.

    Raises:
        InputError: the file cannot be read.
        FormatError: its iXML is not XML.
    """
    try:
        with path.open("rb") as file:
            data = _find_chunk(file)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}.") from error
    if data is None:
        return {}
    root = parse(data.rstrip(b"\0 \r\n"), f"{path} (iXML)")
    found: dict[int, str] = {}
    for place, track in enumerate(root.iterfind("TRACK_LIST/TRACK")):
        if place >= _MAX_TRACKS:
            break
        number = _number(track.findtext("INTERLEAVE_INDEX"), place + 1) - 1
        name = " ".join((track.findtext("NAME") or "").split())[:_MAX_NAME]
        if name and name.isprintable() and not _NOBODY.fullmatch(name) and number >= 0:
            found.setdefault(number, name)
    return found


def _number(text: str | None, usual: int) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else usual


def _find_chunk(file: BinaryIO) -> bytes | None:
    """The content of the iXML chunk; ``None`` where there is none, or it is no WAV file."""
    head = file.read(12)
    if len(head) < 12 or head[:4] not in _FORMS or head[8:] != b"WAVE":
        return None
    long_data = 0
    for _ in range(_MAX_CHUNKS):
        header = file.read(8)
        if len(header) < 8:
            return None
        size = int.from_bytes(header[4:], "little")
        if header[:4] == b"iXML":
            if size > _MAX_CHUNK:
                raise FormatError(f"The iXML of the recording is longer than {_MAX_CHUNK} bytes.")
            return file.read(size)
        if header[:4] == b"ds64" and 24 <= size <= _MAX_CHUNK:
            sizes = file.read(size)
            long_data = int.from_bytes(sizes[8:16], "little")
            file.seek(size % 2, 1)
            continue
        if header[:4] == b"data" and size == _LONG:
            size = long_data
        if size >= 1 << 62:
            return None
        file.seek(size + size % 2, 1)
    return None
