"""Laws of spotting, over any words."""

from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.language import half_units, join_words, normalize_spaces, parse_language
from subkit.model import Cue, FrameRate, Profile, Rounding, Span, Word
from subkit.spotting import SpottingOptions, break_lines, spot
from subkit.styles import load_profile

LANGUAGES = ["en", "es", "ko", "ja", "zh", "th", "ar", "und"]
RATES = [
    FrameRate(Fraction(24000, 1001)),
    FrameRate(Fraction(25)),
    FrameRate(Fraction(30000, 1001), drop_frame=True),
    FrameRate(Fraction(1000)),
    FrameRate(Fraction(1)),
]
MARKS = ["、", "）", "「", "…", "-", "—", "¿", "!", "♪", "..."]
WORDS = ["the", "of", "Hello,", "yes.", "Mr.", "두", "번", "네.", "は。", "東京", "สวัสดี", "שלום."]
TEXTS = st.one_of(
    st.sampled_from([*WORDS, *MARKS]),
    st.text(alphabet="abcé 한東は。,.-", min_size=0, max_size=12),
    st.text(min_size=0, max_size=60),
    st.sampled_from(
        ["x" * 200, "漢" * 200, "한" * 60, ". . . . . . . . . . . . . . . . . . . . ."]
    ),
)
TIMES = st.one_of(
    st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 30), Fraction(1, 5), Fraction(1, 2)]),
    st.fractions(min_value=0, max_value=8, max_denominator=1000),
)


@st.composite
def spoken(draw: st.DrawFn) -> list[Word]:
    """Words mostly in order, with all the faults that recognisers make."""
    words: list[Word] = []
    clock = Fraction(0)
    for _ in range(draw(st.integers(0, 25))):
        clock = max(Fraction(0), clock + draw(TIMES) - draw(st.sampled_from([0, 0, 0, 1])))
        words.append(
            Word(
                text=draw(TEXTS),
                span=Span(clock, clock + draw(TIMES)),
                confidence=draw(st.sampled_from([None, 0.25, 1.0])),
                speaker=draw(st.sampled_from([None, "a", "a", "a", "b"])),
                language=draw(st.sampled_from([None, None, None, "en", "ko"])),
            )
        )
        if draw(st.booleans()):
            clock = words[-1].span.end
    return words


def letters(text: str) -> str:
    """The text without white space: what must never be lost."""
    return "".join(text.split())


def said(cue: Cue) -> str:
    """The text without the dashes that tell two speakers in one cue apart."""
    if is_shared(cue):
        return " ".join(line.removeprefix("- ") for line in cue.lines)
    return cue.text


def is_shared(cue: Cue) -> bool:
    """Whether two speakers share a cue: it is nobody's, and each line is behind a dash."""
    dashed = [line.startswith("- ") for line in cue.lines]
    return cue.speaker is None and len(dashed) == 2 and all(dashed)


def profile_for(language: str) -> Profile:
    return load_profile("subkit", language)


@settings(max_examples=120)
@given(spoken(), st.sampled_from(LANGUAGES), st.sampled_from(RATES))
def test_any_words_give_lawful_cues(words: list[Word], language: str, rate: FrameRate) -> None:
    profile = profile_for(language)
    cues = spot(words, profile=profile, rate=rate, language=language)
    # Two speakers in one cue stand behind hyphens; words may be hyphens too.
    found, wanted = " ".join(cue.text for cue in cues), " ".join(word.text for word in words)
    assert letters(found).replace("-", "") == letters(wanted).replace("-", "")
    assert [cue.id for cue in cues] == [f"c{number:04d}" for number in range(1, len(cues) + 1)]
    check_times(cues, profile, rate)
    for cue in cues:
        check_shape(cue, profile)
    assert spot(words, profile=profile, rate=rate, language=language) == cues


