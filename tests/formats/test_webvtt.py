from __future__ import annotations

from fractions import Fraction

import pytest

from subkit.errors import FormatError
from subkit.formats.webvtt import WebVttReader, WebVttWriter
from subkit.model import Cue, Media, Placement, Span, Track

MEDIA = Media(path="/film.mkv", digest="", duration=Fraction(100))


def written(*cues: Cue, note: str = "") -> str:
    track = Track(id="en", language="en", cues=cues)
    return WebVttWriter().write(track, MEDIA, note=note).decode()


def read(text: str) -> tuple[tuple[Cue, ...], list[str]]:
    track, repairs = WebVttReader().read(text.encode(), name="film.vtt", language="en")
    return track.cues, repairs


def cue(*lines: str, number: str = "c1", **more: object) -> Cue:
    base = Cue(id=number, span=Span(Fraction(1), Fraction(5, 2)), lines=lines)
    return Cue(**{**{f: getattr(base, f) for f in base.__slots__}, **more})


def test_writes_what_the_recipe_says() -> None:
    text = written(
        cue("R&B <loud>", "a --> b", "", "end"),
        cue("Hola", number="c2", speaker="Ana & Co", language="es"),
        cue("Sign", number="c3", placement=Placement(vertical="top", horizontal="left")),
        note="Made by a machine --> check it.\n\nDemo models.",
    )
    assert text == (
        "WEBVTT\n"
        "\n"
        "NOTE\nMade by a machine -> check it.\nDemo models.\n"
        "\n"
        "c1\n00:00:01.000 --> 00:00:02.500\n"
        "R&amp;B &lt;loud&gt;\na --&gt; b\n\u00a0\nend\n"
        "\n"
        "c2\n00:00:01.000 --> 00:00:02.500\n<v Ana &amp; Co><lang es>Hola</lang>\n"
        "\n"
        "c3\n00:00:01.000 --> 00:00:02.500 line:0 align:left\nSign\n"
    )


def test_reads_back_what_it_wrote() -> None:
    cues = (
        cue("R&B <loud> &lt;", "a --> b", "", "end"),
        cue("Hola", number="c2", speaker="Ana & Co", language="es"),
        cue("Sign", number="c3", placement=Placement(vertical="middle", horizontal="right")),
        cue(number="c4"),
    )
    assert read(written(*cues)) == (cues, [])


@pytest.mark.parametrize("number", ["a --> b", "NOTE", "two\nlines", " ", "", "STYLE x"])
def test_an_id_that_the_format_cannot_hold_is_left_out(number: str) -> None:
    cues, repairs = read(written(cue("text", number=number), cue("more", number="c2")))
    assert [c.id for c in cues] == ["1", "c2"]
    assert [c.lines for c in cues] == [("text",), ("more",)]
    assert repairs == []


def test_what_is_mended_is_listed() -> None:
    cues, repairs = read(
        "WEBVTT - title\nKind: captions\n\nstray text\n\n"
        "01:00.000 --> 01:02.000 size:40% align:start\n"
        "<v Bob><i>Hi</i> <ruby>漢<rt>か<b>ん</b></rt></ruby> you</c> &amp; me &lt;3\n\n"
        "dup\n01:03.000 --> 01:04.000\n<v A>Hi <v B>Ho\n\n"
        "dup\n01:05.000 --> 01:06.000\n- <lang fr>oui</lang>\n"
    )
    assert [c.lines for c in cues] == [("Hi 漢 you & me <3",), ("Hi Ho",), ("- oui",)]
    assert [c.id for c in cues] == ["1", "dup", "3"]
    assert [c.speaker for c in cues] == ["Bob", None, None]
    assert repairs == [
        "Text without a timing line was left out: 'stray text': line 4.",
        "A closing tag without an opening one was left out: line 6.",
        "Tags inside a ruby reading were left out: line 6.",
        "A repeated cue id was replaced: dup.",
    ]


def test_a_timing_line_ends_the_cue_before_it() -> None:
    cues, _ = read("WEBVTT\n\n00:01.000 --> 00:02.000\none\n00:03.000 --> 00:04.000\ntwo")
    assert [c.lines for c in cues] == [("one",), ("two",)]


@pytest.mark.parametrize(
    ("line", "vertical"),
    [
        ("line:0", "top"),
        ("line:-1", "bottom"),
        ("line:50%", "middle"),
        ("line:90%,end", "bottom"),
        ("line:7", "middle"),
        ("line:x", "bottom"),
        ("line:nan", "bottom"),
    ],
)
def test_rows_become_places(line: str, vertical: str) -> None:
    cues, _ = read(f"WEBVTT\n\n00:01.000 --> 00:02.000 {line}\none\n")
    assert cues[0].placement.vertical == vertical


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ("1\n00:00:01,000 --> 00:00:02,000\nx", 1, 1),
        ("WEBVTTX\n", 1, 1),
        ("WEBVTT\n\nid\n00:01.000 --> later\nx", 4, 15),
    ],
)
def test_garbage_is_refused_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(FormatError) as error:
        read(text)
    assert (error.value.line, error.value.column) == (line, column)


@pytest.mark.slow
def test_hostile_text_is_read_in_linear_time() -> None:
    for part in ("<v ", "<c.", "&#99", "&", "a\n", "-->\n", "x\n", "<1:", "&#x10FFFFF;"):
        text = "WEBVTT\n\n00:01.000 --> 00:02.000\n" + part * 200_000
        try:
            read(text)
        except FormatError:
            continue
