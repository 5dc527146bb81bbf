"""Lists, sessions, EDLs and TTAL: lines there and back, what is lost by name, and odd files."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from subkit.edit import Hand
from subkit.errors import FormatError, PlanError
from subkit.exchange.dub_files import (
    DUB_FILES,
    DubReply,
    DubScript,
    read_dub_file,
    take_dub,
    write_dub_file,
)
from subkit.exchange.dub_files.dub_formats import dub_format_of
from subkit.formats.losses import told_losses
from subkit.interfaces.file_contents import ReadRequest
from subkit.model import (
    DubLine,
    FrameRate,
    LineKind,
    Media,
    OnScreen,
    Project,
    TakeStatus,
)
from tests.exchange.dub_files.dub_builders import HUGO, MARA, RATE, line, script, scripts, word

RETURNING = [name for name, known in DUB_FILES.items() if known.reader]
DROP = FrameRate(Fraction(30000, 1001), drop_frame=True)
HAND = Hand(actor="Kim", time="2026-12-01T10:00:00Z")
EVIL = "=1+1\x1b[31m\u202eabc"


def read(data: bytes, name: str, rate: FrameRate | None = RATE) -> DubReply:
    return read_dub_file(data, ReadRequest(name="film", rate=rate, language="ko"), name)


def said(dub: DubLine | None, carries: frozenset[str]) -> dict[str, Any]:
    assert dub is not None
    fields = {"on_screen": "on-screen", "kind": "kind", "alternate": "alternate"}
    fields |= {"note": "note", "reason": "reason", "take": "take"}
    return {name: getattr(dub, name) for name, key in fields.items() if key in carries}


@pytest.mark.parametrize("name", [n for n in RETURNING if n not in ("dapt", "detx")])
@settings(max_examples=60, deadline=None)
@given(made=scripts())
def test_lines_come_back_with_what_is_not_lost(name: str, made: DubScript) -> None:
    written = write_dub_file(made, name)
    lost = {(loss.feature, cue) for loss in written.losses for cue in loss.cues}
    reply = read(written.data, name)
    assert len(reply.script.track.cues) == len(made.track.cues)
    names = {one.id: one.name for one in (*made.characters, *reply.script.characters)}
    key = lambda cue: (cue.span.start, cue.span.end, cue.text.split())  # noqa: E731
    before = sorted(made.track.cues, key=key)
    after = sorted(reply.script.track.cues, key=key)
    for mine, theirs in zip(before, after, strict=True):
        assert theirs.span == mine.span
        assert mine.dub is not None
        assert theirs.dub is not None
        if ("letters", mine.id) in lost:
            continue
        assert theirs.text.split() == mine.text.split()
        assert names.get(theirs.dub.character or "") == names.get(mine.dub.character or "")
        wanted = said(mine.dub, reply.carries)
        wanted = {k: v for k, v in wanted.items() if (k.replace("_", "-"), mine.id) not in lost}
        assert wanted.items() <= said(theirs.dub, reply.carries).items()


@pytest.mark.parametrize("name", RETURNING)
def test_what_went_out_and_came_back_changes_nothing(name: str) -> None:
    cues = (
        line("d1", 24, 60, "one two\nthree", anchors=(word(0, 1.1), word(4, 1.5)), note="soft"),
        line("d2", 80, 99, "휴고!", character="hugo", kind=LineKind.BREATH, alternate="b"),
        line("d3", 120, 140, "x", on_screen=OnScreen.OFF_ON, reason="noise"),
    )
    made = script(*cues)
    (loop,) = made.track.loops
    loop = replace(loop, cues=tuple(cue.id for cue in cues))
    made = replace(made, track=replace(made.track, loops=(loop,)))
    media = Media(path="/a.mkv", digest="", duration=Fraction(60), frame_rate=RATE)
    project = Project(title="Film", media=media, tracks=(made.track,), characters=(MARA, HUGO))
    reply = read_dub_file(
        write_dub_file(made, name).data,
        ReadRequest(name="film", rate=RATE, start=Fraction(0)),
        name,
    )
    done = take_dub(project, reply, HAND)
    assert done.refused == ()
    assert done.project.tracks[0].cues == project.tracks[0].cues
    assert done.project.characters == project.characters


@pytest.mark.parametrize("name", RETURNING)
def test_a_file_is_known_by_its_content_or_its_name(name: str) -> None:
    data = write_dub_file(script(line("d1", 24, 60, "one")), name).data
    assert dub_format_of(data, f"film.ko.{DUB_FILES[name].suffix}") == name


@pytest.mark.parametrize("name", DUB_FILES)
def test_formulas_and_control_characters_are_text(name: str) -> None:
    who = replace(MARA, name="\u200fنص")
    cue = line("d1", 24, 60, EVIL.replace("\x1b", "").replace("\u202e", ""), note="=2+2")
    made = replace(script(cue), characters=(who, HUGO), title=EVIL)
    written = write_dub_file(made, name)
    if name == "dub-xlsx":
        from openpyxl import load_workbook

        for page in load_workbook(io.BytesIO(written.data)):
            assert all(cell.data_type in "sn" for row in page.iter_rows() for cell in row)
        return
    if name == "dub-docx":
        from docx import Document

        assert Document(io.BytesIO(written.data)).tables[1].rows[1].cells[2].text.endswith("abc")
        return
    assert b"\x1b" not in written.data
    if DUB_FILES[name].suffix.endswith("csv"):
        assert ",=" not in written.data.decode()


@pytest.mark.parametrize("name", [n for n in RETURNING if n != "dapt"])
def test_drop_frame_and_an_hour_at_the_start(name: str) -> None:
    cue = line("d1", 0, 1, "one")
    cue = replace(cue, span=replace(cue.span, start=DROP.time(1799), end=DROP.time(1801)))
    made = replace(script(cue), rate=DROP, start=DROP.parse_timecode("01:00:00;00"))
    asked = ReadRequest(name="x", rate=DROP, start=made.start, language="ko")
    reply = read_dub_file(write_dub_file(made, name).data, asked, name)
    assert reply.script.track.cues[0].span == cue.span
    assert not reply.repairs


@pytest.mark.parametrize("name", [n for n in RETURNING if n != "dapt"])
def test_what_is_nothing_of_the_kind_is_refused(name: str) -> None:
    for data in (b"", b"hello\n", b"<a/>", b"{}", b"[]", b"\0\0"):
        with pytest.raises(FormatError):
            read(data, name)


@pytest.mark.parametrize("name", [n for n in DUB_FILES if n not in ("dapt", "dub-docx")])
def test_no_other_format_has_variants(name: str) -> None:
    with pytest.raises(PlanError, match="has no variant"):
        write_dub_file(script(line("d1", 24, 60, "one")), name, "old")


def test_a_list_of_somebody_else_is_read_as_far_as_it_goes() -> None:
    data = (
        b"In-Timecode;Out-Timecode;Dialogue;Character;Screen;Kind;Colour of hair\r\n"
        b"00:00:01:00;00:00:02:00;Hello;Zoe;off;song;red\r\n"
        b";;no time;Zoe;;;\r\n"
        b"00:00:03:99;00:00:02:00;late;Zoe;away;opera;\r\n"
    )
    reply = read(data, "dub-csv")
    assert [cue.text for cue in reply.script.track.cues] == ["Hello", "late"]
    told = " ".join(reply.repairs)
    for what in ("colour_of_hair", "without an in-time", "carried on", "out-time", "away", "opera"):
        assert what in told


def test_ptulsconv_reads_a_session() -> None:
    parser = pytest.importorskip("ptulsconv.docparser.pt_doc_parser")
    cues = (
        line("d1", 24, 60, "안녕, 휴고", note="작게", reason="noise"),
        line("d2", 80, 99, "one {two}", character="hugo"),
        line("d3", 120, 140, "x", character=None),
    )
    made = replace(script(*cues), start=Fraction(3600), note="made by a machine\nreview: none")
    session = parser.parse_document(write_dub_file(made, "protools").data.decode())
    found = [(track.name, [clip.clip_name for clip in track.clips]) for track in session.tracks]
    assert found == [
        ("Mara[MAR]{Kim}", ["안녕, 휴고 {작게} [noise]"]),
        ("휴고", ["one (two)"]),
        ("Unknown", ["x"]),
    ]


def test_what_ttal_says_that_nobody_knows_is_given_back() -> None:
    made = json.loads(write_dub_file(script(line("d1", 24, 60, "one")), "ttal").data)
    made["studio"] = {"id": 7}
    made["events"][0]["mouthShape"] = ["A", "O"]
    reply = read(json.dumps(made).encode(), "ttal")
    again = json.loads(write_dub_file(reply.script, "ttal").data)
    assert again["studio"] == {"id": 7}
    assert again["events"][0]["mouthShape"] == ["A", "O"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"frameRate": "soon"}, ""),
        ({"frameRate": "-1"}, ""),
        ({"characters": 3}, ""),
        ({"loops": [{"events": []}, 4]}, "A loop without lines"),
        ({"events": [{"in": "00:00:01:00"}, 7]}, "no event"),
        ({"events": [{"start": 1.5, "end": 2, "dialogue": "x", "role": "Z"}]}, ""),
        ({"events": [{"in": "00:00:01:00", "anchors": [{"type": "x"}]}]}, "An anchor"),
        ({"events": [{"in": "00:00:01:99", "out": "00:00:03:00"}]}, "carried on"),
    ],
)
def test_odd_ttal_is_read_and_told(change: dict[str, Any], told: str) -> None:
    made = json.loads(write_dub_file(script(line("d1", 24, 60, "one")), "ttal").data)
    reply = read(json.dumps({**made, **change}).encode(), "ttal")
    assert reply.script.track.cues
    assert told in " ".join(reply.repairs)


def test_losses_of_a_session_are_named() -> None:
    rich = line(
        "d1", 0, 24, "a {b}", kind=LineKind.SONG, on_screen=OnScreen.OFF, alternate="c",
        take=TakeStatus.RETAKE, anchors=(word(0, 0.5),),
    )  # fmt: skip
    told = told_losses(write_dub_file(script(rich), "protools").losses)
    for what in ("on-screen", "kind of line", "second text", "state of recording", "time of a word",
                 "loop", "letters"):  # fmt: skip
        assert what in told
