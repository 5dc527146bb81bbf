"""Scripts for the stage, as examples and as hypothesis makes them."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from subkit.exchange.dub_files import DubScript
from subkit.model import (
    Anchor,
    AnchorKind,
    Character,
    Cue,
    DubLine,
    FrameRate,
    LineKind,
    Loop,
    OnScreen,
    Purpose,
    Span,
    TakeStatus,
    Track,
)
from subkit.model.anchor_moves import sorted_anchors

RATE = FrameRate(Fraction(24000, 1001))
MARA = Character(id="mara", name="Mara", prefix="MAR", actor="Kim", colour="#ff8800")
HUGO = Character(id="hugo", name="휴고", note="low voice")


def at(seconds: float) -> Fraction:
    return Fraction(round(seconds * 1000), 1000)


def word(offset: int, start: float, end: float | None = None) -> Anchor:
    ends = None if end is None else at(end)
    return Anchor(kind=AnchorKind.WORD, offset=offset, time=at(start), end=ends)


def line(name: str, first: int, last: int, text: str, **said: object) -> Cue:
    dub = DubLine(**{"character": "mara", **said})  # type: ignore[arg-type]
    span = Span(RATE.time(first), RATE.time(last))
    return Cue(id=name, span=span, lines=tuple(text.split("\n")), dub=dub)


def script(*cues: Cue, source: Track | None = None, **more: object) -> DubScript:
    track = Track(
        id="ko.dubbing",
        language="ko",
        purpose=Purpose.DUBBING,
        source=None if source is None else source.id,
        cues=cues,
        loops=(Loop(id="l1", name="1", span=cues[0].span, cues=(cues[0].id,), locked=True),),
    )
    facts = {"title": "Film", "source_language": "en" if source else "ko", "rate": RATE, **more}
    return DubScript(track=track, source=source, characters=(MARA, HUGO), **facts)  # type: ignore[arg-type]


def original(*cues: Cue) -> Track:
    return Track(id="en.dubbing", language="en", purpose=Purpose.DUBBING, cues=cues)


names = st.text("abcdéж한-_.", min_size=1, max_size=6)
said = st.text(st.sampled_from("ab cé한글나،نص <&\"'>-"), min_size=1, max_size=20).map(
    lambda text: text.strip() or "x"
)
frames = st.integers(0, 200_000)


@st.composite
def anchors(draw: st.DrawFn, text: str, span: Span) -> tuple[Anchor, ...]:
    """Words at letters, and other anchors anywhere."""
    found = []
    letters = [n for n, letter in enumerate(text) if not letter.isspace()]
    places = sorted(draw(st.sets(st.sampled_from(letters), max_size=3)))
    thousandths = st.integers(0, int(span.duration * 1000))
    times = sorted(draw(st.lists(thousandths, min_size=len(places), max_size=len(places))))
    for offset, time in zip(places, times, strict=True):
        begin = span.start + Fraction(time, 1000)
        end = draw(st.none() | st.integers(time, int(span.duration * 1000)))
        ends = None if end is None else span.start + Fraction(end, 1000)
        found.append(Anchor(kind=AnchorKind.WORD, offset=offset, time=begin, end=ends))
    others = st.sampled_from([kind for kind in AnchorKind if kind is not AnchorKind.WORD])
    for _ in range(draw(st.integers(0, 2))):
        kind = draw(others)
        begin = at(draw(st.integers(0, 9_000_000)) / 1000)
        later = begin + at(draw(st.integers(0, 900)) / 1000)
        found.append(
            Anchor(
                kind=kind,
                offset=draw(st.integers(0, len(text))),
                time=begin,
                end=later if kind is AnchorKind.PAUSE else None,
                confidence=draw(st.sampled_from([None, 0.25, 0.5, 1.0])),
            )
        )
    return sorted_anchors(found)


@st.composite
def lines(draw: st.DrawFn, name: str) -> Cue:
    start = draw(frames)
    span = Span(RATE.time(start), RATE.time(start + draw(st.integers(1, 500))))
    text = "\n".join(draw(st.lists(said, min_size=1, max_size=2)))
    dub = DubLine(
        character=draw(st.sampled_from(["mara", "hugo", None])),
        on_screen=draw(st.sampled_from(OnScreen)),
        kind=draw(st.sampled_from(LineKind)),
        anchors=draw(anchors(text, span)),
        alternate=draw(said | st.just("")),
        note=draw(st.sampled_from(["", "softly", "작게"])),
        reason=draw(said | st.just("")),
        take=draw(st.sampled_from(TakeStatus)),
    )
    return Cue(id=name, span=span, lines=tuple(text.split("\n")), dub=dub)


@st.composite
def scripts(draw: st.DrawFn) -> DubScript:
    ids = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    ids = [name for name in ids if name not in ("mara", "hugo")] or ["d1"]
    cues = [draw(lines(name)) for name in ids]
    cues.sort(key=lambda cue: (cue.span.start, cue.span.end))
    return script(*cues)
