"""Which files of the dubbing stage there are; each module is imported when it is used."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, cast

from subkit.errors import FormatError, PlanError

if TYPE_CHECKING:
    from collections.abc import Callable

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
        writer: Module and function, ``(script, variant) -> WrittenFile``.
        reader: Module and function, ``(data, asked) -> DubReply``; empty where it is only written.
    """

    suffix: str
    writer: str
    reader: str = ""


DUB_FILES = {
    "dapt": DubFormat("dapt.xml", "dapt_writing:write", "dapt_reading:read"),
    "detx": DubFormat("detx", "detx_writing:write", "detx_reading:read"),
    "ttal": DubFormat("ttal.json", "ttal:write", "ttal:read"),
    "dub-xlsx": DubFormat("dialogue.xlsx", "dub_lists:write_xlsx", "dub_lists:read_xlsx"),
    "dub-csv": DubFormat("dialogue.csv", "dub_lists:write_csv", "dub_lists:read_csv"),
    "adr": DubFormat("adr.csv", "dub_lists:write_adr", "dub_lists:read_adr"),
    "characters": DubFormat("characters.csv", "dub_lists:write_characters"),
    "dub-docx": DubFormat("script.docx", "docx_scripts:write"),
    "protools": DubFormat("protools.txt", "protools_text:write", "protools_text:read"),
    "dub-edl": DubFormat("dub.edl", "loc_edl:write", "loc_edl:read"),
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
    return cast("WrittenFile", _function(_known(name).writer)(script, variant))


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
    return cast("DubReply", _function(known.reader)(data, asked))


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
        if lower.endswith(f".{known.suffix}"):
            return name
    readable = ", ".join(name for name, known in DUB_FILES.items() if known.reader)
    raise FormatError(
        f"{file!r} is no file of the dubbing stage that subkit knows.",
        remedy=f"It reads {readable}; subkit import takes subtitles and sheets.",
    )


_MAX_BYTES = 64 << 20
_SIGNS = (
    ("http://www.w3.org/ns/ttml/profile/dapt", "dapt"),
    ("<detx", "detx"),
    ("SESSION NAME:\t", "protools"),
    ("Cue Number", "adr"),
    ("* LOC:", "dub-edl"),
)
"""What stands at the beginning of a file, and the format that says."""


def _function(place: str) -> Callable[..., object]:
    module, _, name = place.partition(":")
    found: Callable[..., object] = getattr(import_module(f"{__package__}.{module}"), name)
    return found


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
