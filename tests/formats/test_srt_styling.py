from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from subkit.formats.losses import told_losses
from subkit.formats.srt import SrtReader, SrtWriter
from subkit.interfaces.file_contents import WriteRequest
from subkit.model import Cue, Feature, NamedStyle, Placement, Track
from tests.styled import FORMATS, MEDIA, cue, letters, marked, styled_tracks, track
from tests.wild import beside

LOOKS = {
    Feature.ITALIC: [("", "")],
    Feature.BOLD: [("", "")],
    Feature.UNDERLINE: [("", "")],
    Feature.STRIKE: [("", "")],
    Feature.COLOR: [("#ff0000ff", ""), ("#00ff80ff", "")],
    Feature.FONT: [("Arial", ""), ('A "B" <C> & D', "")],
    Feature.SIZE: [("24", "points")],
}
HEAD = "1\n00:00:01,000 --> 00:00:02,000"


def read(text: str) -> tuple[Cue, list[str]]:
    found, repairs = SrtReader().read(text.encode(), name="film.srt", language="en")
    return found.cues[0], repairs


def written(*cues: Cue) -> str:
    return SrtWriter().write(track(*cues), MEDIA).decode()


def test_every_tag_of_the_sample_is_kept() -> None:
    data = (FORMATS / "srt" / "own_styles.srt").read_bytes()
    found, repairs = SrtReader().read(data, name="own_styles.srt", language="en")
    first, second, third = found.cues
    assert repairs == []
    assert first.text == "It was here, red {curly}"
    assert first.marks == (
        marked(0, 2, Feature.ITALIC),
        marked(3, 6, Feature.BOLD),
        marked(7, 11, Feature.UNDERLINE),
        marked(13, 16, Feature.COLOR, "#ff0000ff"),
    )
    assert first.placement.vertical == "top"
    assert first.placement.as_read == "srt X1:100 X2:540 Y1:040 Y2:080 {\\an8}"
    assert second.marks == (marked(0, 22, Feature.ITALIC),)
    assert [(m.feature, m.value, m.how) for m in third.marks] == [
        (Feature.FONT, "Arial", ""),
        (Feature.SIZE, "24", "points"),
    ]
    assert third.span.start == 360_005
    assert SrtWriter().write(found, MEDIA) == data


def test_tags_are_balanced_and_attributes_quoted() -> None:
    found, repairs = read(f"{HEAD}\n<i>a <b>b</i> c</b>\n<FONT color=yellow face=Arial>d\n")
    assert written(found) == (
        f'{HEAD}\n<i>a <b>b</b></i><b> c</b>\n<font color="#ffff00" face="Arial">d</font>\n'
    )
    assert repairs == ["A <font> tag that nothing closed was closed: line 2."]


@pytest.mark.parametrize(
    ("line", "text", "marks"),
    [
        ("{b}a{/b}b", "ab", [("bold", 0, 1, "")]),
        ("{\\i1}a{\\i0}b", "ab", [("italic", 0, 1, "")]),
        ("{\\c&H0000FF&}a{\\c}b", "ab", [("color", 0, 1, "#ff0000ff")]),
        ("{y:i}a", "a", [("italic", 0, 1, "")]),
        ("{C:$00ffff}a", "a", [("color", 0, 1, "#ffff00ff")]),
        ("{\\blur2}a", "a", [("opaque", 0, 0, "{\\blur2}")]),
        ("a{\\fad(100,200)}", "a", [("opaque", 1, 1, "{\\fad(100,200)}")]),
        (
            '<font color="nice">a</font>',
            "a",
            [("opaque", 0, 1, '<font color="nice">')],
        ),
        ("{\\p1}m 0 0 l 1 1{\\p0}", "", [("opaque", 0, 0, "{\\p1}m 0 0 l 1 1{\\p0}")]),
        ("a\\hb", "a\u00a0b", []),
        ("</i>a", "a", []),
    ],
)
def test_other_tags_become_marks(line: str, text: str, marks: list[tuple[object, ...]]) -> None:
    found, _ = read(f"{HEAD}\n{line}\n")
    assert found.text == text
    assert [(m.feature.value, m.start, m.end, m.value) for m in found.marks] == marks
    again, repairs = read(written(found))
    assert (again.lines, again.marks, repairs) == (found.lines, found.marks, repairs)


