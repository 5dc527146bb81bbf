"""Screenplays that name the characters of lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.dubbing import ScriptLine
from subkit.errors import FormatError, InputError, PlanError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_script"]

_MAX_BYTES = 8 << 20
_SPEECH = re.compile(r"^\s*(?P<name>[^:：\t]{1,60}?)\s*(?:[:：]|\t)\s*(?P<text>\S.*)$")


def read_script(path: Path) -> tuple[ScriptLine, ...]:
    """Return the speeches of a screenplay: one a line, ``NAME: what is said``.

    A line without a name goes on with the speech before it; between the two a colon or a tab.

    Raises:
        InputError: it cannot be read.
        FormatError: it is not text, or no line has a name.
        PlanError: it is of another kind.
    """
    if path.suffix.casefold() not in {".txt", ".tsv", ""}:
        raise PlanError(
            f"{str(path)!r} is no list of speeches.",
            remedy="Give a text file with one speech on each line: NAME: what is said.",
        )
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {error.strerror or error}.", remedy="Check the path."
        ) from error
    if len(data) > _MAX_BYTES:
        raise FormatError(f"{str(path)!r} has more than {_MAX_BYTES >> 20} MiB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{str(path)!r} is not UTF-8 text.", remedy="Save it as UTF-8."
        ) from error
    found: list[ScriptLine] = []
    for line in text.splitlines():
        match = _SPEECH.match(line)
        if match is not None:
            found.append(ScriptLine(character=match["name"], text=match["text"]))
        elif found and line.strip():
            last = found.pop()
            found.append(ScriptLine(character=last.character, text=f"{last.text} {line.strip()}"))
    if not found:
        raise FormatError(
            f"{str(path)!r} has no line with a name.",
            remedy="Write each speech as NAME: what is said.",
        )
    return tuple(found)
