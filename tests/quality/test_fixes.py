"""Fixes: what they do, and that they never trade one fault for another."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import pairwise
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.interfaces import Subject
from subkit.model import (
    Cue,
    Feature,
    FrameRate,
    Mark,
    Media,
    Review,
    ReviewState,
    Severity,
    Span,
    Track,
)
from subkit.quality import check
from subkit.quality.fixes import TEXT_FIXES, TIME_FIXES, FixedTrack, fix_track
from subkit.spotting import break_lines
from subkit.styles import load_profile

RATE = FrameRate(Fraction(25))
MEDIA = Media(path="", digest="", duration=Fraction(600), frame_rate=RATE)


def cue(number: int, start: float, end: float, *lines: str) -> Cue:
    span = Span(Fraction(str(start)), Fraction(str(end)))
    return Cue(id=f"c{number}", span=span, lines=lines)


def subject(*cues: Cue, language: str = "en", profile: str = "netflix") -> Subject:
    return Subject(
        track=Track(id=language, language=language, cues=cues),
        profile=load_profile(profile, language),
        media=MEDIA,
        shots=(),
    )


def fixed(given: Subject) -> FixedTrack:
    def findings(track: Track) -> list:  # type: ignore[type-arg]
        return check(replace(given, track=track))

    lines = partial(break_lines, profile=given.profile, language=given.track.language)
    return fix_track(given, check=findings, break_lines=lines)


@pytest.mark.parametrize(
    ("rule", "language", "wrong", "right"),
    [
        ("double-space", "en", "Come  here.", "Come here."),
        ("outer-space", "en", " Come here. ", "Come here."),
        ("mark-space", "en", "Come here !", "Come here!"),
        ("ellipsis", "en", "Come here...", "Come here…"),
        ("repeated-mark", "en", "Well,, come here.", "Well, come here."),
        ("mojibake", "en", "A cafÃ© at noon.", "A café at noon."),
        ("not-nfc", "en", "A cafe\u0301 at noon.", "A café at noon."),
        ("hidden-character", "en", "Come\u200b here.", "Come here."),
        ("control-character", "en", "Come\x07 here.", "Come here."),
    ],
)
def test_text_that_has_one_right_form(rule: str, language: str, wrong: str, right: str) -> None:
    done = fixed(subject(cue(1, 1, 3, wrong), language=language))
    assert done.track.cues[0].lines == (right,)
    (fix,) = done.fixes
    assert rule in fix.rules
    assert fix.before.lines == (wrong,)


def test_french_keeps_its_spaces_before_high_marks() -> None:
    done = fixed(subject(cue(1, 1, 3, "Tu viens\u00a0?"), language="fr"))
    assert done.fixes == ()


def test_lines_too_wide_are_broken_anew() -> None:
    wide = "I told you that the captain would be waiting near the harbour."
    done = fixed(subject(cue(1, 1, 5, wide)))
    assert " ".join(done.track.cues[0].lines) == wide
    assert len(done.track.cues[0].lines) == 2
    assert all(len(line) <= 42 for line in done.track.cues[0].lines)
    assert "cpl" in done.fixes[0].rules


def test_times_that_touch_get_their_gap_and_short_cues_their_time() -> None:
    done = fixed(subject(cue(1, 1, 3, "Come here."), cue(2, 3, 3.4, "No."), cue(3, 6, 8, "Yes.")))
    first, second, _ = done.track.cues
    assert first.span.end == Fraction(3) - Fraction(2, 25)
    assert second.span.duration >= Fraction(5, 6)
    assert {rule for fix in done.fixes for rule in fix.rules} >= {"gap", "min-duration"}


def test_locked_and_approved_cues_stay() -> None:
    locked = replace(cue(1, 1, 3, "Come  here."), locked=True)
    approved = replace(cue(2, 4, 6, "Go  there."), review=Review(state=ReviewState.APPROVED))
    assert fixed(subject(locked, approved)).fixes == ()


def test_a_fix_that_would_break_something_else_is_not_made() -> None:
    # An ellipsis of three dots for one character would not fit the line.
    text = "x" * 41 + "…"
    done = fixed(subject(cue(1, 1, 7, text), profile="subkit"))
    assert done.track.cues[0].lines == (text,)


def test_every_fix_is_of_a_rule_that_exists() -> None:
    from subkit.quality import RULES

    assert {*TEXT_FIXES, *TIME_FIXES} <= {rule.name for rule in RULES}


words = st.sampled_from(
    ["I", "told", "you...", "the  captain", "waits ", " near", "the", "harbour,,", "café", "cafÃ©",
     "Well!!", '"now"', "\u200b", "…", "....", "- No.", "(really", "12", "e\u0301t", "\x07", " ?"]
)  # fmt: skip
lines = st.lists(st.lists(words, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=3)


@st.composite
def tracks(draw: st.DrawFn) -> tuple[Cue, ...]:
    cues = []
    start = Fraction(0)
    for number in range(draw(st.integers(1, 6))):
        start += Fraction(draw(st.integers(-5, 60)), 25) + Fraction(draw(st.integers(0, 2)), 100)
        start = max(start, Fraction(0))
        end = start + Fraction(draw(st.integers(1, 90)), 25)
        text = tuple(draw(lines))
        cues.append(Cue(id=f"c{number}", span=Span(start, end), lines=text))
        start = end
    return tuple(cues)


def letters(track: Track) -> list[str]:
    """What is said, whatever the marks and spaces: no fix takes or adds a letter."""
    texts = (normalize("NFC", cue.text).replace("Ã©", "é") for cue in track.cues)
    return ["".join(filter(str.isalnum, text)) for text in texts]


@settings(max_examples=60)
@given(tracks(), st.sampled_from(["en", "fr", "ko"]), st.sampled_from(["netflix", "subkit", "bbc"]))
def test_nothing_new_is_found_afterwards(
    cues: tuple[Cue, ...], language: str, profile: str
) -> None:
    given_track = subject(*cues, language=language, profile=profile)
    before = check(given_track)
    done = fixed(given_track)
    after = check(replace(given_track, track=done.track))
    errors = [
        Counter((f.cue, f.rule) for f in one if f.severity is Severity.ERROR)
        for one in (before, after)
    ]
    assert not errors[1] - errors[0]
    new = Counter((f.cue, f.rule) for f in after) - Counter((f.cue, f.rule) for f in before)
    gone = {cue for cue, _ in errors[0] - errors[1]}
    assert {cue for cue, _ in new} <= gone  # a warning at most, and only where an error went
    assert [c.id for c in done.track.cues] == [c.id for c in cues]
    assert letters(done.track) == letters(given_track.track)


@settings(max_examples=60)
@given(tracks(), st.sampled_from(["en", "fr", "ko"]), st.sampled_from(["netflix", "subkit", "bbc"]))
def test_every_fix_ends_what_it_was_made_for(
    cues: tuple[Cue, ...], language: str, profile: str
) -> None:
    given_track = subject(*cues, language=language, profile=profile)
    done = fixed(given_track)
    before = Counter((f.cue, f.rule) for f in check(given_track))
    after = Counter((f.cue, f.rule) for f in check(replace(given_track, track=done.track)))
    following = {a.id: b.id for a, b in pairwise(given_track.track.cues)}
    for fix in done.fixes:
        assert fix.rules
        beside = (fix.before.id, following.get(fix.before.id, ""))
        for rule in fix.rules:
            assert any(after[one, rule] < before[one, rule] for one in beside)


def test_times_stay_off_any_grid_where_no_rate_is_known() -> None:
    given_subject = subject(cue(1, 1.003, 2.001, "Come here."), cue(2, 2.013, 4.017, "I will not."))
    loose = replace(given_subject, media=replace(MEDIA, frame_rate=None))
    first, second = fixed(loose).track.cues
    assert (first.span.start, second.span) == (
        cue(1, 1.003, 2, "").span.start,
        cue(2, 2.013, 4.017).span,
    )
    assert first.span.end == Fraction("2.013") - Fraction(2, 25)


@pytest.mark.parametrize(
    "lines",
    [
        ("- What have you done with her? It is madness.", "- What I had to do."),
        ("ANNA: What have you done with her? It is madness.", "BEN: What I had to do."),
        ("What have you done with her? It is madness!", "- Great."),
    ],
)
def test_two_speakers_never_share_a_line(lines: tuple[str, str]) -> None:
    done = fixed(subject(cue(1, 1, 6, *lines), profile="subkit"))
    assert done.track.cues[0].lines == lines


def test_two_speakers_on_three_lines_get_two() -> None:
    three = ("- What have you done", "with her?", "- What I had to do.")
    done = fixed(subject(cue(1, 1, 6, *three), profile="subkit"))
    assert done.track.cues[0].lines == ("- What have you done with her?", "- What I had to do.")
    assert "lines" in done.fixes[0].rules


def test_the_break_that_a_finding_advises_is_the_one_made() -> None:
    lines = ("I told you that, when it gets dark, the", "captain and his men come down here.")
    given_subject = subject(cue(1, 1, 6, *lines), profile="subkit")
    (finding,) = [f for f in check(given_subject) if f.rule == "line-break"]
    upper, lower = fixed(given_subject).track.cues[0].lines
    assert finding.limit_text == f"{upper.split()[-1]} / {lower.split()[0]}"


def test_marks_stay_on_their_letters() -> None:
    text = "Somebody  is following Emma to the old harbour, and she has no idea of it."
    start = text.index("harbour")
    italic = Mark(start=start, end=start + 7, feature=Feature.ITALIC)
    after = fixed(subject(replace(cue(1, 1, 6, text), marks=(italic,)))).track.cues[0]
    assert len(after.lines) == 2, "broken anew"
    assert "  " not in after.text
    assert [after.text[m.start : m.end] for m in after.marks] == ["harbour"]
