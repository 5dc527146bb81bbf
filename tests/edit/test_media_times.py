"""Times as people write them: seconds, a clock, or timecode."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from subkit.edit.media_times import find_time, media_time
from subkit.errors import InputError
from subkit.model import FrameRate, Media

MEDIA = Media(path="", digest="", duration=Fraction(9000), frame_rate=FrameRate(Fraction(25)))
TEN = replace(MEDIA, programme_start=Fraction(36000))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("12.5", Fraction(25, 2)),
        ("12,5", Fraction(25, 2)),
        ("0", 0),
        ("25/2", Fraction(25, 2)),
        ("1:02", 62),
        ("1:02.5", Fraction(125, 2)),
        ("01:00:02,040", 3602 + Fraction(1, 25)),
        ("2:00:00", 7200),
        ("00:00:02:05", 2 + Fraction(5, 25)),
    ],
)
def test_a_time_is_read_as_it_is_usually_written(text: str, seconds: Fraction) -> None:
    assert media_time(f" {text} ", MEDIA) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10:00:05.5", Fraction(11, 2)),
        ("10:00:00", 0),
        ("09:59:59", 35999),
        ("00:00:05.5", Fraction(11, 2)),
        ("10:00:01:05", 1 + Fraction(5, 25)),
        ("83.4", Fraction(834, 10)),
    ],
)
def test_a_clock_is_that_of_the_programme_where_it_can_be(text: str, seconds: Fraction) -> None:
    assert media_time(text, TEN) == seconds


@pytest.mark.parametrize(
    "text", ["", "soon", "1:2:3:4:5", "12/0", "-3", "1e3", "12.5s", "09:59:59:00"]
)
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(InputError, match="is not a time of this media"):
        media_time(text, TEN)


def test_a_timecode_before_the_programme_is_negative() -> None:
    assert find_time("09:59:59:00", TEN) == -1
    assert find_time("soon", TEN) is None
