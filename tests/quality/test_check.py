from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.formats.srt import SrtReader, SrtWriter
from subkit.interfaces import Rule, Subject
from subkit.model import Cue, FrameRate, Media, Placement, Profile, Severity, Span, Track
from subkit.quality import RULES, check, summarize
from subkit.timing.measures import is_on_grid, on_grid

FILM = FrameRate(Fraction(24000, 1001))
PROFILE = Profile(id="test", language="en")
KOREAN = Profile(id="test", language="ko", max_cpl=16, max_cps=Fraction(12), counting="half-width")


def media(rate: FrameRate | None = FILM, *, variable: bool = False) -> Media:
    return Media(
        path="/film.mkv",
        digest="",
        duration=Fraction(1000),
        frame_rate=rate,
        variable_frame_rate=variable,
    )


def cue(start: int, end: int, *lines: str, number: str = "1", top: bool = False) -> Cue:
    place = Placement(vertical="top" if top else "bottom")
    span = Span(FILM.time(start), FILM.time(end))
    return Cue(id=number, span=span, lines=lines or ("Twelve men.",), placement=place)


def track(*cues: Cue) -> Track:
    return Track(id="en", language="en", cues=cues)


def found(*cues: Cue, profile: Profile = PROFILE, held: Media | None = None) -> list[str]:
    whole = Track(id="x", language=profile.language, cues=cues)
    return [f.rule for f in check(Subject(track=whole, profile=profile, media=held or media()))]


def timed(seconds: str, text: str) -> Cue:
    span = Span(Fraction(0), Fraction(seconds))
    return Cue(id="1", span=span, lines=(text,))


@pytest.mark.parametrize(
    ("seconds", "frames", "rules"),
    [
        ("3", None, []),
        ("2.999", None, []),  # both ends may have been rounded by half a millisecond
        ("2.9989", None, ["reading-speed"]),
        ("2.997", None, ["reading-speed"]),
        ("3", Fraction(25), []),
        ("2.96", Fraction(25), ["reading-speed"]),
    ],
)
def test_reading_speed_has_a_millisecond_off_the_grid_and_nothing_on_it(
    seconds: str, frames: Fraction | None, rules: list[str]
) -> None:
    rate = None if frames is None else FrameRate(frames)
    profile = Profile(id="test", language="en", max_cps=Fraction(10), max_cpl=40)
    assert found(timed(seconds, "x" * 30), profile=profile, held=media(rate)) == rules


GOOD = (cue(0, 48), cue(50, 98, "In the garden.", number="2"))


def test_a_good_track_has_no_findings() -> None:
    assert found(*GOOD) == []


def test_rules_are_rules_and_have_names_of_their_own() -> None:
    assert all(isinstance(rule, Rule) for rule in RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("cues", "rule", "severity", "measured", "limit", "message"),
    [
        (
            (cue(0, 48, number="1"), cue(49, 97, number="2")),
            "gap",
            "error",
            "1 frame",
            "2 frames",
            "Cue 2 follows cue 1 after 1 frame, fewer than 2.",
        ),
        (
            (cue(0, 48, number="1"), cue(48, 97, number="2")),
            "gap",
            "error",
            "0 frames",
            "2 frames",
            "Cue 2 follows cue 1 after 0 frames, fewer than 2.",
        ),
        (
            (cue(0, 48, number="1"), cue(24, 97, number="2")),
            "overlap",
            "error",
            "1.001 s",
            "0 s",
            "Cue 2 starts 1.001 s before cue 1 is gone.",
        ),
        (
            (cue(100, 148, number="1"), cue(0, 48, number="2")),
            "order",
            "error",
            "4.171 s",
            "0 s",
            "Cue 2 starts 4.171 s before cue 1, which stands before it.",
        ),
        (
            (cue(0, 19, "Hi."),),
            "min-duration",
            "error",
            "0.792 s",
            "0.834 s",
            "Cue 1 lasts 0.792 s, less than 0.834 s.",
        ),
        (
            (cue(0, 168, "Twelve men in a garden."),),
            "max-duration",
            "warning",
            "7.007 s",
            "7 s",
            "Cue 1 lasts 7.007 s, more than 7 s.",
        ),
        (
            (cue(0, 48, "a", "b", "c"),),
            "lines",
            "error",
            "3",
            "2",
            "Cue 1 has 3 lines, more than 2.",
        ),
        (
            (cue(0, 96, "ok", "x" * 43),),
            "cpl",
            "error",
            "43",
            "42",
            "Cue 1 has 43 characters in line 2, more than 42.",
        ),
        (
            (cue(0, 48, "x" * 17, "y" * 18),),
            "reading-speed",
            "warning",
            "17.5",
            "17",
            "Cue 1 asks for 17.5 characters a second, more than 17.",
        ),
        ((cue(0, 48, " ", ""),), "empty", "error", "0", "1", "Cue 1 has no text."),
    ],
)
def test_each_rule_says_what_it_measured(
    cues: tuple[Cue, ...], rule: str, severity: str, measured: str, limit: str, message: str
) -> None:
    findings = check(Subject(track=track(*cues), profile=PROFILE, media=media()))
    (finding,) = findings
    assert finding.rule == rule
    assert finding.severity is Severity(severity)
    assert (finding.measured_text, finding.limit_text) == (measured, limit)
    assert finding.message == message
    assert finding.cue == cues[-1].id


