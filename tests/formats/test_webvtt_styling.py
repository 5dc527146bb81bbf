from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.errors import FormatError
from subkit.formats.losses import told_losses
from subkit.formats.srt import SrtWriter
from subkit.formats.webvtt import WebVttReader, WebVttWriter
from subkit.interfaces.file_contents import WriteRequest
from subkit.model import Area, Carried, Cue, Feature, NamedStyle, Placement, Region, Track
from tests.styled import FORMATS, MEDIA, cue, letters, marked, styled_tracks, track
from tests.wild import beside

TIMES = "00:00:01.000 --> 00:00:02.000"
LOOKS = {
    Feature.ITALIC: [("", "")],
    Feature.BOLD: [("", "")],
    Feature.UNDERLINE: [("", "")],
    Feature.STRIKE: [("", "")],
    Feature.COLOR: [("#ff0000ff", ""), ("#12345680", "")],
    Feature.BACKGROUND: [("#000000ff", ""), ("#123456ff", "")],
    Feature.FONT: [("Noto Sans", "")],
    Feature.SIZE: [("24", "points"), ("150", ""), ("12.5", "pixels")],
    Feature.COMBINE: [("all", ""), ("digits 2", "")],
    Feature.LANGUAGE: [("fr", ""), ("ja-JP", "")],
    Feature.VOICE: [("Ana & <Co>", "")],
    Feature.CSS_CLASS: [("loud", ""), ("loud shy", "")],
}


def read(text: str) -> tuple[Track, list[str]]:
    return WebVttReader().read(text.encode(), name="film.vtt", language="en")


def one(text: str) -> Cue:
    found, repairs = read(f"WEBVTT\n\n{TIMES}\n{text}\n")
    assert repairs == []
    return found.cues[0]


def written(found: Track) -> str:
    return WebVttWriter().write(found, MEDIA).decode()


@pytest.mark.parametrize(
    ("source", "text", "marks"),
    [
        ("<i>a</i>b", "ab", [("italic", 0, 1, "", "")]),
        ("<i.loud>a</i>b", "ab", [("css_class", 0, 1, "loud", "i"), ("italic", 0, 1, "", "")]),
        (
            "<c.yellow.bg_blue>a</c>b",
            "ab",
            [("background", 0, 1, "#0000ffff", ""), ("color", 0, 1, "#ffff00ff", "")],
        ),
        ("<c.loud.shy>a</c>", "a", [("css_class", 0, 1, "loud shy", "")]),
        ("<c>a</c>", "a", [("css_class", 0, 1, "", "")]),
        (
            "<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>",
            "漢字",
            [("ruby", 0, 1, "かん", ""), ("ruby", 1, 2, "じ", "")],
        ),
        (
            "a <00:00:01.500>b <00:00:01.750>c",
            "a b c",
            [("delay", 2, 4, "1/2", ""), ("delay", 4, 5, "3/4", "")],
        ),
        ("a <00:00:09.000>b", "a b", [("opaque", 2, 2, "<00:00:09.000>", "vtt")]),
        (
            "- <v A>Hi\n- <v B>Ho",
            "- Hi\n- Ho",
            [("voice", 2, 7, "A", ""), ("voice", 7, 9, "B", "")],
        ),
        ("- <lang fr>oui</lang>", "- oui", [("language", 2, 5, "fr", "")]),
        (
            "a<foo>b</foo>",
            "ab",
            [("opaque", 1, 1, "<foo>", "vtt"), ("opaque", 2, 2, "</foo>", "vtt")],
        ),
        ("<i>a<b>b</i>c</b>", "abc", [("italic", 0, 2, "", ""), ("bold", 1, 3, "", "")]),
        ("<v>a", "a", [("voice", 0, 1, "", "")]),
    ],
)
def test_tags_are_marks(source: str, text: str, marks: list[tuple[object, ...]]) -> None:
    found = one(source)
    assert found.text == text
    assert [(m.feature.value, m.start, m.end, m.value, m.how) for m in found.marks] == marks
    again, _ = read(written(track(found)))
    assert letters(again.cues[0]) == letters(found)


def test_classes_of_a_voice_stay_on_its_tag() -> None:
    found, _ = read(f"WEBVTT\n\n1\n{TIMES}\n<v.loud.shy Bob>Hello\n")
    assert found.cues[0].speaker == "Bob"
    assert written(found) == f"WEBVTT\n\n1\n{TIMES}\n<v.loud.shy Bob>Hello\n"


def test_marks_nest_around_ruby() -> None:
    ruby, italic = marked(1, 3, Feature.RUBY, "x"), marked(0, 2, Feature.ITALIC)
    text = written(track(cue("abcd", marks=(italic, ruby))))
    assert text.endswith("<i>a</i><ruby><i>b</i>c<rt>x</rt></ruby>d\n")


