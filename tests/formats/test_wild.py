"""Files from the wild: one odd line costs one cue, and is quoted."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.errors import FormatError
from subkit.formats.srt import SrtReader, SrtWriter
from subkit.formats.webvtt import WebVttReader, WebVttWriter
from subkit.model import Cue, Media, Placement, Span, Track
from tests.wild import WILD

MEDIA = Media(path="", digest="", duration=Fraction(100))
PLAY = [f"Line number {number} of the play." for number in range(1, 8)]


def read(name: str) -> tuple[Track, str]:
    reader = WebVttReader() if name.endswith("vtt") else SrtReader()
    track, repairs = reader.read((WILD / name).read_bytes(), name=name, language="en")
    return track, "\n".join(repairs)


def of_srt(text: str) -> tuple[Track, str]:
    track, repairs = SrtReader().read(text.encode(), name="film.srt", language="en")
    return track, "\n".join(repairs)


def test_a_time_with_a_float_behind_it_is_a_time() -> None:
    track, repairs = read("F03/one.en.srt")
    assert [cue.text for cue in track.cues] == PLAY
    assert track.cues[2].span == Span(Fraction(6), Fraction("7.5"))
    assert "line 10" in repairs


def test_a_time_line_that_cannot_be_read_costs_one_cue() -> None:
    track, repairs = read("F03/two.en.vtt")
    assert [cue.text for cue in track.cues] == [*PLAY[:2], *PLAY[3:]]
    assert "line 12" in repairs
    assert "00:00:06.000 --> 00:00:1d.500 Line number 3 of the play." in repairs


def test_an_arrow_in_the_text_is_text() -> None:
    track, repairs = read("F03/three.en.vtt")
    assert len(track.cues) == 7
    assert track.cues[2].text == "Home --> work, line number 3."
    assert "line 13 ('Home --> work, line number 3.')" in repairs


def test_brace_tags_and_drawings_are_no_text() -> None:
    track, repairs = read("F06/film.en.srt")
    assert [cue.lines for cue in track.cues] == [
        (),
        ("Bold and slanted",),
        ("Upper", "lower"),
        ("Up there",),
    ]
    assert track.cues[3].placement == Placement(vertical="top")
    assert "A drawing was kept as markup, not as text: line 2." in repairs


def test_segments_keep_their_clock() -> None:
    track, repairs = read("F08/hls.en.vtt")
    assert [cue.span.start for cue in track.cues] == [1, 7]
    assert "MPEGTS:1440000" in repairs


def test_a_clock_of_33_bits_goes_on_past_its_end() -> None:
    head = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:{},LOCAL:00:00:00.000\n\n00:01.000 --> 00:02.000\n{}\n"
    text = "\n".join((head.format(2**33 - 90_000, "One."), head.format(90_000, "Two.")))
    track, _ = WebVttReader().read(text.encode(), name="film.vtt", language="en")
    assert [cue.span.start for cue in track.cues] == [1, 3]


@pytest.mark.parametrize(
    "line",
    [
        "00:00:01,000 -> 00:00:02,500",
        "00:00:01,000 → 00:00:02,500",
        "00:00:01,000 => 00:00:02,500",
        "00:00:01,000 ==> 00:00:02,500",
        "00:00:01,000 -- > 00:00:02,500",
        "00:00:01,000 –> 00:00:02,500",
        "00:00:01,000 --&gt; 00:00:02,500",
        "00:00:01;000 --> 00:00:02;500",
        "00:00:01:000 --> 00:00:02:500",
        "00.00.01,000 --> 00.00.02,500",
        "00;00;01.000 --> 00;00;02.500",
        "00:00:01\u00a0,000\u00a0-->\u00a000:00:02,500\u00a0",
        "\u200e00:00:01,000 --> 00:00:02,500",
        "00: 00: 01, 000 --> 00: 00: 02, 500",
        "0:0:1,0 --> 0:0:2,5",
        "００:００:０１，０００ --> 00:00:02,500",
        "00:00:01,000.0000000000582 --> 00:00:02,500",
    ],
)
def test_times_of_the_wild_are_times(line: str) -> None:
    text = f"1\n{line}\nHello.\n\n2\n00:00:03,000 --> 00:00:04,000\nNext.\n"
    track, _ = of_srt(text)
    assert [cue.lines for cue in track.cues] == [("Hello.",), ("Next.",)]
    assert track.cues[0].span == Span(Fraction(1), Fraction("2.5"))


@pytest.mark.parametrize(
    "line", ["00:00:0x,000 --> 00:00:02,000", "00:00:01,000 --> 00:00:xx,000", "--> 00:00:02,000"]
)
def test_a_bad_time_line_is_never_text_of_the_cue_before(line: str) -> None:
    good = "00:00:0{},000 --> 00:00:0{},500\n{}\n\n"
    text = (
        "1\n" + good.format(1, 1, "One.") + f"2\n{line}\nTwo.\n\n3\n" + good.format(3, 3, "Three.")
    )
    track, repairs = of_srt(text)
    assert [cue.lines for cue in track.cues] == [("One.",), ("Three.",)]
    assert f"line 6 ('{line} Two.')" in repairs


def test_a_file_without_any_time_that_can_be_read_is_refused() -> None:
    with pytest.raises(FormatError, match="line 2, column 8"):
        of_srt("1\n00:00:0x,000 --> 00:00:02,000\ntext")


texts = st.lists(
    st.sampled_from(
        [
            "00:00:01,000",
            "→",
            "-->",
            "=>",
            "--",
            "00:00:02.500",
            "{b}",
            "\\N",
            "{\\p1}",
            "&gt;",
            "a",
        ]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)


@given(texts, st.sampled_from(["srt", "vtt"]))
def test_text_like_times_and_tags_comes_back_as_text(text: str, extension: str) -> None:
    cues = tuple(
        Cue(id=str(n), span=Span(Fraction(n), Fraction(n) + 1), lines=lines)
        for n, lines in ((1, (text, text)), (2, ("next",)))
    )
    track = Track(id="en", language="en", cues=cues)
    writer, reader = (
        (SrtWriter(), SrtReader()) if extension == "srt" else (WebVttWriter(), WebVttReader())
    )
    back, _ = reader.read(writer.write(track, MEDIA), name="film", language="en")
    assert [cue.lines for cue in back.cues] == [cue.lines for cue in cues]
