"""Which kind of text a file is, and its lines."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode
from subkit.formats.screenplays.final_draft import read_final_draft
from subkit.formats.screenplays.fountain import looks_like_fountain, read_fountain
from subkit.formats.screenplays.plain_script import read_plain_script

if TYPE_CHECKING:
    from subkit.alignment import GivenLine

__all__ = ["SCRIPT_EXTENSIONS", "is_script", "read_lines"]

SCRIPT_EXTENSIONS = {
    "fountain": "Fountain",
    "spmd": "Fountain",
    "fdx": "Final Draft",
    "txt": "plain text",
    "text": "plain text",
    "md": "plain text",
}
"""Extension -> what it is."""

_FEW = 3
"""Speeches below which a text with a scene heading is taken for plain text after all."""


def is_script(name: str) -> bool:
    """Return whether a file is a text without times, by its name."""
    return PurePath(name).suffix.lstrip(".").lower() in SCRIPT_EXTENSIONS


def read_lines(
    data: bytes, *, name: str, repairs: Repairs, language: str = "und"
) -> tuple[GivenLine, ...]:
    """Return what is said in a text, in order.

    Args:
        data: The file's bytes.
        name: Its name: the extension says what it is.
        repairs: Hears what was mended.
        language: BCP 47, to judge the encoding by.

    Raises:
        FormatError: not text, or not of its kind, or nobody says anything in it.
    """
    kind = PurePath(name).suffix.lstrip(".").lower()
    if kind == "fdx":
        found = read_final_draft(data, name)
    else:
        text = decode(data, name, repairs, language)
        found = read_fountain(text) if kind in {"fountain", "spmd"} else ()
        if kind not in {"fountain", "spmd"}:
            found = read_fountain(text) if looks_like_fountain(text) else ()
            if len(found) < _FEW:
                found = read_plain_script(text)
    if not found:
        raise FormatError(
            f"{name!r} has nothing that is said.",
            remedy="A screenplay names its characters in capitals above their speeches; "
            "plain text has what is said.",
            line=1,
            column=1,
        )
    return found
