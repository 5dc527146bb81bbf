"""Packets of containers made into files again."""

from __future__ import annotations

from fractions import Fraction

import pytest

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs
from subkit.formats.mov_text import track_of_mov_text
from subkit.formats.packet_files import file_of_packets
from subkit.interfaces.text_packets import PacketTrack, TextPacket
from subkit.model.styling import Feature


def packet(start: float, end: float | None, data: bytes, **more: str) -> TextPacket:
    until = None if end is None else Fraction(end)
    return TextPacket(start=Fraction(start), end=until, data=data, **more)


def track(codec: str, *packets: TextPacket, header: bytes = b"") -> PacketTrack:
    return PacketTrack(
        codec=codec, packets=packets, header=header, name="film.mkv, stream 2", language="en"
    )


def file_of(codec: str, *packets: TextPacket, header: bytes = b"") -> tuple[str, list[str]]:
    repairs = Repairs()
    data = file_of_packets(track(codec, *packets, header=header), repairs)
    return data.decode(), repairs.sentences()


def test_subrip_keeps_every_byte_of_the_text() -> None:
    text, repairs = file_of("srt", packet(0.5, 1.5, b"{curly} <b>a</b>\r\nb"), packet(2, 3, b"c"))
    assert text == (
        "1\n00:00:00,500 --> 00:00:01,500\n{curly} <b>a</b>\nb\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\nc\n"
    )
    assert repairs == []


def test_an_empty_line_within_a_cue_is_left_out_and_said() -> None:
    text, (repair,) = file_of("srt", packet(0, 1, b"a\n\nb"))
    assert text == "1\n00:00:00,000 --> 00:00:01,000\na\nb\n"
    assert "empty line" in repair


def test_a_cue_without_an_out_time_ends_before_the_next() -> None:
    text, (repair,) = file_of("srt", packet(0, None, b"a"), packet(2, None, b"b"))
    assert "00:00:00,000 --> 00:00:02,000" in text
    assert "00:00:02,000 --> 00:00:07,000" in text
    assert "no out-time" in repair


def test_what_ends_before_the_first_picture_is_left_out_and_said() -> None:
    text, repairs = file_of("srt", packet(-2, -1, b"a"), packet(-1, 1, b"b"))
    assert text == "1\n00:00:00,000 --> 00:00:01,000\nb\n"
    assert len(repairs) == 2


def test_webvtt_keeps_header_ids_and_settings() -> None:
    header = b"WEBVTT\n\nSTYLE\n::cue { color: red }"
    cue = packet(0.5, 1.5, b"<v Emma>Hi</v>", ident="id-1", settings="line:10%")
    text, _ = file_of("webvtt", cue, header=header)
    assert text == (
        "WEBVTT\n\nSTYLE\n::cue { color: red }\n\n"
        "id-1\n00:00:00.500 --> 00:00:01.500 line:10%\n<v Emma>Hi</v>\n"
    )


SCRIPT = b"[Script Info]\nTitle: x\n\n[Events]\nFormat: %s\nComment: 0,x\n\n[Fonts]\nfontname: a\n"
USUAL = b"Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"


def test_events_of_ass_stand_in_their_section_in_the_order_of_the_script() -> None:
    later = packet(1, 2, b"1,0,Default,Emma,0,0,0,,second, with commas")
    first = packet(3, 4.25, b"0,2,Top,,0,0,0,,{\\i1}first")
    text, repairs = file_of("ass", later, first, header=SCRIPT % USUAL)
    assert text == (SCRIPT % USUAL).decode().replace(
        "Comment: 0,x\n",
        "Comment: 0,x\n"
        "Dialogue: 2,0:00:03.00,0:00:04.25,Top,,0,0,0,,{\\i1}first\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,Emma,0,0,0,,second, with commas\n",
    )
    assert repairs == []


def test_events_follow_the_columns_of_the_script() -> None:
    header = SCRIPT % b"Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
    text, _ = file_of("ass", packet(1, 2, b"0,0,A,B,1,2,3,,t"), header=header)
    assert "Dialogue: Marked=0,0:00:01.00,0:00:02.00,A,B,1,2,3,,t\n" in text


def test_a_broken_event_is_left_out_and_said() -> None:
    text, (repair,) = file_of("ass", packet(1, 2, b"nonsense"), header=SCRIPT % USUAL)
    assert "nonsense" not in text
    assert "left out" in repair


def test_pictures_are_no_file() -> None:
    with pytest.raises(FormatError, match="pgssub"):
        file_of("pgssub", packet(0, 1, b"\x16"))


STYL = b"\0\0\0\x16styl\0\x01\0\0\0\x05\0\x01\x02\x10\xff\0\0\xff"
HEADER = b"\0" * 18 + b"\0\0\0\0\0\1\0\x10\xff\xff\xff\xff"


def test_timed_text_of_mp4_keeps_faces_colours_and_curly_text() -> None:
    repairs = Repairs()
    text = b"\0\x0dHello {curly}" + STYL
    made = track_of_mov_text(
        track("mov_text", packet(0, 0.5, b"\0\0"), packet(0.5, 1, text), header=HEADER), repairs
    )
    (cue,) = made.cues
    assert cue.lines == ("Hello {curly}",)
    assert {(m.feature, m.start, m.end, m.value) for m in cue.marks} == {
        (Feature.ITALIC, 0, 5, ""),
        (Feature.COLOR, 0, 5, "#ff0000ff"),
    }
    assert repairs.sentences() == []


def test_timed_text_that_is_cut_short_is_refused() -> None:
    with pytest.raises(FormatError, match="20 bytes"):
        track_of_mov_text(track("mov_text", packet(0, 1, b"\0\x14abc")), Repairs())


@pytest.mark.parametrize("size", range(1, 60))
def test_no_damaged_boxes_stop_the_reader(size: int) -> None:
    data = b"\0\x05Hello" + (STYL * 3)[:size]
    made = track_of_mov_text(track("mov_text", packet(0, 1, data), header=HEADER), Repairs())
    assert made.cues[0].lines == ("Hello",)
