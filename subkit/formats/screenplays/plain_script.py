"""Plain text: one line after the other, perhaps with names in front of them."""

from __future__ import annotations

import re
from collections import Counter

from subkit.alignment import GivenLine
from subkit.formats.screenplays.speech_text import character_name, said

__all__ = ["read_plain_script"]

_NAMED = re.compile(r"^\s*(?P<name>[^\s:：\t.!?][^:：\t.!?]{0,40}?)\s*(?:[:：]|\t)\s*(?P<text>.*)$")
_DIRECTION = re.compile(r"^\s*[(（\[].*[)）\]]\s*$")
_DASH = re.compile(r"^\s*[-–—]\s+")
_SHARE = 0.4
"""Share of the lines that must have a name for names to be taken for such."""

_MOST_WORDS = 4


def read_plain_script(text: str) -> tuple[GivenLine, ...]:
    """Return the lines of a text; with ``NAME:`` in front of enough of them, its speeches.

    Lines in brackets are directions and left out. In a text with names a line without one goes on
    with the speech before it, up to an empty line.

    Args:
        text: The file.
    """
    lines = [line for line in text.split("\n") if not _DIRECTION.match(line)]
    written = [line for line in lines if line.strip()]
    names = _names(written)
    if sum(names.values()) < _SHARE * len(written):
        names = Counter()
    found: list[GivenLine] = []
    goes_on = False
    for line in lines:
        match = _NAMED.match(line) if names else None
        if match and _name(match) in names:
            found.append(GivenLine(text=said(match["text"]), speaker=_name(match)))
            goes_on = True
        elif line.strip() and goes_on:
            before = found.pop()
            found.append(GivenLine(text=f"{before.text} {said(line)}", speaker=before.speaker))
        elif line.strip():
            plain = said(_DASH.sub("", line), directions=bool(names))
            found.append(GivenLine(text=plain))
        else:
            goes_on = False
    return tuple(GivenLine(text=f.text.strip(), speaker=f.speaker) for f in found if f.text.strip())


def _names(lines: list[str]) -> Counter[str]:
    """How often each name stands before a line; "Note: …" once in a text is none."""
    counts = Counter(_name(match) for line in lines if (match := _NAMED.match(line)))
    every = sum(counts.values()) == len(lines)
    return Counter(
        {
            name: count
            for name, count in counts.items()
            if name and len(name.split()) <= _MOST_WORDS and _may_be_name(name)
            and (every or count > 1 or name.upper() == name)
        }
    )  # fmt: skip


def _may_be_name(name: str) -> bool:
    return any(map(str.isalpha, name)) and not name[0].islower()


def _name(match: re.Match[str]) -> str:
    return character_name(match["name"])
