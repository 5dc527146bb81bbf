"""Edits of when a cue is shown, and of how many cues there are."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.edit.content import (
    derived_tracks,
    editable,
    is_sealed,
    put_cues,
    touched,
)
from subkit.edit.wording import by_hand, clean_lines
from subkit.errors import InputError
from subkit.language import clusters
from subkit.model import Cue, Origin, Review, ReviewState, Span
from subkit.model.anchor_moves import (
    cut_anchors,
    joined_anchors,
    moved_anchors,
    retimed_anchors,
)
from subkit.model.mark_moves import cut_marks, joined_marks, moved_marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.edit.hand import Hand
    from subkit.model import DubLine, Mark, Project, Provenance, Track

__all__ = ["delete", "insert", "merge", "retime", "split"]

_MACHINES = (Origin.ASR, Origin.MT)


def retime(project: Project, track: str, cue: str, span: Span, hand: Hand) -> Project:
    """Another in-time and out-time, on the nearest frames.

    The cue of the same id in each track made from this one moves along, if it stood at the same
    times and is neither locked nor approved.

    Raises:
        InputError: no such cue, it is locked, or the times leave no frame of the media.
    """
    where, old = editable(project, track, cue)
    new = _on_grid(project, span)
    if new == old.span:
        return project
    edited = put_cues(project, where, touched(old, hand, span=new, dub=_retimed_dub(old, new)))
    for other in derived_tracks(project, where):
        follower = _twin(other, cue)
        if follower is not None and follower.span == old.span and not is_sealed(follower):
            moved = replace(follower, span=new, dub=_retimed_dub(follower, new))
            edited = put_cues(edited, other, moved)
    return edited


def split(
    project: Project,
    track: str,
    cue: str,
    caret: tuple[int, int],
    hand: Hand,
    *,
    at: Fraction | None = None,
    gap: int = 0,
) -> Project:
    """One cue as two: the second half gets a new id that begins with the old one.

    In tracks made from this one, unsealed cues that name the old cue as a source name both now;
    their text waits to be translated again.

    Args:
        project: The document.
        track: Id of the track.
        cue: Id of the cue.
        caret: Line and character, from 0, before which the second half begins.
        hand: Who.
        at: In-time of the second half, seconds; ``None`` divides the time as the text.
        gap: Frames between the two.

    Raises:
        InputError: no such cue, it is locked, or one half would have no text or no frame.
    """
    where, old = editable(project, track, cue)
    first, second = _halves(old, caret)
    rate = project.media.frame_grid
    start, end = rate.frame(old.span.start), rate.frame(old.span.end)
    if at is None:
        share = Fraction(sum(map(len, first)), sum(map(len, (*first, *second))))
        at = old.span.start + old.span.duration * share
    middle = min(max(rate.frame(at), start + 1 + gap), end - 1)
    if not start < middle - gap < middle < end and not (gap == 0 and start < middle < end):
        raise InputError(f"Cue {cue!r} is too short to be split there.", cue=cue)
    new_id = _fresh_id(project, cue)
    marks = _halves_of_marks(old, caret, first, second)
    spans = Span(old.span.start, rate.time(middle - gap)), Span(rate.time(middle), old.span.end)
    dubs = _halves_of_dub(old, caret, (first, second), spans)
    halves = (
        touched(
            old, hand, lines=first, marks=marks[0], span=spans[0], alternatives=(), dub=dubs[0]
        ),
        touched(
            replace(old, id=new_id, comments=()), hand, lines=second, marks=marks[1],
            span=spans[1], alternatives=(), dub=dubs[1],
        ),
    )  # fmt: skip
    edited = put_cues(project, where, *halves)
    for other in derived_tracks(project, where):
        edited = _with_sources(edited, other, cue, (cue, new_id))
    return edited


def merge(
    project: Project,
    track: str,
    cue: str,
    following: str,
    hand: Hand,
    *,
    lines: Sequence[str] | None = None,
) -> Project:
    """A cue and the one after it as one, under the first one's id.

    Tracks made from this one follow where both of their cues are unsealed; else theirs stay.

    Args:
        project: The document.
        track: Id of the track.
        cue: Id of the first.
        following: Id of the next.
        hand: Who.
        lines: The text of both; ``None`` puts the lines below each other.

    Raises:
        InputError: no such cues, one is locked, or they do not follow each other.
    """
    where, first = editable(project, track, cue)
    _, second = editable(project, track, following)
    places = {known.id: place for place, known in enumerate(where.cues)}
    if places[following] != places[cue] + 1:
        raise InputError(f"Cue {following!r} does not follow cue {cue!r}.", cue=cue)
    both = _joined(first, second, hand, lines)
    edited = put_cues(project, where, both, without=(following,))
    for other in derived_tracks(project, where):
        left, right = _twin(other, cue), _twin(other, following)
        if left is not None and right is not None and not (is_sealed(left) or is_sealed(right)):
            twin = replace(_joined(left, right, hand, None), review=left.review)
            edited = put_cues(edited, other, twin, without=(following,))
        edited = _with_sources(edited, edited.track(other.id), following, (), keep=(cue,))
    return edited


def insert(
    project: Project,
    track: str,
    span: Span,
    lines: Sequence[str],
    hand: Hand,
    *,
    speaker: str | None = None,
) -> Project:
    """A new cue that a person wrote.

    Raises:
        InputError: no such track, or no times or text that a cue may have.
    """
    where = project.track(track)
    new = _on_grid(project, span)
    before = [cue for cue in where.cues if cue.span.start <= new.start]
    cue = Cue(
        id=_fresh_id(project, before[-1].id if before else "c0000"),
        span=new,
        lines=clean_lines(lines),
        speaker=speaker,
        provenance=by_hand(hand),
        review=Review(state=ReviewState.EDITED, actor=hand.actor, time=hand.time, seen=True),
    )
    return put_cues(project, where, cue)


def delete(project: Project, track: str, cue: str) -> Project:
    """Without a cue; its unsealed twins in tracks made from this one go too.

    Raises:
        InputError: no such cue, or it is locked.
    """
    where, _ = editable(project, track, cue)
    edited = put_cues(project, where, without=(cue,))
    for other in derived_tracks(project, where):
        twin = _twin(other, cue)
        gone = (cue,) if twin is not None and not is_sealed(twin) else ()
        edited = put_cues(edited, other, without=gone)
        edited = _with_sources(edited, edited.track(other.id), cue, ())
    return edited


def _halves(cue: Cue, caret: tuple[int, int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    line, column = caret
    if not 0 <= line < len(cue.lines) or not 0 <= column <= len(cue.lines[line]):
        raise InputError(f"Cue {cue.id!r} has no place {line}, {column} in its text.", cue=cue.id)
    text, column = cue.lines[line], _cluster_start(cue.lines[line], column)
    first = clean_lines((*cue.lines[:line], text[:column]))
    second = clean_lines((text[column:], *cue.lines[line + 1 :]))
    if not first or not second:
        raise InputError(
            f"One half of cue {cue.id!r} would have no text.",
            remedy="Put the caret between two words.",
            cue=cue.id,
        )
    return first, second


def _cluster_start(line: str, column: int) -> int:
    """Return the column, moved back where it lies inside what a reader sees as one character."""
    ends = [0]
    for cluster in clusters(line):
        ends.append(ends[-1] + len(cluster))
    return max(end for end in ends if end <= column)


def _halves_of_marks(
    cue: Cue, caret: tuple[int, int], first: tuple[str, ...], second: tuple[str, ...]
) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    line, column = caret
    place = sum(len(before) + 1 for before in cue.lines[:line])
    place += _cluster_start(cue.lines[line], column)
    left, right = cue.text[:place], cue.text[place:]
    return (
        moved_marks(cut_marks(cue.marks, 0, place), left, "\n".join(first)),
        moved_marks(cut_marks(cue.marks, place, len(cue.text)), right, "\n".join(second)),
    )


def _retimed_dub(cue: Cue, span: Span) -> DubLine | None:
    if cue.dub is None:
        return None
    return replace(cue.dub, anchors=retimed_anchors(cue.dub.anchors, cue.span, span))


def _halves_of_dub(
    cue: Cue,
    caret: tuple[int, int],
    halves: tuple[tuple[str, ...], tuple[str, ...]],
    spans: tuple[Span, Span],
) -> tuple[DubLine | None, DubLine | None]:
    if cue.dub is None:
        return None, None
    line, column = caret
    place = sum(len(before) + 1 for before in cue.lines[:line])
    place += _cluster_start(cue.lines[line], column)
    stretches = (0, place), (place, len(cue.text) + 1)
    left, right = (
        replace(
            cue.dub,
            anchors=moved_anchors(
                cut_anchors(cue.dub.anchors, *stretch, span),
                cue.text[slice(*stretch)],
                "\n".join(lines),
            ),
        )
        for stretch, lines, span in zip(stretches, halves, spans, strict=True)
    )
    return left, right


def _joined_dub(first: Cue, second: Cue) -> DubLine | None:
    if first.dub is None or second.dub is None:
        return first.dub
    anchors = joined_anchors(first.dub.anchors, len(first.text), second.dub.anchors)
    notes = (first.dub.note, second.dub.note)
    return replace(first.dub, anchors=anchors, note=" ".join(dict.fromkeys(filter(None, notes))))


def _joined(first: Cue, second: Cue, hand: Hand, lines: Sequence[str] | None) -> Cue:
    start = min(first.span.start, second.span.start)
    below = (*first.lines, *second.lines)
    marks = joined_marks(first.marks, len(first.text), second.marks)
    return touched(
        replace(first, lines=below, marks=marks, dub=_joined_dub(first, second)),
        hand,
        lines=clean_lines(below if lines is None else lines),
        span=Span(start, max(first.span.end, second.span.end)),
        sources=tuple(dict.fromkeys((*first.sources, *second.sources))),
        comments=(*first.comments, *second.comments),
        alternatives=(),
        confidence=_lower(first.confidence, second.confidence),
        provenance=_of_both(first.provenance, second.provenance),
    )


def _lower(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else min(first, second)


def _of_both(first: Provenance | None, second: Provenance | None) -> Provenance | None:
    """Return the provenance of two joined texts: that of a machine, if either has one."""
    machine = [made for made in (first, second) if made is not None and made.origin in _MACHINES]
    return machine[0] if machine else first or second


def _twin(track: Track, cue: str) -> Cue | None:
    """Return the translation of a cue: the cue with its id that names it as a source."""
    found = next((known for known in track.cues if known.id == cue), None)
    return found if found is not None and cue in found.sources else None


def _with_sources(
    project: Project, track: Track, old: str, new: tuple[str, ...], keep: tuple[str, ...] = ()
) -> Project:
    """Let unsealed cues that name ``old`` as a source name ``new`` instead."""
    changed = [
        replace(cue, sources=_replaced(cue.sources, old, new) or keep)
        for cue in track.cues
        if old in cue.sources and not is_sealed(cue)
    ]
    return put_cues(project, track, *changed) if changed else project


def _replaced(sources: tuple[str, ...], old: str, new: tuple[str, ...]) -> tuple[str, ...]:
    swapped = (name for source in sources for name in (new if source == old else (source,)))
    return tuple(dict.fromkeys(swapped))


def _on_grid(project: Project, span: Span) -> Span:
    rate, media = project.media.frame_grid, project.media
    start, end = rate.frame(span.start), rate.frame(span.end)
    if end <= start:
        raise InputError("A cue must last at least one frame.", remedy="Move an edge.")
    # Without media the programme is longer than its last cue by nobody knows how much.
    if media.path and media.duration and span.start >= media.duration:
        raise InputError(f"The media ends at {float(media.duration):.3f} s, before this in-time.")
    return Span(rate.time(start), rate.time(end))


def _fresh_id(project: Project, cue: str) -> str:
    """Return an id that no track has, made from that of the cue it came from."""
    known = {other.id for track in project.tracks for other in track.cues}
    stem, dot, tail = cue.rpartition(".")
    base = stem if dot and tail.isdecimal() else cue
    number = 2
    while f"{base}.{number}" in known:
        number += 1
    return f"{base}.{number}"
