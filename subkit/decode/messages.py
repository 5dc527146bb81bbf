"""Messages between the engine and its worker process: JSON, with audio in shared memory.

A message is its length (4 bytes, big-endian) and JSON. Samples do not go through the pipe: they lie
in a file in memory that the other side maps.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from subkit.decode.recognizer import TitleWindows
from subkit.decode.window_language import Verdict
from subkit.errors import EngineError, SubkitError
from subkit.interfaces import SpeechWindow, SpokenText
from subkit.model import Span, from_plain, to_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "SharedAudio",
    "error_from_plain",
    "error_to_plain",
    "read_message",
    "texts_from_plain",
    "texts_to_plain",
    "titles_from_plain",
    "titles_to_plain",
    "write_message",
]

_LENGTH = struct.Struct(">I")
_MOST = 1 << 30
_SAMPLE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A window without its samples; they begin at sample ``offset`` of the shared audio."""

    index: int
    span: Span
    digest: str
    parts: tuple[Span, ...]
    voice: tuple[Span, ...]
    skipped: bool
    offset: int
    count: int


def write_message(file: int, message: dict[str, Any]) -> None:
    """Send a message.

    Raises:
        OSError: the other side is gone.
    """
    data = json.dumps(message, ensure_ascii=False).encode()
    rest = memoryview(_LENGTH.pack(len(data)) + data)
    while rest:
        rest = rest[os.write(file, rest) :]


def read_message(file: int) -> dict[str, Any] | None:
    """The next message, or ``None`` where the other side is gone.

    Raises:
        EngineError: what came is no message.
    """
    head = _read(file, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _MOST:
        raise EngineError("The engine process sent something that is not a message.")
    data = _read(file, length)
    if data is None:
        return None
    message: dict[str, Any] = json.loads(data)
    return message


def _read(file: int, count: int) -> bytes | None:
    parts = []
    while count:
        part = os.read(file, min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


class SharedAudio:
    """Samples in a file without a name: one process writes them, the other maps it.

    It lies in memory on Linux, in the folder for temporary files elsewhere, and is gone with the
    last process that has it open.

    Args:
        file: Of the other process, inherited; ``None`` makes one.
    """

    def __init__(self, file: int | None = None) -> None:
        self.file = _nameless_file() if file is None else file

    def write(self, windows: Sequence[SpeechWindow]) -> list[dict[str, Any]]:
        """Put the windows' samples there in place of what was; their places, for the other side.

        Raises:
            OSError: there is no room.
        """
        import numpy as np

        counts = [int(window.samples.size) for window in windows]
        self._resize(sum(counts) * _SAMPLE)
        places = []
        offset = 0
        for window, count in zip(windows, counts, strict=True):
            place = _Place(
                index=window.index,
                span=window.span,
                digest=window.digest,
                parts=window.parts,
                voice=window.voice,
                skipped=window.skipped,
                offset=offset,
                count=count,
            )
            places.append(to_plain(place))
            samples = np.ascontiguousarray(window.samples, np.float32)
            self._write_at(offset * _SAMPLE, samples.view(np.uint8).data)
            offset += count
        return places

    def read(self, places: Sequence[dict[str, Any]]) -> list[SpeechWindow]:
        """The windows at these places.

        Their samples are read in place: use them before the other side writes again.
        """
        import numpy as np

        found = [from_plain(_Place, place) for place in places]
        total = max((place.offset + place.count for place in found), default=0)
        audio = np.zeros(0, np.float32)
        if total:
            memory = mmap.mmap(self.file, total * _SAMPLE, access=mmap.ACCESS_READ)
            audio = np.frombuffer(memory, np.float32)
        return [
            SpeechWindow(
                index=place.index,
                span=place.span,
                samples=audio[place.offset : place.offset + place.count],
                digest=place.digest,
                parts=place.parts,
                voice=place.voice,
                skipped=place.skipped,
            )
            for place in found
        ]

    def close(self) -> None:
        """Let go of it."""
        if self.file >= 0:
            os.close(self.file)
            self.file = -1

    def _write_at(self, place: int, rest: memoryview) -> None:
        """Written, not mapped: what is mapped counts as memory of this process too."""
        while rest:
            done = os.pwrite(self.file, rest, place)
            place, rest = place + done, rest[done:]

    def _resize(self, size: int) -> None:
        """Give back what was there, then take what is needed, so that a full disk says so now."""
        os.ftruncate(self.file, 0)
        if size and hasattr(os, "posix_fallocate"):
            os.posix_fallocate(self.file, 0, size)
        os.ftruncate(self.file, size)


def _nameless_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("subkit-audio")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def titles_to_plain(titles: Sequence[TitleWindows], audio: SharedAudio) -> list[dict[str, Any]]:
    """Titles as JSON data; their samples are put into ``audio``.

    Raises:
        OSError: there is no room for them.
    """
    places = audio.write([window for title in titles for window in title.windows])
    found = []
    for title in titles:
        mine, places = places[: len(title.windows)], places[len(title.windows) :]
        found.append(
            {
                "title": title.title,
                "prior": title.prior,
                "verdicts": [to_plain(verdict) for verdict in title.verdicts],
                "windows": mine,
            }
        )
    return found


def titles_from_plain(titles: Sequence[dict[str, Any]], audio: SharedAudio) -> list[TitleWindows]:
    """The titles that :func:`titles_to_plain` made these data from."""
    windows = audio.read([place for title in titles for place in title["windows"]])
    found = []
    for title in titles:
        count = len(title["windows"])
        mine, windows = windows[:count], windows[count:]
        verdicts = [from_plain(Verdict, verdict) for verdict in title["verdicts"]]
        found.append(
            TitleWindows(
                windows=mine, prior=title["prior"], verdicts=verdicts, title=title["title"]
            )
        )
    return found


def texts_to_plain(texts: Sequence[SpokenText], audio: SharedAudio) -> list[dict[str, Any]]:
    """Known texts as JSON data; the samples of their windows are put into ``audio``.

    Raises:
        OSError: there is no room for them.
    """
    places = audio.write([text.window for text in texts])
    return [
        {"window": place, "words": list(text.words), "language": text.language}
        for text, place in zip(texts, places, strict=True)
    ]


def texts_from_plain(texts: Sequence[dict[str, Any]], audio: SharedAudio) -> list[SpokenText]:
    """The texts that :func:`texts_to_plain` made these data from."""
    windows = audio.read([text["window"] for text in texts])
    return [
        SpokenText(window=window, words=tuple(text["words"]), language=text["language"])
        for text, window in zip(texts, windows, strict=True)
    ]


def error_to_plain(error: SubkitError) -> dict[str, Any]:
    """An error of ours as JSON data; facts that are no plain values become text."""
    return {
        "kind": type(error).__name__,
        "message": error.message,
        "remedy": error.remedy,
        "facts": json.loads(json.dumps(error.facts, default=str)),
    }


def error_from_plain(data: dict[str, Any]) -> SubkitError:
    """The error that :func:`error_to_plain` made these data from."""
    found = _kinds(SubkitError).get(data["kind"], EngineError)
    return found(data["message"], remedy=data["remedy"], **data["facts"])


def _kinds(base: type[SubkitError]) -> dict[str, type[SubkitError]]:
    """An error and all below it in the tree, by name."""
    found = {base.__name__: base}
    for kind in base.__subclasses__():
        found |= _kinds(kind)
    return found
