"""Files of the TTML family as they are found: times, looks, places, repairs, refusals."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from subkit.errors import FormatError
from subkit.formats import reader_of_content
from subkit.formats.ttml.ttml_reader import TtmlReader
from subkit.formats.ttml.ttml_writer import TtmlWriter
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest
from subkit.model import Cue, Feature, FrameRate, Media, Placement, Span, Track
from subkit.model.styling import Area
from tests.styled import FORMATS, MEDIA, marked
from tests.wild import beside
from tests.work import work

CASES = sorted(FORMATS.glob("ttml/*"))
NOT_XML = "dfxp_multiple_regions_input"
"""A file with ``<<`` in its text."""

_OPEN_END = "A paragraph without end or duration ends at the next cue, else after 5 seconds"
NAMESPACES = (
    'xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" '
    'xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"'
)


def _content(data: bytes, **more: Any) -> FileContent:
    return TtmlReader().read_file(data, ReadRequest(name="film.ttml", **more))


def _case(name: str) -> FileContent:
    return _content((FORMATS / "ttml" / name).read_bytes())


def _body(body: str, *, head: str = "", root: str = "") -> FileContent:
    text = f'<tt {NAMESPACES} xml:lang="en" {root}><head>{head}</head><body>{body}</body></tt>'
    return _content(text.encode())


def _cue(body: str, *, head: str = "", root: str = "") -> Cue:
    return _body(f"<div>{body}</div>", head=head, root=root).tracks[0].cues[0]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_case_reads_and_comes_back_through_imsc(path: Path) -> None:
    if path.stem == NOT_XML:
        with pytest.raises(FormatError, match="line 29, column 28"):
            _content(path.read_bytes())
        return
    _comes_back(path.read_bytes())


def _comes_back(data: bytes) -> None:
    """Check that a file keeps text, times, looks, places, regions and blocks through IMSC."""
    for track in _content(data).tracks:
        written = TtmlWriter("imsc").write_file(track, MEDIA, WriteRequest())
        back = _content(written.data, language=track.language)
        assert back.repairs == () or not track.cues
        lost = {loss.feature for loss in written.losses}
        assert lost <= {"opaque"}  # fontVariant, which IMSC 1.1 has not
        found = back.tracks[0]
        assert [_plain(c, lost) for c in found.cues] == [_plain(c, lost) for c in track.cues]
        assert found.carried == track.carried
        assert [r.id for r in found.regions] == [r.id for r in track.regions]
        assert [r.source for r in found.regions] == [r.source for r in track.regions]


def _plain(cue: Cue, lost: set[str]) -> Cue:
    """Return a cue with times to the millisecond and areas to a millionth."""
    span = Span(round(cue.span.start, 3), round(cue.span.end, 3))
    area = cue.placement.area
    if area is not None:
        sizes = (round(getattr(area, name), 6) for name in ("x", "y", "width", "height"))
        area = Area(**dict(zip(("x", "y", "width", "height"), sizes, strict=True)))
    marks = tuple(m for m in cue.marks if m.feature.value not in lost)
    fonts = tuple(m for m in marks if m.value != "proportionalSansSerif")  # as ours is anyway
    return replace(cue, span=span, placement=replace(cue.placement, area=area), marks=fonts)


def test_every_document_of_the_imsc_suite_reads() -> None:
    pictures = []
    for path in sorted(beside("imsc").rglob("*.ttml")):
        data = path.read_bytes()
        try:
            content = _content(data)
        except FormatError as error:
            pictures.append((path.name, "pictures" in str(error)))
            continue
        assert all(repair.endswith(".") for repair in content.repairs)
        _comes_back(data)
    assert [told for _, told in pictures] == [True] * 7


def test_2006_and_flash() -> None:
    found = _case("flash_requirement-2050-001.xml").tracks[0]
    assert found.language == "de"
    assert [c.span for c in found.cues] == [
        Span(Fraction(47, 10), Fraction(57, 5)),
        Span(Fraction(1039, 10), Fraction(537, 5)),
    ]
    assert found.cues[1].lines == ("Subtitle 2 first row", "Subtitle 2 second row")
    assert found.cues[1].marks == (marked(0, 42, Feature.COLOR, "#ffff00ff"),)
    assert found.cues[0].placement == Placement()


def test_japanese() -> None:
    cues = _case("generated_ids.xml").tracks[0].cues
    assert cues[0].marks == (marked(5, 6, Feature.RUBY, "おく", "outside center"),)
    assert cues[2].marks == (marked(0, 20, Feature.SHEAR, "16.67"),)
    assert cues[4].marks == (marked(0, 2, Feature.EMPHASIS, "filled sesame outside"),)
    assert cues[1].placement == Placement(vertical="top", horizontal="right", writing="vertical-rl")


def test_paragraphs_of_a_timed_division_are_lines() -> None:
    content = _case("multiple_lines.xml")
    cues = content.tracks[0].cues
    assert [(c.id, len(c.lines)) for c in cues] == [("e_0", 2), ("e_1", 3)]
    assert cues[0].span == Span(Fraction(35850), Fraction(35855))
    assert content.rate == FrameRate(Fraction(25))


def test_ebu_tt_live() -> None:
    content = _case("live_converter_ericsson1.xml")
    assert content.title == "tgv"
    assert content.tracks[0].cues[0].lines == ("This is a position and text color",)
    assert content.tracks[0].cues[0].span.start == 12 * 3600 + 11 * 60 + 53 + Fraction(17, 100)


def test_ebu_tt_of_the_same_programme_as_ebu_tt_d() -> None:
    ebu = _content(beside("ebu/3_EBU-TT.xml").read_bytes())
    distributed = _content(beside("ebu/4_EBU-TT-D.xml").read_bytes())
    assert ebu.title == "OPT field äöü"
    assert ebu.start == 0
    ours, theirs = ebu.tracks[0].cues, distributed.tracks[0].cues
    assert len(ours) == 64
    assert [(c.id, c.span, c.lines, c.marks) for c in ours] == [
        (c.id, c.span, c.lines, c.marks) for c in theirs
    ]


def test_concurrent_captions_and_fonts_and_nested_spans() -> None:
    assert len(_case("dfxp_with_concurrent_captions.dfxp").tracks[0].cues) == 5
    cue = _case("dfxp_with_nested_spans.dfxp").tracks[0].cues[0]
    assert cue.lines == ("That is nested.",)
    assert {(m.start, m.end, m.feature) for m in cue.marks} == {
        (8, 14, Feature.ITALIC),
        (8, 14, Feature.BOLD),
        (8, 14, Feature.UNDERLINE),
    }


@pytest.mark.parametrize(
    ("root", "begin", "seconds"),
    [
        (
            'ttp:frameRate="24" ttp:frameRateMultiplier="1000 1001"',
            "00:00:03:12",
            3 + Fraction(12 * 1001, 24000),
        ),
        (
            'ttp:frameRate="24" ttp:frameRateMultiplier="1000 1001" ttp:timeBase="smpte"',
            "00:00:03:12",
            Fraction(84 * 1001, 24000),
        ),
        (
            (
                'ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001" ttp:timeBase="smpte" '
                'ttp:dropMode="dropNTSC"'
            ),
            "00:01:00:02",
            Fraction(1800 * 1001, 30000),
        ),
        ('ttp:frameRate="30" ttp:frameRateMultiplier="1001 1000"', "30f", Fraction(1001, 1000)),
        ('ttp:frameRate="30" ttp:frameRateMultiplier="999 1000"', "30f", Fraction(1001, 1000)),
        ('ttp:tickRate="10000000"', "10010000t", Fraction(1001, 1000)),
        ('ttp:frameRate="25" ttp:subFrameRate="2"', "00:00:01:12.1", 1 + Fraction(25, 50)),
        ("", "1.5h", Fraction(5400)),
        ("", "3600.4588s", Fraction(36004588, 10000)),
        ("", "250ms", Fraction(1, 4)),
        ("", "100:00:05.25", 360005 + Fraction(1, 4)),
    ],
)
def test_times_are_exact(root: str, begin: str, seconds: Fraction) -> None:
    cue = _cue(f'<p begin="{begin}" dur="1s">x</p>', root=root)
    assert cue.span.start == seconds
    assert cue.span.duration == 1


def test_parts_that_come_later_are_delays() -> None:
    cue = _cue('<p begin="1s" end="9s"><span>one</span><span begin="1.5s"> two</span></p>')
    assert cue.lines == ("one two",)
    assert cue.marks == (marked(3, 7, Feature.DELAY, "3/2"),)


def test_parts_that_go_make_cues_of_their_own() -> None:
    cues = (
        _body(
            '<div><p xml:id="a" begin="1s" end="9s"><span end="2s">one</span><br/>'
            '<span begin="1s" end="4s">two</span></p></div>'
        )
        .tracks[0]
        .cues
    )
    assert [(c.id, c.lines, c.span) for c in cues] == [
        ("a", ("one",), Span(Fraction(1), Fraction(2))),
        ("a.2", ("one", "two"), Span(Fraction(2), Fraction(3))),
        ("a.3", ("two",), Span(Fraction(3), Fraction(5))),
    ]


def test_languages_with_divisions_of_their_own_are_tracks() -> None:
    content = _body(
        '<div xml:lang="en"><p begin="1s" end="2s">one</p></div>'
        '<div xml:lang="fr"><p begin="1s" end="2s">un</p></div>'
    )
    assert [(t.language, t.cues[0].lines) for t in content.tracks] == [
        ("en", ("one",)),
        ("fr", ("un",)),
    ]


def test_the_programme_start_is_taken_off() -> None:
    text = f'<tt {NAMESPACES}><body><div><p begin="36001s" end="36002s">x</p></div></body></tt>'
    content = _content(text.encode(), start=Fraction(36000))
    assert content.tracks[0].cues[0].span == Span(Fraction(1), Fraction(2))


@pytest.mark.parametrize(
    ("region", "align", "place"),
    [
        (
            'tts:origin="10% 10%" tts:extent="80% 80%" tts:displayAlign="after"',
            "center",
            Placement(),
        ),
        (
            'tts:origin="10% 80%" tts:extent="80% 10%"',
            "center",
            Placement(
                region="r",
                area=Area(
                    x=Fraction(1, 10),
                    y=Fraction(4, 5),
                    width=Fraction(4, 5),
                    height=Fraction(1, 10),
                ),
            ),
        ),
        ('tts:extent="100% 100%"', "start", Placement(vertical="top", horizontal="left")),
        (
            'tts:position="center bottom 10%" tts:extent="80% 20%" tts:displayAlign="after"',
            "end",
            Placement(
                horizontal="right",
                area=Area(
                    x=Fraction(1, 10),
                    y=Fraction(18, 25),
                    width=Fraction(4, 5),
                    height=Fraction(1, 5),
                ),
            ),
        ),
    ],
)
def test_places(region: str, align: str, place: Placement) -> None:
    cue = _cue(
        f'<p region="r" begin="1s" end="2s" tts:textAlign="{align}">x</p>',
        head=f'<layout><region xml:id="r" {region}/></layout>',
    )
    assert cue.placement == place


@pytest.mark.parametrize(
    ("body", "head", "repair"),
    [
        (
            '<p begin="1s">x</p>',
            "",
            _OPEN_END + ": <p>, line 1.",
        ),
        (
            '<p xml:id="k" begin="1s" end="2s" region="gone">x</p>',
            "",
            "A region that is not in the file was left out: <p xml:id='k'>, line 1.",
        ),
        (
            '<p begin="1s" end="2s" style="a">x</p>',
            '<styling><style xml:id="a" style="b"/><style xml:id="b" style="a"/></styling>',
            (
                "A style that refers to itself was read without that reference: "
                "<style xml:id='a'>, line 1."
            ),
        ),
        (
            '<p begin="1s" end="2s" style="none">x</p>',
            "",
            "A style that is not in the file was left out: <p>, line 1.",
        ),
        (
            '<p begin="00:00:01:30" end="3s">x</p>',
            "",
            (
                "Frame numbers from 30 on, which do not exist at 30 frames a second, were carried "
                "into the next second: <p>, line 1."
            ),
        ),
        (
            '<p begin="soon" end="3s">x</p>',
            "",
            "A time that cannot be read was left out: 'soon': <p>, line 1.",
        ),
        (
            '<p begin="3s" end="3s">y</p><p begin="1s" end="2s">x</p>',
            "",
            "A paragraph that ends before it begins was left out: <p>, line 1.",
        ),
        (
            '<p begin="1s" end="2s"><foreign xmlns="urn:x"/>x</p>',
            "",
            "An element that is not TTML was left out: '{urn:x}foreign', line 1.",
        ),
    ],
)
def test_faults_are_mended_and_named(body: str, head: str, repair: str) -> None:
    content = _body(f"<div>{body}</div>", head=head)
    assert content.repairs == (repair,)
    assert content.tracks[0].cues[-1].lines == ("x",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"1\n00:00:01,000 --> 00:00:02,000\nx", "not well-formed"),
        (b"<html/>", "not TTML"),
        (b"<!DOCTYPE tt [<!ENTITY a 'b'>]><tt>&a;</tt>", "document type"),
        (b"<tt xmlns='http://www.w3.org/ns/ttml'>&a;</tt>", "not well-formed"),
        (f"<tt {NAMESPACES}>{'<div>' * 10_000}</tt>".encode(), "not well-formed"),
        (
            f'<tt {NAMESPACES} xmlns:s="http://www.smpte-ra.org/schemas/2052-1/2010/smpte-tt">'
            '<body><div s:backgroundImage="#a" begin="1s" end="2s"/></body></tt>'.encode(),
            "pictures of subtitles and no text",
        ),
        (b" " * (64 * 2**20 + 1), "bytes"),
    ],
)
def test_what_is_no_subtitle_file_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message) as error:
        _content(data)
    assert error.value.line is not None


def test_a_file_is_known_by_its_first_element() -> None:
    found = reader_of_content(b'<?xml version="1.0"?>\n<!-- <a> -->\n<tt:tt xmlns:tt="x">')
    assert isinstance(found, TtmlReader)
    assert reader_of_content(b"<html><tt></tt></html>") is None


def _large(count: int) -> bytes:
    cues = tuple(
        Cue(id=str(n), span=Span(Fraction(n), Fraction(2 * n + 1, 2)), lines=("one", "two"))
        for n in range(count)
    )
    return TtmlWriter("imsc").write(Track(id="en", language="en", cues=cues), MEDIA)


def test_work_grows_with_the_file() -> None:
    small, large = _large(200), _large(800)
    assert work(lambda: TtmlReader().read(large, name="x")) < 4.2 * work(
        lambda: TtmlReader().read(small, name="x")
    )


@pytest.mark.parametrize(
    "part",
    [
        "<span>a</span>",
        "<br/>",
        '<span begin="1s" end="2s">a</span>',
        "a  b\n",
        '<span tts:ruby="container"><span tts:ruby="base">a</span></span>',
    ],
)
def test_one_huge_paragraph_is_read(part: str) -> None:
    cue = _cue(f'<p begin="1s" end="9s">x{part * 5_000}</p>')
    assert cue.lines[0].startswith("x")


def _mutated(data: bytes, rng: random.Random) -> bytes:
    """Return a file with a few bytes changed, cut out or repeated."""
    for _ in range(rng.randint(1, 6)):
        at, length = rng.randrange(len(data)), rng.randint(0, 12)
        piece = rng.choice([b"", data[at : at + length] * 2, rng.randbytes(2), b'"', b"<", b"9"])
        data = data[:at] + piece + data[at + length :]
    return data


def _fuzz(count: int) -> int:
    rng = random.Random(7)
    files = [path.read_bytes() for path in CASES]
    read = unplaced = 0
    for _ in range(count):
        data = _mutated(rng.choice(files), rng)
        try:
            content = _content(data)
        except FormatError as error:
            unplaced += error.line is None
        else:
            read += 1
            assert len({c.id for c in content.tracks[0].cues}) == len(content.tracks[0].cues)
            TtmlWriter("ebuttd").write(content.tracks[0], MEDIA)
    assert unplaced == 0
    return read


def test_damaged_files_are_read_or_refused() -> None:
    assert _fuzz(300) > 20


@pytest.mark.soak
def test_many_damaged_files_are_read_or_refused() -> None:
    assert _fuzz(100_000) > 5_000


def test_the_same_media_gives_the_same_bytes() -> None:
    media = Media(path="/a.mkv", digest="", duration=Fraction(1))
    track = _case("generated_ids.xml").tracks[0]
    assert TtmlWriter("imsc").write(track, media) == TtmlWriter("imsc").write(track, media)


def test_a_claim_to_conform_to_a_standard_is_not_handed_on() -> None:
    claim = "<ebuttm:conformsToStandard>urn:ebu:tt:distribution:2014-01</ebuttm:conformsToStandard>"
    head = (
        '<metadata xmlns:ebuttm="urn:ebu:tt:metadata"><ebuttm:documentMetadata>'
        f"{claim}<ebuttm:documentTargetBoxHeight>576</ebuttm:documentTargetBoxHeight>"
        "</ebuttm:documentMetadata></metadata>"
    )
    track = _body('<p begin="1s" end="2s">Hello</p>', head=head).tracks[0]
    imsc = TtmlWriter("imsc").write(track, MEDIA)
    assert b"documentTargetBoxHeight" in imsc
    assert b"conformsToStandard" not in imsc
    assert TtmlWriter("ebuttd").write(track, MEDIA).count(b"conformsToStandard>urn") == 1
