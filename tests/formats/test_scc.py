from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
import pysubs2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.errors import FormatError
from subkit.formats import reader_of_content
from subkit.formats.captions608.line21 import PARITY, code_of
from subkit.formats.captions608.line21_letters import BASIC, EXTENDED, SPECIAL
from subkit.formats.losses import told_losses
from subkit.formats.scc import SccReader, SccWriter
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import Cell, Cue, Feature, FrameRate, Media, Placement, Span, Track
from tests.styled import FORMATS, marked, track

RATE = FrameRate(Fraction(30000, 1001), drop_frame=True)
MEDIA = Media(path="/film.mkv", digest="", duration=Fraction(1), frame_rate=RATE)
CASES = sorted([*FORMATS.glob("scc/*.scc"), *FORMATS.glob("ttconv/scc/*.scc")])
TOO_LONG = {"tears_of_steel", "with_line_too_long", "paint-on"}
"""Files with lines of more than 32 letters, which are broken when they are written."""
HEAD = "Scenarist_SCC V1.0\n\n"


def cue(*lines: str, number: int = 1, **more: object) -> Cue:
    """Return a cue of sixty frames from a frame near second ``number`` on."""
    span = Span(RATE.time(30 * number), RATE.time(30 * number + 60))
    return Cue(id=str(number), span=span, lines=lines, **more)  # type: ignore[arg-type]


def read(data: bytes | str) -> FileContent:
    data = data.encode() if isinstance(data, str) else data
    return SccReader().read_file(data, ReadRequest(name="film.scc", language="en"))


def written(*cues: Cue, media: Media = MEDIA) -> WrittenFile:
    return SccWriter().write_file(track(*cues), media, WriteRequest())


def again(content: FileContent) -> FileContent:
    media = Media(path="/x", digest="", duration=Fraction(1), frame_rate=content.rate)
    return read(SccWriter().write(content.tracks[0], media))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_case_is_known_read_and_comes_back(path: Path) -> None:
    data = path.read_bytes()
    assert isinstance(reader_of_content(data), SccReader)
    content = read(data)
    back = again(content)
    cues, found = content.tracks[0].cues, back.tracks[0].cues
    assert cues
    assert back.repairs == ()
    assert [cue.span for cue in found] == [cue.span for cue in cues]
    assert [cue.text.split() for cue in found] == [cue.text.split() for cue in cues]
    if path.stem not in TOO_LONG:
        assert found == cues


def test_a_file_laid_out_as_ours_comes_back_byte_by_byte() -> None:
    text = (FORMATS / "scc" / "pop_on.scc").read_text("utf-8")
    content = read(text)
    media = Media(path="/x", digest="", duration=Fraction(1), frame_rate=content.rate)
    assert SccWriter().write(content.tracks[0], media).decode().split() == text.split()
    assert content.tracks[0].cues[1].lines == (
        "MAN:",
        "When we think",
        'of "E equals m c-squared",',
    )


def test_spaces_for_tabs_give_every_cue() -> None:
    content = read((FORMATS / "scc" / "roll_up_ru2.scc").read_bytes())
    cues = content.tracks[0].cues
    assert len(cues) == 21
    assert [cue.mode for cue in cues] == ["roll-up 2"] * 14 + ["roll-up 3"] * 4 + ["roll-up 4"] * 3
    assert cues[1].lines == ("I'M KEVIN CUNNING AND AT",)
    assert cues[0].span.end == cues[1].span.start
    late = "line 18, line 20, line 22, line 24, line 28, line 26"
    assert content.repairs == (
        "A field of a time code beyond its range was carried: line 16, line 26.",
        "Lines were put in order of time code.",
        f"More codes than there is time for were sent late: {late}.",
        "Bytes of wrong parity were read without it: line 18.",
        "Words that are no codes were left out: line 32 ('4c'), line 36 ('45').",
        "The last caption is never erased; it was given an end.",
    )


def test_italics_and_backgrounds_of_the_source_are_kept() -> None:
    cues = read((FORMATS / "ttconv" / "scc" / "mix-rows-roll-up.scc").read_bytes()).tracks[0].cues
    assert cues[4].marks == (marked(5, 14, Feature.ITALIC),)
    assert cues[12].marks == (marked(10, 14, Feature.BACKGROUND, "#ff00ff80"),)


def test_each_doubled_code_counts_once() -> None:
    text = f"{HEAD}00:00:01;00\t9420 9420 9137 9137 9137 9137 9137 942f 942f\n"
    assert read(text).tracks[0].cues[0].lines == ("♪♪♪",)


