"""Whatever a track holds, the check ends, and its findings are findings of that track."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.interfaces import Subject
from subkit.model import (
    Cue,
    FrameRate,
    Media,
    Origin,
    Placement,
    Provenance,
    Purpose,
    Span,
    Track,
    Transcript,
    Window,
    Word,
)
from subkit.quality import RULES, check, word_rules
from subkit.quality.report import Checked, finding_rows, junit_xml, report_page
from subkit.styles import load_profile, profile_ids

LANGUAGES = ("en", "fr", "ko", "ja", "zh-Hant", "th", "ar", "he", "sr-Latn", "und", "xx-nonsense")
ODD = (
    '"“”„«»()[]*♪#-–—….,!?:;<i></i>{\\an8}&amp; '
    "\u00a0\u200b\u202e\u2067\ud800\ufffd\x07аВé가漢ไก1２٣"
)
texts = st.text(st.sampled_from(ODD + "abc the the \n"), max_size=50) | st.text(max_size=30)
times = st.fractions(0, 40, max_denominator=1001)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(times)
    return Span(start, start + draw(st.fractions(0, 9, max_denominator=1001)))


@st.composite
def tracks(draw: st.DrawFn, ident: str) -> Track:
    cues = draw(
        st.lists(
            st.builds(
                Cue,
                id=st.sampled_from(["1", "2", "3", "4", ""]),
                span=spans(),
                lines=st.lists(texts, max_size=3).map(tuple),
                placement=st.builds(Placement, vertical=st.sampled_from(["top", "bottom"])),
                language=st.none() | st.sampled_from(LANGUAGES),
                sources=st.lists(st.sampled_from(["1", "2"]), max_size=2).map(tuple),
            ),
            max_size=6,
        )
    )
    return Track(
        id=ident,
        language=draw(st.sampled_from(LANGUAGES)),
        purpose=draw(st.sampled_from(list(Purpose))),
        cues=tuple(cues),
    )


words = st.builds(Word, text=texts, span=spans(), speaker=st.none() | st.sampled_from(["a", "b"]))
windows = st.builds(
    Window,
    span=spans(),
    language=st.just("en"),
    language_confidence=st.floats(0, 1),
    score=st.floats(-9, 0),
    no_speech=st.floats(0, 1),
    compression_ratio=st.floats(0, 9),
    warnings=st.lists(st.sampled_from(["loop", "new-reason"]), max_size=2).map(tuple),
)
transcripts = st.builds(
    Transcript,
    language=st.just("en"),
    words=st.lists(words, max_size=8).map(tuple),
    voice=st.lists(spans(), max_size=4).map(tuple),
    windows=st.lists(windows, max_size=3).map(tuple),
    provenance=st.just(Provenance(origin=Origin.ASR, tool="test")),
)
rates = st.none() | st.sampled_from(["24000/1001", "25", "1/7", "1000"]).map(
    lambda text: FrameRate(Fraction(text))
)


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    track = draw(tracks("t"))
    return Subject(
        track=track,
        profile=load_profile(draw(st.sampled_from(profile_ids())), track.language),
        media=Media(
            path=draw(st.sampled_from(["", "/film.mkv"])),
            digest="",
            duration=draw(times),
            frame_rate=draw(rates),
            variable_frame_rate=draw(st.booleans()),
        ),
        source=draw(st.none() | tracks("s")),
        shots=draw(st.none() | st.lists(times, max_size=5).map(tuple)),
        transcript=draw(st.none() | transcripts),
    )


@settings(max_examples=50)
@given(subjects())
def test_any_track_is_checked_and_reported(subject: Subject) -> None:
    rules: Any = (*RULES, *word_rules(unwanted=("ab*", "the the", "가"), known=("the",)))
    findings = check(subject, rules=rules)
    ids = {cue.id for cue in subject.track.cues} | {""}
    for finding in findings:
        assert finding.cue in ids
        assert finding.message.endswith(".")
        assert 0 <= finding.span.start <= finding.span.end
    assert check(subject, rules=rules) == findings
    checked = Checked(subject=subject, findings=findings, style="x")
    assert len(list(finding_rows([checked]))) == len(findings)
    junit_xml([checked]).encode()
    report_page([checked], title="x").encode()


@settings(max_examples=30)
@given(subjects().filter(lambda subject: subject.track.cues), st.integers(1, 10**6))
def test_findings_move_with_their_track(subject: Subject, frames: int) -> None:
    """The same track a whole number of frames later has the same findings, later."""
    rate = FrameRate(Fraction(25))
    media = Media(path="", digest="", duration=Fraction(10**6), frame_rate=rate)
    plain = Subject(
        track=Track(id="t", language="en", cues=subject.track.cues),
        profile=load_profile("netflix", "en"),
        media=media,
    )
    by = rate.time(frames)
    moved = tuple(
        Cue(id=c.id, span=c.span.shifted(by), lines=c.lines, placement=c.placement,
            language=c.language)
        for c in subject.track.cues
    )  # fmt: skip
    later = Subject(
        track=Track(id="t", language="en", cues=moved), profile=plain.profile, media=media
    )
    assert [(f.rule, f.cue, f.span.shifted(by), f.measured_text) for f in check(plain)] == [
        (f.rule, f.cue, f.span, f.measured_text) for f in check(later)
    ]
