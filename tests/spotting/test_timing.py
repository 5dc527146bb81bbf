"""In-times on the voice, and cues held to shot changes by a profile's rules."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.model import Cue, FrameRate, Profile, Rounding, Span, Word
from subkit.spotting import spot
from subkit.spotting.voiced_words import hold_to_voice
from subkit.styles import load_profile
from subkit.timing.cuts import cuts_of, shot_faults

FILM = FrameRate(Fraction(24))
RATES = [FILM, FrameRate(Fraction(24000, 1001)), FrameRate(Fraction(25)), FrameRate(Fraction(60))]


def word(text: str, start: str, end: str) -> Word:
    return Word(text=text, span=Span(Fraction(start), Fraction(end)))


def held(start: str, end: str, *voice: tuple[str, str]) -> tuple[float, float]:
    spans = [Span(Fraction(a), Fraction(b)) for a, b in voice]
    ((one, other),) = hold_to_voice([(Fraction(start), Fraction(end))], spans)
    return float(one), float(other)


def test_a_word_begins_with_the_voice_in_it() -> None:
    assert held("0", "1.2", ("0.6", "1.1")) == (0.52, 1.2)
    # Also where the word is said to end just before the voice is heard.
    assert held("0.3", "0.55", ("0.6", "1.1")) == (0.52, 0.55)


def test_a_word_ends_with_the_voice_in_it() -> None:
    assert held("1", "3", ("0.5", "2")) == (1.0, 2.08)


def test_the_detector_may_be_late_and_deaf() -> None:
    assert held("1", "2", ("1.15", "1.85")) == (1.0, 2.0)
    assert held("1", "1.3", ("1.8", "2.5")) == (1.0, 1.3)
    assert held("1", "2") == (1.0, 2.0)
    assert held("5", "6", ("1", "2")) == (5.0, 6.0)


TIMES = st.tuples(
    st.fractions(0, 20, max_denominator=100), st.fractions(0, 3, max_denominator=100)
).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(TIMES, max_size=10), st.lists(TIMES, max_size=8))
def test_words_are_only_ever_narrowed(
    times: list[tuple[Fraction, Fraction]], voice: list[tuple[Fraction, Fraction]]
) -> None:
    spans: list[Span] = []
    for start, end in sorted(voice):
        if not spans or start > spans[-1].end:
            spans.append(Span(start, end))
    for (start, end), (old_start, old_end) in zip(hold_to_voice(times, spans), times, strict=True):
        assert old_start <= start <= end <= old_end


def test_a_cue_does_not_begin_where_the_window_does() -> None:
    words = [word("Emma,", "0", "1"), word("wait.", "1", "1.6")]
    voice = [Span(Fraction("0.6"), Fraction("1.6"))]
    (cue,) = spot(words, profile=style(), rate=FILM, language="en", voice=voice)
    assert FILM.frame(cue.span.start) == 12
    (early,) = spot(words, profile=style(), rate=FILM, language="en")
    assert early.span.start == 0


def style(profile: str = "subkit") -> Profile:
    return load_profile(profile, "en")


def times(cues: tuple[Cue, ...]) -> list[tuple[int, int]]:
    return [(FILM.frame(cue.span.start), FILM.frame(cue.span.end)) for cue in cues]


LINE = [word("I", "1", "1.2"), word("left", "1.2", "1.6"), word("it.", "1.6", "2.5")]
REPLY = [word("Where", "4.2", "4.6"), word("did", "4.6", "4.8"), word("you?", "4.8", "5.5")]


def test_times_are_held_to_shot_changes() -> None:
    shots = [Fraction(66, 24), Fraction(97, 24)]
    cues = spot([*LINE, *REPLY], profile=style(), rate=FILM, language="en", shots=shots)
    assert times(cues) == [(24, 64), (97, 144)]
    free = spot([*LINE, *REPLY], profile=style(), rate=FILM, language="en")
    assert times(free) == [(24, 72), (101, 144)]


@pytest.mark.parametrize("frame", range(104, 127))
def test_a_word_is_no_cue_for_a_cut_that_leaves_it_no_time(frame: int) -> None:
    """A call and a pause of ten frames: whatever the cut, both times can stand where they belong.

    The call is only a cue of its own where a lead gives it its least duration before the cut.
    """
    frames = ((104, 114, "Emma,"), (124, 138, "somebody"), (138, 139, "is"), (139, 165, "there."))
    words = [
        Word(text=text, span=Span(Fraction(first, 24), Fraction(last, 24)))
        for first, last, text in frames
    ]
    shots, rules = [Fraction(frame, 24)], style().shots
    assert rules is not None
    cues = spot(words, profile=style(), rate=FILM, language="en", shots=shots)
    assert all(cue.span.duration >= style().min_duration for cue in cues)
    for (start, out), end in zip(times(cues), (114, 165) if len(cues) > 1 else (165,), strict=True):
        assert not shot_faults(start, out, cuts_of(shots, rules, FILM), spoken=end)


def test_a_text_does_not_linger_over_a_cut_far_behind_its_speech() -> None:
    bbc = style("bbc")
    assert bbc.linger > 1
    shots = [Fraction(74, 24)]
    (cue,) = spot(LINE, profile=bbc, rate=FILM, language="en", shots=shots)
    assert times((cue,))[0][1] <= 74


def test_a_style_without_shot_rules_leaves_times_alone() -> None:
    ard = style("ard-zdf-orf-srf")
    assert ard.shots is None
    shots = [Fraction(62, 24)]
    assert spot(LINE, profile=ard, rate=FILM, language="en", shots=shots) == spot(
        LINE, profile=ard, rate=FILM, language="en"
    )


@st.composite
def scenes(draw: st.DrawFn) -> tuple[list[Word], list[Fraction], FrameRate]:
    """Sentences of real lengths, and cuts anywhere."""
    rate = draw(st.sampled_from(RATES))
    words: list[Word] = []
    clock = Fraction(draw(st.integers(0, 100)), 100)
    for _ in range(draw(st.integers(1, 6))):
        count = draw(st.integers(1, 9))
        for place in range(count):
            length = Fraction(draw(st.integers(8, 45)), 100)
            text = f"word{place}" + ("." if place == count - 1 else "")
            words.append(Word(text=text, span=Span(clock, clock + length)))
            clock += length
        clock += Fraction(draw(st.integers(5, 200)), 100)
    cuts = draw(st.lists(st.integers(1, int(clock * rate.rate)), max_size=8, unique=True))
    return words, [rate.time(cut) for cut in sorted(cuts)], rate


@settings(max_examples=120)
@given(scenes(), st.sampled_from(["subkit", "bbc", "netflix-children"]))
def test_held_cues_keep_the_laws_and_have_no_more_faults(
    scene: tuple[list[Word], list[Fraction], FrameRate], profile_id: str
) -> None:
    words, shots, rate = scene
    profile = style(profile_id)
    cues = spot(words, profile=profile, rate=rate, language="en", shots=shots)
    assert " ".join(cue.text for cue in cues).split() == [one.text for one in words]
    assert cues == spot(words, profile=profile, rate=rate, language="en", shots=shots)
    for cue in cues:
        assert rate.snap(cue.span.start) == cue.span.start
        assert rate.snap(cue.span.end) == cue.span.end
        assert cue.span.duration <= profile.max_duration
    for one, other in pairwise(cues):
        gap = rate.frame(other.span.start) - rate.frame(one.span.end)
        assert gap >= profile.min_gap_frames


@pytest.mark.parametrize("rate", RATES)
def test_an_in_time_is_within_a_frame_of_the_word(rate: FrameRate) -> None:
    for hundredth in range(100, 200, 7):
        start = Fraction(hundredth, 100)
        (cue,) = spot(
            [Word(text="Yes.", span=Span(start, start + 1))],
            profile=style(),
            rate=rate,
            language="en",
        )
        assert abs(cue.span.start - start) <= rate.time(1) / 2
        assert rate.frame(cue.span.start) - rate.frame(start, Rounding.BEFORE) in (0, 1)


def test_cuts_far_from_all_speech_change_nothing() -> None:
    shots = [Fraction(3), Fraction(40)]
    rules = style().shots
    assert rules is not None
    cues = spot(LINE, profile=style(), rate=FILM, language="en", shots=[Fraction(40)])
    assert cues == spot(LINE, profile=style(), rate=FILM, language="en")
    cuts = cuts_of(shots, rules, FILM)
    (held_cue,) = times(spot(LINE, profile=style(), rate=FILM, language="en", shots=shots))
    assert shot_faults(*held_cue, cuts) == ()


def test_a_linger_nobody_needs_is_not_extended_to_a_cut_far_off() -> None:
    # The speech ends on frame 60: extended to the cut, the text would stay 20 frames longer.
    (cue,) = times(spot(LINE, profile=style(), rate=FILM, language="en", shots=[Fraction(82, 24)]))
    assert cue == (24, 69)
    (near,) = times(spot(LINE, profile=style(), rate=FILM, language="en", shots=[Fraction(74, 24)]))
    assert near == (24, 72)
