"""Approve cues and tracks; an approval is bound to the content that was approved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.edit.content import content_text, digest_texts, put_cues, track_digest
from subkit.errors import InputError
from subkit.model import Approval, Origin, ReviewState, SignOff
from subkit.model.content_digest import digest_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.edit.hand import Hand
    from subkit.model import Cue, Project, Track

__all__ = ["approve", "is_standing", "unapprove"]


def approve(
    project: Project, track: str, role: str, hand: Hand, *, cues: Iterable[str] | None = None
) -> Project:
    """A person's word for cues of a track, in a role; ``None`` means the track as a whole.

    Every cue keeps the digest of what was approved, so that a later change of one takes the
    approval from that one alone. For more than one cue the act is a sign-off of the project too:
    it stands while all of them, and their order, are as they were.

    Raises:
        InputError: no such track or cue, or a track without cues.
    """
    where = project.track(track)
    wanted = _wanted(where, cues)
    chosen = [cue for cue in where.cues if cue.id in wanted]
    texts = [content_text(cue) for cue in chosen]
    approved = [_approved(cue, role, hand, text) for cue, text in zip(chosen, texts, strict=True)]
    edited = put_cues(project, where, *approved)
    if cues is not None and len(wanted) == 1:
        return edited
    covered = () if cues is None else tuple(cue.id for cue in approved)
    signed = SignOff(
        actor=hand.actor,
        role=role,
        time=hand.time,
        track=where.id,
        cues=covered,
        digest=digest_texts(where, texts),
    )
    others = tuple(old for old in project.signoffs if not _replaces(signed, old))
    return replace(edited, signoffs=(*others, signed))


def unapprove(
    project: Project,
    track: str,
    *,
    role: str | None = None,
    cues: Iterable[str] | None = None,
) -> Project:
    """Approvals taken back, of one role or of all, with the sign-offs that cover those cues.

    Raises:
        InputError: no such track or cue.
    """
    where = project.track(track)
    wanted = _wanted(where, cues)
    changed = [_unapproved(cue, role) for cue in where.cues if cue.id in wanted]
    kept = tuple(
        old
        for old in project.signoffs
        if old.track != where.id
        or (role is not None and old.role != role)
        or (old.cues and wanted.isdisjoint(old.cues))
    )
    return replace(put_cues(project, where, *changed), signoffs=kept)


def is_standing(project: Project, signoff: SignOff) -> bool:
    """Whether what was signed is still what is there."""
    track = next((known for known in project.tracks if known.id == signoff.track), None)
    return track is not None and track_digest(track, signoff.cues) == signoff.digest


def _wanted(track: Track, cues: Iterable[str] | None) -> set[str]:
    known = {cue.id for cue in track.cues}
    wanted = known if cues is None else set(cues)
    if not wanted:
        raise InputError(f"There is no cue to approve in track {track.id!r}.", track=track.id)
    if strangers := sorted(wanted - known):
        raise InputError(f"Track {track.id!r} has no cue {strangers[0]!r}.", cue=strangers[0])
    return wanted


def _approved(cue: Cue, role: str, hand: Hand, text: str) -> Cue:
    mine = Approval(actor=hand.actor, role=role, time=hand.time, digest=digest_json(text))
    others = tuple(a for a in cue.review.approvals if a.role != role and a.digest == mine.digest)
    review = replace(
        cue.review,
        state=ReviewState.APPROVED,
        actor=hand.actor,
        time=hand.time,
        approvals=(*others, mine),
    )
    return replace(cue, review=review)


def _unapproved(cue: Cue, role: str | None) -> Cue:
    kept = tuple(a for a in cue.review.approvals if role is not None and a.role != role)
    if kept or cue.review.state is not ReviewState.APPROVED:
        return replace(cue, review=replace(cue.review, approvals=kept))
    by_person = cue.provenance is not None and cue.provenance.origin is Origin.HUMAN
    state = ReviewState.EDITED if by_person else ReviewState.UNREVIEWED
    return replace(cue, review=replace(cue.review, state=state, approvals=()))


def _replaces(new: SignOff, old: SignOff) -> bool:
    """Return whether a sign-off covers everything that an older one covered."""
    if (new.track, new.role) != (old.track, old.role):
        return False
    return not new.cues or (bool(old.cues) and set(old.cues) <= set(new.cues))