def test_repairs_name_what_was_wrong() -> None:
    row = "9420 9420 9470 9470 "
    body = "6162 4142 9724 zz 12345 942f 942f"  # no parity, a code of other letters, no codes
    content = read(f"{HEAD}hello\n00:61:01;00 {row}{body}\n00:01:00;00 942c\n")
    assert content.repairs == (
        "A line without a time code was left out: line 3 ('hello').",
        "A field of a time code beyond its range was carried: line 4.",
        "Lines were put in order of time code.",
        "A time code that drop-frame skips was read as the next: line 5.",
        "Bytes of wrong parity were read without it: line 4.",
        "Codes that mean nothing in captions were left out: line 4.",
        "Words that are no codes were left out: line 4 ('zz'), line 4 ('12345').",
        "The last caption is never erased; it was given an end.",
    )
    assert content.tracks[0].cues[0].lines == ("abAB",)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{HEAD}00:00:01;00\t9420 9420 6162\n", 3),
        (f"{HEAD}00:00:01;00 942c\n", 3),
        ("hello\n", 1),
        ("", 1),
    ],
)
def test_no_track_is_empty_without_an_error(text: str, line: int) -> None:
    with pytest.raises(FormatError) as error:
        read(text)
    assert (error.value.line, error.value.column) == (line, 1)


def test_what_was_loaded_and_never_shown_is_quoted() -> None:
    text = f"{HEAD}00:00:01;00\t9420 9470 c1c2 942f 9420 9470 4343 94ae\n"
    assert "Text that was loaded but never shown was left out ('CC'): line 3." in read(text).repairs


def test_the_second_channel_is_a_track_of_its_own() -> None:
    second = "1c20 1cae 1cd0 c1c2 1c2f"
    content = read(f"{HEAD}00:00:01;00\t9420 94ae 94d0 c143 942f {second}\n00:00:03;00\t942c\n")
    assert [(t.id, t.language, t.cues[0].lines) for t in content.tracks] == [
        ("en", "en", ("AC",)),
        ("en.cc2", "en", ("AB",)),
    ]


def test_every_letter_goes_out_and_comes_back() -> None:
    letters = [letter for letter in (*BASIC, *SPECIAL, *EXTENDED) if letter.strip()]
    groups = ["".join(letters[i : i + 20]) for i in range(0, len(letters), 20)]
    found = written(*(cue(text, number=10 * i + 10) for i, text in enumerate(groups)))
    assert found.losses == ()
    assert [cue.text for cue in read(found.data).tracks[0].cues] == groups


def test_letters_that_line_21_has_not_are_named() -> None:
    found = written(cue("Zoë’s café – “naïve”… 안녕 ćŁ", number=5), cue("안녕", number=8))
    assert told_losses(found.losses) == (
        "9 letters (’–…안녕ćŁ), 1 cue without a letter (cues 5, 8)"
    )
    assert read(found.data).tracks[0].cues[0].text == "Zoë's café - “naïve”...  cL"


def test_a_cue_stands_where_it_says() -> None:
    for vertical, row in (("top", 1), ("middle", 8), ("bottom", 15)):
        for horizontal, column in (("left", 0), ("center", 13), ("right", 27)):
            place = Placement(vertical=vertical, horizontal=horizontal)
            found = read(written(cue("Words", number=5, placement=place)).data).tracks[0].cues[0]
            assert found.placement == Placement(
                vertical=vertical,
                horizontal=horizontal,
                cell=Cell(grid="608", row=row, column=column),
            )


def test_an_edited_place_wins_over_the_cell_it_was_read_from() -> None:
    place = Placement(vertical="bottom", cell=Cell(grid="608", row=2, column=4), as_read="scc 2,4")
    found = read(written(cue("Words", number=5, placement=place)).data).tracks[0].cues[0]
    assert (found.placement.vertical, found.placement.cell) == (
        "bottom",
        Cell(grid="608", row=15, column=13),
    )


def test_a_cue_that_cannot_load_in_time_is_told() -> None:
    text = "Thirty-two letters in each line."
    early = Cue(id="1", span=Span(RATE.time(100), RATE.time(110)), lines=("Short",))
    late = Cue(id="2", span=Span(RATE.time(110), RATE.time(200)), lines=(text, text))
    found = written(early, late)
    assert told_losses(found.losses) == "1 cue that cannot load in time (cue 2)"
    shown = read(found.data).tracks[0].cues
    assert shown[1].lines == late.lines
    assert RATE.frame(shown[1].span.start) == 102 + 2 + 2 * 17
    in_time = written(
        early, Cue(id="2", span=Span(RATE.time(145), RATE.time(200)), lines=(text,) * 2)
    )
    assert in_time.losses == ()


