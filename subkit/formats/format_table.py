"""Which formats there are, by extension."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from subkit.errors import PlanError
from subkit.files.encodings import text_of
from subkit.files.plain_text import Repairs
from subkit.formats.ass import AssWriter
from subkit.formats.srt import SrtReader, SrtWriter
from subkit.formats.text_times import is_timing
from subkit.formats.webvtt import WebVttReader, WebVttWriter
from subkit.formats.whisper_json import WhisperJsonWriter
from subkit.formats.whisper_text import TsvWriter, TxtWriter

if TYPE_CHECKING:
    from collections.abc import Collection

    from subkit.interfaces import Reader, Writer

__all__ = ["FormatFacts", "known_formats", "reader_for", "reader_of_content", "writer_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatFacts:
    """What a user wants to know of a format before choosing it.

    Attributes:
        extension: Its file extension and its name on the command line, without the dot.
        title: Its full name.
        reads: Whether subkit reads it.
        writes: Whether subkit writes it.
        note: Whether a written file has a place for the disclosure of how it was made.
    """

    extension: str
    title: str
    reads: bool
    writes: bool
    note: bool


_WRITERS: dict[str, type[Writer]] = {
    "srt": SrtWriter,
    "vtt": WebVttWriter,
    "ass": AssWriter,
    "txt": TxtWriter,
    "tsv": TsvWriter,
    "json": WhisperJsonWriter,
}
_READERS: dict[str, type[Reader]] = {"srt": SrtReader, "vtt": WebVttReader}
_LOOKED_AT = 100
"""Lines at the beginning of a file of which one must be a timing line."""

_TITLES = {
    "srt": ("SubRip", False),
    "vtt": ("WebVTT", True),
    "ass": ("Advanced SubStation Alpha", True),
    "txt": ("Plain text, a line a cue", False),
    "tsv": ("Tab-separated values as of openai-whisper", False),
    "json": ("JSON as of openai-whisper, with word times", True),
}


def known_formats() -> tuple[FormatFacts, ...]:
    """Every format, in the order of the table in :mod:`subkit.formats`."""
    return tuple(
        FormatFacts(
            extension=extension,
            title=title,
            reads=extension in _READERS,
            writes=extension in _WRITERS,
            note=note,
        )
        for extension, (title, note) in _TITLES.items()
    )


def writer_for(extension: str) -> Writer:
    """The writer of a format.

    Args:
        extension: ``"srt"``, ``".srt"`` or ``"SRT"``.

    Raises:
        PlanError: no format of that name is written; names the nearest.
    """
    return _WRITERS[_find(extension, _WRITERS, "write")]()


def reader_for(extension: str) -> Reader:
    """The reader of a format.

    Args:
        extension: ``"srt"``, ``".srt"`` or ``"SRT"``.

    Raises:
        PlanError: no format of that name is read; names the nearest.
    """
    return _READERS[_find(extension, _READERS, "read")]()


def reader_of_content(head: bytes) -> Reader | None:
    """The reader of a format by what stands in a file; ``None`` where nothing tells it.

    Args:
        head: The first bytes of the file.
    """
    text = text_of(head, Repairs()).lstrip("\ufeff")
    if re.match(r"WEBVTT(?:\s|$)", text):
        return WebVttReader()
    lines = text.splitlines()[:_LOOKED_AT]
    return SrtReader() if any(is_timing(line) and "-->" in line for line in lines) else None


def _find(extension: str, table: Collection[str], verb: str) -> str:
    name = extension.strip().lower().removeprefix(".")
    if name in table:
        return name
    nearest = get_close_matches(name, table, n=1)
    hint = f"Did you mean {nearest[0]!r}? " if nearest else ""
    raise PlanError(
        f"subkit does not {verb} the format {extension!r}.",
        remedy=f"{hint}It can {verb}: {', '.join(table)}.",
        format=extension,
        nearest=nearest[0] if nearest else None,
    )
