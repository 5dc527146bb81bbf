from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from subkit.errors import FormatError
from subkit.formats import reader_of_content
from subkit.formats.losses import told_losses
from subkit.formats.sami import SamiReader, SamiWriter
from subkit.formats.srt import SrtWriter
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest
from subkit.model import Cue, Feature, Placement, Span, Track
from tests.styled import FORMATS, MEDIA, cue, letters, marked, styled_tracks, track

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted((FORMATS / "sami").iterdir())
LOOKS = {
    Feature.ITALIC: [("", "")],
    Feature.BOLD: [("", "")],
    Feature.UNDERLINE: [("", "")],
    Feature.STRIKE: [("", "")],
    Feature.COLOR: [("#ff0000ff", "")],
    Feature.BACKGROUND: [("#123456ff", "")],
    Feature.FONT: [('A "B" & C', "")],
    Feature.SIZE: [("24", "points"), ("150", "")],
    Feature.CSS_CLASS: [("loud", "")],
}


def read(data: str | bytes, language: str = "und") -> FileContent:
    found = data.encode() if isinstance(data, str) else data
    return SamiReader().read_file(found, ReadRequest(name="film.smi", language=language))


def of(name: str) -> FileContent:
    return read((FORMATS / "sami" / name).read_bytes())


def written(found: Track) -> str:
    return SamiWriter().write(found, MEDIA).decode()


def body(text: str) -> Cue:
    return read(f"<SAMI><BODY><SYNC Start=1000><P Class=ENCC>{text}</BODY>").tracks[0].cues[0]


def test_each_language_is_a_track_with_its_looks() -> None:
    content = of("own_korean_cp949.smi")
    korean, english = content.tracks
    assert (content.title, korean.language, english.language) == ("예문", "ko-KR", "en-US")
    assert [c.lines for c in korean.cues] == [("안녕 기울임 빨강", "둘째 漢字"), ("끝",)]
    assert [c.lines for c in english.cues] == [("Hello",)]
    assert korean.cues[0].span == english.cues[0].span == Span(Fraction(1), Fraction(2))
    assert korean.cues[0].marks == (
        marked(3, 6, Feature.ITALIC),
        marked(7, 9, Feature.COLOR, "#ff0000ff"),
        marked(13, 15, Feature.RUBY, "한자"),
    )
    assert [r for r in content.repairs if "cp949" in r]
    assert "lang:ko-KR" in written(korean)
    assert '<P Class=KRCC>안녕 <i>기울임</i> <font color="#ff0000">빨강</font><br>둘째 ' in written(
        korean
    )


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_every_file_comes_back(path: Path) -> None:
    content = read(path.read_bytes())
    assert content.tracks[0].cues
    for found in content.tracks:
        (again, *_) = read(written(found), found.language).tracks
        assert again.cues == found.cues
        assert [b for b in again.carried if b.kind != "comment"] == [
            b for b in found.carried if b.kind != "comment"
        ]
        assert again.styles == found.styles
        assert written(again) == written(found)


def test_a_paragraph_lasts_until_the_next_of_its_class() -> None:
    (british, american) = of("sami_with_separate_multi_lang.smi").tracks
    assert (british.language, american.language) == ("en-GB", "en-US")
    assert [(float(c.span.start), float(c.span.end)) for c in british.cues][:1] == [(1.209, 7.209)]
    assert [c.text for c in american.cues] == ["English text."]


def test_styles_of_the_head_are_named() -> None:
    (found,) = of("sami_with_css_id_style.smi").tracks
    assert [c.style for c in found.cues] == [
        "#StyleItalic",
        "#StyleUnderline",
        "#StyleBold",
        "#StyleItalicBoldUnderline",
    ]
    assert "<i>This is in italics.</i>" in SrtWriter().write(found, MEDIA).decode()
    (speech,) = of("kennedy.smi").tracks
    assert [(s.id, s.looks[0].value) for s in speech.styles][1:] == [
        ("#Youth", "#adff2fff"),
        ("#BigPrint-1", "#ffff00ff"),
    ]
    assert speech.language == "en-US"
    assert [c.lines for c in speech.cues[-2:]] == [
        ("End of:",),
        ("President John F. Kennedy Speech",),
    ]
    assert speech.cues[-1].span.start == speech.cues[-2].span.start
    assert {c.placement.horizontal for c in speech.cues} == {"left"}


def test_a_span_says_size_and_side() -> None:
    (found,) = of("sami_with_span.smi").tracks
    assert found.cues[0].marks == (marked(0, 31, Feature.SIZE, "36", "points"),)
    (found,) = of("sami.smi").tracks
    assert [c.placement.horizontal for c in found.cues].count("right") == 1
    assert found.cues[1].lines == ("MAN:", "When we think", "♪ ...say bow, wow, ♪")
    assert of("sami_including_hexadecimal_charref.smi").tracks[0].cues[0].text == "> >"


