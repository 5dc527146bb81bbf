from __future__ import annotations

import unicodedata
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from subkit.errors import FormatError
from subkit.formats import reader_of_content
from subkit.formats.ebu_stl.stl_blocks import BLOCK, HEAD, StlHead
from subkit.formats.ebu_stl.stl_letters import TABLES, encode_letter, letters_of
from subkit.formats.losses import told_losses
from subkit.formats.stl import StlReader, StlWriter
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import Cell, Cue, Feature, FrameRate, Media, Placement, Span, Track
from subkit.model.mark_moves import sorted_marks
from tests.styled import FORMATS, marked, track

if TYPE_CHECKING:
    from pathlib import Path

EBU = FORMATS / "ebu" / "1_STL.stl"
CASES = [EBU, *sorted(FORMATS.glob("ttconv/stl/*/*.stl"))]
RATE = FrameRate(Fraction(25))
DOUBLE = ("200", "double")


def media(rate: FrameRate = RATE, start: Fraction = Fraction(0)) -> Media:
    return Media(
        path="/film.mkv", digest="", duration=Fraction(1), frame_rate=rate, programme_start=start
    )


def cue(first: int, last: int, *lines: str, rate: FrameRate = RATE, **more: object) -> Cue:
    span = Span(rate.time(first), rate.time(last))
    made = Cue(id=str(first), span=span, lines=lines)
    return replace(made, **more)  # type: ignore[arg-type]


def read(data: bytes, **more: object) -> FileContent:
    asked = ReadRequest(name="film.stl", language="en")
    return StlReader().read_file(data, replace(asked, **more))  # type: ignore[arg-type]


def written(made: Track, to: Media | None = None) -> WrittenFile:
    return StlWriter().write_file(made, to or media(), WriteRequest())


def fields(cue: Cue) -> list[tuple[int, int, str, str]]:
    return [(m.start, m.end, m.feature.value, m.value) for m in cue.marks]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_case_is_known_read_and_comes_back(path: Path) -> None:
    data = path.read_bytes()
    assert isinstance(reader_of_content(data), StlReader)
    content = read(data)
    found = content.tracks[0]
    assert found.cues
    assert content.rate is not None
    assert content.start is not None
    back = read(written(found, media(content.rate, content.start)).data)
    assert back.tracks[0].cues == found.cues
    assert back.tracks[0].carried[1:] == found.carried[1:]
    assert back.title == content.title


def _xml_texts() -> list[tuple[str, str]]:
    """Number and text of each subtitle of the sample, as its other form in XML has them."""
    root = etree.parse(str(FORMATS / "ebu" / "2_STLXML.xml")).getroot()
    texts = []
    for block in root.iter("TTI"):
        field = block.find("TF")
        assert field is not None
        words = [field.text or ""]
        for child in field:
            words += [" " if child.tag in {"space", "newline"} else "", child.tail or ""]
        text = "".join(part if part == " " else part.strip() for part in words)
        texts.append((str(int(block.findtext("SN") or 0)), " ".join(text.split())))
    return [(number, text) for number, text in texts if text]


def test_the_sample_says_what_its_other_form_says() -> None:
    content = read(EBU.read_bytes(), language="und")
    found = content.tracks[0]
    assert found.language == "de"
    assert content.title == "OPT field äöü"
    assert [(c.id, " ".join(c.lines)) for c in found.cues] == _xml_texts()
    assert fields(found.cues[1]) == [
        (0, 15, "background", "#0000ffff"),
        (0, 15, "size", "200"),
    ]
    assert found.cues[1].span == Span(Fraction("1.64"), Fraction("3.24"))
    assert found.carried[0].kind == "head"


