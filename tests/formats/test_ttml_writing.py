"""Files of the TTML family as they are written: looks, places, times, validity, losses."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

from subkit.formats import known_formats, reader_for, writer_for
from subkit.formats.losses import told_losses
from subkit.formats.ttml.ttml_names import id_of, xml_id
from subkit.formats.ttml.ttml_profiles import PROFILES
from subkit.formats.ttml.ttml_reader import TtmlReader
from subkit.formats.ttml.ttml_writer import TtmlWriter
from subkit.interfaces.file_contents import ReadRequest, WriteRequest, WrittenFile
from subkit.model import (
    Carried,
    Cell,
    Cue,
    Fade,
    Feature,
    FrameRate,
    Mark,
    Media,
    NamedStyle,
    Placement,
    Region,
    Span,
    Track,
)
from subkit.model.styling import Area
from tests.styled import FORMATS, MEDIA, cue, letters, marked, styled_tracks, track

XSD = FORMATS.parent / "xsd"
NS = {
    "tt": "http://www.w3.org/ns/ttml",
    "tts": "http://www.w3.org/ns/ttml#styling",
    "ttm": "http://www.w3.org/ns/ttml#metadata",
    "ttp": "http://www.w3.org/ns/ttml#parameter",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
RATES = (
    FrameRate(Fraction(24000, 1001)),
    FrameRate(Fraction(24)),
    FrameRate(Fraction(25)),
    FrameRate(Fraction(30000, 1001)),
    FrameRate(Fraction(30000, 1001), drop_frame=True),
    FrameRate(Fraction(50)),
    FrameRate(Fraction(60000, 1001)),
    FrameRate(Fraction(60000, 1001), drop_frame=True),
)


@cache
def _schema(profile: str) -> Any:
    name = "ebuttd/ebutt_d.xsd" if profile == "ebuttd" else "imsc11_all.xsd"
    return etree.XMLSchema(etree.parse(str(XSD / name)))


def _valid(data: bytes, profile: str) -> None:
    schema = _schema(profile)
    assert schema.validate(etree.fromstring(data)), schema.error_log


def _written(what: Track, profile: str = "imsc", media: Media = MEDIA, **more: Any) -> WrittenFile:
    return TtmlWriter(profile).write_file(what, media, WriteRequest(**more))


def _read(data: bytes, language: str = "und") -> Track:
    content = TtmlReader().read_file(data, ReadRequest(name="x", language=language))
    assert content.repairs == ()
    return content.tracks[0]


def _found(data: bytes, path: str) -> list[Any]:
    return list(etree.fromstring(data).xpath(path, namespaces=NS))


JAPANESE = track(
    cue(
        "遅れた",
        "12月です",
        number=1,
        marks=(
            marked(0, 1, Feature.RUBY, "おく", "outside center"),
            marked(0, 9, Feature.SHEAR, "16.67"),
            marked(4, 6, Feature.COMBINE, "all"),
            marked(6, 7, Feature.EMPHASIS, "filled sesame outside"),
        ),
        placement=Placement(vertical="top", horizontal="right", writing="vertical-rl"),
        forced=True,
    ),
    language="ja",
)


def test_japanese_is_written_as_netflix_wants_it() -> None:
    written = _written(JAPANESE, "netflix-ja", title="Film", note="By a machine.")
    assert written.losses == ()
    _valid(written.data, "netflix-ja")
    text = written.data.decode()
    for part in (
        'begin="10000000t" end="20000000t"',
        'tts:writingMode="tbrl"',
        'tts:shear="16.67%"',
        'tts:ruby="container"',
        'tts:rubyAlign="center" tts:rubyPosition="outside"',
        'tts:textCombine="all"',
        'tts:textEmphasis="filled sesame outside"',
        'itts:forcedDisplay="true"',
        "<ttm:title>Film</ttm:title>",
        "<ttm:desc>By a machine.</ttm:desc>",
    ):
        assert part in text, part
    back = _read(written.data)
    assert back.cues[0].placement == JAPANESE.cues[0].placement
    assert back.cues[0].forced
    assert letters(back.cues[0]) == letters(JAPANESE.cues[0])


def test_a_look_is_one_style_for_all_cues() -> None:
    cues = [cue("one two", number=n, marks=(marked(0, 3, Feature.ITALIC),)) for n in range(1, 101)]
    data = _written(track(*cues)).data
    assert len(_found(data, "//tt:style[@tts:fontStyle='italic']")) == 1
    assert len(_found(data, "//tt:p//@tts:*")) == 0
    assert len(_found(data, "//tt:region")) == 1


def test_speakers_are_agents_and_languages_are_said() -> None:
    what = track(
        cue(
            "Hi. Oui.",
            speaker="Ana & Co",
            language="es",
            marks=(
                marked(0, 3, Feature.VOICE, "Bob"),
                marked(4, 8, Feature.LANGUAGE, "fr"),
            ),
        ),
        cue("Ho", number=3, speaker="Ana & Co"),
    )
    data = _written(what).data
    assert _found(data, "//ttm:agent/ttm:name/text()") == ["Ana & Co", "Bob"]
    assert _found(data, "//tt:p[1]/@xml:lang") == ["es"]
    assert _read(data, "en").cues == what.cues


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_is_valid_and_gives_back_what_it_carries(profile: str) -> None:
    what = track(
        cue(
            "Hello <b> & you",
            "  two",
            marks=(marked(0, 5, Feature.ITALIC), marked(6, 9, Feature.COLOR, "#ff0000ff")),
            placement=Placement(vertical="top", horizontal="left"),
        ),
        cue("x", number=3, marks=(marked(0, 1, Feature.BOLD), marked(0, 1, Feature.UNDERLINE))),
        cue(number=5),
    )
    written = _written(what, profile, note="Checked -- by hand -", title="A & B")
    assert written.losses == ()
    _valid(written.data, profile)
    back = TtmlReader().read_file(written.data, ReadRequest(name="x", language="en"))
    assert back.tracks[0].cues == what.cues
    assert back.title == "A & B"
    assert b"Checked" in written.data


def test_an_empty_track_is_valid() -> None:
    for profile in PROFILES:
        data = _written(track(), profile).data
        _valid(data, profile)
        assert TtmlReader().read_file(data, ReadRequest(name="x")).tracks[0].cues == ()


def test_what_ebu_tt_d_cannot_hold_is_said() -> None:
    written = _written(
        track(
            cue(
                "漢字です",
                marks=(
                    marked(0, 2, Feature.RUBY, "かんじ"),
                    marked(2, 4, Feature.EMPHASIS, "filled dot before"),
                    marked(0, 4, Feature.SHEAR, "16.67"),
                    marked(0, 1, Feature.STRIKE),
                    marked(0, 1, Feature.OUTLINE, "#000000ff"),
                    marked(0, 1, Feature.OPAQUE, "{\\fs20}", "ass"),
                ),
                forced=True,
                fade=Fade(up=Fraction(1)),
                mode="paint-on",
            ),
            carried=(Carried(format="vtt", kind="note", text="x"),),
        ),
        "ebuttd",
    )
    assert told_losses(written.losses) == (
        "1 strike-through, 1 outline, 1 ruby, 1 emphasis mark, 1 slant, 1 override of another "
        "format, 1 forced mark, 1 fade, 1 way of coming on screen, 1 block of the source file "
        "(cue 1)"
    )
    _valid(written.data, "ebuttd")


def test_values_that_ttml_cannot_say_are_said() -> None:
    what = track(
        cue(
            "ab\ufffe",
            marks=(
                marked(0, 1, Feature.SIZE, "30", "points"),
                marked(0, 1, Feature.COLOR, "javascript:"),
                marked(0, 1, Feature.SHEAR, "16.67"),
                marked(0, 1, Feature.DELAY, "-1"),
                marked(0, 1, Feature.OPAQUE, 'tts:fontVariant="super"', "ttml"),
            ),
        ),
        regions=(Region(id="r", source="vtt REGION"),),
    )
    written = _written(what)
    _valid(written.data, "imsc")
    assert {(loss.feature, loss.cues) for loss in written.losses} == {
        ("letters", ("1",)),
        ("size", ("1",)),
        ("color", ("1",)),
        ("shear", ("1",)),
        ("delay", ("1",)),
        ("opaque", ("1",)),
        ("region", ()),
    }
    assert _read(written.data).cues[0].lines == ("ab",)


def test_itunes_has_places_and_no_areas() -> None:
    area = Area(x=Fraction(1, 4), y=Fraction(1, 2), width=Fraction(1, 2), height=Fraction(1, 4))
    what = track(cue("a", placement=Placement(area=area), speaker="Ana"))
    written = _written(what, "itt")
    assert told_losses(written.losses) == "1 exact place, 1 speaker (cue 1)"
    assert _read(written.data).cues[0].placement == Placement()


def test_a_named_style_is_written_as_its_look() -> None:
    look = marked(0, 0, Feature.COLOR, "#00ff00ff")
    what = track(
        cue("green", style="x"),
        cue("a part", number=3, marks=(marked(2, 6, Feature.CSS_CLASS, "x"),)),
        cue("strange", number=5, marks=(marked(0, 1, Feature.CSS_CLASS, "y"),)),
        styles=(NamedStyle(id="x", looks=(look,)),),
    )
    written = _written(what)
    assert told_losses(written.losses) == "1 class (cue 5)"
    found = _read(written.data).cues
    assert [c.marks for c in found] == [
        (marked(0, 5, Feature.COLOR, "#00ff00ff"),),
        (marked(2, 6, Feature.COLOR, "#00ff00ff"),),
        (),
    ]


def test_a_cell_of_captions_becomes_its_place() -> None:
    cell = Cell(grid="608", row=1, column=0)
    data = _written(track(cue("top", placement=Placement(vertical="top", cell=cell)))).data
    assert _found(data, "//tt:region/@tts:origin") == ["10% 10%"]
    low = Cell(grid="teletext", row=12, column=20)
    data = _written(track(cue("low", placement=Placement(vertical="middle", cell=low)))).data
    assert _found(data, "//tt:region/@tts:origin") == ["50% 50%"]


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("profile", PROFILES)
def test_frames_come_back(profile: str, rate: FrameRate) -> None:
    media = Media(path="/film.mkv", digest="", duration=Fraction(1), frame_rate=rate)
    frames = [n * 997 + k for n, k in enumerate(range(200))] + [1798, 1799, 1800, 17982, 200_000]
    frames = sorted(set(frames))
    cues = [Cue(id=str(n), span=Span(rate.time(n), rate.time(n + 1)), lines=("x",)) for n in frames]
    written = _written(track(*cues), profile, media)
    assert written.losses == ()
    content = TtmlReader().read_file(written.data, ReadRequest(name="x"))
    assert [rate.frame(c.span.start) for c in content.tracks[0].cues] == frames
    assert [rate.frame(c.span.end) for c in content.tracks[0].cues] == [n + 1 for n in frames]
    if profile == "itt":
        assert [c.span for c in content.tracks[0].cues] == [c.span for c in cues]
        assert content.rate == rate


def test_times_between_frames_are_said_where_timecode_is_written() -> None:
    what = track(cue("a"), Cue(id="2", span=Span(Fraction(201, 100), Fraction(3)), lines=("b",)))
    assert told_losses(_written(what, "itt").losses) == "1 time off the format's grid (cue 2)"
    assert _written(what).losses == ()


@pytest.mark.parametrize(
    "id_", ["1", "c2", "_1", "a b", "x_x0020_", "日本", "_", "a:b", "\U0001f600"]
)
def test_ids_come_back(id_: str) -> None:
    assert id_of(xml_id(id_)) == id_
    data = _written(track(cue("x", number=1, id=id_))).data
    _valid(data, "imsc")
    assert _read(data).cues[0].id == id_


def test_a_profile_is_asked_for_by_name() -> None:
    asked = WriteRequest(profile="netflix-ja")
    data = writer_for("imsc").write_file(JAPANESE, MEDIA, asked).data  # type: ignore[attr-defined]
    assert b"10000000t" in data
    names = {facts.name for facts in known_formats()}
    assert names >= set(PROFILES)
    assert [writer_for(name).extension for name in PROFILES] == [
        profile.extension for profile in PROFILES.values()
    ]
    assert isinstance(reader_for("ttml"), TtmlReader)


LOOKS = {
    Feature.ITALIC: [("", "")],
    Feature.BOLD: [("", "")],
    Feature.UNDERLINE: [("", "")],
    Feature.STRIKE: [("", "")],
    Feature.COLOR: [("#ff0000ff", ""), ("#00ff0080", "")],
    Feature.BACKGROUND: [("#000000ff", ""), ("#000000c2", "")],
    Feature.OUTLINE: [("#000000ff", ""), ("#0000ffff", "10")],
    Feature.SIZE: [("150", ""), ("62.5", "")],
    Feature.EMPHASIS: [("filled dot before", "")],
    Feature.COMBINE: [("all", "")],
    Feature.LANGUAGE: [("ja", ""), ("fr-CA", "")],
    Feature.VOICE: [("Ana", ""), ("B & C", "")],
}


def _single(what: Track) -> Track:
    """Return a track whose marks of one feature never overlap: the first one counts."""
    cues = []
    for one in what.cues:
        kept: list[Mark] = []
        for mark in one.marks:
            over = [m for m in kept if m.feature is mark.feature and m.end > mark.start]
            kept += [] if over else [mark]
        cues.append(cue(*one.lines, id=one.id, span=one.span, marks=tuple(kept)))
    return track(*cues)


@given(what=styled_tracks(LOOKS))
@settings(max_examples=40, deadline=None)
def test_any_looks_come_back(what: Track) -> None:
    what = _single(what)
    written = _written(what)
    assert written.losses == ()
    _valid(written.data, "imsc")
    back = _read(written.data)
    assert [letters(c) for c in back.cues] == [letters(c) for c in what.cues]
    assert _read(_written(back).data) == back


def test_nothing_is_left_of_a_path() -> None:
    assert Path(MEDIA.path).stem in _written(track()).data.decode()
