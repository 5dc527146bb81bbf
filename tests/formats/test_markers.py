"""Markers and captions of editing systems: EDL, FCPXML, xmeml, XMP."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from subkit.errors import FormatError
from subkit.formats import reader_for, reader_of_content, writer_for
from subkit.formats.losses import told_losses
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest
from subkit.model import Feature, FrameRate, Media, Placement, Span, Track
from tests.styled import FORMATS, cue, letters, marked, styled_tracks, track

RATE = FrameRate(Fraction(24))
FILM = Media(
    path="/film.mkv",
    digest="",
    duration=Fraction(100),
    frame_rate=RATE,
    programme_start=Fraction(3600),
)
LOOKS = {
    Feature.ITALIC: [("", "")],
    Feature.BOLD: [("", "")],
    Feature.UNDERLINE: [("", "")],
    Feature.COLOR: [("#ff0000ff", ""), ("#12345680", "")],
    Feature.FONT: [("Noto Sans", "")],
}


def read(name: str, data: str | bytes, **asked: Any) -> FileContent:
    found = data.encode() if isinstance(data, str) else data
    content: FileContent = reader_for(name).read_file(found, ReadRequest(name="a", **asked))  # type: ignore[attr-defined]
    return content


def written(name: str, found: Track, media: Media = FILM) -> str:
    return writer_for(name).write(found, media).decode()


def told(name: str, found: Track) -> str:
    return told_losses(writer_for(name).write_file(found, FILM, WriteRequest()).losses)  # type: ignore[attr-defined]


def test_markers_of_resolve_come_back() -> None:
    data = (FORMATS / "edl" / "resolve_markers.edl").read_bytes()
    with pytest.raises(FormatError, match="--fps"):
        read("edl", data)
    content = read("edl", data, rate=RATE, language="en")
    (found,) = content.tracks
    assert (content.title, content.start) == ("Timeline 1", Fraction(3600))
    assert [(c.text, c.style, float(c.span.start), float(c.span.duration)) for c in found.cues] == [
        ("First marker", "ResolveColorCyan", 5.0, 5.0),
        ("Second one", "ResolveColorBlue", 10.5, pytest.approx(1 / 24)),
    ]
    writer = writer_for("edl")
    again = writer.write_file(found, FILM, WriteRequest(title="Timeline 1"))  # type: ignore[attr-defined]
    assert again.losses == ()
    assert again.data.decode().split() == data.decode().split()


def test_the_full_hour_is_one_of_timecode_where_frames_last_longer() -> None:
    data = (FORMATS / "edl" / "resolve_markers.edl").read_bytes()
    content = read("edl", data, rate=FrameRate(Fraction(24000, 1001)), language="en")
    assert content.start == Fraction(36036, 10)
    assert float(content.tracks[0].cues[0].span.start) == pytest.approx(5.005)


def test_markers_of_avid_are_cues_without_a_length() -> None:
    data = (FORMATS / "edl" / "screening_example.edl").read_bytes()
    (found,) = read("edl", data, rate=RATE, start=Fraction(3600)).tracks
    assert [(c.text, c.style, c.span) for c in found.cues] == [
        ("ANIM FIX NEEDED", "RED", Span(Fraction(38, 24), Fraction(38, 24))),
        ("ANIM FIX NEEDED", "PINK", Span(Fraction(62, 24), Fraction(62, 24))),
        ("", "GREEN", Span(Fraction(15 * 24 + 13, 24), Fraction(15 * 24 + 13, 24))),
    ]


def test_what_markers_do_not_hold_is_told() -> None:
    made = track(cue("a|b", "c", span=Span(Fraction(1, 100), Fraction(2)), speaker="Kim"))
    assert told("edl", made) == (
        "1 speaker, 1 time off the format's grid, 1 line break, 1 letter (|) (cue 1)"
    )


def test_timecode_ends_with_the_day() -> None:
    late = track(cue("a", span=Span(Fraction(86_000), Fraction(90_000))))
    with pytest.raises(FormatError, match="24 hours"):
        written("edl", late)


def test_captions_of_final_cut_are_read_through_their_clips() -> None:
    content = read("fcpxml", (FORMATS / "fcpxml" / "captions.fcpxml").read_bytes(), language="de")
    (found,) = content.tracks
    assert (content.rate, content.start, content.title) == (
        FrameRate(Fraction(25)),
        Fraction(3600),
        "Project",
    )
    assert found.language == "en"
    first, second = found.cues
    assert (first.lines, first.span) == (("Hello caption",), Span(Fraction(1), Fraction(3)))
    assert (second.lines, second.span) == (
        ("Line one", "line two - italic tail"),
        Span(Fraction(4), Fraction(13, 2)),
    )
    assert second.marks == (marked(17, 31, Feature.ITALIC),)
    assert second.placement == Placement(vertical="top")
    again = read("fcpxml", written("fcpxml", found), language="en")
    assert again.tracks[0].cues == found.cues


def test_titles_and_markers_of_final_cut_are_tracks() -> None:
    source = (
        '<fcpxml><resources><format id="r1" frameDuration="1001/30000s"/></resources>'
        '<project name="P"><sequence format="r1" tcStart="0s" tcFormat="DF"><spine>'
        '<clip offset="10s" start="100s" duration="20s">'
        '<title lane="1" offset="102s" duration="2s"><text><text-style ref="a">Sign</text-style>'
        '</text><text-style-def id="a"><text-style bold="1" font="Noto" fontSize="40"/>'
        '</text-style-def></title><marker start="105s" duration="1s" value="Check"/></clip>'
        "</spine></sequence></project></fcpxml>"
    )
    content = read("fcpxml", source, language="en")
    titles, markers = content.tracks
    assert content.rate == FrameRate(Fraction(30000, 1001), drop_frame=True)
    assert (titles.id, titles.cues[0].text, titles.cues[0].span.start) == (
        "en",
        "Sign",
        Fraction(12),
    )
    assert {m.feature for m in titles.cues[0].marks} == {Feature.BOLD, Feature.FONT, Feature.SIZE}
    assert (markers.id, markers.cues[0].text, markers.cues[0].span) == (
        "en.markers",
        "Check",
        Span(Fraction(15), Fraction(16)),
    )


@settings(max_examples=30)
@given(styled_tracks(LOOKS))
def test_any_styled_track_comes_back_from_final_cut(made: Track) -> None:
    (found,) = read("fcpxml", written("fcpxml", made), language="en").tracks
    for mine, back in zip(made.cues, found.cues, strict=True):
        assert back.span == mine.span
        assert [letter for letter, _ in letters(back)] == [letter for letter, _ in letters(mine)]
        for (_, looks), (_, wanted) in zip(letters(back), letters(mine), strict=True):
            assert {f for f, _, _ in looks} - {"size"} == {f for f, _, _ in wanted}


@pytest.mark.parametrize("rate", ["24000/1001", "25", "30000/1001", "60000/1001"])
@pytest.mark.parametrize("name", ["edl", "fcpxml"])
def test_frames_come_back(name: str, rate: str) -> None:
    grid = FrameRate(Fraction(rate), drop_frame=rate == "30000/1001")
    media = Media(path="", digest="", duration=Fraction(1), frame_rate=grid)
    frames = [0, 1, 1799, 1800, 17_982, 80_000]
    made = track(*(cue("a", id=str(n), span=Span(grid.time(n), grid.time(n + 2))) for n in frames))
    content = read(name, written(name, made, media), rate=grid, start=Fraction(0))
    found = content.tracks[0].cues
    assert [(grid.frame(c.span.start), grid.frame(c.span.end)) for c in found] == [
        (n, n + 2) for n in frames
    ]
    assert content.rate == grid


def test_xmeml_has_markers_and_texts() -> None:
    source = (
        '<?xml version="1.0"?><!DOCTYPE xmeml><xmeml version="5"><sequence><name>S</name>'
        "<rate><ntsc>TRUE</ntsc><timebase>24</timebase></rate>"
        "<marker><name>M</name><comment>Look</comment><in>24</in><out>-1</out></marker>"
        "<media><video><track><generatoritem><start>48</start><end>96</end><effect><parameter>"
        "<parameterid>str</parameterid><value>One&#13;two</value></parameter></effect>"
        "</generatoritem></track></video></media></sequence></xmeml>"
    )
    content = read("fcp7", source)
    (found,) = content.tracks
    assert (content.rate, content.title) == (FrameRate(Fraction(24000, 1001)), "S")
    assert [(c.lines, c.span.start, c.span.duration) for c in found.cues] == [
        (("M", "Look"), Fraction(1001, 1000), 0),
        (("One", "two"), Fraction(2002, 1000), Fraction(2002, 1000)),
    ]
    with pytest.raises(FormatError, match="no marker"):
        read("fcp7", (FORMATS / "fcp7" / "hiero_xml_export.xml").read_bytes())


def test_xmp_has_markers_in_ticks() -> None:
    (found,) = read("xmp", (FORMATS / "adobe" / "premiere_markers.xmp").read_bytes()).tracks
    assert [(c.text, c.span) for c in found.cues] == [
        ("Marker at four seconds", Span(Fraction(4), Fraction(6)))
    ]


@pytest.mark.parametrize(
    ("path", "extension"),
    [
        ("edl/resolve_markers.edl", "edl"),
        ("edl/screening_example.edl", "edl"),
        ("fcpxml/captions.fcpxml", "fcpxml"),
        ("fcp7/hiero_xml_export.xml", "xml"),
        ("adobe/premiere_markers.xmp", "xmp"),
    ],
)
def test_a_format_is_known_by_its_content(path: str, extension: str) -> None:
    found = reader_of_content((FORMATS / path).read_bytes())
    assert found is not None
    assert found.extension == extension


@pytest.mark.parametrize("name", ["edl", "fcpxml", "fcp7", "xmp"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "<a/>",
        "<fcpxml><sequence/></fcpxml>",
        "<!DOCTYPE x SYSTEM 'a'><x/>",
        "<a>" * 10_000,
        "<xmeml><sequence><rate><timebase>x</timebase></rate></sequence></xmeml>",
        '<fcpxml><format id="r" frameDuration="0/0s"/><sequence format="r"><marker/></sequence>',
    ],
)
def test_something_else_is_refused_with_its_place(name: str, text: str) -> None:
    with pytest.raises(FormatError) as error:
        read(name, text)
    assert error.value.line >= 1
    assert error.value.column >= 1
