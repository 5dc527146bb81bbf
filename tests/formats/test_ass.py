from __future__ import annotations

import io
from fractions import Fraction

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.errors import FormatError
from subkit.formats.ass import AssWriter, centiseconds
from subkit.interfaces.file_contents import WriteRequest
from subkit.model import Cue, Feature, FrameRate, Mark, Media, Placement, Span, Track

RATES = [
    FrameRate(Fraction(rate))
    for rate in ("24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60")
]


def media(rate: FrameRate | None = None, width: int = 0, height: int = 0) -> Media:
    return Media(
        path="/film.mkv",
        digest="",
        duration=Fraction(100),
        frame_rate=rate,
        width=width,
        height=height,
    )


def script(cues: tuple[Cue, ...], found: Media, note: str = "") -> tuple[str, pysubs2.SSAFile]:
    track = Track(id="ko", language="ko", cues=cues)
    text = AssWriter().write(track, found, note=note).decode()
    return text, pysubs2.SSAFile.from_file(io.StringIO(text), format_="ass")


def test_header_says_what_made_it_and_the_picture() -> None:
    text, read = script((), media(width=1280, height=720), note="Made by a machine.\n\nCheck it.")
    assert text.startswith("[Script Info]\n; Made by a machine.\n; Check it.\n")
    assert (read.info["PlayResX"], read.info["PlayResY"]) == ("1280", "720")
    assert read.info["Language"] == "ko"
    assert list(read.styles) == ["Default"]
    assert read.styles["Default"].fontsize == pytest.approx(58 * 720 / 1080, abs=0.1)


def test_without_picture_the_script_is_full_hd() -> None:
    _, read = script((), media())
    assert (read.info["PlayResX"], read.info["PlayResY"]) == ("1920", "1080")


def test_text_is_escaped_and_placed() -> None:
    cue = Cue(
        id="1",
        span=Span(Fraction(1), Fraction(2)),
        lines=("a {b} \\N c", "", "d"),
        placement=Placement(vertical="top"),
        speaker="Kim, Ana\n",
    )
    _, read = script((cue,), media())
    assert read.events[0].text == "{\\an8}a \\{{}b} \\\u2060N c\\N\u00a0\\Nd"
    assert read.events[0].name == "Kim Ana"


@given(st.sampled_from(RATES), st.lists(st.integers(0, 700_000), min_size=2, max_size=8))
def test_frames_are_found_again_and_cues_never_overlap(rate: FrameRate, frames: list[int]) -> None:
    times = [rate.time(frame) for frame in sorted(frames)]
    written = [Fraction(centiseconds(time, rate), 100) for time in times]
    assert [rate.frame(time) for time in written] == sorted(frames)
    assert written == sorted(written)


@given(st.sampled_from([*RATES, None]), st.lists(st.fractions(0, 9999), min_size=2))
def test_times_off_the_grid_keep_their_order(rate: FrameRate | None, times: list[Fraction]) -> None:
    written = [centiseconds(time, rate) for time in sorted(times)]
    assert written == sorted(written)
    assert all(
        abs(Fraction(w, 100) - t) < Fraction(1, 100)
        for w, t in zip(written, sorted(times), strict=True)
    )


def test_ten_hours_are_refused_not_clamped() -> None:
    cue = Cue(id="late", span=Span(Fraction(35999), Fraction(36000)), lines=("x",))
    with pytest.raises(FormatError, match="late"):
        script((cue,), media())


def test_the_double_height_of_teletext_is_no_size_in_points() -> None:
    double = Mark(start=0, end=5, feature=Feature.SIZE, value="200", how="double")
    large = Mark(start=0, end=5, feature=Feature.SIZE, value="150")
    cues = [
        Cue(id=name, span=Span(Fraction(at), Fraction(at + 1)), lines=("Hello",), marks=(mark,))
        for at, (name, mark) in enumerate([("1", double), ("2", large)])
    ]
    track = Track(id="en", language="en", cues=tuple(cues))
    written = AssWriter().write_file(
        track, Media(path="", digest="", duration=Fraction(9)), WriteRequest()
    )
    first, second = written.data.decode().splitlines()[-2:]
    assert first.endswith(",,Hello")
    assert second.endswith(r",,{\fs87}Hello")
    assert [(loss.feature, loss.cues) for loss in written.losses] == [("size", ("1",))]