def test_blocks_stand_where_they_stood() -> None:
    text = (
        "WEBVTT - a title\nKind: captions\nLanguage: en\n\n"
        "NOTE by Kim\n\nSTYLE\n::cue(.loud) { color: red; font-style: italic }\n\n"
        "NOTE\ntwo\nlines\n\n"
        "REGION\nid:fred\nwidth:40%\nlines:3\nregionanchor:0%,100%\nviewportanchor:10%,90%\n\n"
        f"1\n{TIMES} region:fred align:left\n<c.loud>One</c>\n\n"
        "NOTE between\n\n"
        "2\n00:00:03.000 --> 00:00:04.000 line:-3 position:20%,line-left\nTwo\n\n"
        "NOTE at the end\n"
    )
    found, repairs = read(text)
    assert repairs == []
    assert [(b.kind, b.before) for b in found.carried] == [
        ("head", ""),
        ("head note", ""),
        ("style", ""),
        ("head note", ""),
        ("note", "2"),
        ("note", ""),
    ]
    assert found.styles[0].looks == (
        marked(0, 0, Feature.COLOR, "#ff0000ff"),
        marked(0, 0, Feature.ITALIC),
    )
    assert found.cues[0].placement.region == found.regions[0].id == "fred"
    assert found.regions[0].placement.area == Area(
        x=Fraction(1, 10), y=Fraction(7, 10), width=Fraction(2, 5), height=Fraction(1, 5)
    )
    assert found.cues[1].placement.area == Area(
        x=Fraction(1, 5), y=Fraction(4, 5), width=Fraction(4, 5), height=Fraction(1, 15)
    )
    assert written(found) == text
    assert SrtWriter().write(found, MEDIA).decode().splitlines()[2] == (
        '{\\an1}<font color="#ff0000"><i>One</i></font>'
    )


def test_a_note_stays_where_its_cue_is_gone() -> None:
    found, _ = read(
        f"WEBVTT\n\nA\n{TIMES}\none\n\nNOTE x\n\nB\n00:00:03.000 --> 00:00:04.000\ntwo\n"
    )
    assert written(replace(found, cues=found.cues[:1])).endswith("one\n\nNOTE x\n")


def test_a_disclosure_gives_way_to_a_newer_one() -> None:
    note = "approved by a person: {} of 2 cues\nreview: none"
    first = WebVttWriter().write(track(cue("a")), MEDIA, note=note.format(0))
    found, _ = WebVttReader().read(first, name="film.vtt", language="en")
    assert [block.kind for block in found.carried] == ["disclosure"]
    assert WebVttWriter().write(found, MEDIA) == first
    second = WebVttWriter().write(found, MEDIA, note=note.format(2)).decode()
    assert second.count("approved") == second.count("2 of 2") == 1


def test_a_carried_block_cannot_become_a_cue() -> None:
    block = Carried(format="vtt", kind="note", text=f"NOTE\n\n{TIMES}\nnot a cue")
    found, _ = read(written(track(cue("a"), carried=(block,))))
    assert [c.text for c in found.cues] == ["a"]


@pytest.mark.parametrize(
    ("line", "settings_again"),
    [
        ("line:-3", " line:-3"),
        ("vertical:rl align:start line:0", " vertical:rl align:start line:0"),
        ("position:10%,start align:start size:35%", " position:10%,start align:start size:35%"),
        ("align:middle", " align:middle"),
    ],
)
def test_settings_come_back(line: str, settings_again: str) -> None:
    found, repairs = read(f"WEBVTT\n\n{TIMES} {line}\na\n")
    assert repairs == []
    assert f"{TIMES}{settings_again}\n" in written(found)
    moved = replace(found.cues[0].placement, vertical="middle", horizontal="right")
    assert settings_again not in written(track(replace(found.cues[0], placement=moved)))


@pytest.mark.parametrize("vertical", ["top", "middle", "bottom"])
@pytest.mark.parametrize("horizontal", ["left", "center", "right"])
def test_an_area_of_another_format_is_written_as_settings(vertical: str, horizontal: str) -> None:
    area = Area(x=Fraction(1, 10), y=Fraction(1, 5), width=Fraction(3, 10), height=Fraction(3, 5))
    place = Placement(vertical=vertical, horizontal=horizontal, area=area)
    found, _ = read(written(track(cue("one", "two", placement=place))))
    back = found.cues[0].placement
    assert back.area is not None
    assert (back.area.x, back.area.width) == (area.x, area.width)
    edge = {
        "top": (back.area.y, area.y),
        "bottom": (back.area.y + back.area.height, area.y + area.height),
        "middle": (2 * back.area.y + back.area.height, 2 * area.y + area.height),
    }[vertical]
    assert abs(edge[0] - edge[1]) < Fraction(1, 1000)
    assert back.horizontal == horizontal