def check_times(cues: tuple[Cue, ...], profile: Profile, rate: FrameRate) -> None:
    shortest = ceil(profile.min_duration * rate.rate)
    longest = max(shortest, floor(profile.max_duration * rate.rate))
    frames = [(rate.frame(cue.span.start), rate.frame(cue.span.end)) for cue in cues]
    for cue, (start, end) in zip(cues, frames, strict=True):
        assert (rate.time(start), rate.time(end)) == (cue.span.start, cue.span.end)
        assert start < end
        assert end - start <= longest
    for (start, end), (following, _) in pairwise(frames):
        assert following - end >= profile.min_gap_frames
        room = following - profile.min_gap_frames - start
        # Too short only where the next cue leaves no room.
        assert end - start >= min(shortest, room)
    if frames:
        assert frames[-1][1] - frames[-1][0] >= shortest


def check_shape(cue: Cue, profile: Profile) -> None:
    assert 1 <= len(cue.lines) <= profile.max_lines
    for line in cue.lines:
        assert line == line.strip(" ")
        assert line
        if half_units(line, profile.counting) > 2 * profile.max_cpl:
            # One word, nothing to break.
            assert " " not in line
            assert len(letters(line)) > profile.max_cpl / 2
    if len(cue.lines) > 1 and not is_shared(cue):
        assert half_units(" ".join(cue.lines), profile.counting) > 2 * profile.max_cpl - 1


@settings(max_examples=50)
@given(spoken(), st.sampled_from(RATES))
def test_a_line_has_one_speaker_and_a_cue_one_language(words: list[Word], rate: FrameRate) -> None:
    named = [
        Word(text=f"w{number}", span=word.span, speaker=word.speaker, language=word.language)
        for number, word in enumerate(words)
    ]
    by_text = {word.text: word for word in named}
    for cue in spot(named, profile=profile_for("en"), rate=rate, language="en"):
        shared = is_shared(cue)
        inside = [by_text[text] for text in said(cue).split()]
        for line in cue.lines if shared else [cue.text]:
            turn = [by_text[text] for text in line.removeprefix("- ").split()]
            speakers = {word.speaker for word in turn} - {None}
            assert len(speakers) <= 1
            assert shared or speakers <= {cue.speaker}
        assert {word.language or "en" for word in inside} == {cue.language or "en"}


@settings(max_examples=80)
@given(spoken(), st.fractions(min_value=1, max_value=60, max_denominator=100))
def test_the_programme_ends_the_last_cue(words: list[Word], end: Fraction) -> None:
    rate = RATES[0]
    last = rate.snap(end, Rounding.BEFORE)
    cues = spot(words, profile=profile_for("en"), rate=rate, language="en", end=end)
    for cue in cues:
        assert cue.span.end <= last or cue.span.duration == rate.time(1)


@settings(max_examples=200)
@given(
    st.one_of(st.text(max_size=200), st.lists(TEXTS, max_size=40).map(" ".join)),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["subkit", "vertical-9x16", "cea-608"]),
)
def test_no_word_is_lost_between_lines(text: str, language: str, profile_id: str) -> None:
    profile = load_profile(profile_id, language)
    lines = break_lines(text, profile=profile, language=language)
    if parse_language(language).base in ("ja", "zh"):
        assert letters("".join(lines)) == letters(text)
    else:
        assert " ".join(lines) == normalize_spaces(text)
    assert all(lines)
    limit = 2 * profile.max_cpl
    widths = [half_units(line, profile.counting) for line in lines]
    assert len(lines) <= profile.max_lines
    if any(width > limit and " " in line for line, width in zip(lines, widths, strict=True)):
        # Only a text that no lines of the style can hold goes beyond their width.
        assert (
            sum(widths)
            > limit * profile.max_lines
            - 2
            * max(half_units(word, profile.counting) for word in text.split())
            * profile.max_lines
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_join_to_a_text_give_its_lines(language: str) -> None:
    words = ["one,", "two", "three."]
    spans = [Span(Fraction(n), Fraction(n) + Fraction(9, 10)) for n in range(3)]
    cues = spot(
        [Word(text=text, span=span) for text, span in zip(words, spans, strict=True)],
        profile=profile_for("en"),
        rate=RATES[0],
        language=language,
        options=SpottingOptions(id_prefix="x"),
    )
    assert [cue.text for cue in cues] == [join_words(words, language)]
    assert cues[0].id == "x0001"