@pytest.mark.parametrize(
    ("name", "lines", "marks", "row"),
    [
        (
            "sandflow/br_new_colors",
            ("Blue On Yellow", "Yellow On Blue"),
            [
                (0, 29, "size", "200"),
                (0, 14, "background", "#ffff00ff"),
                (0, 14, "color", "#0000ffff"),
                (15, 29, "background", "#0000ffff"),
                (15, 29, "color", "#ffff00ff"),
            ],
            18,
        ),
        (
            "sandflow/multi_tti_subtitle",
            ("Foo Bar Baz",),
            [
                (0, 11, "background", "#ffff00ff"),
                (0, 11, "color", "#0000ffff"),
                (0, 11, "size", "200"),
            ],
            22,
        ),
        (
            "irt/requirement-0076-009",
            ("WhiteOnWhite WhiteOnBlack",),
            [(0, 25, "size", "200"), (0, 12, "background", "#ffffffff")],
            22,
        ),
        (
            "sandflow/vp18_3_lines",
            ("This", "is", "row 18"),
            [(0, 4, "color", "#ffff00ff"), (0, 4, "size", "200")],
            18,
        ),
    ],
)
def test_colours_heights_and_rows_of_the_source_are_kept(
    name: str, lines: tuple[str, ...], marks: list[tuple[int, int, str, str]], row: int
) -> None:
    found = read((FORMATS / "ttconv" / "stl" / f"{name}.stl").read_bytes()).tracks[0].cues[0]
    assert found.lines == lines
    assert fields(found) == marks
    assert found.placement.cell == Cell(grid="teletext", row=row)


def test_a_cumulative_set_is_one_cue_with_delays() -> None:
    content = read((FORMATS / "ttconv" / "stl" / "sandflow" / "cumulative_set.stl").read_bytes())
    second = content.tracks[0].cues[1]
    assert second.lines == ("1", "2", "3", "4")
    assert second.span == Span(Fraction(2), Fraction(7))
    delays = [(m.start, m.value) for m in second.marks if m.feature is Feature.DELAY]
    assert delays == [(2, "1"), (4, "2"), (6, "3")]


def test_what_stands_before_the_programme_is_kept_aside() -> None:
    path = FORMATS / "ttconv" / "stl" / "sandflow" / "test_tcp_processing.stl"
    content = read(path.read_bytes())
    assert (content.start, [c.text for c in content.tracks[0].cues]) == (
        Fraction(36000),
        ["Start of the program."],
    )
    assert [(c.kind, c.before) for c in content.tracks[0].carried] == [("head", ""), ("early", "2")]
    assert content.repairs[-1] == (
        "Subtitles before the programme's start are kept aside, not shown: block 1."
    )
    from_zero = read(path.read_bytes(), start=Fraction(0))
    assert [c.span.start for c in from_zero.tracks[0].cues] == [0, 36000]


@pytest.mark.parametrize("table", TABLES)
def test_every_letter_of_a_table_goes_out_and_comes_back(table: str) -> None:
    codes = [bytes((code,)) for code in range(0xA1, 0x100) if not 0xC1 <= code <= 0xCF]
    accented = [bytes((accent, base)) for accent in range(0xC1, 0xD0) for base in b"AEINOSUaeinosu"]
    found = 0
    for code in codes if table != "00" else [*codes, *accented]:
        for letter, known in letters_of(code, table):
            if known:
                again, exact = encode_letter(letter, table)
                back = "".join(shown for shown, _ in letters_of(again, table))
                assert (exact, back) == (True, letter) or unicodedata.category(letter) == "Cf"
                found += 1
    assert found > 30


def test_letters_outside_the_table_are_named() -> None:
    found = written(track(cue(0, 50, "Żółć – „tak” 漢", id="1")))
    assert told_losses(found.losses) == "3 letters (–„漢) (cue 1)"
    assert read(found.data).tracks[0].cues[0].text == 'Żółć - "tak”'
    greek = written(track(cue(0, 50, "Καλημέρα é", id="1")))
    assert StlHead(greek.data).raw("CCT") == "03"
    assert told_losses(greek.losses) == "1 letter (é) (cue 1)"
    assert read(greek.data).tracks[0].cues[0].text == "Καλημέρα e"