def test_codes_of_one_line_end_with_it() -> None:
    found, _ = read(f"{HEAD}\n{{y:i}}one\n{{Y:b}}two\nthree\n")
    assert found.marks == (marked(0, 3, Feature.ITALIC), marked(4, 13, Feature.BOLD))


@pytest.mark.parametrize(
    ("rest", "tag", "vertical"),
    [
        ("X1:63 X2:223 Y1:43 Y2:58", "", "bottom"),
        ("X1:63 X2:223 Y1:43 Y2:58", "{\\an9}", "top"),
        ("line:0 position:20%", "", "top"),
        ("", "{\\an5\\pos(320,50)}", "middle"),
        ("", "{\\pos(320,50)}", "bottom"),
    ],
)
def test_a_place_comes_back_as_it_was(rest: str, tag: str, vertical: str) -> None:
    text = f"{HEAD}{' ' + rest if rest else ''}\n{tag}one\n"
    found, repairs = read(text)
    assert found.placement.vertical == vertical
    assert found.lines == ("one",)
    assert repairs == []
    assert written(found) == text


def test_a_place_that_was_changed_is_the_new_one() -> None:
    place = Placement(vertical="top", as_read="srt X1:63 X2:223 Y1:43 Y2:58")
    assert written(cue("one", placement=place)) == f"{HEAD}\n{{\\an8}}one\n"


def test_what_srt_does_not_hold_is_told() -> None:
    ruby = marked(0, 2, Feature.RUBY, "かんじ")
    colors = [marked(0, 1, Feature.COLOR, "#ff0000ff"), marked(1, 2, Feature.COLOR, "#00ff00ff")]
    styled = track(cue("漢字", marks=(ruby, *colors)), cue("b", number=3, speaker="Kim"))
    losses = SrtWriter().write_file(styled, MEDIA, WriteRequest()).losses
    assert told_losses(losses) == "1 ruby, 1 speaker (cues 1, 3)"


def test_a_named_style_is_written_as_tags() -> None:
    look = NamedStyle(id="Signs", looks=(marked(0, 0, Feature.ITALIC),), source="ass Style: Signs")
    styled = track(cue("a", style="Signs"), styles=(look,))
    assert SrtWriter().write(styled, MEDIA).decode() == f"{HEAD}\n<i>a</i>\n"


@settings(max_examples=40)
@given(styled_tracks(LOOKS))
def test_any_styled_track_comes_back(made: Track) -> None:
    data = SrtWriter().write(made, MEDIA)
    found, repairs = SrtReader().read(data, name="a.srt", language="en")
    assert repairs == []
    assert [letters(c) for c in found.cues] == [letters(c) for c in made.cues]


def same_again(path: Path) -> None:
    """Reading what was written of a file gives the same cues and blocks."""
    found, _ = SrtReader().read(path.read_bytes(), name=path.name, language="en")
    data = SrtWriter().write(found, MEDIA)
    again, _ = SrtReader().read(data, name=path.name, language="en")
    assert [(c.span, c.lines, c.marks, c.placement) for c in again.cues] == [
        (c.span, c.lines, c.marks, c.placement) for c in found.cues
    ]
    assert SrtWriter().write(again, MEDIA) == data


def test_every_file_beside_the_project_comes_back() -> None:
    paths = sorted(beside("").rglob("*.srt"))
    assert len(paths) >= 8
    for path in paths:
        same_again(path)


@pytest.mark.slow
def test_many_tags_are_read_and_written_in_linear_time() -> None:
    for part in ("<i>a</i>", "<i>a", "{\\i1}a", "a<b>\n", "{\\blur1}a", "{y:i}a\n", "<font a=b>a"):
        found, _ = read(f"{HEAD}\n" + part * 20_000)
        assert found.text.count("a") == 20_000
        assert len(written(found)) < 2_000_000
