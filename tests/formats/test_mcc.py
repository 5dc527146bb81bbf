from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import imageio_ffmpeg
import pysubs2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs
from subkit.formats import reader_of_content
from subkit.formats.captions708.caption_packets import parse_packet, triplets_a_frame
from subkit.formats.captions708.service_letters import sent_letter
from subkit.formats.losses import told_losses
from subkit.formats.mcc import MccReader, MccWriter
from subkit.formats.mcc_lines import hex_data, parse_mcc
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import Cell, Cue, Feature, FrameRate, Media, Placement, Span, Track
from tests.styled import FORMATS, marked, track

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = FORMATS / "mcc" / "big_buck_bunny_24.mcc"
DROP = FrameRate(Fraction(30000, 1001), drop_frame=True)
RATES = [
    DROP,
    FrameRate(Fraction(60000, 1001), drop_frame=True),
    *(
        FrameRate(Fraction(rate))
        for rate in ("24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60")
    ),
]


def media(rate: FrameRate = DROP) -> Media:
    return Media(path="/film.mkv", digest="", duration=Fraction(1), frame_rate=rate)


def cue(rate: FrameRate, first: int, last: int, *lines: str, **more: object) -> Cue:
    span = Span(rate.time(first), rate.time(last))
    made = Cue(id=str(first), span=span, lines=lines, mode="pop-on")
    return replace(made, **more)  # type: ignore[arg-type]


def read(data: bytes | str) -> FileContent:
    data = data.encode() if isinstance(data, str) else data
    return MccReader().read_file(data, ReadRequest(name="film.mcc", language="en"))


def written(made: Track, rate: FrameRate = DROP) -> WrittenFile:
    return MccWriter().write_file(made, media(rate), WriteRequest())


def test_the_sample_is_read_channel_by_channel() -> None:
    data = SAMPLE.read_bytes()
    assert isinstance(reader_of_content(data), MccReader)
    content = read(data)
    assert content.rate == FrameRate(Fraction(24000, 1001))
    texts = {found.id: found.cues[1].text for found in content.tracks}
    assert texts == {
        "en": "- FINE.\n20.",
        "en.cc3": "-Bie\n24.",
        "en.service1": "I WIN,\nWE MOVE IN THERE.",
        "en.service2": "PUEDE SER EL PRIMER CABALLERO.",
        "en.service3": "-Très\nbien.\n2024.",
        "en.service4": "ICH\nGEWINNE, WIR\nBEWEGEN.",
        "en.service5": "-Tudo\nbem.\n2024.",
        "en.service6": "-خوب.\n2024.برنده\nشدن ما حرکت وجود\nدارد.",
    }
    assert content.tracks[0].carried[0].text.startswith("UUID=6CA25733")
    assert content.repairs[0].startswith("Caption packets with a wrong checksum were read all")


@pytest.mark.parametrize("number", [0, 1])
def test_channels_of_the_sample_come_back(number: int) -> None:
    content = read(SAMPLE.read_bytes())
    found = content.tracks[number]
    assert content.rate is not None
    back = read(written(found, content.rate).data)
    assert back.tracks[0].cues == found.cues
    assert back.tracks[0].carried == found.carried
    assert (back.rate, back.repairs) == (content.rate, ())


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{rate.rate}{'d' * rate.drop_frame}")
def test_cues_come_back_at_every_rate(rate: FrameRate) -> None:
    place = Placement(vertical="top", cell=Cell(grid="608", row=1, column=11))
    marks = (marked(0, 10, Feature.ITALIC), marked(11, 23, Feature.COLOR, "#ffff00ff"))
    made = track(
        cue(rate, 3601, 3701, "Twelve men", "in the café.", marks=marks, id="1"),
        cue(rate, 3701, 4001, "At the top", placement=place, id="2"),
        cue(rate, 200_000, 200_101, "Late", id="3"),
    )
    found = written(made, rate)
    assert found.losses == ()
    content = read(found.data)
    assert (content.rate, content.repairs, len(content.tracks)) == (rate, (), 1)
    back = content.tracks[0].cues
    assert [(c.span, c.lines, c.marks) for c in back] == [
        (c.span, c.lines, c.marks) for c in made.cues
    ]
    assert back[1].placement == place
    assert written(content.tracks[0], rate).data == found.data