def test_losses_are_told() -> None:
    odd = Cue(id="9", span=Span(Fraction(1), Fraction(2)), lines=("a",))
    assert told_losses(written(odd).losses) == "1 time off the format's grid (cue 9)"
    marks = (marked(0, 3, Feature.ITALIC), marked(4, 8, Feature.COLOR, "#ff8000ff"))
    found = written(
        Cue(id="1", span=Span(RATE.time(90), RATE.time(200)), lines=("unbelievable",), marks=marks),
        Cue(id="2", span=Span(RATE.time(190), RATE.time(300)), lines=("x" * 33,)),
    )
    assert told_losses(found.losses) == (
        "2 colours, 1 italic, 1 overlap, 1 line broken at 32 letters (cues 1, 2)"
    )


@pytest.mark.parametrize(
    ("rate", "drop", "sign"),
    [
        ("30000/1001", True, ";"),
        ("30000/1001", False, ":"),
        ("24000/1001", False, ":"),
        ("25", False, ";"),
        ("60000/1001", True, ";"),
    ],
)
def test_time_codes_are_drop_frame_where_the_film_keeps_to_the_clock(
    rate: str, drop: bool, sign: str
) -> None:
    frame_rate = FrameRate(Fraction(rate), drop_frame=drop)
    media = Media(path="/x", digest="", duration=Fraction(1), frame_rate=frame_rate)
    shown = Cue(id="1", span=Span(RATE.time(100), RATE.time(299)), lines=("a",))
    erased = SccWriter().write(track(shown), media).decode().strip().split("\n")[-1]
    assert erased == f"00:00:09{sign}29\t942c 942c"


def test_the_start_of_the_programme_is_added_and_taken_off() -> None:
    start = RATE.time(RATE.frame(Fraction(3600)))
    media = Media(
        path="/x", digest="", duration=Fraction(1), frame_rate=RATE, programme_start=start
    )
    shown = cue("a", number=4, mode="pop-on")
    data = SccWriter().write(track(shown), media)
    assert b"\n01:00:06;00\t942c" in data
    content = SccReader().read_file(data, ReadRequest(name="x", start=start))
    assert content.tracks[0].cues[0].span == shown.span
    late = SccReader().read_file(data, ReadRequest(name="x", start=start + 5))
    assert late.tracks[0].cues[0].span.start == 0
    assert len(late.repairs) == 1


@pytest.mark.parametrize("drop", [True, False])
@given(data=st.data())
@settings(max_examples=30)
def test_frames_come_back(drop: bool, data: st.DataObject) -> None:
    rate = FrameRate(Fraction(30000, 1001), drop_frame=drop)
    media = Media(path="/x", digest="", duration=Fraction(1), frame_rate=rate)
    start = data.draw(st.integers(40, 200_000))
    end = start + data.draw(st.integers(1, 100))
    shown = Cue(id="1", span=Span(rate.time(start), rate.time(end)), lines=("Hello",))
    found = written(shown, media=media)
    assert found.losses == ()
    cue = read(found.data).tracks[0].cues[0]
    assert (rate.frame(cue.span.start), rate.frame(cue.span.end)) == (start, end)


WORDS = st.lists(
    st.sampled_from(["Ana", "é", "♪", "—Ö", "two", "men's", "“Ja”"]), min_size=1, max_size=4
)
LOOKS = st.sampled_from(
    [
        (Feature.ITALIC, ""),
        (Feature.UNDERLINE, ""),
        (Feature.COLOR, "#ffff00ff"),
        (Feature.COLOR, "#000000ff"),
        (Feature.BACKGROUND, "#0000ffff"),
        (Feature.BACKGROUND, "#00000000"),
    ]
)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    cues = []
    at = 200
    mode = draw(st.sampled_from(["pop-on", "paint-on", "roll-up 2", "roll-up 4"]))
    for number in range(1, draw(st.integers(1, 4)) + 1):
        count = 1 if mode.startswith("roll") else draw(st.integers(1, 3))
        lines = tuple(" ".join(draw(WORDS)) for _ in range(count))
        text = "\n".join(lines)
        feature, value = draw(LOOKS)
        words = [i for i in range(len(text)) if not i or text[i - 1].isspace()]
        start = draw(st.sampled_from(words))
        ends = [i for i in range(start + 1, len(text) + 1) if i == len(text) or text[i].isspace()]
        end = draw(st.sampled_from(ends))
        length = draw(st.integers(60, 100))
        span = Span(RATE.time(at), RATE.time(at + length))
        at += length + draw(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 90]))
        place = Placement(vertical=draw(st.sampled_from(["top", "middle", "bottom"])))
        cues.append(
            Cue(
                id=str(number),
                span=span,
                lines=lines,
                placement=place,
                marks=(marked(start, end, feature, value),),
                mode=mode,
            )
        )
    return track(*cues)


