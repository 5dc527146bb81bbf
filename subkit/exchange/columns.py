"""The columns that spreadsheets, documents and CSV share, and what is read from a row of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.exchange.sheet_rows import (
    MAX_TEXT,
    Basis,
    Remark,
    Returned,
    clean,
    text_digest,
    wanted,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from subkit.exchange.sheet_rows import SheetRow

__all__ = ["COLUMNS", "HELP", "cells", "header", "is_blank_row", "returned"]

COLUMNS = (
    "id",
    "in",
    "out",
    "speaker",
    "source",
    "target",
    "edited",
    "comment",
    "notes",
    "state",
    "cps",
    "basis",
)
"""``edited`` and ``comment`` are for the reviewer; ``basis`` says what the row was made from."""

HELP = (
    "Write a new text into “edited” (or change “target”), remarks into “comment”. Leave “id” and "
    "“basis” as they are: they find the cue again. Rows may be sorted, filtered or left out; a new "
    "row cannot make a new cue, and times are changed in subkit review."
)


def cells(row: SheetRow) -> dict[str, str]:
    """The text of each column for a row.

    Raises:
        FormatError: a text is longer than a cell holds.
    """
    said = [f"{remark.who}: {remark.text}" for remark in row.comments]
    found = {
        "id": f"{row.track}/{row.cue}",
        "in": row.start,
        "out": row.end,
        "speaker": row.speaker,
        "source": clean(row.source),
        "target": clean(row.text),
        "edited": "",
        "comment": "",
        "notes": clean("\n".join([*row.notes, *said])),
        "state": row.state.value,
        "cps": "" if row.cps is None else f"{float(row.cps):.1f}",
        "basis": str(row.basis),
    }
    for column, text in found.items():
        if len(text) > MAX_TEXT:
            raise FormatError(
                f"The {column} of cue {row.cue!r} has {len(text)} characters; a cell holds "
                f"{MAX_TEXT}.",
                remedy="Split the cue.",
                line=1,
                column=1,
            )
    return found


def header(values: Sequence[str]) -> dict[str, int] | None:
    """Column -> place in the row, if these values are a header; the first of equal names counts."""
    places: dict[str, int] = {}
    for place, value in enumerate(values):
        name = value.strip().lower()
        if name in COLUMNS:
            places.setdefault(name, place)
    return places if "id" in places and places.keys() & {"edited", "target"} else None


def is_blank_row(values: Mapping[str, str]) -> bool:
    """Whether a row says nothing."""
    return not any(value.strip() for value in values.values())


def returned(
    values: Mapping[str, str],
    place: str,
    *,
    problem: str = "",
    remarks: Sequence[Remark] = (),
    before: str | None = None,
) -> Returned:
    """What a row of cells says.

    Args:
        values: Text of each column that is there.
        place: Where in the file, for people.
        problem: Why its text cannot be taken, where the format knows already.
        remarks: Comments that stand beside the cells.
        before: The target before tracked changes, where the format keeps it.
    """
    track, slash, cue = values.get("id", "").strip().partition("/")
    if not slash:
        track, cue = "", track
    target, edited = values.get("target"), values.get("edited", "")
    basis = Basis.parse(values.get("basis", ""))
    is_lost = basis == Basis()
    if is_lost:
        basis = _visible_basis(values, target if before is None else before)
    text, refused = wanted(target, edited, basis)
    if text is None and not cue:
        text = clean(edited or target or "")
    elif text is None and is_lost and before is None and target:
        text, refused = clean(target), "its basis was lost; write the new text into edited"
    if text is not None and len(text) > MAX_TEXT:
        text, refused = text[:200], f"its text is longer than {MAX_TEXT} characters"
    times = text_digest(f"{values.get('in', '')}\n{values.get('out', '')}")
    said = clean(values.get("comment", ""))[:MAX_TEXT]
    return Returned(
        place=place,
        cue=cue.strip(),
        track=track.strip(),
        basis=basis,
        text=text,
        remarks=(*((Remark(text=said),) if said else ()), *remarks),
        finished=values.get("state", "").strip().lower() == "approved",
        problem=problem or refused,
        retimed=bool(basis.times) and {"in", "out"} <= values.keys() and times != basis.times,
    )


def _visible_basis(values: Mapping[str, str], target: str | None) -> Basis:
    """What the source and target cells show, where the basis itself was lost."""
    source = values.get("source", "")
    return Basis(
        source=text_digest(source) if source.strip() else "",
        text="" if target is None else text_digest(target),
    )
