"""Words, lines and tracks to be dubbed, for examples."""

from __future__ import annotations

from fractions import Fraction

from subkit.model import (
    Anchor,
    AnchorKind,
    Cue,
    DubLine,
    LineKind,
    Origin,
    Provenance,
    Purpose,
    Span,
    Track,
    Transcript,
    Word,
)

MADE = Provenance(origin=Origin.ASR, tool="example", version="1")


def seconds(value: float) -> Fraction:
    """A time, exact to the millisecond."""
    return Fraction(value).limit_denominator(1000)


def span(start: float, end: float) -> Span:
    return Span(seconds(start), seconds(end))


def said(text: str, start: float, *, who: str | None = None, each: float = 0.25) -> list[Word]:
    """The words of a text, each as long as the others, one right after the other."""
    return [
        Word(
            text=word,
            span=span(start + number * each, start + (number + 1) * each),
            speaker=who,
            confidence=0.9,
        )
        for number, word in enumerate(text.split())
    ]


def heard(words: list[Word], voice: tuple[Span, ...] = ()) -> Transcript:
    return Transcript(language="en", words=tuple(words), voice=voice, provenance=MADE)


def pause(offset: int, start: float, end: float) -> Anchor:
    return Anchor(kind=AnchorKind.PAUSE, offset=offset, time=seconds(start), end=seconds(end))


def lips(*times: float) -> tuple[Anchor, ...]:
    return tuple(Anchor(kind=AnchorKind.MPB, offset=0, time=seconds(time)) for time in times)


def line(
    name: str,
    start: float,
    end: float,
    text: str,
    *anchors: Anchor,
    who: str | None = "mara",
    kind: LineKind = LineKind.DIALOGUE,
) -> Cue:
    return Cue(
        id=name,
        span=span(start, end),
        lines=(text,),
        dub=DubLine(character=who, kind=kind, anchors=anchors),
    )


def track(*cues: Cue, language: str = "en") -> Track:
    return Track(id=language, language=language, purpose=Purpose.DUBBING, cues=cues)