def test_italics_make_open_subtitles_and_colours_teletext() -> None:
    italic = track(cue(0, 50, "a b", "c", id="1", marks=(marked(2, 5, Feature.ITALIC),)))
    found = written(italic)
    assert StlHead(found.data).raw("DSC") == "0"
    assert (found.losses, read(found.data).tracks[0].cues[0].marks) == ((), italic.cues[0].marks)
    both = (marked(0, 1, Feature.COLOR, "#ffff00ff"), marked(2, 3, Feature.ITALIC))
    teletext = written(track(cue(0, 50, "a b", id="1", marks=both)))
    assert StlHead(teletext.data).raw("DSC") == "1"
    assert told_losses(teletext.losses) == "1 italic (cue 1)"
    assert fields(read(teletext.data).tracks[0].cues[0]) == [
        (0, 3, "size", "200"),
        (0, 1, "color", "#ffff00ff"),
    ]


def test_a_size_that_is_no_double_height_takes_no_colour_with_it() -> None:
    marks = (marked(0, 1, Feature.COLOR, "#ffff00ff"), marked(0, 3, Feature.SIZE, "80"))
    found = written(track(cue(0, 50, "a b", id="1", marks=marks)))
    assert told_losses(found.losses) == "1 size (cue 1)"
    assert fields(read(found.data).tracks[0].cues[0]) == [
        (0, 3, "size", "200"),
        (0, 1, "color", "#ffff00ff"),
    ]


def test_a_teletext_row_has_forty_cells() -> None:
    color = marked(0, 60, Feature.COLOR, "#00ffffff")
    text = "Sixty letters of text that no row of teletext can ever hold."
    found = written(track(cue(0, 50, text, id="1", marks=(color,))))
    assert told_losses(found.losses) == "1 line broken at 40 letters (cue 1)"
    lines = read(found.data).tracks[0].cues[0].lines
    assert " ".join(lines) == text
    block = found.data[HEAD:]
    rows = block[16:128].rstrip(b"\x8f").split(b"\x8a\x8a")
    assert len(rows) == 2
    assert all(len(row) <= 40 for row in rows)


def test_long_text_goes_on_in_extension_blocks() -> None:
    lines = tuple(f"Line {i} of a long text in open type" for i in range(6))
    found = written(track(cue(0, 50, *lines, id="7")))
    assert [found.data[HEAD + i * BLOCK + 3] for i in range(2)] == [0, 255]
    content = read(found.data)
    assert (content.repairs, content.tracks[0].cues[0].lines) == ((), lines)


def test_comments_and_user_data_are_given_back() -> None:
    made = written(track(cue(0, 50, "One", id="1"), cue(60, 90, "Two", id="2")))
    blocks = bytearray(made.data)
    note = bytearray(made.data[HEAD : HEAD + BLOCK])
    note[15], note[16:19] = 1, b"Hm?"
    user = bytearray(made.data[HEAD : HEAD + BLOCK])
    user[3] = 0xFE
    blocks[HEAD + BLOCK : HEAD + BLOCK] = note + user
    data = StlHead(bytes(blocks[:HEAD])).put(TNB="00004").data + bytes(blocks[HEAD:])
    content = read(data)
    assert [c.text for c in content.tracks[0].cues] == ["One", "Two"]
    assert [(c.kind, c.before) for c in content.tracks[0].carried[1:]] == [
        ("comment", "2"),
        ("user data", "2"),
    ]
    assert written(content.tracks[0]).data == data