def test_korean_goes_as_euc_kr_in_service_1() -> None:
    place = Placement(vertical="top", horizontal="left")
    marks = (marked(0, 2, Feature.ITALIC), marked(3, 5, Feature.COLOR, "#ffff00ff"))
    made = replace(
        track(
            cue(DROP, 100, 200, "안녕 하세요.", "♪ 노래", marks=marks, id="1"),
            cue(DROP, 200, 300, "위에", placement=place, id="2"),
        ),
        language="ko",
    )
    found = written(made)
    assert found.losses == ()
    assert b"\x18\xbe\xc8\x18\xb3\xe7" in _service(found.data)  # 안녕 in KS C 5601
    content = MccReader().read_file(found.data, ReadRequest(name="x", language="ko"))
    assert content.repairs == ()
    assert [t.id for t in content.tracks] == ["ko"]
    assert content.tracks[0].cues == made.cues


def test_korean_letters_outside_ks_c_5601_are_named() -> None:
    made = replace(track(cue(DROP, 100, 200, "똠방각하", id="1")), language="ko")
    found = written(made)
    assert told_losses(found.losses) == "1 letter (똠) (cue 1)"


def test_other_scripts_go_as_unicode() -> None:
    made = track(cue(DROP, 100, 200, "که کشش است.", id="1"), cue(DROP, 300, 400, "漢字", id="2"))
    content = read(written(made).data)
    assert [c.text for c in content.tracks[0].cues] == ["که کشش است.", "漢字"]


def _service(data: bytes) -> bytes:
    """The codes of service 1 in a file, behind each other."""
    codes = b""
    for line in parse_mcc(data.decode(), "x", Repairs()).lines:
        packet = parse_packet(line.data[3 : 3 + line.data[2]], Repairs(), "")
        assert packet is not None
        pairs = b"".join(bytes(t[1:]) for t in packet.triplets if t[0] > 1)
        if pairs:
            codes += pairs[2 : 2 + (pairs[1] & 0x1F)]
    return codes


def test_packets_are_whole_and_of_the_length_of_the_rate() -> None:
    for rate in RATES:
        data = written(track(cue(rate, 100, 200, "Hello", id="1")), rate).data.decode()
        lines = parse_mcc(data, "x", Repairs()).lines
        assert lines
        for line in lines:
            whole = line.data
            assert len(whole) == whole[2] + 4
            assert sum(whole[:-1]) & 0xFF == whole[-1]
            packet = whole[3:-1]
            assert packet[2] == len(packet)
            assert sum(packet) & 0xFF == 0
            assert packet[12] == 0x72  # behind the time code
            assert packet[13] & 0x1F == triplets_a_frame(rate.rate)


def test_a_wrong_checksum_and_strange_data_are_listed() -> None:
    data = written(track(cue(DROP, 100, 200, "Hello", id="1"))).data.decode()
    lines = data.split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("00:00"))
    lines[at] = lines[at].replace("T", "T", 1)[:-4] + "0000"
    lines.insert(at, "00:00:00;00\t4105080008BB80DDDD0000")
    lines.insert(at, "hello")
    content = read("\n".join(lines))
    assert content.tracks[0].cues[0].text == "Hello"
    assert content.repairs == (
        f"A line that is not a time code and data was left out: line {at + 1} ('hello').",
        f"Ancillary data other than captions (61 01) was left out: line {at + 2}.",
        f"Caption packets with a wrong checksum were read all the same: line {at + 3}.",
    )


