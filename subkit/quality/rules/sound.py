"""Rules on the sound of the media itself: what was lost before anybody could recognise it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.model import Purpose
from subkit.quality.rule import ERROR, WARNING, Breach, TrackRule, over
from subkit.timing.measures import above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import SoundFault

__all__ = ["RULES"]


def _faults(subject: Subject, kind: str) -> Iterator[SoundFault]:
    """Yield the faults of a kind once, for the track that was made from the sound."""
    other = subject.track.purpose in (Purpose.FORCED, Purpose.DUBBING)
    if subject.source is None and subject.transcript is not None and not other:
        yield from (fault for fault in subject.transcript.faults if fault.kind == kind)


def _lost(subject: Subject, kind: str, sentence: str) -> Iterator[Breach]:
    """Find faults that are long enough; ``{}`` in the sentence stands for the seconds."""
    for fault in _faults(subject, kind):
        missing = fault.span.duration
        yield Breach(
            cue=None,
            span=fault.span,
            measured=over(missing, "s"),
            fault=sentence.format(above(missing)),
        )


def _cut_short(subject: Subject) -> Iterator[Breach]:
    """The sound ends long before the media says it does: the file was cut short."""
    sentence = "The sound ends {} s before the media does; it may be cut short"
    return _lost(subject, "cut-short", sentence)


def _gap(subject: Subject) -> Iterator[Breach]:
    """The stream holds no sound for a while: what was said there is lost."""
    return _lost(subject, "gap", "The sound has a gap of {} s; nothing was heard there")


def _clock_jump(subject: Subject) -> Iterator[Breach]:
    """The clock of the media restarts or jumps: times after it may be wrong."""
    for fault in _faults(subject, "clock-jump"):
        yield Breach(
            cue=None,
            span=fault.span,
            fault="The clock of the media jumps here; check the times of the cues behind it",
        )


def _damaged(subject: Subject) -> Iterator[Breach]:
    """Packets of sound that cannot be decoded: they became silence."""
    for fault in _faults(subject, "damaged"):
        yield Breach(
            cue=None,
            span=fault.span,
            measured=over(fault.count, "packets", 0),
            fault=f"Damaged packets of the sound became silence: {fault.count}",
        )


RULES = (
    TrackRule("sound-cut-short", ERROR, _cut_short),
    TrackRule("sound-gap", WARNING, _gap),
    TrackRule("clock-jump", WARNING, _clock_jump),
    TrackRule("sound-damaged", WARNING, _damaged),
)
