"""Exported and imported rows of sheets, the same values for every format.

A :class:`Sheet` is a track as rows; every row carries its :class:`Basis`, short digests of the
source, the text and the times that it was made from. So when a file comes back, each row can be
held against the cue as it is now: what changed meanwhile is known, whatever happened to the order,
the layout or the file's name.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.files.plain_text import split_lines
from subkit.model import ReviewState

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = [
    "MAX_ROWS",
    "MAX_TEXT",
    "Basis",
    "Limits",
    "Remark",
    "Reply",
    "Returned",
    "Sheet",
    "SheetRow",
    "TimedRemark",
    "clean",
    "require_pairs",
    "require_size",
    "text_digest",
    "too_many_rows",
    "wanted",
]

MAX_BYTES = 64 * 2**20
"""Largest file that is read."""
MAX_ROWS = 50_000
"""Most rows that are read: ten times a long film's cues."""
MAX_TEXT = 32_767
"""Most characters in one text: what a cell of a spreadsheet holds."""

_BASIS = re.compile(r"([0-9a-f]{16}|0)-([0-9a-f]{16}|0)-([0-9a-f]{16}|0)")
_NOT_XML = re.compile("[\ufffe\uffff]")


def clean(text: str) -> str:
    """The text that a person meant: composed characters, no controls, no empty lines, no margins.

    Spreadsheets, word processors and translation tools differ in exactly these.
    """
    lines = split_lines([_NOT_XML.sub("\ufffd", unicodedata.normalize("NFC", text))])
    return "\n".join(stripped for line in lines if (stripped := line.strip(" \t\ufeff")))


