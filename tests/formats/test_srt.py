from __future__ import annotations

from fractions import Fraction

import pytest

from subkit.errors import FormatError
from subkit.formats.srt import SrtReader, SrtWriter
from subkit.model import Cue, Media, Placement, Span, Track

MEDIA = Media(path="/film.mkv", digest="", duration=Fraction(100))
BOTTOM = Placement()


def cue(lines: tuple[str, ...], placement: Placement = BOTTOM, number: str = "1") -> Cue:
    span = Span(Fraction(1001, 24000) * 20, Fraction(1001, 24000) * 70)
    return Cue(id=number, span=span, lines=lines, placement=placement)


def written(*cues: Cue) -> str:
    return SrtWriter().write(Track(id="en", language="en", cues=cues), MEDIA, note="note").decode()


def read(text: str | bytes) -> tuple[list[tuple[str, str, str, tuple[str, ...]]], list[str]]:
    data = text if isinstance(text, bytes) else text.encode()
    track, repairs = SrtReader().read(data, name="film.srt", language="en")
    assert track.language == "en"
    cues = [(c.id, str(c.span.start), str(c.span.end), c.lines) for c in track.cues]
    return cues, repairs


def test_writes_what_the_recipe_says() -> None:
    text = written(
        cue(("Twelve men", "in the garden.")), cue(("Sign",), Placement(vertical="top"), "x")
    )
    assert text == (
        "1\n00:00:00,834 --> 00:00:02,920\nTwelve men\nin the garden.\n"
        "\n"
        "2\n00:00:00,834 --> 00:00:02,920\n{\\an8}Sign\n"
    )


def test_an_empty_line_inside_a_cue_does_not_end_it() -> None:
    text = written(cue(("one", "", "two", " ")))
    assert text.splitlines()[2:] == ["one", "\u00a0", "two"]
    assert read(text)[0][0][3] == ("one", "", "two")


@pytest.mark.parametrize(
    "line",
    [
        "<b>bold?</b>",
        "a <3 b",
        "{\\an8}",
        "{curly}",
        "00:00:01,000 --> 00:00:02,000",
        "x --> y",
        "C:\\New",
        "7",
    ],
)
def test_text_that_looks_like_markup_comes_back_as_text(line: str) -> None:
    cues, repairs = read(written(cue((line,)), cue(("next",))))
    assert [c[3] for c in cues] == [(line,), ("next",)]
    assert repairs == []


def test_right_to_left_text_stays_in_logical_order() -> None:
    line = "שלום, world!"
    assert line in written(cue((line,)))


def test_a_track_without_cues_is_an_empty_file_and_back() -> None:
    assert written() == ""
    assert read("") == ([], ["The file holds no cue."])


OK = "1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n"
PLAIN = [("1", "1", "2", ("one",)), ("2", "3", "4", ("two",))]


def test_a_clean_file_needs_no_repair() -> None:
    assert read(OK) == (PLAIN, [])


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        ("\ufeff" + OK, None),
        (OK.replace("\n", "\r\n"), None),
        (OK.replace("\n", "\r\r\n"), None),
        (OK.replace("\n", "\r"), None),
        (OK.replace(",", "."), "Milliseconds were not written after ','"),
        (OK.replace("00:00:01,000", "00:00:01"), "without three digits of milliseconds"),
        (OK.replace(" --> ", "-->"), None),
        (OK.replace(" --> ", " -> "), "arrow other than -->"),
        (OK.replace("1\n00:", "00:"), "Cue numbers were missing or repeated"),
        (OK.replace("2\n00:", "1\n00:"), "Cue numbers were missing or repeated"),
        (OK.replace("two\n", "two"), None),
        (OK.replace("one\n\n", "one\n"), None),
        (OK.replace("02,000", "02,000  X1:63 X2:223 Y1:43 Y2:58"), None),
        (OK.replace("one", "<i>one</i>"), None),
        (OK.replace("one", '<font color="#fff">one</font>'), None),
        (OK.replace("\none\n", "\n\none\n"), None),
        (OK.replace("\n", "\n\n"), None),
        ("Made by me\n\n" + OK, "Text before the first cue was left out: 'Made by me'"),
    ],
)
def test_what_is_found_in_the_wild_is_read_and_listed(text: str, repair: str | None) -> None:
    cues, repairs = read(text)
    assert cues == PLAIN
    if repair is None:
        assert repairs == []
    else:
        assert repair in " ".join(repairs)


