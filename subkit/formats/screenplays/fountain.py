"""Fountain (fountain.io, syntax 1.1): what its characters say."""

from __future__ import annotations

import re

from subkit.alignment import GivenLine
from subkit.formats.screenplays.speech_text import character_name, said

__all__ = ["looks_like_fountain", "read_fountain"]

_BONEYARD = re.compile(r"/\*.*?\*/", re.DOTALL)
_NOTE = re.compile(r"\[\[.*?\]\]", re.DOTALL)
_HEADING = re.compile(r"^(?:INT|EXT|EST|INT\.?/EXT|I/E)[. ]", re.IGNORECASE)
_TITLE_KEY = re.compile(r"^[A-Za-z][A-Za-z ]{0,30}:")
_EMPHASIS = re.compile(r"(?<!\\)[*_]+")
_ESCAPE = re.compile(r"\\([*_\\])")
_LONGEST_NAME = 60


def looks_like_fountain(text: str) -> bool:
    """Return whether a text has scene headings and names above speeches."""
    lines = [line.strip() for line in text.split("\n")]
    headings = any(_HEADING.match(line) for line in lines)
    named = any(_is_character(lines, at) for at in range(len(lines)))
    return headings and named


def read_fountain(text: str) -> tuple[GivenLine, ...]:
    """Return the speeches, each with the name of its character; everything else is left out.

    Args:
        text: The file.
    """
    text = _NOTE.sub("", _BONEYARD.sub("", text))
    lines = [line.strip() if line.strip() else line for line in text.split("\n")]
    at = _behind_title_page(lines)
    found: list[GivenLine] = []
    while at < len(lines):
        if not _is_character(lines, at):
            if lines[at].startswith("~"):
                _add(found, lines[at][1:], "")
            at += 1
            continue
        name = character_name(lines[at])
        at += 1
        speech: list[str] = []
        # A line of two spaces is empty to the eye and goes on with the speech.
        while at < len(lines) and (lines[at].strip() or len(lines[at]) >= 2):
            line = lines[at].strip()
            if not (line.startswith("(") and line.endswith(")")):
                speech.append(line.removeprefix("~"))
            at += 1
        _add(found, " ".join(speech), name)
    return tuple(found)


def _add(found: list[GivenLine], text: str, name: str) -> None:
    plain = said(_ESCAPE.sub(r"\1", _EMPHASIS.sub("", text)))
    if plain:
        found.append(GivenLine(text=plain, speaker=name))


def _behind_title_page(lines: list[str]) -> int:
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if first >= len(lines) or not _TITLE_KEY.match(lines[first]):
        return first
    if _is_character(lines, first):
        return first
    at = first
    while at < len(lines) and lines[at].strip():
        at += 1
    return at


def _is_character(lines: list[str], at: int) -> bool:
    """Whether a line names who speaks: in capitals, between an empty line and a speech."""
    line = lines[at].strip()
    if not line or (at and lines[at - 1].strip()):
        return False
    if at + 1 >= len(lines) or not lines[at + 1].strip():
        return False
    if line.startswith("@"):
        return True
    name = character_name(line)
    if not name or len(name) > _LONGEST_NAME or line[0] in ".>!#=~" or _HEADING.match(line):
        return False
    if line.endswith("TO:"):
        return False
    letters = [char for char in name if char.isalpha()]
    return bool(letters) and name == name.upper() and name != name.lower()
