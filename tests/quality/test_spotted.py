"""The law of spotting and check together: a limit is kept, or a finding says that it is not."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.interfaces import Subject
from subkit.language import half_units
from subkit.model import Cue, FrameRate, Media, Profile, Span, Track, Word
from subkit.quality import check
from subkit.spotting import spot
from subkit.styles import load_profile, profile_ids
from subkit.timing.cuts import cuts_of

LANGUAGES = ("en", "fr", "ko", "ja", "zh", "th", "ar", "he", "de", "hi")
RATES = (
    FrameRate(Fraction(24000, 1001)),
    FrameRate(Fraction(25)),
    FrameRate(Fraction(30000, 1001), drop_frame=True),
    FrameRate(Fraction(1000)),
    FrameRate(Fraction(10)),
)
TEXTS = st.one_of(
    st.sampled_from(
        [
            *("the", "of", "Hello,", "yes.", "Mr.", "l'été", "Straße", "-", "…", "「", "♪"),
            *("할", "수", "있어요.", "폭풍이", "は。", "東京", "駅で", "的", "我们。", "สวัสดีครับ"),
            *("مرحبا،", "שלום.", "नमस्ते", "👩‍👩‍👧‍👦", "🇰🇷", "é" * 3, "a\u0301" * 5),
        ]
    ),
    st.text(max_size=12),
)
LONG = st.sampled_from(["x" * 300, "漢" * 300, "한" * 300, "ก" * 300, "ש" * 300, "😀" * 300])
TIMES = st.one_of(
    st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 30), Fraction(1, 5), Fraction(1, 2)]),
    st.fractions(min_value=0, max_value=9, max_denominator=1000),
)


@st.composite
def spoken(draw: st.DrawFn) -> list[Word]:
    """Words of no length, over each other, backwards in time, or seconds long."""
    words: list[Word] = []
    clock = Fraction(0)
    count = draw(st.integers(1, 12))
    long = draw(st.integers(-20, count - 1))  # one word at most, in a third of all
    for place in range(count):
        clock = max(Fraction(0), clock + draw(TIMES) - draw(st.sampled_from([0, 0, 0, 1])))
        speaker = draw(st.sampled_from([None, "a", "a", "b"]))
        words.append(
            Word(
                text=draw(LONG if place == long else TEXTS),
                span=Span(clock, clock + draw(TIMES)),
                speaker=speaker,
            )
        )
        if draw(st.booleans()):
            clock = words[-1].span.end
    return words


def width_of(lines: tuple[str, ...], profile: Profile) -> Fraction:
    return Fraction(sum(half_units(line, profile.counting) for line in lines), 2)


def broken_alone(cue: Cue, profile: Profile) -> set[str]:
    """The limits of a single cue that it does not keep, by the names of their rules."""
    lasts = cue.span.end - cue.span.start
    broken = {
        "lines": len(cue.lines) > profile.max_lines,
        "cpl": any(width_of((line,), profile) > profile.max_cpl for line in cue.lines),
        "min-duration": lasts < profile.min_duration,
        "max-duration": lasts > profile.max_duration,
        "reading-speed": width_of(cue.lines, profile) > profile.max_cps * lasts,
        "max-chars": (
            profile.max_chars is not None and width_of(cue.lines, profile) > profile.max_chars
        ),
        "empty": not "".join(cue.lines).strip(),
    }
    return {name for name, is_so in broken.items() if is_so}


def broken_by_shots(cue: Cue, profile: Profile, shots: list[Fraction], rate: FrameRate) -> set[str]:
    """An in-time a little after the only shot change near it."""
    if profile.shots is None:
        return set()
    cuts = cuts_of(shots, profile.shots, rate)
    start = rate.frame(cue.span.start)
    reach = max(cuts.in_after, cuts.in_before, cuts.in_clear)
    near = [start - cut for cut in cuts.frames if abs(start - cut) <= reach]
    return {"shot-in"} if len(near) == 1 and 0 < near[0] <= cuts.in_after else set()


cases = given(
    words=spoken(),
    style=st.sampled_from(profile_ids()),
    language=st.sampled_from(LANGUAGES),
    rate=st.sampled_from(RATES),
    shots=st.lists(st.fractions(0, 60, max_denominator=100), max_size=12).map(sorted),
)


@settings(max_examples=60)
@cases
def test_a_limit_is_kept_or_a_finding_says_that_it_is_not(
    words: list[Word], style: str, language: str, rate: FrameRate, shots: list[Fraction]
) -> None:
    assert_law(words, load_profile(style, language), rate, shots)


@pytest.mark.soak
@settings(max_examples=1500)
@cases
def test_many_limits_are_kept_or_told(
    words: list[Word], style: str, language: str, rate: FrameRate, shots: list[Fraction]
) -> None:
    assert_law(words, load_profile(style, language), rate, shots)


def assert_law(words: list[Word], profile: Profile, rate: FrameRate, shots: list[Fraction]) -> None:
    language = profile.language
    cues = spot(words, profile=profile, rate=rate, language=language, shots=shots)
    # Whatever was said, these are never broken.
    for before, cue in pairwise(cues):
        gap = rate.frame(cue.span.start) - rate.frame(before.span.end)
        assert gap >= max(0, profile.min_gap_frames)
    for cue in cues:
        assert len(cue.lines) <= profile.max_lines
        assert cue.span.end > cue.span.start
        for edge in (cue.span.start, cue.span.end):
            assert rate.time(rate.frame(edge)) == edge
    track = Track(id=language, language=language, profile=profile.id, cues=cues)
    media = Media(path="", digest="", duration=Fraction(10_000), frame_rate=rate)
    subject = Subject(track=track, profile=profile, media=media, shots=tuple(shots))
    found = {(finding.cue, finding.rule) for finding in check(subject)}
    for cue in cues:
        broken = broken_alone(cue, profile) | broken_by_shots(cue, profile, shots, rate)
        told = {rule for rule in broken if (cue.id, rule) in found}
        assert told == broken
    # And nothing is told of a limit that is kept.
    limits = {"lines", "cpl", "min-duration", "max-duration", "reading-speed", "max-chars"}
    for cue in cues:
        for rule in limits - broken_alone(cue, profile):
            assert (cue.id, rule) not in found


def test_every_style_is_of_the_law() -> None:
    assert len(profile_ids()) >= 39
