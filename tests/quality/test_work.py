"""How much work a check is: twice the cues, twice the steps; and the sieves that save steps."""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.formats.srt import SrtReader
from subkit.formats.text_times import stamp
from subkit.interfaces import Subject
from subkit.model import Cue, FrameRate, Media, Span
from subkit.quality import check
from subkit.styles import load_profile
from subkit.timing.measures import may_follow, may_last_less, may_last_more, on_grid

TEXTS = (
    "I told you to wait\nby the car.",
    "When the storm came in,",
    '"No  way," he said',
    "- Where is the\n- the ( man?",
    "the the end ,",
    "C'était l'été…",
    "She wouldn't say what she had seen in the house on the other side of the road",
)
FILM = FrameRate(Fraction(24000, 1001))

times = st.fractions(min_value=0, max_value=20, max_denominator=3000)


def subtitles(cues: int) -> bytes:
    """Faulty subtitles: some too short, too near, too long, with faulty marks."""
    blocks = []
    clock = Fraction(0)
    for number in range(cues):
        start = clock + Fraction((40, 84, 700, 2500)[number % 4], 1000)
        clock = start + Fraction((300, 1500, 3100)[number % 3], 1000)
        text = TEXTS[number % len(TEXTS)]
        blocks.append(f"{number + 1}\n{stamp(start, ',')} --> {stamp(clock, ',')}\n{text}\n")
    return "\n".join(blocks).encode()


def steps(cues: int) -> int:
    """Function calls that reading and checking so many cues takes."""
    data = subtitles(cues)
    profile = load_profile("netflix", "en")
    count = 0

    def step(frame: object, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(step)
    try:
        track, _ = SrtReader().read(data, name="x.srt", language="en")
        media = Media(path="", digest="", duration=track.cues[-1].span.end)
        found = check(Subject(track=track, profile=profile, media=media))
    finally:
        sys.setprofile(before)
    assert len(found) > cues / 2
    return count


def assert_linear(cues: int) -> None:
    steps(cues)  # tables are read once
    once, twice = steps(cues), steps(2 * cues)
    assert once < twice < 2.1 * once


@pytest.mark.slow
def test_twice_the_cues_are_twice_the_steps() -> None:
    assert_linear(400)


@pytest.mark.soak
def test_twice_the_cues_are_twice_the_steps_of_a_long_file() -> None:
    assert_linear(20_000)


@given(times, times, times, st.booleans())
def test_a_sieve_lets_through_all_that_the_rule_finds(
    start: Fraction, length: Fraction, limit: Fraction, gridded: bool
) -> None:
    media = Media(path="", digest="", duration=Fraction(99), frame_rate=FILM if gridded else None)
    cue = Cue(id="1", span=Span(start, start + length), lines=("x",))
    measured = on_grid(cue.span, media).duration
    assert may_last_less(cue, float(limit)) or measured >= limit
    assert may_last_more(cue, float(limit)) or measured <= limit
    after = Cue(id="2", span=Span(limit, limit + 1), lines=("y",))
    gap = on_grid(after.span, media).start - on_grid(cue.span, media).end
    assert may_follow(cue, after, float(length)) or gap >= length
