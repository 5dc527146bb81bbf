"""The lines and the order of cues, as text formats can hold them."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol, TypeVar

from subkit.errors import FormatError
from subkit.files.plain_text import split_lines
from subkit.interfaces.file_contents import FileContent
from subkit.language import join_words
from subkit.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from subkit.files.plain_text import Repairs
    from subkit.interfaces.file_contents import ReadRequest
    from subkit.model import Cue, Track

__all__ = [
    "DEMO_LINES",
    "NO_BREAK_SPACE",
    "cue_lines",
    "in_order",
    "is_disclosure",
    "one_line",
    "plain_content",
    "put_in_order",
    "readable_cues",
    "reading_time",
]

DEMO_LINES = ("DEMO MODEL:", "not a real transcript")
"""What a cue at the top of a demo file says, where the format has no place for a note."""

_DISCLOSED = re.compile(r"approved by a person: \d{1,7} of \d{1,7} cues\n.{0,3}review: ")
"""Two lines of every disclosure."""

NO_BREAK_SPACE = "\u00a0"
"""Stands for an empty line inside a cue: SRT and WebVTT end a cue at a truly empty one."""


def cue_lines(cue: Cue) -> list[str]:
    """The lines of a cue as a file can hold them; inner empty ones are a no-break space."""
    return [line or NO_BREAK_SPACE for line in split_lines(cue.lines)]


def one_line(cue: Cue, track: Track) -> str:
    """The text of a cue on one line, its lines joined as the language writes; no tabs."""
    lines = (line.replace("\t", " ") for line in split_lines(cue.lines))
    return join_words(lines, cue.language or track.language)


def is_disclosure(text: str) -> bool:
    """Whether a note is a disclosure that subkit wrote, which a new one replaces."""
    return _DISCLOSED.search(text) is not None


def in_order(track: Track) -> list[Cue]:
    """The cues by in-time, as every format wants them."""
    return sorted(track.cues, key=lambda cue: cue.span.start)


class _Block(Protocol):
    """Lines of a file that should be a cue."""

    @property
    def line(self) -> int:
        """The number of its timing line, from 1."""

    @property
    def quote(self) -> str:
        """What stands in it."""


_B = TypeVar("_B", bound=_Block)


def readable_cues(
    blocks: Iterable[_B], read: Callable[[_B], Cue | None], repairs: Repairs
) -> list[Cue]:
    """Return the cues of blocks; one whose times cannot be read is left out and quoted.

    Raises:
        FormatError: of the first, where none can be read.
    """
    found: list[Cue] = []
    first: FormatError | None = None
    for block in blocks:
        try:
            cue = read(block)
        except FormatError as error:  # noqa: PERF203 - each costs one cue
            first = first or error
            place = f"line {block.line} ({block.quote[:120]!r})"
            repairs.add("A cue whose times cannot be read was left out", place)
        else:
            found += [cue] if cue is not None else []
    if first is not None and not found:
        raise first
    return found


def reading_time(text: str) -> Fraction:
    """Return how long a cue is shown whose file does not say: half a second and 15 CPS."""
    return Fraction(50 + round(Fraction(100 * len(text), 15)), 100)


def put_in_order(cues: list[Cue], repairs: Repairs) -> list[Cue]:
    """The cues read from a file by in-time; says so if they were not."""
    ordered = sorted(cues, key=lambda cue: cue.span.start)
    if ordered != cues:
        repairs.add("Cues were put in order of in-time")
    return ordered


def plain_content(track: Track, repairs: Repairs, asked: ReadRequest) -> FileContent:
    """Return a track as what a file holds, its times counted from where the user says.

    For formats that say neither a frame rate nor a start.
    """
    if asked.start:
        start = asked.start
        early = [cue.id for cue in track.cues if cue.span.start < start]
        if early:
            repairs.add("A cue before the programme's start was put there", early[0])
        cues = (replace(cue, span=_earlier(cue.span, start)) for cue in track.cues)
        track = replace(track, cues=tuple(cues))
    return FileContent(tracks=(track,), repairs=tuple(repairs.sentences()))


def _earlier(span: Span, by: Fraction) -> Span:
    begin = max(span.start - by, Fraction(0))
    return Span(begin, max(span.end - by, begin))