@given(made=tracks())
@settings(max_examples=60)
def test_what_line_21_holds_is_read_back(made: Track) -> None:
    found = written(*made.cues)
    assert found.losses == ()
    content = read(found.data)
    assert content.repairs == ()
    back = content.tracks[0].cues
    assert [(cue.span, cue.lines, cue.marks, cue.mode, cue.placement.vertical) for cue in back] == [
        (cue.span, cue.lines, cue.marks, cue.mode, cue.placement.vertical) for cue in made.cues
    ]
    assert written(*back).data == found.data


def test_paint_on_parts_keep_their_delay() -> None:
    mark = marked(4, 9, Feature.DELAY, str(RATE.time(60)))
    span = Span(RATE.time(90), RATE.time(300))
    shown = Cue(id="1", span=span, lines=("One", "later"), marks=(mark,), mode="paint-on")
    found = written(shown)
    assert found.losses == ()
    assert read(found.data).tracks[0].cues[0].marks == (mark,)


def test_ffmpeg_reads_ours(tmp_path: Path) -> None:
    media = Media(
        path="/x", digest="", duration=Fraction(1), frame_rate=FrameRate(Fraction(30000, 1001))
    )
    shown = Cue(
        id="1",
        span=Span(Fraction(10010, 1000), Fraction(12012, 1000)),
        lines=("Twelve men", "in the café."),
        marks=(marked(0, 10, Feature.ITALIC),),
        mode="pop-on",
    )
    source, target = tmp_path / "in.scc", tmp_path / "out.ass"
    source.write_bytes(SccWriter().write(track(shown), media))
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run(
        [ffmpeg, "-v", "error", "-nostdin", "-i", str(source), str(target)], check=True, timeout=60
    )
    event = pysubs2.load(str(target), encoding="utf-8").events[0]
    assert event.plaintext.split("\n") == [" Twelve men", "in the café."]
    assert "\\i1" in event.text


def test_ttconv_reads_ours() -> None:
    from ttconv.scc.reader import to_model

    shown = [
        cue("Twelve men", "in the café.", number=n, placement=Placement(vertical="top"))
        for n in (10, 20)
    ]
    document = to_model(SccWriter().write(track(*shown), MEDIA).decode())
    body = document.get_body()
    assert body is not None
    texts = ["".join(_texts(p)) for div in body for p in div]
    assert texts == ["Twelve men|in the café."] * 2


def _texts(element: object) -> list[str]:
    from ttconv.model import Br, Text

    if isinstance(element, Text):
        return [element.get_text()]
    if isinstance(element, Br):
        return ["|"]
    return [text for child in element for text in _texts(child)]  # type: ignore[attr-defined]


def test_every_byte_pair_means_something_or_is_unknown() -> None:
    kinds = {code_of(high, low).kind for high in range(128) for low in range(128)}
    assert kinds == {
        *("text", "special", "extended", "pac", "midrow", "background", "black", "tab"),
        *("control", "null", "unknown"),
    }
    assert all(value.bit_count() % 2 == 1 for value in PARITY)


@given(
    words=st.lists(
        st.sampled_from(["9420", "942f", "9425", "94ad", "9429", "942c", "91ae", "1020", "17ae"])
        | st.integers(0, 65535).map("{:04x}".format),
        max_size=60,
    )
)
@settings(max_examples=150)
def test_any_codes_give_captions_or_an_error(words: list[str]) -> None:
    try:
        content = read(f"{HEAD}00:00:01;00\t{' '.join(words)}\n")
    except FormatError:
        return
    assert all(line for track in content.tracks for cue in track.cues for line in cue.lines)
    assert [cue.span for cue in again(content).tracks[0].cues] or content.tracks
