"""What people do with cues and tracks: how far they came, what they said, what they vouch for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from subkit.model.time import Span

__all__ = ["Approval", "Comment", "Omission", "Review", "ReviewState", "SignOff"]


class ReviewState(str, Enum):
    """How far people have come with a cue."""

    UNREVIEWED = "unreviewed"
    EDITED = "edited"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment on a cue, and whether it is resolved; ``time`` is ISO 8601 in UTC."""

    text: str
    actor: str
    time: str
    resolved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's approval of a cue; valid while the content of the cue has this digest."""

    actor: str
    role: str
    time: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What people did with a cue.

    Attributes:
        state: How far they have come.
        actor: Who brought it there.
        time: When, ISO 8601 in UTC.
        seen: It was on a reviewer's screen.
        played: Its stretch of the media was played to its end while it was.
        approvals: Who vouched for it, and for what content; one for each role, the latest.
    """

    state: ReviewState = ReviewState.UNREVIEWED
    actor: str | None = None
    time: str | None = None
    seen: bool = False
    played: bool = False
    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """Approval of a track: it names the digest of what was signed, so a change makes it stale.

    ``cues`` are those it covers; empty for the whole track, with the order of its cues.
    """

    actor: str
    role: str
    time: str
    track: str
    cues: tuple[str, ...] = ()
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """A stretch of voice that no cue shows, and why a person says that this is right."""

    span: Span
    reason: str
    actor: str
    time: str