def text_digest(text: str) -> str:
    """16 hex digits over :func:`clean` of a text: the same words give the same digits."""
    return hashlib.sha256(clean(text).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Digests of what a row was made from; empty where the file no longer says."""

    source: str = ""
    text: str = ""
    times: str = ""

    def __str__(self) -> str:
        """As one word, for a cell."""
        return "-".join(part or "0" for part in (self.source, self.text, self.times))

    @classmethod
    def parse(cls, text: str) -> Basis:
        """The basis in a cell; all empty where the cell does not hold one."""
        match = _BASIS.fullmatch(text.strip())
        if match is None:
            return cls()
        source, own, times = ("" if part == "0" else part for part in match.groups())
        return cls(source=source, text=own, times=times)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment; ``who`` is empty for whoever hands the file in, ``time`` where not known."""

    text: str
    who: str = ""
    time: str = ""
    resolved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedRemark:
    """A comment on a time instead of a cue.

    Attributes:
        place: Where in the file, for people.
        remark: The comment.
        timecode: Its time counted from 0, or from the programme start; empty where not given.
        source_timecode: Its time in the timecode of the media; empty where not given.
        frame: Its frame counted from 0; ``None`` where not given.
        timecode_out: End of the stretch it is about, counted as ``timecode``; empty for a moment.
    """

    place: str
    remark: Remark
    timecode: str = ""
    source_timecode: str = ""
    frame: int | None = None
    timecode_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One cue as people see it outside.

    Attributes:
        track: Id of its track.
        cue: Its id.
        start: In-time as timecode.
        end: Out-time as timecode.
        speaker: Name or id; empty where not known.
        source: Text it was translated from; empty where there is none.
        source_language: BCP 47 of that text; empty where there is none.
        text: Its own text, lines joined by a newline.
        state: How far people have come with it.
        approved_by: Who approved it; empty where nobody did.
        approved_at: When, ISO 8601 in UTC.
        cps: Characters a second as its profile counts them; ``None`` where it has no duration.
        room: Most characters that fit lines and reading speed, in the profile's counting.
        notes: What to know: cultural terms, names.
        comments: What was said of it, oldest first.
    """

    track: str
    cue: str
    start: str
    end: str
    speaker: str = ""
    source: str = ""
    source_language: str = ""
    text: str = ""
    state: ReviewState = ReviewState.UNREVIEWED
    approved_by: str = ""
    approved_at: str = ""
    cps: Fraction | None = None
    room: int | None = None
    notes: tuple[str, ...] = ()
    comments: tuple[Remark, ...] = ()

    @property
    def basis(self) -> Basis:
        """What a file that comes back is held against."""
        return Basis(
            source=text_digest(self.source) if self.source else "",
            text=text_digest(self.text),
            times=text_digest(f"{self.start}\n{self.end}"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a profile that reviewers need."""

    profile: str = ""
    max_lines: int = 2
    max_cpl: int = 42
    max_cps: Fraction | None = None
    half_width: bool = False

    def __str__(self) -> str:
        """In one line."""
        speed = "" if self.max_cps is None else f", {float(self.max_cps):g} CPS"
        unit = " (Latin counts one half)" if self.half_width else ""
        return f"{self.max_lines} lines of {self.max_cpl} characters{unit}{speed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A track as it goes out.

    Attributes:
        title: Of the project.
        track: Id of the track.
        language: BCP 47 of the track.
        source_language: BCP 47 of the track it was translated from; empty where there is none.
        limits: Of the track's profile.
        note: How it was made, plain lines.
        rows: One a cue, by in-time.
    """

    title: str
    track: str
    language: str
    source_language: str = ""
    limits: Limits = field(default_factory=Limits)
    note: str = ""
    rows: tuple[SheetRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One row that came back.

    Attributes:
        place: Where in the file, for people: ``"row 12"``.
        cue: Id of its cue; empty for a row that somebody added.
        track: Id of its track; empty where the file does not say.
        basis: What it was made from.
        text: Another text than the one it was made from; ``None`` where that was left.
        remarks: New or old comments in it.
        finished: The tool calls it reviewed or final.
        problem: Why its text cannot be taken as it stands; empty where it can.
        retimed: Its times were changed.
        language: BCP 47 of the text where the file says so and not the track.
    """

    place: str
    cue: str = ""
    track: str = ""
    basis: Basis = field(default_factory=Basis)
    text: str | None = None
    remarks: tuple[Remark, ...] = ()
    finished: bool = False
    problem: str = ""
    retimed: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A file that came back: its rows, its comments at times, and one sentence for each repair."""

    rows: tuple[Returned, ...] = ()
    timed: tuple[TimedRemark, ...] = ()
    repairs: tuple[str, ...] = ()


def wanted(target: str | None, edited: str, basis: Basis) -> tuple[str | None, str]:
    """The text that a reviewer asks for, and why it cannot be taken (empty if it can).

    Args:
        target: What stands where the old text stood; ``None`` where the file has no such place.
        edited: What stands in the place for a new text.
        basis: What the row was made from.
    """
    changed = target is not None and bool(basis.text) and text_digest(target) != basis.text
    target, edited = clean(target or ""), clean(edited)
    if edited and changed and edited != target:
        return edited, "target and edited were both changed, to different texts"
    if edited:
        return (None if text_digest(edited) == basis.text else edited), ""
    if changed:
        return target, "" if target else "its text was emptied, and a cue needs text"
    return None, ""


def require_size(data: bytes, name: str) -> None:
    """Return if a file is of a size to be read.

    Raises:
        FormatError: it is not.
    """
    if len(data) > MAX_BYTES:
        raise FormatError(
            f"{name!r} has {len(data)} bytes; sheets are read up to {MAX_BYTES}.",
            remedy="Check that it is the right file.",
            line=1,
            column=1,
        )


def too_many_rows(name: str) -> FormatError:
    """The error for a file with more rows than any track has cues."""
    return FormatError(
        f"{name!r} has more than {MAX_ROWS} rows.",
        remedy="Check that it is a sheet that subkit wrote.",
        line=MAX_ROWS + 1,
        column=1,
    )


def require_pairs(sheet: Sheet, form: str) -> None:
    """Raise an error unless the sheet has source texts, as formats of pairs require.

    Raises:
        FormatError: its track was not translated from another.
    """
    if not sheet.source_language:
        raise FormatError(
            f"Track {sheet.track!r} has no source, and {form} holds pairs.",
            remedy="Choose a translated track.",
            line=1,
            column=1,
        )
