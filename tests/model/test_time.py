"""Exact time: laws of spans, frame rates and timecode."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.errors import TimecodeError
from subkit.model import Feature, FrameRate, Mark, Rounding, Span, seconds, small_number

RATES = [
    FrameRate(Fraction(24000, 1001)),
    FrameRate(Fraction(24)),
    FrameRate(Fraction(25)),
    FrameRate(Fraction(30000, 1001)),
    FrameRate(Fraction(30000, 1001), drop_frame=True),
    FrameRate(Fraction(60000, 1001), drop_frame=True),
    FrameRate(Fraction(120)),
]

times = st.fractions(min_value=0, max_value=36_000, max_denominator=48_000)
rates = st.sampled_from(RATES)


@pytest.mark.parametrize("value", [1.5, True, None])
def test_only_exact_numbers_are_times(value: object) -> None:
    with pytest.raises(TypeError):
        seconds(value)  # type: ignore[arg-type]


def test_text_times() -> None:
    assert seconds("3003/1000") == Fraction(3003, 1000)
    assert seconds("0.5") == Fraction(1, 2)
    with pytest.raises(TimecodeError):
        seconds("soon")


@pytest.mark.parametrize(("start", "end"), [(2, 1), (-1, 1)])
def test_a_span_is_ordered_and_not_negative(start: int, end: int) -> None:
    with pytest.raises(TimecodeError):
        Span(Fraction(start), Fraction(end))


def test_spans_are_half_open() -> None:
    first, second = Span(Fraction(0), Fraction(1)), Span(Fraction(1), Fraction(2))
    assert not first.overlaps(second)
    assert first.overlaps(Span(Fraction(1, 2), Fraction(3, 2)))


@given(rates, st.integers(0, 10_000_000))
def test_a_frame_number_survives_time_and_timecode(rate: FrameRate, frame: int) -> None:
    time = rate.time(frame)
    for rounding in Rounding:
        assert rate.frame(time, rounding) == frame
    if frame < 99 * 3600 * rate.nominal:
        assert rate.frame(rate.parse_timecode(rate.timecode(time))) == frame


@given(rates, times)
def test_rounding_goes_where_its_name_says(rate: FrameRate, time: Fraction) -> None:
    before, after = rate.snap(time, Rounding.BEFORE), rate.snap(time, Rounding.AFTER)
    assert before <= time <= after
    assert after - before in (0, 1 / rate.rate)
    assert abs(rate.snap(time) - time) <= Fraction(1, 2) / rate.rate


@given(rates, times, times)
def test_timecode_grows_with_time(rate: FrameRate, one: Fraction, other: Fraction) -> None:
    early, late = sorted((one, other))
    assert rate.timecode(early) <= rate.timecode(late)


def test_drop_frame_follows_the_clock() -> None:
    rate = FrameRate(Fraction(30000, 1001), drop_frame=True)
    assert rate.timecode(Fraction(600)) == "00:10:00;00"
    assert rate.timecode(rate.time(1800)) == "00:01:00;02"
    assert rate.timecode(Fraction(1), Fraction(3600)) == "01:00:01;00"


def test_skipped_drop_frame_numbers_are_refused() -> None:
    with pytest.raises(TimecodeError, match="skips"):
        FrameRate(Fraction(30000, 1001), drop_frame=True).parse_timecode("00:01:00;00")


def test_drop_frame_exists_only_at_two_rates() -> None:
    with pytest.raises(TimecodeError):
        FrameRate(Fraction(24000, 1001), drop_frame=True)


@pytest.mark.parametrize("text", ["1:2", "00:60:00:00", "00:00:00:24", "", "aa:bb:cc:dd"])
def test_what_is_no_timecode_is_refused(text: str) -> None:
    with pytest.raises(TimecodeError):
        FrameRate(Fraction(24)).parse_timecode(text)


def test_a_span_is_shown_as_a_clock_shows_it_whole_or_one_end() -> None:
    span = Span(Fraction(3003, 2000), Fraction(366_100_006, 10_000))
    assert f"{span}" == "00:00:01.502-10:10:10.001"
    assert f"{span:start}" == "00:00:01.502"
    assert format(span, "end") == "10:10:10.001"
    assert f"{span:>30}|" == "     00:00:01.502-10:10:10.001|"
    assert f"{span.start}" == "3003/2000", "a time itself stays a fraction"


@pytest.mark.parametrize(
    "text", ["1e999999999", "1E9", "9" * 2000, "1/0", "", "nan", "0x10", "1_0"]
)
def test_a_number_that_would_take_forever_or_is_none_is_refused(text: str) -> None:
    with pytest.raises(TimecodeError):
        seconds(text)


@pytest.mark.parametrize("text", ["3003/1000", " 3.003 ", "3.003"])
def test_exact_text_is_exact(text: str) -> None:
    assert seconds(text) == Fraction(3003, 1000)


def test_a_delay_is_a_time() -> None:
    with pytest.raises(TimecodeError):
        Mark(start=0, end=1, feature=Feature.DELAY, value="1e999999999")


@pytest.mark.parametrize("text", ["²", "٣", "1" * 5000, "-1", "+1", "1.0", "", "1 2"])
def test_what_is_no_small_number(text: str) -> None:
    assert small_number(text) is None


def test_a_small_number_may_have_space_around() -> None:
    assert small_number(" 024\n") == 24
