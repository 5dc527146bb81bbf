"""Whole projects, as hypothesis makes them: every field, odd characters, tiny and huge times."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from subkit.model import (
    Address,
    Alternative,
    Anchor,
    AnchorKind,
    AudioStream,
    Character,
    Comment,
    Cue,
    DubLine,
    FrameRate,
    LineKind,
    Loop,
    Media,
    OnScreen,
    Origin,
    Placement,
    Project,
    Provenance,
    Purpose,
    Review,
    ReviewState,
    SignOff,
    Span,
    Speaker,
    TakeStatus,
    Term,
    TermKind,
    Track,
    Transcript,
    Window,
    Word,
)

texts = st.text(st.characters(codec="utf-8"), max_size=12)
names = st.text("abcdéж한/:. '\"%_", min_size=1, max_size=6)
track_names = st.text("abcdé한:. '\"%_-", min_size=1, max_size=6)
floats = st.floats(allow_nan=False, allow_infinity=False)
fractions = st.fractions(min_value=0, max_value=10**7, max_denominator=10**6)
rates = st.sampled_from(
    [
        FrameRate(Fraction(24000, 1001)),
        FrameRate(Fraction(25)),
        FrameRate(Fraction(30000, 1001), drop_frame=True),
    ]
)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start, end = sorted((draw(fractions), draw(fractions)))
    return Span(start, end)


provenances = st.builds(
    Provenance,
    origin=st.sampled_from(Origin),
    tool=texts,
    version=texts,
    model=st.none() | texts,
    model_digest=st.none() | texts,
    options_digest=st.none() | texts,
    low_score=st.none() | st.floats(-20, 0),
    actor=texts,
    time=texts,
    demo=st.booleans(),
)
audio_streams = st.builds(
    AudioStream,
    index=st.integers(0, 9),
    codec=texts,
    channels=st.integers(0, 64),
    layout=texts,
    sample_rate=st.integers(0, 400_000),
    language=st.none() | texts,
    title=st.none() | texts,
    start=st.fractions(max_denominator=10**6),
)
media = st.builds(
    Media,
    path=texts,
    digest=texts,
    duration=fractions,
    frame_rate=st.none() | rates,
    variable_frame_rate=st.booleans(),
    programme_start=fractions,
    audio=st.lists(audio_streams, max_size=2).map(tuple),
    width=st.integers(0, 8192),
    height=st.integers(0, 8192),
)
words = st.builds(
    Word,
    text=texts,
    span=spans(),
    confidence=st.none() | floats,
    speaker=st.none() | texts,
    language=st.none() | texts,
)
alternatives = st.builds(
    Alternative, text=texts, score=st.none() | floats, provenance=st.none() | provenances
)
windows = st.builds(
    Window,
    span=spans(),
    language=texts,
    language_confidence=floats,
    score=floats,
    no_speech=floats,
    compression_ratio=floats,
    temperature=floats,
    warnings=st.lists(texts, max_size=2).map(tuple),
    alternatives=st.lists(alternatives, max_size=1).map(tuple),
)
transcripts = st.builds(
    Transcript,
    language=texts,
    words=st.lists(words, max_size=3).map(tuple),
    speakers=st.lists(st.builds(Speaker, id=texts, name=texts), max_size=2).map(tuple),
    windows=st.lists(windows, max_size=2).map(tuple),
    voice=st.lists(spans(), max_size=2).map(tuple),
    provenance=provenances,
)
anchors = st.builds(
    Anchor,
    kind=st.sampled_from(AnchorKind),
    offset=st.integers(0, 99),
    time=fractions,
    end=st.none() | fractions,
    confidence=st.none() | floats,
)
dub_lines = st.builds(
    DubLine,
    character=st.none() | texts,
    on_screen=st.sampled_from(OnScreen),
    kind=st.sampled_from(LineKind),
    anchors=st.lists(anchors, max_size=3).map(tuple),
    alternate=texts,
    note=texts,
    reason=texts,
    take=st.sampled_from(TakeStatus),
)
characters = st.builds(
    Character,
    id=texts,
    name=texts,
    prefix=texts,
    actor=texts,
    gender=texts,
    colour=texts,
    note=texts,
    speakers=st.lists(texts, max_size=2).map(tuple),
    origin=texts,
    confidence=st.none() | floats,
)
loops = st.builds(
    Loop,
    id=texts,
    span=spans(),
    name=texts,
    cues=st.lists(names, max_size=3).map(tuple),
    locked=st.booleans(),
)
cues = st.builds(
    Cue,
    id=names,
    span=spans(),
    lines=st.lists(texts, max_size=3).map(tuple),
    placement=st.builds(
        Placement,
        vertical=st.sampled_from(["bottom", "middle", "top"]),
        horizontal=st.sampled_from(["left", "center", "right"]),
    ),
    speaker=st.none() | texts,
    language=st.none() | texts,
    sources=st.lists(names, max_size=2).map(tuple),
    confidence=st.none() | floats,
    alternatives=st.lists(alternatives, max_size=1).map(tuple),
    provenance=st.none() | provenances,
    review=st.builds(
        Review,
        state=st.sampled_from(ReviewState),
        actor=st.none() | texts,
        time=st.none() | texts,
        seen=st.booleans(),
        played=st.booleans(),
    ),
    locked=st.booleans(),
    made_from=st.none() | texts,
    comments=st.lists(
        st.builds(Comment, text=texts, actor=texts, time=texts, resolved=st.booleans()), max_size=1
    ).map(tuple),
    dub=st.none() | dub_lines,
)
tracks = st.builds(
    Track,
    id=track_names,
    language=texts,
    purpose=st.sampled_from(Purpose),
    profile=texts,
    source=st.none() | texts,
    cues=st.lists(cues, max_size=4, unique_by=lambda cue: cue.id).map(tuple),
    loops=st.lists(loops, max_size=2).map(tuple),
    territory=texts,
)
terms = st.builds(
    Term,
    source=texts,
    target=texts,
    source_language=texts,
    language=texts,
    kind=st.sampled_from(TermKind),
    others=st.lists(texts, max_size=2).map(tuple),
    forbidden=st.lists(texts, max_size=2).map(tuple),
    note=texts,
    case_sensitive=st.booleans(),
)
addresses = st.builds(
    Address,
    language=texts,
    speaker=texts,
    addressee=texts,
    level=texts,
    term=texts,
    start=texts,
    reason=texts,
)
projects = st.builds(
    Project,
    title=texts,
    media=media,
    shots=st.none() | st.lists(fractions, max_size=3).map(tuple),
    transcript=st.none() | transcripts,
    tracks=st.lists(tracks, max_size=3, unique_by=lambda track: track.id).map(tuple),
    glossary=st.lists(terms, max_size=2).map(tuple),
    register=st.lists(addresses, max_size=2).map(tuple),
    characters=st.lists(characters, max_size=2).map(tuple),
    signoffs=st.lists(
        st.builds(
            SignOff,
            actor=texts,
            role=texts,
            time=texts,
            track=texts,
            cues=st.lists(names, max_size=2).map(tuple),
            digest=texts,
        ),
        max_size=2,
    ).map(tuple),
)
