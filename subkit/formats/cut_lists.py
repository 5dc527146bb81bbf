"""The edit of a programme as an EDL (CMX3600) or an OTIO timeline: what it was taken from."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.alignment import EditEvent, EditList
from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode
from subkit.formats.edl import edl_time, full_hour, is_edl, read_events
from subkit.formats.otio import read_timeline
from subkit.model import Span

if TYPE_CHECKING:
    from subkit.formats.edl import EdlEvent
    from subkit.model import FrameRate

__all__ = ["EDIT_FILES", "read_edit"]

EDIT_FILES = (".edl", ".otio")
"""Extensions of files that are edits."""

_LEAD = 120
"""Seconds that bars and slates may begin before the full hour of the first picture."""

_GENERIC = {"AX", "BL", "GEN", "AUX"}
"""Reels that are no names: AX stands for whatever had none, BL for black."""

_MAX_EVENTS = 20_000


def read_edit(
    data: bytes, *, name: str, rate: FrameRate, start: Fraction | None = None
) -> EditList:
    """Return the events of an edit.

    Of an EDL those of the picture, or all where it has none. Black and events whose clip is not
    named are taken from nothing that anybody knows. Speed changes, reverse and key edits are
    effects; a transition belongs to the event it leads into.

    Args:
        data: The file.
        name: Its name, for errors.
        rate: Frames a second; an EDL does not state it.
        start: Timecode of the first frame of the programme, seconds; ``None`` takes the full hour
            of the first event.

    Raises:
        FormatError: it cannot be read.
    """
    text = decode(data, name, Repairs())
    if text.lstrip()[:1] == "{":
        return read_timeline(data, name=name)
    if not is_edl(text):
        raise FormatError(
            f"{name!r} is neither an EDL nor an OTIO timeline.",
            remedy="Export the sequence as CMX3600 EDL or as OTIO.",
            line=1,
        )
    events = read_events(text, name=name, rate=rate)
    if len(events) > _MAX_EVENTS:
        raise FormatError(f"{name!r} has more than {_MAX_EVENTS} events.")
    first = min((event.start for event in events), default=Fraction(0))
    zero = full_hour(first + _LEAD, rate) if start is None else start
    notes = [f"{name}: times count from {rate.timecode(zero)}."] if zero and start is None else []
    found = [edit for event in events if (edit := _event(event, zero, rate, name)) is not None]
    if fades := sum(bool(event.length) for event in events):
        notes.append(
            f"{name}: {fades} {'dissolve or wipe' if fades == 1 else 'dissolves and wipes'}; the "
            "sound under it is taken for that of the shot it leads into."
        )
    duration = max((event.record.end for event in found), default=Fraction(0))
    return EditList(name=name, events=tuple(found), duration=duration, notes=tuple(notes))


def _event(event: EdlEvent, zero: Fraction, rate: FrameRate, name: str) -> EditEvent | None:
    """An event of the programme; ``None`` for one before its first frame."""
    if event.end <= zero:
        return None
    record = Span(max(event.start - zero, Fraction(0)), event.end - zero)
    lead = max(zero - event.start, Fraction(0))
    first, last = (edl_time(text, event, rate, name) for text in event.taken)
    effect = _effect(event, last - first, rate)
    taken = Span(first + lead, last) if not effect else Span(first, max(first, last))
    return EditEvent(
        place=f"line {event.line}",
        source=_source(event),
        taken=taken,
        record=record,
        effect=effect,
    )


def _effect(event: EdlEvent, taken: Fraction, rate: FrameRate) -> str:
    """Why the times of an event cannot be followed; empty where they can."""
    if event.edit.startswith("K"):
        return "key edit"
    if event.speed and abs(Fraction(event.speed) - rate.nominal) > Fraction(1, 10):
        return f"time warp ({event.speed} frames a second)"
    if abs(taken - (event.end - event.start)) * rate.rate > Fraction(1, 2):
        return "time warp (source and record last differently)"
    return ""


def _source(event: EdlEvent) -> str:
    """Reel and clip: where the reel is no name, the clip has to be."""
    if event.reel.upper() in _GENERIC:
        return event.clip or event.reel.upper()
    return event.reel