@pytest.mark.parametrize(
    ("writing", "horizontal", "vertical"),
    [
        ("vertical-rl", "right", "top"),
        ("vertical-rl", "left", "middle"),
        ("vertical-lr", "left", "bottom"),
        ("vertical-lr", "center", "middle"),
    ],
)
def test_vertical_text_comes_back(writing: str, horizontal: str, vertical: str) -> None:
    place = Placement(vertical=vertical, horizontal=horizontal, writing=writing)
    found, _ = read(written(track(cue("縦", placement=place))))
    assert replace(found.cues[0].placement, as_read="") == place


def test_looks_without_a_class_are_written_as_a_style() -> None:
    styled = cue(
        "ab", marks=(marked(0, 1, Feature.COLOR, "#123456ff"), marked(0, 1, Feature.FONT, "Noto"))
    )
    text = written(track(styled))
    assert text == (
        "WEBVTT\n\nSTYLE\n/* looks of marks */\n::cue(.look-1) { color: #123456; }\n"
        '::cue(.look-2) { font-family: "Noto"; }\n\n'
        f"1\n{TIMES}\n<c.look-1.look-2>a</c>b\n"
    )
    found, repairs = read(text)
    assert (found.cues, found.styles, found.carried, repairs) == ((styled,), (), (), [])


def test_a_class_that_the_file_restyles_is_no_colour() -> None:
    found, _ = read(
        f"WEBVTT\n\nSTYLE\n::cue(.yellow) {{ color: #fffe00 }}\n\n{TIMES}\n<c.yellow>a</c>\n"
    )
    assert found.cues[0].marks == (marked(0, 1, Feature.CSS_CLASS, "yellow"),)
    yellow = cue("b", number=3, marks=(marked(0, 1, Feature.COLOR, "#ffff00ff"),))
    text = written(replace(found, cues=(*found.cues, yellow)))
    assert "<c.look-1>b</c>" in text


def test_what_webvtt_does_not_hold_is_told() -> None:
    marks = (
        marked(0, 1, Feature.EMPHASIS, "filled dot"),
        marked(0, 1, Feature.FONT, 'a "b"'),
        marked(0, 0, Feature.OPAQUE, "{\\blur2}", "ass"),
    )
    styled = track(
        cue("a", marks=marks, forced=True),
        styles=(NamedStyle(id="x", source="ass Style: x"),),
        regions=(Region(id="r"),),
        carried=(Carried(format="ass", kind="font", text="…"),),
    )
    losses = WebVttWriter().write_file(styled, MEDIA, WriteRequest()).losses
    assert told_losses(losses) == (
        "1 emphasis mark, 1 override of another format, 1 forced mark, 1 block of the source file, "
        "1 font (cue 1)"
    )


@settings(max_examples=40)
@given(styled_tracks(LOOKS), st.booleans())
def test_any_styled_track_comes_back(made: Track, ruby: bool) -> None:
    if ruby:
        first = replace(made.cues[0], marks=(*made.cues[0].marks, marked(0, 1, Feature.RUBY, "よ")))
        made = replace(made, cues=(first, *made.cues[1:]))
    found, repairs = WebVttReader().read(written(made).encode(), name="a.vtt", language="en")
    assert repairs == []
    own = (Feature.VOICE, Feature.LANGUAGE)
    for mine, back in zip(made.cues, found.cues, strict=True):
        assert letters(back, own) == letters(mine, own)


def test_every_file_beside_the_project_comes_back() -> None:
    count = 0
    for path in sorted(beside("").rglob("*.vtt")):
        try:
            found, _ = WebVttReader().read(path.read_bytes(), name=path.name, language="en")
        except FormatError:
            continue
        count += 1
        again, _ = read(written(found))
        assert [replace(c, marks=()) for c in again.cues] == [
            replace(c, marks=()) for c in found.cues
        ], path
        assert [letters(c) for c in again.cues] == [letters(c) for c in found.cues], path
        assert again.regions == found.regions, path
        assert again.styles == found.styles, path
        # Repeated and nameless regions move behind the others.
        assert sorted(map(str, again.carried)) == sorted(map(str, found.carried)), path
        assert written(again) == written(found), path
    assert count > 50


@pytest.mark.parametrize("path", sorted((FORMATS / "vtt").iterdir()), ids=lambda p: p.name)
def test_the_files_of_others_come_back(path: object) -> None:
    data = path.read_bytes()  # type: ignore[attr-defined]
    found, repairs = WebVttReader().read(data, name="x.vtt", language="en")
    assert repairs == []
    again, _ = read(written(found))
    assert again == found


@pytest.mark.slow
def test_many_tags_are_read_and_written_in_linear_time() -> None:
    for part in (
        "<i>a</i>",
        "<i>a",
        "<c.x>a",
        "<ruby>a<rt>",
        "<00:00:01.500>a",
        "<foo>a",
        "<v x>a",
    ):
        found, _ = read(f"WEBVTT\n\n{TIMES}\n" + part * 10_000)
        assert found.cues[0].text.count("a") > 0
        assert len(written(found)) < 2_000_000
