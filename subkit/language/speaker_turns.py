"""Speaker turns, labels and songs in the lines of a cue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.language.punctuation import DASHES, OPENING, SENTENCE_ENDS, normalize_spaces

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["is_dashed", "turns"]

_NAME = re.compile(r"[^\W\d_][\w .'’-]{0,24}:(?=\s)")
_MARKS_OF_A_TURN = ("[", "(", "♪", "♫", ">>")
_CLOSING = "\"'’”»)]"
_BEGINS = re.compile(rf"[\s{re.escape(DASHES + OPENING)}\"'¿¡]*(.)")


def is_dashed(line: str) -> bool:
    """Whether a line begins as dialogue: with a dash before a word."""
    text = line.strip()
    return len(text) > 1 and text[0] in DASHES and text[1] not in DASHES


def turns(lines: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Group the lines of a cue by turn.

    A turn begins with a dialogue dash, a label in brackets, a name in capitals and a colon, ``>>``
    or a music note. A dash in the middle of a sentence is none: ``"I went there / - alone"``.

    Args:
        lines: The lines of one cue; empty ones are left out, white space is normalised.
    """
    whole = [text for line in lines if (text := normalize_spaces(line))]
    named = len(whole) > 1 and all(_NAME.match(line) for line in whole)
    found: list[list[str]] = []
    for line in whole:
        if not found or named or _begins_turn(line, found[-1][-1], dashed=is_dashed(whole[0])):
            found.append([line])
        else:
            found[-1].append(line)
    return tuple(tuple(group) for group in found)


def _begins_turn(line: str, before: str, *, dashed: bool) -> bool:
    if is_dashed(line):
        return dashed or _is_over(before) or not _begins_small(line)
    name = _NAME.match(line)
    return line.startswith(_MARKS_OF_A_TURN) or (name is not None and name[0].isupper())


def _is_over(line: str) -> bool:
    return line.rstrip(_CLOSING)[-1:] in SENTENCE_ENDS + DASHES


def _begins_small(line: str) -> bool:
    first = _BEGINS.match(line)
    return first is not None and first[1].islower()
