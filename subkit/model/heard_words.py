"""What was heard: words, who speaks, and where nobody was understood."""

from __future__ import annotations

from dataclasses import dataclass

from subkit.model.styling import sparse
from subkit.model.time import Span

__all__ = ["Speaker", "SpeakerTurn", "Unheard", "Word"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A recognised word: text as written with its punctuation, time, and how sure (0 to 1)."""

    text: str
    span: Span
    confidence: float | None = None
    speaker: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A speaker, distinguished from others by voice.

    Attributes:
        id: As words, turns and cues name it.
        name: As people call it.
        same: Id of the speaker that it turned out to be; empty for one of its own.
    """

    id: str
    name: str
    same: str = sparse("")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerTurn:
    """Somebody speaks from one time to another; turns that overlap are people who speak at once.

    Attributes:
        span: When, seconds.
        speaker: Id of the speaker.
        method: How that is known: ``"script"``, ``"ixml"``, ``"channel"``, ``"diarization"``, or
            the word of a plug-in.
        confidence: How sure that is, from 0 to 1.
    """

    span: Span
    speaker: str
    method: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """A stretch of the media that no word comes from, and why.

    Attributes:
        span: When, seconds.
        reason: ``"silence"``: below -60 dBFS. ``"no-voice"``: the detector was sure that nobody
            speaks. ``"not-speech"``: the recogniser listened all the same and heard nobody.
            ``"unsure"``: it heard words there, but not surely enough: somebody should listen.
    """

    span: Span
    reason: str