@pytest.mark.parametrize(
    ("source", "text", "marks"),
    [
        ("a\n   b&nbsp;c<br>\n d", "a b\u00a0c\nd", []),
        (
            "<font color=red face='A B'>a</font>b",
            "ab",
            [("color", 0, 1, "#ff0000ff"), ("font", 0, 1, "A B")],
        ),
        ("<font size=5>a</font>b", "ab", [("opaque", 0, 1, '<font size="5">')]),
        ("a<table>b", "ab", [("opaque", 1, 1, "<table>")]),
        (
            "<span style='color:#00ff00;zoom:2'>a</span>",
            "a",
            [("color", 0, 1, "#00ff00ff"), ("opaque", 0, 1, '<span style="color:#00ff00;zoom:2">')],
        ),
        ("<i>a<b>b</i>c", "abc", [("italic", 0, 2, ""), ("bold", 1, 3, "")]),
    ],
)
def test_tags_are_marks(source: str, text: str, marks: list[tuple[object, ...]]) -> None:
    found = body(source)
    assert found.text == text
    assert [(m.feature.value, m.start, m.end, m.value) for m in found.marks] == marks
    assert read(written(track(found))).tracks[0].cues[0].text == text


def test_cues_end_where_they_end() -> None:
    made = track(
        cue("a", number=1),
        cue("b", number=2),
        cue("c", number=5),
        cue("d", number=6, span=Span(Fraction(11, 2), Fraction(7))),
    )
    text = written(made)
    assert [line.partition(">")[0] for line in text.splitlines() if line.startswith("<SYNC")] == [
        f"<SYNC Start={time}" for time in (1000, 2000, 3000, 5000, 5500, 7000)
    ]
    losses = SamiWriter().write_file(made, MEDIA, WriteRequest()).losses
    assert told_losses(losses) == "1 overlap (cue 5)"


def test_what_sami_does_not_hold_is_told() -> None:
    place = Placement(vertical="top")
    made = track(
        cue("a", placement=place, speaker="Kim", marks=(marked(0, 1, Feature.VOICE, "x"),))
    )
    losses = SamiWriter().write_file(made, MEDIA, WriteRequest()).losses
    assert told_losses(losses) == "1 voice of a part, 1 speaker, 1 place (cue 1)"


def test_a_disclosure_gives_way_to_a_newer_one() -> None:
    note = "approved by a person: {} of 2 cues\nreview: none"
    first = SamiWriter().write(track(cue("a")), MEDIA, note=note.format(0))
    (found,) = read(first).tracks
    assert SamiWriter().write(replace(found, id="en"), MEDIA) == first
    second = SamiWriter().write(found, MEDIA, note=note.format(2)).decode()
    assert second.count("approved") == second.count("2 of 2") == 1


def test_odd_files_are_read_or_refused() -> None:
    assert reader_of_content(b"\xef\xbb\xbf<SAMI>\n<HEAD>") is not None
    with pytest.raises(FormatError) as error:
        read("<SAMI><BODY>nothing</BODY></SAMI>")
    assert (error.value.line, error.value.column) == (1, 1)
    content = read(
        "<SYNC Start=-5><P>one<SYNC Start=x><P>two<SYNC Start='3000ms'><P>three"
        "<!-- by Kim --><SYNC Start=2000><P>&nbsp"
    )
    (found,) = content.tracks
    assert [c.text for c in found.cues] == ["one", "two", "three"]
    assert [b.text for b in found.carried] == [" by Kim "]
    assert len(content.repairs) == 2
    assert read("<SYNC Start=1>").repairs == ("The file holds no cue.",)


@settings(max_examples=40)
@given(styled_tracks(LOOKS, "ab 漢語\n<>&{}/N1"))
def test_any_styled_track_comes_back(made: Track) -> None:
    cues = tuple(
        replace(c, lines=tuple(" ".join(line.split()) for line in c.lines)) for c in made.cues
    )
    made = replace(
        made,
        cues=tuple(
            c if c.lines == b.lines else replace(c, marks=())
            for c, b in zip(cues, made.cues, strict=True)
        ),
    )
    (found,) = read(written(made)).tracks
    assert [letters(c) for c in found.cues] == [letters(c) for c in made.cues]
    assert [c.span for c in found.cues] == [c.span for c in made.cues]


def test_hostile_files_are_read_in_linear_time() -> None:
    head = "<SAMI><BODY><SYNC Start=1000><P Class=ENCC>"
    for part in (
        "<i>a",
        "<font color=red>a</font>",
        "<ruby>a<rt>",
        "<SYNC Start=1><P>a",
        "<!--",
        "&#",
        "<P Class=x>a",
        "<x>",
        "<!-- a --><SYNC Start=2>",
        "< ",
        "<span style='a:b'>a",
    ):
        content = read(head + part * 10_000)
        for found in content.tracks[:2]:
            assert len(written(found)) < 3_000_000
    many = "".join(f"<P Class=c{number}>a" for number in range(5_000))
    assert len(read(head + many).tracks) > 1_000
