"""The comments that Frame.io exports as CSV.

Its columns differ with version and account, so they are found by name. Seen in exports: Team,
Project, File, File URL, Version, Commenter, Comment ID, Comment, Reply, Commented At, Complete,
Annotation, Frame, Duration, Timecode, Timecode In, Timecode Out, Timecode Source, Timecode Source
In, Timecode Source Out.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from subkit.exchange.sheet_rows import MAX_TEXT, Remark, TimedRemark, clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["read"]

_NAMES = {
    "comment": ("comment", "comments", "comment text"),
    "reply": ("reply", "replies"),
    "who": ("commenter", "author", "commenter name", "user"),
    "at": ("commented at", "created at", "date"),
    "done": ("complete", "completed", "resolved"),
    "frame": ("frame", "frame number"),
    "timecode": ("timecode", "timecode in", "time", "timestamp"),
    "timecode_out": ("timecode out",),
    "source": ("timecode source", "timecode source in", "source timecode"),
}
_YES, _NO = {"yes", "true", "1", "complete", "completed", "x"}, {"no", "false", "0", ""}
_HEADER_ROWS = 20


def read(records: Sequence[Sequence[str]]) -> tuple[TimedRemark, ...] | None:
    """The comments in the records of a CSV file; ``None`` if they have no such header."""
    headers = ((i, _header(record)) for i, record in enumerate(records[:_HEADER_ROWS]))
    at, places = next(((i, found) for i, found in headers if _is_header(found)), (0, None))
    if places is None:
        return None
    found: list[TimedRemark] = []
    for number, record in enumerate(records[at + 1 :], start=at + 2):
        values = {
            name: record[place].strip() if place < len(record) else ""
            for name, place in places.items()
        }
        found += _remarks(values, f"row {number}")
    return tuple(found)


def _header(record: Sequence[str]) -> dict[str, int]:
    names = [value.strip().lower().replace("_", " ") for value in record]
    places = {}
    for key, spellings in _NAMES.items():
        place = next((names.index(name) for name in spellings if name in names), None)
        if place is not None:
            places[key] = place
    return places


def _is_header(places: Mapping[str, int]) -> bool:
    return "comment" in places and bool(places.keys() & {"timecode", "source", "frame"})


def _remarks(values: Mapping[str, str], place: str) -> Iterator[TimedRemark]:
    """The comment of a row, and the answer that stands beside it in some exports."""
    reply = values.get("reply", "")
    said = [values.get("comment", ""), "" if reply.lower() in _YES | _NO else reply]
    frame = values.get("frame", "")
    for text in said:
        if not clean(text):
            continue
        yield TimedRemark(
            place=place,
            remark=Remark(
                text=clean(text)[:MAX_TEXT],
                who=clean(values.get("who", "")).replace("\n", " ")[:200],
                time=_moment(values.get("at", "")),
                resolved=values.get("done", "").lower() in _YES,
            ),
            timecode=values.get("timecode", ""),
            source_timecode=values.get("source", ""),
            frame=int(frame) if frame.isascii() and frame.isdigit() and len(frame) < 12 else None,
            timecode_out=values.get("timecode_out", ""),
        )


def _moment(text: str) -> str:
    """A time in UTC where the export gives an ISO 8601 one; empty where it gives another."""
    try:
        moment = datetime.fromisoformat(text.replace(" UTC", "+00:00").replace("Z", "+00:00"))
    except ValueError:
        return ""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc).isoformat(timespec="seconds")
