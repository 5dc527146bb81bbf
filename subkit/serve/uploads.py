"""A request's body -> fields and one file in scratch, counted byte by byte as it comes."""

from __future__ import annotations

import asyncio
import re
import struct
import time
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from subkit.serve.serve_errors import ServeError

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request as WebRequest

    from subkit.serve.scratch import UploadPlace

__all__ = ["Upload", "receive_upload", "wrap_samples"]

MAX_FIELDS = 64
MAX_FIELD = 64 << 10
"""Bytes of all fields that are no file, names included."""

CHUNK_SECONDS = 30.0
"""Longest time without a byte."""

GRACE_SECONDS = 60.0
MIN_RATE = 16 << 10
"""Bytes a second that a body must reach once it had the time above."""

WAVE_HEADER = 44


@dataclass(slots=True, kw_only=True)
class Upload:
    """What was sent.

    Attributes:
        path: The file in scratch, under a name of ours.
        name: The file's name as the client says it, fit to be a name here; never a path.
        fields: The other fields, in order; a name may come several times.
        size: Bytes of the file.
    """

    path: Path
    name: str = "audio"
    fields: list[tuple[str, str]] = field(default_factory=list)
    size: int = 0


async def receive_upload(
    web: WebRequest, place: UploadPlace, max_body: int, file_fields: tuple[str, ...], skip: int = 0
) -> Upload:
    """Receive a ``multipart/form-data`` body with one file.

    Args:
        web: The request, whose body nobody has read.
        place: Scratch for it.
        max_body: Most bytes.
        file_fields: Names that the file's field may have.
        skip: Bytes to leave free at the beginning of the file, for a header.

    Raises:
        ServeError: it is too long, too slow, no such form, or without a file.
        BusyError: scratch has no room.
    """
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import MultipartParser, parse_options_header

    kind, told = parse_options_header(web.headers.get("content-type", ""))
    boundary = told.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
        raise ServeError("The body must be of type multipart/form-data.", status=415)
    _reserve_stated(web, place, max_body)
    upload = Upload(path=place.folder / "upload")
    with upload.path.open("xb") as file:
        file.write(bytes(skip))
        form = _Form(upload, file, file_fields)
        try:
            parser = MultipartParser(boundary, form.callbacks)  # type: ignore[arg-type]
            async for chunk in _chunks(web, place, max_body):
                parser.write(chunk)
            parser.finalize()
        except FormParserError as error:
            raise ServeError(f"The form cannot be read: {error!s:.100}.") from error
        except OSError as error:
            raise ServeError("The disk of the server is full.", status=507) from error
    if not form.ended:
        raise ServeError("The form has no end: a part of it is missing.")
    if not form.files:
        raise ServeError(
            f"The form has no file in a field {' or '.join(map(repr, file_fields))}.",
            field=file_fields[0],
        )
    return upload


def _reserve_stated(web: WebRequest, place: UploadPlace, max_body: int) -> None:
    stated = web.headers.get("content-length", "")
    if not stated:
        return
    if not (stated.isascii() and stated.isdecimal() and len(stated) < 16):
        raise ServeError("The length of the body is not a number.")
    if int(stated) > max_body:
        raise _too_long(max_body)
    place.reserve(int(stated))


def _too_long(max_body: int) -> ServeError:
    return ServeError(
        f"The body is longer than {max_body} bytes.",
        status=413,
        remedy="Send the sound alone, or a compressed copy of it.",
    )


async def _chunks(web: WebRequest, place: UploadPlace, max_body: int) -> Any:
    """Give the parts of the body, as long as it keeps to its limits."""
    began = time.monotonic()
    received = 0
    stream = web.stream().__aiter__()
    while True:
        try:
            chunk = await asyncio.wait_for(stream.__anext__(), CHUNK_SECONDS)
        except StopAsyncIteration:
            return
        except asyncio.TimeoutError as error:
            raise ServeError("The body did not come in time.", status=408) from error
        received += len(chunk)
        if received > max_body:
            raise _too_long(max_body)
        place.reserve(received)
        if time.monotonic() - began > GRACE_SECONDS + received / MIN_RATE:
            raise ServeError("The body comes too slowly.", status=408)
        yield chunk


class _Form:
    """Takes the events of a multipart parser."""

    def __init__(self, upload: Upload, file: IO[bytes], file_fields: tuple[str, ...]) -> None:
        self.files = 0
        self.ended = False
        self._upload, self._file, self._names = upload, file, file_fields
        self._fields = self._bytes = 0
        self._header = self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._name = ""
        self._is_file = False
        self._data = bytearray()
        self.callbacks = {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_done,
            "on_part_data": self._part_data,
            "on_part_end": self._part_end,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._headers = {}
        self._data = bytearray()
        self._fields += 1
        if self._fields > MAX_FIELDS:
            raise ServeError(f"The form has more than {MAX_FIELDS} fields.")

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _headers_done(self) -> None:
        from python_multipart.multipart import parse_options_header

        _, told = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = told.get(b"name", b"").decode("utf-8", "replace")
        self._is_file = b"filename" in told or self._name in self._names
        if not self._is_file:
            self._count(len(self._name))
            return
        self.files += 1
        if self.files > 1 or self._name not in self._names:
            raise ServeError(
                f"The form takes one file, in a field {' or '.join(map(repr, self._names))}.",
                field=self._name[:60],
            )
        self._upload.name = _safe_name(told.get(b"filename", b"").decode("utf-8", "replace"))

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._file.write(memoryview(data)[start:end])
            self._upload.size += end - start
        else:
            self._count(end - start)
            self._data += data[start:end]

    def _part_end(self) -> None:
        if self._is_file:
            return
        try:
            self._upload.fields.append((self._name, self._data.decode()))
        except UnicodeDecodeError as error:
            raise ServeError(f"The field {self._name!r:.60} is not UTF-8.") from error

    def _end(self) -> None:
        self.ended = True

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > MAX_FIELD:
            raise ServeError(f"The fields hold more than {MAX_FIELD} bytes.", status=413)


def _safe_name(given: str) -> str:
    """Return what of a client's file name can be a name here: no folder, option or hidden file."""
    last = re.split(r"[/\\]", given)[-1]
    kept = re.sub(r"[^\w.-]+", "_", last, flags=re.ASCII).strip("._-")
    return kept[-80:].lstrip("._-") or "audio"


def wrap_samples(upload: Upload, rate: int = 16_000, seconds: int | None = None) -> None:
    """Put a WAV header into the place that was left for it: the file holds bare s16le, mono.

    Args:
        upload: With room at its beginning.
        rate: Samples a second.
        seconds: How much of it is kept; ``None`` keeps everything.
    """
    size = upload.size - upload.size % 2
    if seconds is not None:
        size = min(size, 2 * rate * seconds)
    head = b"RIFF" + struct.pack("<I", size + WAVE_HEADER - 8) + b"WAVEfmt "
    head += struct.pack("<IHHIIHH", 16, 1, 1, rate, 2 * rate, 2, 16)
    head += b"data" + struct.pack("<I", size)
    with upload.path.open("r+b") as file:
        file.write(head)
        file.truncate(WAVE_HEADER + size)
