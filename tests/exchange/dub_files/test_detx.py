"""detx: the example of the format, every line there and back, and what of it is lost by name."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

from subkit.errors import FormatError, PlanError
from subkit.exchange.dub_files import DubReply, DubScript, read_dub_file, write_dub_file
from subkit.exchange.dub_files.detx_writing import written_line
from subkit.formats.losses import told_losses
from subkit.interfaces.file_contents import ReadRequest
from subkit.model import Anchor, AnchorKind, FrameRate, LineKind, OnScreen, TakeStatus
from tests.exchange.dub_files.dub_builders import RATE, line, script, scripts, word

EXAMPLE = Path(__file__).parents[4] / "shared/cases/formats/detx/own_example.detx"
HOUR = FrameRate(Fraction(25)).parse_timecode("01:00:00:00")


def read(data: bytes, rate: FrameRate | None = RATE, start: Fraction | None = None) -> DubReply:
    return read_dub_file(data, ReadRequest(name="film.detx", rate=rate, start=start), "detx")


def band(body: str, *, begin: str = "00:00:00:00") -> bytes:
    header = f'<header><videofile timestamp="{begin}">a.mov</videofile></header>'
    role = '<roles><role id="a" name="Anna" color="#BB0000"/></roles>'
    return f"<detx>{header}{role}<body>{body}</body></detx>".encode()


def signs(*times: str) -> str:
    return "".join(f'<lipsync timecode="{time}"/><text>x</text>' for time in times)


@pytest.mark.skipif(not EXAMPLE.exists(), reason="the example is not here")
def test_the_example_says_what_it_says_and_comes_back() -> None:
    rate = FrameRate(Fraction(25))
    reply = read(EXAMPLE.read_bytes(), rate)
    first, second, third = reply.script.track.cues
    assert first.text == "Vous partez demain ?"
    assert (first.span.start, first.span.end) == (Fraction(3), Fraction(22, 5))
    assert first.dub is not None
    assert [(one.kind, one.offset, one.time) for one in first.dub.anchors] == [
        (AnchorKind.MPB, 5, Fraction(83, 25)),
        (AnchorKind.WORD, 12, Fraction(19, 5)),
        (AnchorKind.OUT_CLOSE, 20, Fraction(22, 5)),
    ]
    assert second.dub is not None
    assert (second.dub.character, second.dub.on_screen) == ("gardien", OnScreen.OFF)
    assert third.dub is not None
    assert (third.dub.kind, third.dub.on_screen) == (LineKind.REACTION, OnScreen.ON_OFF)
    assert reply.script.start == HOUR
    assert reply.script.shots == (Fraction(61, 25),)
    again = read(write_dub_file(reply.script, "detx").data, rate)
    assert again.script.track == reply.script.track
    assert again.script.characters == reply.script.characters
    assert not again.repairs


@settings(max_examples=150, deadline=None)
@given(scripts())
def test_every_line_comes_back_as_far_as_a_band_holds_it(made: DubScript) -> None:
    written = write_dub_file(made, "detx")
    reply = read(written.data)
    assert all(repair.startswith("A line without a role") for repair in reply.repairs)
    for before, after in zip(made.track.cues, reply.script.track.cues, strict=True):
        assert (after.text, after.span) == (before.text, before.span)
        assert before.dub is not None
        assert after.dub is not None
        assert replace(after.dub, anchors=()) == written_line(before.dub)
    assert write_dub_file(reply.script, "detx").data == written.data


def test_words_pauses_and_signs_stand_where_they_stood() -> None:
    anchors = (
        word(0, 1.0),
        Anchor(kind=AnchorKind.PAUSE, offset=4, time=Fraction(2), end=Fraction(5, 2)),
        word(4, 2.5),
        Anchor(kind=AnchorKind.MPB, offset=5, time=Fraction(3)),
    )
    found = read(
        write_dub_file(script(line("d1", 0, 240, "one two", anchors=anchors)), "detx").data
    )
    dub = found.script.track.cues[0].dub
    assert dub is not None
    assert [(one.kind, one.offset) for one in dub.anchors] == [
        (one.kind, one.offset) for one in anchors
    ]
    for before, after in zip(anchors, dub.anchors, strict=True):
        assert abs(before.time - after.time) < found.within


def test_what_a_band_does_not_hold_is_named() -> None:
    rich = line(
        "d1", 0, 240, "one", kind=LineKind.SONG, on_screen=OnScreen.OFF_ON, alternate="uno",
        note="softly", reason="noise", take=TakeStatus.RETAKE, anchors=(word(1, 2.0), word(0, 3.0)),
    )  # fmt: skip
    told = told_losses(write_dub_file(script(rich), "detx").losses)
    for what in ("1 on-screen state", "1 kind of line", "1 second text", "1 note for the stage",
                 "1 reason to record", "1 state of recording", "1 time of a word", "1 loop",
                 "2 facts of characters"):  # fmt: skip
        assert what in told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<line role="zoe">' + signs("00:00:01:00", "00:00:02:00") + "</line>", "zoe"),
        ("<line>" + signs("00:00:01:00", "00:00:02:00") + "</line>", "without a role"),
        ('<line role="a"><text>x</text></line>', "A line without a time was left out: line 1"),
        ('<line role="a">' + signs("00:00:03:00", "00:00:02:00") + "</line>", "out of order"),
        ('<line role="a">' + signs("00:00:01:30", "00:00:03:00") + "</line>", "carried on"),
        ('<line role="a">' + signs("soon", "00:00:03:00") + "</line>", "lipsync without a time"),
        ('<line role="a" voice="far">' + signs("00:00:01:00") + "</line>", "read as on"),
        ('<loop/><line role="a">' + signs("00:00:01:00") + "</line>", "loop without a time"),
        (
            '<line role="a"><lipsync tc="00:00:01:00" type="zz"/><text>x</text></line>',
            "read as neutral: zz",
        ),
    ],
)
def test_what_is_odd_is_read_and_told(body: str, told: str) -> None:
    reply = read(band(body))
    assert told in " ".join(reply.repairs)


def test_unordered_signs_give_an_ordered_line() -> None:
    reply = read(band('<line role="a">' + signs("00:00:03:00", "00:00:02:00") + "</line>"))
    (cue,) = reply.script.track.cues
    assert cue.span.start < cue.span.end
    assert cue.text == "xx"


def test_without_a_timestamp_the_film_says_where_it_begins() -> None:
    body = '<line role="a">' + signs("01:00:01:00", "01:00:02:00") + "</line>"
    data = band(body).replace(b' timestamp="00:00:00:00"', b"")
    rate = FrameRate(Fraction(25))
    reply = read(data, rate, HOUR)
    assert reply.script.track.cues[0].span.start == 1
    assert "timecode of the first frame" in reply.repairs[0]


def test_large_pictures_are_left_out_before_anything_looks_at_them() -> None:
    picture = "<image>" + "A" * (20 << 20) + "</image>"
    body = '<line role="a">' + signs("00:00:01:00", "00:00:02:00") + "</line>"
    data = band(body).replace(b"/></roles>", f">{picture}</role></roles>".encode())
    reply = read(data)
    assert reply.script.characters[0].name == "Anna"
    assert "Pictures of characters were left out: 1 of them." in reply.repairs


def test_what_is_no_band_is_refused() -> None:
    with pytest.raises(FormatError, match="no detx"):
        read(b"<tt/>")
    with pytest.raises(FormatError, match="more than 64 MiB"):
        read(b" " * ((64 << 20) + 1))
    with pytest.raises(PlanError, match="no variant"):
        write_dub_file(script(line("d1", 0, 24, "x")), "detx", "old")


def test_tracks_of_lines_that_overlap_differ() -> None:
    cues = (line("d1", 0, 48, "a"), line("d2", 24, 72, "b"), line("d3", 60, 99, "c"))
    data = write_dub_file(script(*cues), "detx").data.decode()
    assert [data.split('track="')[n][0] for n in (2, 3, 4)] == ["0", "1", "0"]