def test_broken_files_are_read_as_far_as_they_go() -> None:
    made = written(track(*(cue(50 * i, 50 * i + 40, f"Cue {i}", id=str(i + 1)) for i in range(3))))
    data = bytearray(made.data)
    data[12:14] = b"09"
    data[HEAD + 9 : HEAD + 13] = data[HEAD + 5 : HEAD + 9] = bytes((0, 0, 70, 3))
    data[HEAD + 11] = 1
    data[HEAD + BLOCK + 4] = 100
    content = read(bytes(data[:-40]))
    assert sorted(content.repairs) == sorted(
        (
            "A block that is cut short was read as far as it goes: block 3.",
            "The head counts 00003 blocks; there are 2.",
            "The code table '09' is none of EBU STL; text was read as Latin.",
            "A wrong cumulative status was read as none: block 2.",
            "A field of a time code beyond its range was carried: block 1, block 1.",
            "An out-time before its in-time was made equal to it: block 1.",
            "Cues were put in order of in-time.",
        )
    )
    assert {c.text for c in content.tracks[0].cues} == {"Cue 0", "Cue 1", "Cue 2"}


def test_blocks_without_end_are_bounded() -> None:
    made = written(track(cue(0, 50, "One", id="1")))
    block = bytearray(made.data[HEAD : HEAD + BLOCK])
    block[3] = 0
    content = read(made.data[:HEAD] + bytes(block) * 500)
    assert [len(c.text) for c in content.tracks[0].cues] == [240 * 3, 240 * 3, 20 * 3]


def test_no_block_is_an_empty_track_that_is_told() -> None:
    empty = written(track())
    content = read(empty.data)
    assert content.tracks[0].cues == ()
    assert content.repairs == ("The file holds no cue.",)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not EBU STL"),
        (b"850STL25.01", "ends after 11 bytes of 1024"),
        (b"$FontName = Arial\n00:00:01:00 , 00:00:02:00 , Hello\n", "DVD Studio Pro"),
    ],
)
def test_other_files_are_refused_by_name(data: bytes, why: str) -> None:
    if b"," in data:
        assert isinstance(reader_of_content(data), StlReader)
    with pytest.raises(FormatError, match=why) as error:
        read(data)
    assert (error.value.line, error.value.column) == (1, 1)


@pytest.mark.parametrize("rate", ["25", "30", "30000/1001", "30000/1001 drop", "50", "24000/1001"])
@given(data=st.data())
@settings(max_examples=20)
def test_frames_come_back(rate: str, data: st.DataObject) -> None:
    number, _, drop = rate.partition(" ")
    grid = FrameRate(Fraction(number), drop_frame=bool(drop))
    first = data.draw(st.integers(0, 200_000))
    found = written(track(cue(first, first + 40, "a", rate=grid)), media(grid))
    span = read(found.data).tracks[0].cues[0].span
    if rate == "50":
        on_grid = first % 2 == 0
        assert told_losses(found.losses).startswith("1 time") != on_grid
        assert abs(grid.frame(span.start) - first) <= 1
    else:
        assert (grid.frame(span.start), grid.frame(span.end)) == (first, first + 40)
        assert bool(found.losses) == (rate == "24000/1001") or first * 1001 % 960 == 0


def test_times_count_from_the_start_of_the_programme() -> None:
    found = written(track(cue(25, 75, "a", id="1")), media(start=Fraction(36000)))
    assert StlHead(found.data).raw("TCP") == "10000000"
    assert found.data[HEAD + 5 : HEAD + 9] == bytes((10, 0, 1, 0))
    content = read(found.data)
    assert (content.start, content.tracks[0].cues[0].span.start) == (Fraction(36000), Fraction(1))


@pytest.mark.parametrize("kind", ["open", "teletext"])
def test_ttconv_reads_ours(kind: str) -> None:
    import io

    from ttconv.stl.reader import to_model

    marks = (marked(0, 4, Feature.ITALIC if kind == "open" else Feature.COLOR, "#ffff00ff"),)
    place = Placement(vertical="top")
    made = track(
        cue(25, 75, "Żółć é", "two lines", id="1", marks=marks),
        cue(100, 150, "At the top", id="2", placement=place),
    )
    document = to_model(io.BytesIO(written(made).data))
    assert document is not None
    body = document.get_body()
    assert body is not None
    found = [
        (p.get_begin(), p.get_end(), "".join("".join(_texts(p)).split()))
        for div in body
        for p in div
    ]
    assert found == [
        (Fraction(1), Fraction(3), "Żółćétwolines"),  # it loses spaces beside codes
        (Fraction(4), Fraction(6), "Atthetop"),
    ]


