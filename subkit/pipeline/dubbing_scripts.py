"""Screenplays that name the characters of lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.dubbing import ScriptLine
from subkit.errors import FormatError, InputError, PlanError
from subkit.files import Repairs
from subkit.files.regular_files import open_regular
from subkit.formats.screenplays import read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["read_script"]

_LISTS = {".txt", ".tsv", ""}
_SCREENPLAYS = {".fountain", ".spmd", ".fdx"}
_MAX_BYTES = 8 << 20
_SPEECH = re.compile(r"^\s*(?P<name>[^:：\t]{1,60}?)\s*(?:[:：]|\t)\s*(?P<text>\S.*)$")


def read_script(path: Path) -> tuple[ScriptLine, ...]:
    """Return the speeches of a screenplay: Fountain, Final Draft, or ``NAME: what is said``.

    In a list of speeches a line without a name goes on with the speech before it; a colon or a tab
    stands between name and speech.

    Raises:
        InputError: it cannot be read.
        FormatError: it is not text, or no line has a name.
        PlanError: it is of another kind.
    """
    kind = path.suffix.casefold()
    if kind not in {*_LISTS, *_SCREENPLAYS}:
        raise PlanError(
            f"{str(path)!r} is no screenplay.",
            remedy="Give Fountain, Final Draft (FDX), or a text file with one speech on each line: "
            "NAME: what is said.",
        )
    try:
        with open_regular(path) as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {error.strerror or error}.", remedy="Check the path."
        ) from error
    if len(data) > _MAX_BYTES:
        raise FormatError(f"{str(path)!r} has more than {_MAX_BYTES >> 20} MiB.")
    if kind in _SCREENPLAYS:
        lines = read_lines(data, name=path.name, repairs=Repairs())
        return _named((ScriptLine(character=one.speaker, text=one.text) for one in lines), path)
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
    return _named(found, path)


def _named(lines: Iterable[ScriptLine], path: Path) -> tuple[ScriptLine, ...]:
    found = tuple(line for line in lines if line.character)
    if not found:
        raise FormatError(
            f"{str(path)!r} has no line with a name.",
            remedy="Write each speech as NAME: what is said.",
        )
    return found