@pytest.mark.parametrize("text", ["hello", "", "00:00:01;00\t6101000000000000000000"])
def test_what_is_no_caption_file_is_refused(text: str) -> None:
    with pytest.raises(FormatError) as error:
        read(text)
    assert (error.value.line, error.value.column) == (1, 1)


def test_times_off_the_grid_and_late_cues_are_told() -> None:
    rate = FrameRate(Fraction(25))
    odd = Cue(id="1", span=Span(Fraction("1.01"), Fraction(2)), lines=("a",))
    assert told_losses(written(track(odd), rate).losses) == ("1 time off the format's grid (cue 1)")
    text = "Thirty-two letters in each line."
    late = track(cue(rate, 0, 90, text, id="1"), cue(rate, 95, 200, text, text, id="2"))
    assert told_losses(written(late, rate).losses) == "1 cue that cannot load in time (cue 1)"


@pytest.mark.parametrize("rate", RATES[2:6], ids=lambda rate: str(rate.rate))
def test_ffmpeg_reads_ours(rate: FrameRate, tmp_path: Path) -> None:
    made = track(cue(rate, 500, 600, "Twelve men", "in the café.", id="1"))
    source, target = tmp_path / "in.mcc", tmp_path / "out.ass"
    source.write_bytes(written(made, rate).data)
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    command = [ffmpeg, "-v", "error", "-nostdin", "-i", str(source), str(target)]
    subprocess.run(command, check=True, timeout=60)
    event = pysubs2.load(str(target), encoding="utf-8").events[0]
    assert [line.strip() for line in event.plaintext.split("\n")] == ["Twelve men", "in the café."]


def test_we_read_what_ffmpeg_writes(tmp_path: Path) -> None:
    source, target = FORMATS / "scc" / "pop_on.scc", tmp_path / "out.mcc"
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    command = [ffmpeg, "-v", "error", "-nostdin", "-i", str(source), "-map", "0", "-c:s", "copy"]
    command += ["-override_time_code_rate", "30", str(target)]
    subprocess.run(command, check=True, timeout=60)
    content = read(target.read_bytes())
    assert len(content.tracks[0].cues) == 7
    assert content.tracks[0].cues[1].lines == (
        "MAN:",
        "When we think",
        'of "E equals m c-squared",',
    )


@given(st.binary(max_size=120))
def test_short_letters_stand_for_the_same_bytes(data: bytes) -> None:
    text = hex_data(data)
    assert re.fullmatch("[0-9A-TUZ]*", text)
    line = parse_mcc(f"00:00:00:00\t{text or '00'}", "x", Repairs()).lines[0]
    assert line.data == (data or b"\0")


@given(letter=st.characters(exclude_categories=["Cs"]), korean=st.booleans())
@settings(max_examples=200)
def test_a_letter_has_codes_or_none(letter: str, korean: bool) -> None:
    codes = sent_letter(letter, korean=korean)
    assert codes == b"" or len(codes) == {0x10: 2, 0x18: 3}.get(codes[0], 1)


@given(blocks=st.lists(st.binary(min_size=1, max_size=31), max_size=6), start=st.booleans())
@settings(max_examples=150)
def test_any_codes_of_a_service_give_captions_or_an_error(blocks: list[bytes], start: bool) -> None:
    from subkit.formats.captions708.service_windows import CaptionService

    service = CaptionService(Repairs())
    if start:
        service.take(b"\x98\x38\x46\x69\x71\x1f\x09", 0)
    for at, block in enumerate(blocks):
        service.take(block, at)
    found = service.finish(len(blocks), 100)
    assert all(caption.start <= caption.end for caption in found)


def test_a_time_code_over_a_day_is_written() -> None:
    rate = FrameRate(Fraction(25))
    made = track(cue(rate, 100 * 3600 * 25, 100 * 3600 * 25 + 50, "Late", id="1"))
    assert read(written(made, rate).data).tracks[0].cues[0].span == made.cues[0].span