@pytest.mark.parametrize(
    ("timing", "start", "end"),
    [
        ("100:00:05,000 --> 100:00:06,000", "360005", "360006"),
        ("-00:00:01,000 --> 00:00:02,000", "0", "2"),
        ("00:00:05,000 --> 00:00:02,000", "5", "5"),
        ("00:75:00,000 --> 00:76:00,000", "4500", "4560"),
        ("01:05,500 --> 01:06,000", "131/2", "66"),
    ],
)
def test_odd_times(timing: str, start: str, end: str) -> None:
    cues, repairs = read(f"1\n{timing}\ntext\n")
    assert cues == [("1", start, end, ("text",))]
    assert (repairs == []) == (start == "360005")


def test_blank_lines_inside_a_cue_lose_no_text() -> None:
    cues, repairs = read(OK.replace("one", "one\n\nmore\n\n1984"))
    assert [c[3] for c in cues] == [("one", "more", "1984"), ("two",)]
    assert repairs == ["Empty lines inside a cue were closed up: line 2."]


def test_a_year_before_a_timing_line_is_text() -> None:
    cues, _ = read("00:00:01,000 --> 00:00:02,000\nIn\n1984\n00:00:03,000 --> 00:00:04,000\ntwo\n")
    assert [c[3] for c in cues] == [("In", "1984"), ("two",)]


def test_text_on_the_timing_line_is_kept() -> None:
    cues, repairs = read("1\n00:00:01,000 --> 00:00:02,000 Hello\nthere\n")
    assert cues[0][3] == ("Hello", "there")
    assert "first line" in repairs[0]


def test_a_cue_without_text_is_a_cue() -> None:
    cues, _ = read("1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n")
    assert [c[3] for c in cues] == [(), ("two",)]


def test_cues_out_of_order_are_put_in_order() -> None:
    cues, repairs = read(
        "1\n00:00:03,000 --> 00:00:04,000\nb\n\n2\n00:00:01,000 --> 00:00:02,000\na"
    )
    assert [c[0] for c in cues] == ["2", "1"]
    assert repairs == ["Cues were put in order of in-time."]


def test_placement_is_read() -> None:
    track, repairs = SrtReader().read(
        b"1\n00:00:01,000 --> 00:00:02,000\n{\\an9}Sign\n", name="a.srt"
    )
    assert track.cues[0].placement == Placement(vertical="top", horizontal="right")
    assert track.cues[0].lines == ("Sign",)
    assert repairs == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    cues, repairs = read(OK.replace("one", "café – “naïve”").encode(encoding))
    assert cues[0][3] == ("café – “naïve”",)
    assert bool(repairs) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"hello\nworld", 1, 1),
        (b"\n\n  {}", 3, 1),
        (b"1\n00:00:0x,000 --> 00:00:02,000\ntext", 2, 8),
        (b"1\n00:00:01,000 --> 00:00:xx,000\ntext", 2, 18),
        (b"1\n--> 00:00:02,000\ntext", 2, 1),
        (b"\x00\x01\x02", 1, 1),
        (b"ab\ncd\x81e", 1, 1),
        (b"\xff\xfeab\x00", 1, 1),
    ],
)
def test_garbage_is_refused_with_its_place(data: bytes, line: int, column: int) -> None:
    with pytest.raises(FormatError) as error:
        SrtReader().read(data, name="film.srt")
    assert (error.value.line, error.value.column) == (line, column)
    assert "film.srt" in error.value.message


def test_hostile_text_is_read_in_linear_time() -> None:
    for part in ("<i ", "{\\", "1:", "->", "9" * 50, "-->" * 3, "00:00:", "\r", " \t"):
        data = ("1\n00:00:01,000 --> 00:00:02,000\n" + part * 200_000).encode()
        try:
            SrtReader().read(data, name="film.srt")
        except FormatError:
            continue


def test_control_characters_are_left_out_and_said() -> None:
    data = b"1\n00:00:01,000 --> 00:00:02,000\nA\x1bB\x07C\n"
    track, repairs = SrtReader().read(data, name="a.srt", language="en")
    assert track.cues[0].text == "ABC"
    assert repairs == ["Control characters were left out: line 3."]
