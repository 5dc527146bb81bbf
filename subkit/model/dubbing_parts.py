"""What a dubbing track says beside text and times: characters, anchors, kinds of lines, loops.

A line of a dubbing track is a cue whose ``dub`` says who speaks it, and how it lies on the picture.
A document without dubbing is the same, byte for byte, as before there was any.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from subkit.model.styling import sparse
from subkit.model.time import Span

__all__ = [
    "Anchor",
    "AnchorKind",
    "Character",
    "DubLine",
    "LineKind",
    "Loop",
    "OnScreen",
    "TakeStatus",
]


class OnScreen(str, Enum):
    """Whether the speaker's mouth is in the picture; of two words, at the start and at the end."""

    ON = "on"
    OFF = "off"
    ON_OFF = "on-off"
    OFF_ON = "off-on"


class LineKind(str, Enum):
    """What an actor has to do with a line."""

    DIALOGUE = "dialogue"
    REACTION = "reaction"
    """A sound without words, such as a laugh, a sob or a cough."""
    BREATH = "breath"
    CROWD = "crowd"
    """What many say at once."""
    SONG = "song"
    TEXT = "text"
    """Text in the picture, read by a voice or only listed."""


class AnchorKind(str, Enum):
    """What an anchor ties to a time: a word, a pause, or what the mouth does.

    The mouth signs have the names that detx gives them.
    """

    WORD = "word"
    PAUSE = "pause"
    IN_OPEN = "in_open"
    """The speech begins with an open mouth."""
    IN_CLOSE = "in_close"
    OUT_OPEN = "out_open"
    """The speech ends with an open mouth."""
    OUT_CLOSE = "out_close"
    MPB = "mpb"
    """The lips close, as for m, p and b."""
    FVR = "fvr"
    """The lower lip meets the teeth, as for f and v."""
    NEUTRAL = "neutral"
    """A time that the text keeps, without a sign of the mouth."""


class TakeStatus(str, Enum):
    """How far the recording of a line has come."""

    OPEN = "open"
    RECORDED = "recorded"
    RETAKE = "retake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """Whom voices play.

    Attributes:
        id: Unique in the project.
        name: As it stands in the script; any language.
        prefix: Short form before the numbers of cues (``MAR``).
        actor: Who dubs it.
        gender: In the words of whoever cast it.
        colour: ``#rrggbb`` on the band.
        note: For the stage.
        speakers: Ids of the voices that were told apart and are this character.
        origin: How the name became known: ``"manual"``, ``"script"``, ``"track"``, ``"speaker"``
            or the file it was read from.
        confidence: 0 to 1, where the name was found and not given.
    """

    id: str
    name: str
    prefix: str = ""
    actor: str = ""
    gender: str = ""
    colour: str = ""
    note: str = ""
    speakers: tuple[str, ...] = ()
    origin: str = "manual"
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A position of a line's text that stands at a time of the media.

    Attributes:
        kind: What is there.
        offset: Code point of the cue's text; of a pause the first one behind it, and as many as
            the text has at its end.
        time: When, in seconds of the media.
        end: When a word or a pause ends; ``None`` for a point.
        confidence: 0 to 1 as measured or computed; ``None`` where a person set it.
    """

    kind: AnchorKind
    offset: int
    time: Fraction
    end: Fraction | None = sparse(None)
    confidence: float | None = sparse(None)

    @property
    def seconds(self) -> Fraction:
        """How long it lasts; 0 for a point."""
        return self.end - self.time if self.end is not None else Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DubLine:
    """What a cue of a dubbing track is beside its text and its times.

    Attributes:
        character: Id of the character; ``None`` where nobody knows.
        on_screen: Whether the mouth can be seen.
        kind: What has to be done.
        anchors: In order of time.
        alternate: A second text to be recorded, for example a milder one.
        note: How to perform it.
        reason: Why it is recorded anew, in the words of a cue sheet (``"noise"``).
        take: How far the recording has come; no part of what an approval vouches for.
    """

    character: str | None = None
    on_screen: OnScreen = OnScreen.ON
    kind: LineKind = LineKind.DIALOGUE
    anchors: tuple[Anchor, ...] = ()
    alternate: str = sparse("")
    note: str = sparse("")
    reason: str = sparse("")
    take: TakeStatus = sparse(TakeStatus.OPEN)

    @property
    def pauses(self) -> tuple[Anchor, ...]:
        """The anchors that are pauses."""
        return tuple(anchor for anchor in self.anchors if anchor.kind is AnchorKind.PAUSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Lines that are recorded in one go.

    Attributes:
        id: Unique in its track.
        span: From the in-time of its first line to the out-time of its last.
        name: As it is called on the stage, for example ``"12"``.
        cues: Ids of its lines, in order.
        locked: A person set its edges: it stays when loops are computed anew.
    """

    id: str
    span: Span
    name: str
    cues: tuple[str, ...] = ()
    locked: bool = False
