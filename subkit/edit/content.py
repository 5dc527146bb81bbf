"""The content of a cue that approvals cover; find and replace cues in a document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from subkit.errors import CueLockedError
from subkit.model import ReviewState, TakeStatus
from subkit.model.content_digest import canonical, canonical_json, digest_json
from subkit.model.mark_moves import with_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.edit.hand import Hand
    from subkit.model import Approval, Cue, Project, Review, Track

__all__ = [
    "content_digest",
    "content_text",
    "derived_tracks",
    "digest_texts",
    "editable",
    "is_sealed",
    "looks_of",
    "put_cues",
    "standing",
    "touched",
    "track_digest",
    "unlocked",
    "without_approvals",
]


_NO_LOOKS = ((), "", False, None, "")


def content_digest(cue: Cue) -> str:
    """Digest of what an approval vouches for: text, times, place, speaker, language and looks.

    Of a line to be dubbed also its character, anchors and notes, but not how far its recording is.
    """
    return digest_json(content_text(cue))


def track_digest(track: Track, cues: Iterable[str] = ()) -> str:
    """Digest of what a sign-off vouches for: these cues in this order; of all if none is named."""
    wanted = set(cues)
    chosen = (cue for cue in track.cues if not wanted or cue.id in wanted)
    return digest_texts(track, map(content_text, chosen))


def digest_texts(track: Track, texts: Iterable[str]) -> str:
    """Digest of cues of a track, from what :func:`content_text` gives of each."""
    return digest_json(f"{canonical_json(track.id)},[{','.join(texts)}]")


def content_text(cue: Cue) -> str:
    """What an approval vouches for as canonical JSON."""
    return canonical(_content(cue))


def _content(cue: Cue) -> list[Any]:
    span = cue.span
    seen = looks_of(cue)
    return [
        cue.id, span.start, span.end, cue.lines, cue.placement, cue.speaker, cue.language,
        *((seen,) if seen != _NO_LOOKS else ()),  # what was approved before there were any stands
        *((replace(cue.dub, take=TakeStatus.OPEN),) if cue.dub is not None else ()),
    ]  # fmt: skip


def looks_of(cue: Cue) -> tuple[Any, ...]:
    """Return how a cue looks beside its text and place: marks, style, forced, fade and mode."""
    return cue.marks, cue.style, cue.forced, cue.fade, cue.mode


def standing(cue: Cue) -> tuple[Approval, ...]:
    """The approvals of a cue that are of what it holds now."""
    if not cue.review.approvals:
        return ()
    now = content_digest(cue)
    return tuple(approval for approval in cue.review.approvals if approval.digest == now)


def is_sealed(cue: Cue) -> bool:
    """Whether nothing but a person working on this very cue may change it: locked or approved."""
    return cue.locked or cue.review.state is ReviewState.APPROVED


def editable(project: Project, track: str, cue: str) -> tuple[Track, Cue]:
    """The track and the cue, known not to be locked.

    Raises:
        InputError: no such track or cue, or the cue is locked.
    """
    found = project.track(track)
    return found, unlocked(found.cue(cue))


def unlocked(cue: Cue) -> Cue:
    """The cue, known not to be locked.

    Raises:
        CueLockedError: it is.
    """
    if cue.locked:
        raise CueLockedError(f"Cue {cue.id!r} is locked.", remedy="Unlock it first.", cue=cue.id)
    return cue


def touched(cue: Cue, hand: Hand, **changes: Any) -> Cue:
    """``cue`` with changes a person made to its content: it counts as edited, no approval stays.

    Marks follow ``lines``, unless ``marks`` are given too.
    """
    review = replace(
        cue.review,
        state=ReviewState.EDITED,
        actor=hand.actor,
        time=hand.time,
        seen=True,
        approvals=(),
    )
    if "lines" in changes and "marks" not in changes:
        cue = with_lines(cue, changes.pop("lines"))
    return replace(cue, review=review, **changes)


def without_approvals(review: Review) -> Review:
    """A review as it is where a cue changed and nobody edited its text: no approval stays."""
    if review.state is not ReviewState.APPROVED and not review.approvals:
        return review
    state = ReviewState.EDITED if review.state is ReviewState.APPROVED else review.state
    return replace(review, state=state, approvals=())


def put_cues(project: Project, track: Track, *cues: Cue, without: Iterable[str] = ()) -> Project:
    """The project with cues of a track put in or replaced by id, in order of time.

    Where no time changed and no cue is new, every cue keeps its place.
    """
    fresh = {cue.id: cue for cue in cues}
    gone = set(without)
    moved = False
    kept = []
    for cue in track.cues:
        if cue.id in gone:
            continue
        new = fresh.pop(cue.id, cue)
        moved = moved or new.span != cue.span
        kept.append(new)
    if moved or fresh:
        kept = sorted((*kept, *fresh.values()), key=lambda cue: (cue.span.start, cue.span.end))
    return project.with_track(replace(track, cues=tuple(kept)))


def derived_tracks(project: Project, track: Track) -> list[Track]:
    """The tracks that were translated from this one."""
    return [other for other in project.tracks if other.source == track.id]