def _texts(element: object) -> list[str]:
    from ttconv.model import Br, Text

    if isinstance(element, Text):
        return [element.get_text()]
    if isinstance(element, Br):
        return [" "]
    return [text for child in element for text in _texts(child)]  # type: ignore[attr-defined]


OPEN = [(Feature.ITALIC, ""), (Feature.UNDERLINE, ""), (Feature.BACKGROUND, "#000000ff")]
TELETEXT = [(Feature.COLOR, "#ff0000ff"), (Feature.BACKGROUND, "#0000ffff")]
WORDS = st.lists(st.sampled_from(["Ana", "é", "ñu", "♪", "10", "“"]), min_size=1, max_size=4)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    kind = draw(st.sampled_from([OPEN, TELETEXT]))
    cues = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        words = st.lists(
            st.sampled_from(["Ana", "é", "ñu", "♪", "10", "„"]), min_size=1, max_size=4
        )
        lines = tuple(
            " ".join(draw(words)).replace("„", "“") for _ in range(draw(st.integers(1, 3)))
        )
        text = "\n".join(lines)
        starts = [i for i in range(len(text)) if not i or text[i - 1].isspace()]
        start = draw(st.sampled_from(starts))
        ends = [i for i in range(start + 1, len(text) + 1) if i == len(text) or text[i].isspace()]
        feature, value = draw(st.sampled_from(kind))
        mark = marked(start, draw(st.sampled_from(ends)), feature, value)
        size = [marked(0, len(text), Feature.SIZE, *DOUBLE)] if kind is TELETEXT else []
        place = Placement(
            vertical=draw(st.sampled_from(["top", "middle", "bottom"])),
            horizontal=draw(st.sampled_from(["left", "center", "right"])),
        )
        first = number * 100
        marks = sorted_marks([mark, *size])
        cues.append(cue(first, first + 60, *lines, id=str(number), marks=marks, placement=place))
    return track(*cues)


@given(made=tracks())
@settings(max_examples=60)
def test_what_stl_holds_is_read_back(made: Track) -> None:
    found = written(made)
    assert found.losses == ()
    content = read(found.data)
    assert content.repairs == ()
    back = content.tracks[0]
    plain = [replace(c, placement=_rough(c)) for c in back.cues]
    assert plain == list(made.cues)
    assert written(back).data == found.data


def _rough(cue: Cue) -> Placement:
    return Placement(vertical=cue.placement.vertical, horizontal=cue.placement.horizontal)


@given(
    blocks=st.lists(st.binary(min_size=BLOCK, max_size=BLOCK), max_size=4), cut=st.integers(0, 130)
)
@settings(max_examples=100)
def test_any_blocks_give_a_track(blocks: list[bytes], cut: int) -> None:
    head = StlHead.blank().put(CPN="850", DFC="STL25.01", DSC="1", CCT="00").data
    content = read((head + b"".join(blocks))[: HEAD + max(len(blocks) * BLOCK - cut, 0)])
    found = content.tracks[0]
    assert all(c.text.strip() for c in found.cues)
    assert len({c.id for c in found.cues}) == len(found.cues)
    again = StlWriter().write(found, media())
    assert len(again) >= HEAD


def test_a_line_without_end_is_broken_in_time_of_its_length() -> None:
    long = "".join("word " if n % 7 else "Ünbroken" for n in range(20_000))
    yellow = marked(0, 4, Feature.COLOR, "#ffff00ff")  # makes it teletext
    made = written(track(cue(0, 50, long, id="1", marks=(yellow,))))
    told = told_losses(made.losses)
    assert "1 line broken at 40 letters" in told
    assert "1 very long cue cut (cue 1)" in told
    assert len(made.data) == HEAD + 240 * BLOCK
