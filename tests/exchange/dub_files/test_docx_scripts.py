"""Printed scripts: whose lines stand where, what is marked, and layouts of a studio's own."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from hypothesis import given, settings

from subkit.errors import InputError, PlanError
from subkit.exchange.dub_files import DubScript, write_dub_file
from subkit.exchange.dub_files.script_layouts import find_layout, own_layout
from subkit.model import Anchor, AnchorKind, LineKind, Loop, OnScreen, TakeStatus
from tests.exchange.dub_files.dub_builders import HUGO, at, line, original, script, scripts

if TYPE_CHECKING:
    from docx.document import Document as Book


def printed(made: DubScript, variant: str = "") -> Book:
    return Document(io.BytesIO(write_dub_file(made, "dub-docx", variant).data))


def rows(book: Book, table: int) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in book.tables[table].rows]


def pause(offset: int, start: float, end: float) -> Anchor:
    return Anchor(kind=AnchorKind.PAUSE, offset=offset, time=at(start), end=at(end))


FIRST = line("d1", 24, 90, "안녕 하세요", anchors=(pause(3, 1.5, 1.9),))
SECOND = line("d2", 100, 140, "하", character="hugo", kind=LineKind.BREATH, on_screen=OnScreen.OFF)
THIRD = line(
    "d3", 200, 240, "가", note="작게", alternate="나", take=TakeStatus.RETAKE, reason="noise"
)


def scene() -> DubScript:
    made = script(FIRST, SECOND, THIRD, changes=("Line d9 is gone.",))
    loops = (
        Loop(id="l1", name="1", span=FIRST.span, cues=("d1", "d2")),
        Loop(id="l2", name="2", span=THIRD.span, cues=("d3",)),
    )
    return replace(made, track=replace(made.track, loops=loops))


def test_a_korean_script_has_time_name_and_line_with_its_marks() -> None:
    book = printed(scene())
    assert rows(book, 1) == [
        ["시간", "이름", "대사"],
        ["00:00:01", "Mara", "안녕 / 하세요"],
        ["00:00:04", "휴고", "(호흡) (화면 밖) 하"],
        ["00:00:08", "Mara", "(작게) 가\n(대체) 나\n[재녹음] [noise]"],
    ]
    assert rows(book, 0)[1:] == [["Mara", "Kim", "2", "1–2"], ["휴고", "", "1", "1"]]
    assert "Line d9 is gone." in [paragraph.text for paragraph in book.paragraphs]


def test_each_character_has_pages_of_its_own_with_its_name_at_their_head() -> None:
    book = printed(scene(), "characters")
    assert rows(book, 1)[1][2] == "안녕 / 하세요"
    assert len(rows(book, 1)) == 3
    assert len(rows(book, 2)) == 2
    heads = [section.header.paragraphs[0].text for section in book.sections]
    assert heads == ["Film (ko)", "Film (ko) · Mara", "Film (ko) · 휴고"]


def test_each_loop_has_its_lines_under_its_time_and_characters() -> None:
    book = printed(scene(), "loops")
    heads = [one.text for one in book.paragraphs if one.text.startswith("루프 ")]
    assert heads == [
        "루프 1 · 00:00:01:00 – 00:00:05:20 · Mara, 휴고",
        "루프 2 · 00:00:08:08 – 00:00:10:00 · Mara",
    ]
    assert [len(rows(book, table)) for table in (1, 2)] == [3, 2]


def test_hundreds_of_loops_do_not_fill_the_page_of_characters() -> None:
    who = ("hugo", "mara", "hugo")
    cues = [line(f"d{n}", 24 * n, 24 * n + 20, "가", character=who[n % 3]) for n in range(1, 201)]
    loops = (Loop(id=cue.id, name=cue.id[1:], span=cue.span, cues=(cue.id,)) for cue in cues)
    made = script(*cues)
    cast = rows(printed(replace(made, track=replace(made.track, loops=tuple(loops)))), 0)
    assert cast[1][3].startswith("1, 4, 7, ")
    assert cast[1][3].endswith(" …")
    assert cast[2][3].startswith("2–3, 5–6, ")


def test_other_languages_have_the_original_beside_the_line() -> None:
    source = original(line("e1", 24, 90, "Hello."))
    made = script(replace(FIRST, sources=("e1",)), source=source)
    made = replace(made, track=replace(made.track, language="fr"))
    head, first = rows(printed(made), 1)
    assert head == ["Cue", "In", "Character", "Original", "Line"]
    assert first == ["MAR001", "00:00:01:00", "Mara", "Hello.", "안녕 / 하세요"]
    lost = [loss.feature for loss in write_dub_file(replace(made, layout=find_layout("ko")),
                                                    "dub-docx").losses]  # fmt: skip
    assert lost == ["source"]


@pytest.mark.parametrize("variant", ["", "characters", "loops"])
@settings(max_examples=30, deadline=None)
@given(made=scripts())
def test_every_line_is_printed_once(variant: str, made: DubScript) -> None:
    book = printed(made, variant)
    lines = [row for table in range(1, len(book.tables)) for row in rows(book, table)[1:]]
    bodies = lines if book.tables and len(rows(book, 0)[0]) == 4 else None
    if bodies is None:  # nobody speaks: there is no table of characters
        bodies = [row for table in range(len(book.tables)) for row in rows(book, table)[1:]]
    assert len(bodies) == len(made.track.cues)


def test_names_that_run_to_the_left_do_and_what_looks_like_code_is_text() -> None:
    who = replace(HUGO, name="سلمى")
    cue = line("d1", 24, 60, "=1+1\x07 {PAGE}", character="hugo")
    made = replace(script(cue), characters=(who,))
    book = printed(made)
    name, said = book.tables[1].rows[1].cells[1:]
    assert name.text == "سلمى"
    assert "<w:bidi/>" in name._tc.xml
    assert said.text == "=1+1 {PAGE}"
    assert "<w:bidi/>" not in said._tc.xml


def test_a_line_runs_as_its_language_does_although_a_mark_in_latin_stands_before_it() -> None:
    cue = line("d1", 24, 60, "لا أعرف OK 12", character="hugo", kind=LineKind.BREATH)
    made = script(cue)
    book = printed(replace(made, track=replace(made.track, language="ar")))
    said = book.tables[1].rows[1].cells[-1]
    assert said.text == "(breath) لا أعرف OK 12"
    assert "<w:bidi/>" in said._tc.xml
    leftwards = [run.text for run in said.paragraphs[0].runs if run.font.rtl]
    assert [text.strip() for text in leftwards] == ["لا", "أعرف"]


def test_the_same_script_is_the_same_file() -> None:
    assert write_dub_file(scene(), "dub-docx").data == write_dub_file(scene(), "dub-docx").data


def test_a_layout_of_a_studio_says_only_what_differs() -> None:
    told: dict[str, Any] = {"inherits": "ko", "pause": "…", "marks": {"breath": "(숨)"}}
    made = replace(scene(), layout=own_layout(told, path="mine.toml"))
    said = [row[2] for row in rows(printed(made), 1)]
    assert said[1:3] == ["안녕 … 하세요", "(숨) (화면 밖) 하"]


@pytest.mark.parametrize(
    ("told", "match"),
    [
        ({"collumns": []}, "Did you mean columns"),
        ({"columns": []}, "columns cannot be"),
        ({"columns": [{"field": "time", "title": "T", "width": 1}]}, "no column line"),
        ({"columns": [{"field": "lines", "title": "T", "width": 1}]}, "Did you mean line"),
        ({"columns": [{"field": "line", "title": "T", "width": 0}]}, "width cannot be 0"),
        ({"columns": [{"field": "line", "title": "T", "width": True}]}, "width cannot be True"),
        ({"size": 400}, "size cannot be 400"),
        ({"size": "12"}, "size cannot be '12'"),
        ({"note": "x"}, "note cannot be 'x'"),
        ({"time": "frames"}, "time cannot be"),
        ({"marks": {"breth": "x"}}, "Did you mean breath"),
        ({"marks": "x"}, "marks cannot be"),
        ({"latin": "A" * 99}, "latin cannot be"),
    ],
)
def test_a_layout_that_cannot_be_is_refused_by_name(told: dict[str, Any], match: str) -> None:
    with pytest.raises(InputError) as caught:
        own_layout(told, path="mine.toml")
    assert match in f"{caught.value} {caught.value.remedy}"


def test_a_layout_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(PlanError) as caught:
        find_layout("kor")
    assert "Did you mean ko" in (caught.value.remedy or "")
    with pytest.raises(PlanError, match="no layout"):
        own_layout({"inherits": "kor"}, path="mine.toml")
    with pytest.raises(PlanError, match="no variant"):
        write_dub_file(scene(), "dub-docx", "actors")
