"""D-cinema subtitles: read as they are found, written as the schemas and cinemas want them."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

from subkit.errors import FormatError, PlanError
from subkit.formats import reader_for, reader_of_content, writer_for
from subkit.formats.dcinema import DCinemaReader, InteropWriter, SmpteCinemaWriter
from subkit.formats.losses import told_losses
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import Cue, Fade, Feature, FrameRate, Mark, Media, Placement, Span, Track
from subkit.model.styling import Area
from tests.styled import FORMATS, cue, letters, marked, styled_tracks, track

CASES = sorted(FORMATS.glob("dcinema/*.xml"))
SCHEMAS = FORMATS.parent / "xsd" / "dcinema"
KINDS = {
    "interop": (InteropWriter, "", "DCSubtitle.xsd"),
    "2014": (SmpteCinemaWriter, "2014", "DCDMSubtitle-2014.xsd"),
    "2010": (SmpteCinemaWriter, "2010", "DCDMSubtitle-2010.xsd"),
    "closed-caption": (SmpteCinemaWriter, "closed-caption", "DCDMSubtitle-2014.xsd"),
}
CINEMA = FrameRate(Fraction(24))
MEDIA = Media(path="/film.mkv", digest="", duration=Fraction(100), frame_rate=CINEMA)


@cache
def _schema(name: str) -> Any:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / name)))


def _written(what: Track, kind: str = "2014", media: Media = MEDIA, **more: Any) -> WrittenFile:
    writer, profile, schema = KINDS[kind]
    written = writer().write_file(what, media, WriteRequest(profile=profile, **more))
    if what.cues:
        assert _schema(schema).validate(etree.fromstring(written.data)), _schema(schema).error_log
    return written


def _content(data: bytes, **more: Any) -> FileContent:
    return DCinemaReader().read_file(data, ReadRequest(name="reel.xml", **more))


def _smpte(events: str, head: str = "<TimeCodeRate>24</TimeCodeRate>") -> FileContent:
    return _content(
        '<SubtitleReel xmlns="http://www.smpte-ra.org/schemas/428-7/2014/DCST">'
        f'<LoadFont ID="f">urn:uuid:1</LoadFont>{head}<SubtitleList>{events}</SubtitleList>'
        "</SubtitleReel>".encode()
    )


def _event(text: str, times: str = 'TimeIn="00:00:01:00" TimeOut="00:00:02:00"') -> str:
    return f'<Subtitle SpotNumber="1" {times}>{text}</Subtitle>'


TWO = (
    cue("Up left", number=1, placement=Placement(vertical="top", horizontal="left")),
    cue("two", "lines", number=3, marks=(marked(0, 9, Feature.ITALIC), marked(0, 3, Feature.BOLD))),
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", ["interop", "2014", "2010"])
def test_every_case_reads_and_comes_back(path: Path, kind: str) -> None:
    content = _content(path.read_bytes())
    assert content.tracks[0].language == "en"
    lines = ("- How do you see", "empathy just on a whole,")
    assert [c.lines for c in content.tracks[0].cues] == [lines]
    same = ("interop" in path.stem and "2010" not in path.stem) == (kind == "interop")
    if not same:
        return
    media = replace(MEDIA, frame_rate=content.rate or CINEMA)
    written = _written(content.tracks[0], kind, media)
    back = _content(written.data)
    assert back.tracks[0].cues == content.tracks[0].cues
    assert back.tracks[0].carried == content.tracks[0].carried
    assert back.start == content.start
    assert b'osition="79.29"' in written.data


def test_case_and_namespaces_are_read_whatever_they_are() -> None:
    found = [_content(path.read_bytes()) for path in CASES]
    assert [c.tracks[0].cues[0].placement.vertical for c in found] == ["top"] * 3
    assert [len(c.repairs) for c in found] == [1, 2, 2]
    assert found[1].rate == FrameRate(Fraction(25))
    assert found[1].start == 8 + Fraction(1, 25)
    assert found[1].tracks[0].cues[0].span.start == 20 + Fraction(20, 25)
    assert found[0].tracks[0].cues[0].span.start == 6 + Fraction(40, 250)


def test_writes_what_the_recipe_says() -> None:
    written = _written(track(*TWO), title="Film", note="By a machine.", reel=2)
    assert written.losses == ()
    text = written.data.decode()
    for part in (
        "<dcst:ContentTitleText>Film</dcst:ContentTitleText>",
        "<dcst:AnnotationText>By a machine.</dcst:AnnotationText>",
        "<dcst:ReelNumber>2</dcst:ReelNumber>",
        "<dcst:EditRate>24 1</dcst:EditRate>",
        (
            '<dcst:Subtitle SpotNumber="1" TimeIn="00:00:01:00" TimeOut="00:00:02:00" '
            'FadeUpTime="00:00:00:02" FadeDownTime="00:00:00:02">'
        ),
        '<dcst:Text Halign="left" Hposition="8" Valign="top" Vposition="8" Direction="ltr">Up left',
        '<dcst:Font Italic="yes">',
        'Vposition="14.5" Direction="ltr"><dcst:Font Weight="bold">two</dcst:Font></dcst:Text>',
        'Vposition="8" Direction="ltr">lines</dcst:Text>',
    ):
        assert part in text, part
    interop = _written(track(*TWO), "interop", note="a -- b").data.decode()
    assert "<!-- a - - b -->" in interop
    assert 'TimeIn="00:00:01:000" TimeOut="00:00:02:000" FadeUpTime="20"' in interop
    assert 'HAlign="left" HPosition="8" VAlign="top" VPosition="8"' in interop


def test_ids_follow_the_content() -> None:
    def id_of(what: Track, **more: Any) -> str:
        return str(etree.fromstring(_written(what, "interop", **more).data)[0].text)

    assert id_of(track(*TWO)) == id_of(track(*TWO))
    others = {id_of(track(*TWO)), id_of(track(TWO[0])), id_of(track(*TWO), reel=2)}
    assert len(others) == 3


JAPANESE = track(
    cue(
        "漢字12です",
        marks=(marked(0, 2, Feature.RUBY, "かんじ", "after"), marked(2, 4, Feature.COMBINE, "all")),
        placement=Placement(vertical="top", horizontal="right", writing="vertical-rl"),
    ),
    language="ja",
)


@pytest.mark.parametrize("kind", KINDS)
def test_japanese(kind: str) -> None:
    written = _written(JAPANESE, kind)
    assert written.losses == ()
    back = _content(written.data).tracks[0]
    assert back.language == "ja"
    assert back.cues == JAPANESE.cues


def test_fades_come_back() -> None:
    fades = (
        Fade(up=Fraction(1, 2), down=Fraction(0)),
        None,
        Fade(up=Fraction(2), down=Fraction(1)),
    )
    cues = [cue("x", number=2 * n + 1, fade=fade) for n, fade in enumerate(fades)]
    for kind in ("interop", "2014"):
        back = _content(_written(track(*cues), kind).data).tracks[0]
        assert tuple(c.fade for c in back.cues) == fades
    closed = _written(track(*cues), "closed-caption")
    assert told_losses(closed.losses) == "2 fades (cues 1, 5)"


def test_an_area_is_a_distance() -> None:
    area = Area(x=Fraction(1, 4), y=Fraction(0), width=Fraction(1, 2), height=Fraction(1, 2))
    what = track(cue("a", placement=Placement(vertical="middle", area=area)))
    data = _written(what).data
    assert b'Valign="center" Vposition="-25"' in data
    assert _content(data).tracks[0].cues[0].placement.area is not None


def test_what_cinemas_do_not_take_is_said() -> None:
    cues = (
        cue("one", "two", "three", "four", number=1),
        cue("x" * 31, number=2),
        cue(
            "late",
            number=5,
            speaker="Ana",
            language="fr",
            marks=(
                marked(0, 1, Feature.BACKGROUND, "#000000ff"),
                marked(0, 1, Feature.STRIKE),
                marked(0, 1, Feature.COLOR, "red"),
            ),
        ),
        cue(number=7),
    )
    assert told_losses(_written(track(*cues)).losses) == (
        "1 strike-through, 1 background colour, 1 speaker, 1 language of a cue, 1 colour, "
        "2 limits of the format exceeded (cues 5, 7, 2)"
    )
    losses = {loss.feature: loss for loss in _written(track(*cues), "closed-caption").losses}
    assert losses["limit"].cues == ("7", "2", "1")
    back = _content(_written(track(*cues)).data)
    assert back.repairs == ("Less than 2 frames lie between events: cue 2.",)


@pytest.mark.parametrize(
    "rate", ["24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60"]
)
@pytest.mark.parametrize("kind", ["interop", "2014"])
def test_frames_come_back(kind: str, rate: str) -> None:
    grid = FrameRate(Fraction(rate))
    media = replace(MEDIA, frame_rate=grid)
    frames = [*range(0, 200_000, 997), 1799, 1800, 200_000]
    cues = [
        Cue(id=str(n), span=Span(grid.time(n), grid.time(n + 1)), lines=("x",))
        for n in sorted(set(frames))
    ]
    written = _written(track(*cues), kind, media)
    whole = grid.rate == grid.nominal
    told = [loss.what for loss in written.losses if loss.feature == "times"]
    assert told == ([] if whole else [told[0]])
    back = _content(written.data, rate=grid).tracks[0].cues
    assert [grid.frame(c.span.start) for c in back] == sorted(set(frames))
    assert [grid.frame(c.span.end) for c in back] == [n + 1 for n in sorted(set(frames))]
    if kind == "2014":
        assert [c.span for c in back] == [c.span for c in cues]


def test_times_between_frames_are_said() -> None:
    off = Cue(id="1", span=Span(Fraction(1, 100), Fraction(2)), lines=("x",))
    assert told_losses(_written(track(off)).losses) == "1 time off the format's grid (cue 1)"
    assert _written(track(off), "interop").losses == ()


@pytest.mark.parametrize(
    ("events", "head", "repair"),
    [
        (
            _event("<Text/><Text>x</Text>"),
            "<TimeCodeRate>24</TimeCodeRate>",
            "An empty line was left out: line 1.",
        ),
        (
            _event("<Text>x</Text>") + _event("<Text> </Text>"),
            "<TimeCodeRate>24</TimeCodeRate>",
            "An event without text was left out: line 1.",
        ),
        (
            _event("<Text>x</Text>"),
            "",
            ("TimeCodeRate and EditRate are missing; 24 frames a second were taken."),
        ),
        (
            _event("<Text>x</Text>", 'TimeIn="00:00:01:24" TimeOut="00:00:03:00"'),
            "<TimeCodeRate>24</TimeCodeRate>",
            "Frames from 24 on, which do not exist, were carried into the next second: line 1.",
        ),
        (
            _event('<Text Valign="up">x</Text>'),
            "<TimeCodeRate>24</TimeCodeRate>",
            "A valign that means nothing was read as center: line 1.",
        ),
        (
            _event('<Text Vposition="120">x</Text>'),
            "<TimeCodeRate>24</TimeCodeRate>",
            "A vposition outside the picture was read as 0: line 1.",
        ),
        (
            _event("<Text>x<Rotate>y</Rotate></Text>"),
            "<TimeCodeRate>24</TimeCodeRate>",
            "<Rotate> is not kept: line 1.",
        ),
        (
            _event("<Text>x</Text>", 'TimeIn="00:00:03:00" TimeOut="00:00:02:00"'),
            "<TimeCodeRate>24</TimeCodeRate>",
            "An out-time before its in-time was made equal to it: line 1.",
        ),
        (
            _event("<Text>y</Text>", 'TimeIn="soon"') + _event("<Text>x</Text>"),
            "<TimeCodeRate>24</TimeCodeRate>",
            "An event without times that can be read was left out: line 1.",
        ),
        *(
            (
                _event("<Text>x</Text>"),
                f"<TimeCodeRate>{rate}</TimeCodeRate><EditRate>{rate} 1</EditRate>",
                "TimeCodeRate and EditRate are missing; 24 frames a second were taken.",
            )
            for rate in ("²", "0", "9" * 5000)
        ),
    ],
)
def test_faults_are_mended_and_named(events: str, head: str, repair: str) -> None:
    content = _smpte(events, head)
    assert repair in content.repairs
    assert content.tracks[0].cues[0].text.startswith("x")


def test_ticks_over_249_are_milliseconds() -> None:
    content = _content(
        b'<DCSubtitle Version="1.0"><SubtitleID>x</SubtitleID>'
        b'<Subtitle SpotNumber="1" TimeIn="00:00:01:040" TimeOut="00:00:02:500"><Text>a</Text>'
        b"</Subtitle></DCSubtitle>"
    )
    assert content.tracks[0].cues[0].span == Span(Fraction(104, 100), Fraction(5, 2))
    assert content.repairs == (
        "Ticks over 249, which do not exist, were read as milliseconds.",
        "The file names no font (LoadFont).",
    )


def test_nested_fonts_and_opaque_attributes() -> None:
    content = _smpte(
        '<Font Italic="yes" Size="42"><Font Color="FFFFFF00">'
        + _event(
            '<Text>a<Font Italic="no" Size="63">b</Font>'
            '<Font Script="super">c</Font><Space Size="0.25"/>d</Text>'
        )
        + "</Font></Font>"
    )
    found = content.tracks[0].cues[0]
    assert found.text == "abcd"
    assert found.marks == (
        marked(0, 4, Feature.COLOR, "#ffff00ff"),
        marked(0, 1, Feature.ITALIC),
        marked(1, 2, Feature.SIZE, "150"),
        marked(2, 4, Feature.ITALIC),
        marked(2, 3, Feature.OPAQUE, 'Script="super"', "dcinema"),
        marked(3, 3, Feature.OPAQUE, 'Space Size="0.25"', "dcinema"),
    )
    for kind in ("2014", "interop"):
        back = _content(_written(content.tracks[0], kind).data)
        assert back.tracks[0].cues == content.tracks[0].cues


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<tt/>", "not a D-cinema"),
        (b"<DCSubtitle>", "not well-formed"),
        (b"<!DOCTYPE x SYSTEM 'http://x/y'><DCSubtitle/>", "document type"),
        (b"<DCSubtitle>" + b"<Font>" * 10_000, "not well-formed"),
        (
            (
                b'<DCSubtitle><Subtitle TimeIn="00:00:01:00" TimeOut="00:00:02:00">'
                b"<Image>a.png</Image></Subtitle></DCSubtitle>"
            ),
            "pictures",
        ),
        (b" " * (64 * 2**20 + 1), "bytes"),
    ],
)
def test_what_is_no_subtitle_file_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        _content(data)


def test_formats_are_found_by_name_and_content() -> None:
    for path in CASES:
        assert isinstance(reader_of_content(path.read_bytes()), DCinemaReader)
    assert isinstance(reader_for("interop"), DCinemaReader)
    assert writer_for("dcinema").write(track(*TWO), MEDIA).startswith(b"<?xml")
    with pytest.raises(PlanError, match="no profile"):
        InteropWriter().write_file(track(), MEDIA, WriteRequest(profile="2010"))


LOOKS = {
    Feature.ITALIC: [("", "")],
    Feature.BOLD: [("", "")],
    Feature.UNDERLINE: [("", "")],
    Feature.COLOR: [("#ff0000ff", ""), ("#00ff0080", "")],
    Feature.OUTLINE: [("#0000ffff", "")],
    Feature.SIZE: [("150", ""), ("50", "")],
}


def _single(what: Track) -> Track:
    """Return a track whose marks of one feature never overlap, and texts without outer spaces."""
    cues = []
    for one in what.cues:
        kept: list[Mark] = []
        for mark in one.marks:
            over = [m for m in kept if m.feature is mark.feature and m.end > mark.start]
            kept += [] if over else [mark]
        cues.append(replace(one, marks=tuple(kept)))
    return replace(what, cues=tuple(cues))


@given(what=styled_tracks(LOOKS, alphabet="ab漢\n<&1"))
@settings(max_examples=30, deadline=None)
@pytest.mark.parametrize("kind", ["interop", "2014"])
def test_any_looks_come_back(kind: str, what: Track) -> None:
    what = _single(what)
    written = _written(what, kind)
    assert {loss.feature for loss in written.losses} <= {"limit"}
    back = _content(written.data).tracks[0]
    assert [letters(c) for c in back.cues] == [letters(c) for c in what.cues]
    again = _content(_written(back, kind).data).tracks[0]
    assert again.cues == back.cues


def _fuzz(count: int) -> int:
    rng = random.Random(11)
    files = [path.read_bytes() for path in CASES] + [_written(JAPANESE).data]
    read = unplaced = 0
    for _ in range(count):
        data = rng.choice(files)
        for _ in range(rng.randint(1, 5)):
            at, length = rng.randrange(len(data)), rng.randint(0, 12)
            piece = rng.choice([b"", data[at : at + length] * 2, rng.randbytes(2), b"9", b'"'])
            data = data[:at] + piece + data[at + length :]
        try:
            content = _content(data)
        except FormatError as error:
            unplaced += error.line is None
        else:
            read += 1
            InteropWriter().write(content.tracks[0], MEDIA)
            SmpteCinemaWriter().write(content.tracks[0], MEDIA)
    assert unplaced == 0
    return read


def test_damaged_files_are_read_or_refused() -> None:
    assert _fuzz(300) > 10


@pytest.mark.soak
def test_many_damaged_files_are_read_or_refused() -> None:
    assert _fuzz(100_000) > 3_000
