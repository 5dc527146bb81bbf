"""Comments, locks and seen marks on cues."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.edit.content import put_cues
from subkit.errors import InputError
from subkit.model import Comment, Omission, Span

if TYPE_CHECKING:
    from collections.abc import Collection

    from subkit.edit.hand import Hand
    from subkit.model import Project

__all__ = ["comment", "lock", "mark_looked_at", "omit", "resolve"]

MAX_TEXT = 4000


def comment(project: Project, track: str, cue: str, text: str, hand: Hand) -> Project:
    """Add a comment, even to a locked or approved cue.

    Raises:
        InputError: no such cue, or no text.
    """
    where = project.track(track)
    old = where.cue(cue)
    said = Comment(text=_text(text, "A comment"), actor=hand.actor, time=hand.time)
    return put_cues(project, where, replace(old, comments=(*old.comments, said)))


def resolve(
    project: Project, track: str, cue: str, index: int, *, resolved: bool = True
) -> Project:
    """A comment, counted from 0, as settled or open again.

    Raises:
        InputError: no such cue or comment.
    """
    where = project.track(track)
    old = where.cue(cue)
    if not 0 <= index < len(old.comments):
        raise InputError(f"Cue {cue!r} has no comment {index}.", cue=cue)
    comments = tuple(
        replace(said, resolved=resolved) if place == index else said
        for place, said in enumerate(old.comments)
    )
    return put_cues(project, where, replace(old, comments=comments))


def lock(project: Project, track: str, cue: str, *, locked: bool = True) -> Project:
    """A cue locked against every change, or open again.

    Raises:
        InputError: no such cue.
    """
    where = project.track(track)
    return put_cues(project, where, replace(where.cue(cue), locked=locked))


def mark_looked_at(
    project: Project, track: str, seen: Collection[str], played: Collection[str] = ()
) -> Project:
    """Cues that were on a reviewer's screen, and those whose stretch was played meanwhile.

    Ids that are not in the track are passed over: it may have changed since.

    Raises:
        InputError: no such track.
    """
    where = project.track(track)
    marked = []
    for cue in where.cues:
        now = replace(
            cue.review,
            seen=cue.review.seen or cue.id in seen or cue.id in played,
            played=cue.review.played or cue.id in played,
        )
        if now != cue.review:
            marked.append(replace(cue, review=now))
    return put_cues(project, where, *marked) if marked else project


def omit(project: Project, span: Span, reason: str, hand: Hand) -> Project:
    """Why a stretch of voice has no cue; an empty reason takes back what was said of it.

    Raises:
        InputError: the stretch is empty.
    """
    if not span.duration:
        raise InputError("The stretch of voice is empty.")
    others = tuple(known for known in project.omissions if not known.span.overlaps(span))
    if not reason.strip():
        return replace(project, omissions=others)
    said = Omission(span=span, reason=_text(reason, "A reason"), actor=hand.actor, time=hand.time)
    omissions = sorted((*others, said), key=lambda known: known.span.start)
    return replace(project, omissions=tuple(omissions))


def _text(text: str, what: str) -> str:
    if not text.strip() or len(text) > MAX_TEXT:
        raise InputError(f"{what} has 1 to {MAX_TEXT} characters, not {len(text.strip())}.")
    return text.strip()
