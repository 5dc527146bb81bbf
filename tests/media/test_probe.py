"""What is said of a media file: rates, starts, streams, digests."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.media import media_digest, probe
from subkit.media.file_digest import SAMPLE_BYTES, SAMPLES
from subkit.media.stream_timing import STANDARD_RATES, frame_rate, is_uneven
from tests.media.conftest import PICTURE, Make, tone


def picture(rate: str, length: float = 1) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"testsrc=size=64x48:rate={rate}:duration={length}")


@pytest.mark.parametrize("rate", ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001"])
@pytest.mark.parametrize("name", ["r.mp4", "r.mkv", "r.ts", "r.mxf", "r.avi"])
def test_frame_rates_are_exact(make: Make, name: str, rate: str) -> None:
    codec = "mpeg4" if name.endswith(("mp4", "mkv", "avi")) else "mpeg2video"
    if name.endswith("mxf") and rate == "30":
        pytest.skip("MXF has no 30 frames a second")
    media = probe(make(name, *picture(rate), "-c:v", codec))
    assert media.frame_rate is not None
    assert media.frame_rate.rate == Fraction(rate)
    assert not media.frame_rate.drop_frame
    assert not media.variable_frame_rate
    assert (media.width, media.height) == (64, 48)
    assert float(media.duration) == pytest.approx(1.0, abs=0.05)
    assert media.audio == ()


@pytest.mark.parametrize("name", ["v.mp4", "v.mkv"])
def test_variable_frame_rate_is_noticed(make: Make, name: str) -> None:
    wander = "setpts=PTS+0.018*sin(N)/TB"
    encode = ("-vf", wander, "-fps_mode", "vfr", "-c:v", "mpeg4", "-enc_time_base", "1/1000")
    assert probe(make(name, *picture("25", 4), *encode)).variable_frame_rate


def test_a_rate_that_changes_late_is_found_in_the_index(make: Make) -> None:
    parts = ";".join(
        f"color=size=16x16:rate={rate}:duration=40,settb=1/1000[{rate}]" for rate in (25, 30)
    )
    path = make(
        "late.mp4",
        *("-f", "lavfi", "-i", f"{parts};[25][30]concat=n=2"),
        *("-fps_mode", "vfr", "-enc_time_base", "1/1000", "-c:v", "mpeg4"),
    )
    media = probe(path)
    assert media.variable_frame_rate
    assert media.frame_rate is not None
    assert float(media.frame_rate.rate) == pytest.approx(27.5, abs=0.1)
    assert float(media.duration) == pytest.approx(80, abs=0.1)


@pytest.mark.parametrize(
    ("text", "rate", "start", "dropping"),
    [
        ("10:00:00:00", "25", Fraction(36000), False),
        ("01:00:00:00", "24000/1001", Fraction(18018, 5), False),
        ("01:00:00;00", "30000/1001", Fraction(107892 * 1001, 30000), True),
        ("01:00:00:00", "30000/1001", Fraction(18018, 5), False),
    ],
)
@pytest.mark.parametrize("name", ["t.mov", "t.mxf"])
def test_programme_start(
    make: Make, name: str, text: str, rate: str, start: Fraction, dropping: bool
) -> None:
    media = probe(make(name, *picture(rate), "-timecode", text, "-c:v", "mpeg2video"))
    assert media.programme_start == start
    assert media.frame_rate is not None
    assert media.frame_rate.drop_frame is dropping
    assert media.frame_rate.timecode(Fraction(0), media.programme_start) == text


@pytest.mark.parametrize("text", ["next week", "10:00:00:77", "-1:00:00:00", ""])
def test_a_timecode_that_is_none_is_passed_over(make: Make, text: str) -> None:
    path = make("x.mkv", *picture("25"), "-c:v", "mpeg4", "-metadata", f"timecode={text}")
    notes: list[str] = []
    assert probe(path, warn=notes.append).programme_start == 0
    assert len(notes) == bool(text)
    assert all(f"The start timecode of {path} is not used" in note for note in notes)


def test_a_broadcast_wave_starts_where_it_says(make: Make) -> None:
    path = make("b.wav", *tone(), "-write_bext", "1", "-metadata", "time_reference=172800000")
    media = probe(path)
    assert media.programme_start == 3600
    assert media.frame_rate is None
    assert media.duration == 3
    assert (media.width, media.height) == (0, 0)
    assert media.path == str(path)


def test_cover_art_is_no_film(make: Make) -> None:
    art = ("-f", "lavfi", "-i", "color=s=32x32:d=0.04", "-c:v", "png", "-frames:v", "1")
    path = make(
        "c.m4a",
        *tone(),
        *art,
        "-map",
        "0",
        "-map",
        "1",
        "-c:a",
        "aac",
        "-disposition:v",
        "attached_pic",
    )
    media = probe(path)
    assert media.frame_rate is None
    assert media.width == 0
    assert media.audio[0].start == 0


def test_streams_are_described(make: Make) -> None:
    path = make(
        "s.mkv",
        *PICTURE,
        *tone(rate=44100),
        *("-map", "0", "-map", "1", "-map", "1", "-c:v", "mpeg4", "-c:a:0", "ac3"),
        *("-ac:a:0", "6", "-c:a:1", "flac", "-metadata:s:a:0", "language=fre"),
        *("-metadata:s:a:0", "title=Nouvelle vague ö"),
    )
    first, second = probe(path).audio
    assert (first.index, first.codec, first.channels, first.layout) == (0, "ac3", 6, "5.1(side)")
    assert (first.language, first.title) == ("fr", "Nouvelle vague ö")
    assert (second.index, second.codec, second.sample_rate) == (1, "flac", 44100)
    assert second.language is None


def test_a_file_that_states_no_duration_is_read_through(make: Make) -> None:
    live = make("l.mkv", *PICTURE, *tone(), "-c:v", "mpeg4", "-c:a", "flac", "-live", "1")
    assert float(probe(live).duration) == pytest.approx(3.0, abs=0.05)
    bare = make("l.aac", *tone(), "-c:a", "aac")
    assert float(probe(bare).duration) == pytest.approx(3.0, abs=0.05)


def test_digest_of_a_small_file_covers_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert media_digest(path) == f"sha256:{known}"


def test_digest_of_a_large_file_samples_head_tail_and_size(tmp_path: Path) -> None:
    path = tmp_path / "large"
    size = SAMPLES * SAMPLE_BYTES * 4

    def changed(*places: int, length: int = size) -> str:
        with path.open("wb") as file:
            file.truncate(length)
            for place in places:
                file.seek(place)
                file.write(b"x")
        return media_digest(path)

    plain = changed()
    assert plain.startswith("sampled-sha256:")
    assert changed() == plain
    different = {plain, changed(0), changed(size - 1), changed(length=size + 1)}
    assert len(different) == 4
    # The stated limit: between two samples nothing is seen.
    assert changed(2 * SAMPLE_BYTES) == plain


@given(st.sampled_from(STANDARD_RATES), st.floats(-0.0003, 0.0003))
def test_a_rate_near_a_standard_one_becomes_it(rate: Fraction, off: float) -> None:
    assert frame_rate([rate * (1 + Fraction(off))], []) == rate


@given(st.sampled_from(STANDARD_RATES), st.integers(20, 300), st.integers(0, 10**6))
def test_whole_milliseconds_are_neither_uneven_nor_another_rate(
    rate: Fraction, count: int, first: int
) -> None:
    exact = [Fraction(first + n) / rate for n in range(count)]
    stamps = [Fraction(round(time * 1000), 1000) for time in exact]
    assert not is_uneven(stamps, Fraction(1, 1000))
    if count / rate > 8:
        assert frame_rate([None], stamps) == rate


def test_a_lying_wave_header_is_survived(tmp_path: Path) -> None:
    head = b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVEfmt "
    head += struct.pack("<IHHIIHH4sI", 16, 1, 1, 16000, 32000, 2, 16, b"data", 0xFFFFFFFF)
    path = tmp_path / "endless.wav"
    path.write_bytes(head + b"\1\0" * 16000)
    assert probe(path).audio[0].sample_rate == 16000