def test_a_number_just_over_the_limit_is_shown_over_it() -> None:
    slow = cue(0, 4790, "x" * 3397)  # 199.78 s at 17.003
    profile = Profile(id="t", language="en", max_cpl=9999, max_duration=Fraction(999))
    (finding,) = check(Subject(track=track(slow), profile=profile, media=media()))
    assert (finding.measured_text, finding.limit_text) == ("17.1", "17")
    assert finding.measured is not None
    assert finding.limit is not None
    assert Fraction(17) < finding.measured.value < Fraction("17.1")
    assert finding.limit.value == 17
    assert finding.limit.unit == "characters/s"


def test_times_between_frames_are_found_but_not_milliseconds() -> None:
    off = Cue(id="1", span=Span(Fraction(1), FILM.time(72)), lines=("Hi there",))
    (finding,) = check(Subject(track=track(off), profile=PROFILE, media=media()))
    assert finding.rule == "off-grid"
    assert finding.message == "Cue 1 has its in-time 1 ms from the nearest frame."
    assert found(off, held=media(None)) == []
    assert found(off, held=media(variable=True)) == []


def test_cues_in_other_places_may_be_on_screen_together() -> None:
    assert found(cue(0, 48), cue(10, 60, "SIGN", number="2", top=True)) == []


def test_overlap_is_found_across_a_short_cue() -> None:
    cues = (
        cue(0, 120, "One of three lines."),
        cue(10, 40, "Two.", number="2"),
        cue(60, 90, "Three.", number="3"),
    )
    assert found(*cues) == ["overlap", "overlap"]


def test_korean_counts_half_widths() -> None:
    assert found(cue(0, 96, "정원에 열두 남자가 있다고 했다."), profile=KOREAN) == []
    assert found(cue(0, 96, "가" * 17), profile=KOREAN) == ["cpl"]


def test_a_cue_of_no_length_is_too_short_and_nothing_else() -> None:
    assert found(cue(10, 10)) == ["min-duration"]


@given(st.lists(st.integers(1, 200), min_size=2, max_size=9), st.sampled_from(["24", "25", "film"]))
def test_written_and_read_again_a_track_has_the_same_findings(
    steps: list[int], rate_name: str
) -> None:
    rate = FILM if rate_name == "film" else FrameRate(Fraction(rate_name))
    frames = [sum(steps[: i + 1]) for i in range(len(steps))]
    cues = tuple(
        Cue(id=str(i), span=Span(rate.time(a), rate.time(b)), lines=("Twelve men in a garden",))
        for i, (a, b) in enumerate(zip(frames[::2], frames[1::2], strict=False), start=1)
    )
    held = media(rate)
    back, _ = SrtReader().read(SrtWriter().write(track(*cues), held), name="a.srt")
    before = check(Subject(track=track(*cues), profile=PROFILE, media=held))
    after = check(Subject(track=back, profile=PROFILE, media=held))
    assert [(f.rule, f.cue, f.measured_text) for f in before] == [
        (f.rule, f.cue, f.measured_text) for f in after
    ]


def test_twenty_frames_are_long_enough_without_a_frame_rate_too() -> None:
    twenty = Cue(id="1", span=Span(Fraction(1), Fraction(1833, 1000)), lines=("Hi.",))
    assert found(twenty, held=media(None)) == []


def test_only_the_rules_asked_for_run() -> None:
    lines = [rule for rule in RULES if rule.name == "lines"]
    bad = track(cue(0, 1, "a", "b", "x" * 99))
    assert [
        f.rule for f in check(Subject(track=bad, profile=PROFILE, media=media()), rules=lines)
    ] == ["lines"]


def test_summary_counts_by_severity_and_rule() -> None:
    findings = check(
        Subject(track=track(cue(0, 1, "a", "b", "x" * 99)), profile=PROFILE, media=media())
    )
    assert summarize(findings) == {
        "findings": 4,
        "severity": {"error": 3, "warning": 1},
        "rules": {"cpl": 1, "lines": 1, "min-duration": 1, "reading-speed": 1},
    }
    assert summarize([]) == {"findings": 0, "severity": {"error": 0, "warning": 0}, "rules": {}}


@given(
    st.integers(1, 999_999),
    st.fractions(Fraction(-1, 1000), Fraction(1, 1000)) | st.just(Fraction(1, 2000)),
    st.sampled_from(["24000/1001", "25", "60000/1001"]),
)
def test_a_time_is_on_the_grid_within_half_a_millisecond(
    frame: int, off: Fraction, rate_name: str
) -> None:
    rate = FrameRate(Fraction(rate_name))
    time = rate.time(frame) + off
    near = abs(rate.snap(time) - time) <= Fraction(1, 2000)
    assert is_on_grid(time, rate) == near
    span = on_grid(Span(time, time), media(rate))
    assert span.start == (rate.snap(time) if near else time)
