"""Which files of the dubbing stage there are; each module is imported when it is used."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, cast

from subkit.errors import FormatError, PlanError

if TYPE_CHECKING:
    from subkit.exchange.dub_files.dub_scripts import DubReply, DubScript
    from subkit.interfaces.file_contents import ReadRequest, WrittenFile

__all__ = [
    "DUB_FILES",
    "DubFormat",
    "dub_format_of",
    "is_dub_file",
    "read_dub_file",
    "write_dub_file",
]


@dataclass(frozen=True, slots=True)
class DubFormat:
    """A format of the dubbing stage.

    Attributes:
        suffix: What its files end in, behind the language: ``film.ko.dapt.xml``.
        writer: Module with ``write(script, variant) -> WrittenFile``; empty where it is only read.
        reader: Module with ``read(data, asked) -> DubReply``; empty where it is only written.
        told: For a list of formats, a few words.
    """

    suffix: str
    writer: str
    reader: str
    told: str


_HERE = "subkit.exchange.dub_files"

DUB_FILES = {
    "dapt": DubFormat(
        "dapt.xml", f"{_HERE}.dapt_writing", f"{_HERE}.dapt_reading", "script of the W3C, TTML2"
    ),
    "detx": DubFormat(
        "detx", f"{_HERE}.detx_writing", f"{_HERE}.detx_reading", "rhythmo band of Cappella, Joker"
    ),
}
"""Name -> format."""


def is_dub_file(name: str) -> bool:
    """Return whether this is a format of the dubbing stage."""
    return name in DUB_FILES


def write_dub_file(script: DubScript, name: str, variant: str = "") -> WrittenFile:
    """Return a script as a file.

    Raises:
        PlanError: no such format or variant.
        InputError: the lines are not ready for the variant.
    """
    known = _known(name)
    if not known.writer:
        raise PlanError(f"subkit reads {name} and does not write it.")
    return cast("WrittenFile", import_module(known.writer).write(script, variant))


def read_dub_file(data: bytes, asked: ReadRequest, name: str = "") -> DubReply:
    """Return what a file of the dubbing stage says.

    Args:
        data: Its bytes.
        asked: Its name, and what files leave out: the language of the lines, the frame rate, and
            the timecode of the film's first frame.
        name: Name of the format; empty judges it by content and name.

    Raises:
        PlanError: no such format, or one that is not read.
        FormatError: it is not of the format, or very large.
    """
    if len(data) > _MAX_BYTES:
        raise FormatError(
            f"{asked.name!r} has more than {_MAX_BYTES >> 20} MiB.",
            remedy="Check that it is a script; pictures and sound can be left out of it.",
        )
    known = _known(name or dub_format_of(data, asked.name))
    if not known.reader:
        raise PlanError(
            f"subkit writes {name} and does not read it.",
            remedy=f"It reads {', '.join(n for n, one in DUB_FILES.items() if one.reader)}.",
        )
    return cast("DubReply", import_module(known.reader).read(data, asked))


def dub_format_of(data: bytes, file: str) -> str:
    """Return the name of the format that a file is of.

    Raises:
        FormatError: of none.
    """
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    head = data[:4096].decode("utf-16" if wide else "utf-8", "ignore")
    for sign, name in _SIGNS:
        if sign in head:
            return name
    lower = file.lower()
    for name, known in DUB_FILES.items():
        if known.reader and lower.endswith(f".{known.suffix}"):
            return name
    readable = ", ".join(name for name, known in DUB_FILES.items() if known.reader)
    raise FormatError(
        f"{file!r} is no file of the dubbing stage that subkit knows.",
        remedy=f"It reads {readable}; subkit import takes subtitles and sheets.",
    )


_MAX_BYTES = 64 << 20
_SIGNS = (("http://www.w3.org/ns/ttml/profile/dapt", "dapt"), ("<detx", "detx"))
"""What stands at the beginning of a file, and the format that says."""


def _known(name: str) -> DubFormat:
    if name not in DUB_FILES:
        near = get_close_matches(name, DUB_FILES, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise PlanError(
            f"subkit knows no dubbing file {name!r:.40}.",
            remedy=f"{hint}It knows: {', '.join(DUB_FILES)}.",
            format=name,
        )
    return DUB_FILES[name]
