"""Texts with breaks: one sentence a line, ``<eol>`` after a line of a cue, ``<eob>`` after a cue.

The notation of MuST-Cinema (Karakanta, Negri, Turchi: MuST-Cinema: a Speech-to-Subtitles corpus,
LREC 2020).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.language import resolve_language

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "EOB",
    "EOL",
    "OWN",
    "Cues",
    "Reference",
    "halves",
    "marked",
    "parse_marked",
    "read_references",
]

OWN = Path(__file__).parents[1] / "data" / "breaks"
"""References written by the authors, one file a language."""

EOL, EOB = "<eol>", "<eob>"

Cues = tuple[tuple[str, ...], ...]
"""Cues in order, each its lines."""

_MARK = re.compile(r"\s*(<eol>|<eob>)\s*")


@dataclass(frozen=True)
class Reference:
    """A sentence (or a short exchange) as somebody broke it.

    Attributes:
        language: BCP 47 tag.
        cues: The breaks.
    """

    language: str
    cues: Cues

    @property
    def text(self) -> str:
        """The sentence without breaks, as its language joins lines: Thai has spaces there."""
        glue = "" if resolve_language(self.language).base in ("ja", "zh") else " "
        return glue.join(line for cue in self.cues for line in cue)


def parse_marked(text: str) -> Cues:
    """``"one <eol> two <eob>"`` -> its cues; a last cue may lack its mark."""
    cues: list[tuple[str, ...]] = []
    lines: list[str] = []
    parts = _MARK.split(text.strip())
    for part, mark in zip(parts[::2], [*parts[1::2], EOB], strict=True):
        if part:
            lines.append(" ".join(part.split()))
        if mark == EOB and lines:
            cues.append(tuple(lines))
            lines = []
    return tuple(cues)


def marked(cues: Sequence[Sequence[str]]) -> str:
    """The notation of a list of cues."""
    return " ".join(f" {EOL} ".join(cue) + f" {EOB}" for cue in cues)


def read_references(path: Path, language: str) -> list[Reference]:
    """All references of a file; empty lines and lines that begin with ``#`` are left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = (line for line in lines if line.strip() and not line.startswith("#"))
    return [Reference(language, parse_marked(line)) for line in kept]


def halves(
    references: Sequence[Reference], *, own: bool
) -> tuple[list[Reference], list[Reference]]:
    """What may be tuned on, and what is held out.

    Of our own references every second one is held out; of another's, whose sentences follow each
    other in talks, the second half.
    """
    if own:
        return list(references[::2]), list(references[1::2])
    middle = len(references) // 2
    return list(references[:middle]), list(references[middle:])
