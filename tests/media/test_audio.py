"""The tone is heard where a player plays it, whatever the container does with its clock."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from subkit.errors import MediaError
from subkit.media import AudioOptions, audio_blocks, dialogue_channel, probe, require_audio
from tests.media.conftest import PICTURE, Make, hear, onset, tone

CONTAINERS = [
    pytest.param("a.mp4", ("-c:v", "mpeg4", "-bf", "2", "-c:a", "aac"), id="mp4"),
    pytest.param("a.mkv", ("-c:v", "mpeg4", "-bf", "2", "-c:a", "aac"), id="mkv"),
    pytest.param("a.ts", ("-c:v", "mpeg2video", "-bf", "2", "-c:a", "aac"), id="ts"),
    pytest.param("ac3.ts", ("-c:v", "mpeg2video", "-c:a", "ac3"), id="ts-ac3"),
    pytest.param("a.mov", ("-c:v", "mpeg4", "-c:a", "pcm_s24le"), id="mov"),
    pytest.param("a.mpg", ("-c:v", "mpeg2video", "-c:a", "mp2"), id="mpg"),
]


@pytest.mark.parametrize(("name", "codecs"), CONTAINERS)
def test_the_tone_is_where_it_was_made(make: Make, name: str, codecs: tuple[str, ...]) -> None:
    samples, notes = hear(make(name, *PICTURE, *tone(), *codecs))
    assert onset(samples) == pytest.approx(1.0, abs=0.001)
    assert not notes


@pytest.mark.parametrize(("name", "codecs"), CONTAINERS)
def test_sound_that_begins_later_is_led_in_by_silence(
    make: Make, name: str, codecs: tuple[str, ...]
) -> None:
    path = make(name, *PICTURE, "-itsoffset", "0.5", *tone(), *codecs)
    samples, _ = hear(path)
    assert float(probe(path).audio[0].start) == pytest.approx(0.5, abs=0.03)
    assert onset(samples) == pytest.approx(1.5, abs=0.001)
    assert np.abs(samples[:7000]).max() < 0.01


@pytest.mark.parametrize("name", ["b.mp4", "b.mkv", "b.ts"])
def test_sound_before_the_first_picture_is_left_out(make: Make, name: str) -> None:
    late = make("v.mkv", "-itsoffset", "0.5", *PICTURE, *tone(), "-c:v", "mpeg4", "-c:a", "aac")
    path = make(name, "-i", late, "-c", "copy")
    media = probe(path)
    samples, _ = hear(media)
    # 0.5 s lie on the twelfth frame, at 0.5005 s.
    assert float(media.audio[0].start) == pytest.approx(-0.5005, abs=0.03)
    assert onset(samples) == pytest.approx(0.4995, abs=0.002)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.wav", "pcm_s16le"), ("f.wav", "pcm_f32le"), ("a.flac", "flac"), ("a.m4a", "aac")],
)
@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 96000])
def test_every_sample_rate(make: Make, name: str, codec: str, rate: int) -> None:
    samples, _ = hear(make(name, *tone(rate=rate), "-c:a", codec))
    assert onset(samples) == pytest.approx(1.0, abs=0.001)
    if codec != "aac":
        assert len(samples) == 48000


def test_blocks_are_equal_and_their_length_changes_nothing(make: Make) -> None:
    media = probe(make("a.flac", *tone(rate=44100), "-c:a", "flac"))
    whole = np.concatenate(list(audio_blocks(media)))
    for seconds in (0.1, 0.37, 2.0):
        blocks = list(audio_blocks(media, block_seconds=seconds))
        assert {len(block) for block in blocks[:-1]} == {round(seconds * 16000)}
        assert np.array_equal(np.concatenate(blocks), whole)
    with pytest.raises(ValueError, match="block_seconds"):
        audio_blocks(media, block_seconds=0)


def remux(source: Path, name: str, change: Callable[[Any], bool]) -> Path:
    """The packets that ``change`` keeps, as it leaves them, in a new file beside ``source``."""
    path = source.with_name(name)
    with av.open(str(source)) as old, av.open(str(path), "w") as new:
        streams = {s.index: new.add_stream_from_template(s) for s in old.streams}
        for packet in old.demux():
            if packet.dts is not None and change(packet):
                packet.stream = streams[packet.stream_index]
                new.mux(packet)
    return path


@pytest.mark.parametrize("name", ["gap.mkv", "gap.mp4", "gap.ts"])
def test_a_gap_is_filled_with_silence(make: Make, name: str) -> None:
    source = make("g.mkv", *PICTURE, *tone(2.0), "-c:v", "mpeg4", "-c:a", "ac3")

    def outside(packet: Any) -> bool:
        return packet.stream.type == "video" or not 0.5 < packet.pts * packet.time_base < 1.5

    samples, notes = hear(remux(source, name, outside))
    assert onset(samples) == pytest.approx(2.0, abs=0.002)
    assert len(samples) == pytest.approx(48000, abs=700)
    assert not notes


def test_a_clock_that_jumps_far_ahead_is_not_believed(make: Make) -> None:
    source = make("j.mka", *tone(2.0), "-c:a", "pcm_s16le")

    def jump(packet: Any) -> bool:
        if packet.pts > 1000:
            packet.pts += 400_000_000
            packet.dts += 400_000_000
        return True

    media = replace(probe(remux(source, "jump.mka", jump)), duration=Fraction(3))
    samples, notes = hear(media)
    assert onset(samples) == pytest.approx(2.0, abs=0.002)
    assert len(notes) == 1
    assert "jumps" in notes[0]


def test_a_clock_that_starts_anew_goes_on(make: Make) -> None:
    one = make("one.ts", *PICTURE, *tone(2.0), "-c:v", "mpeg2video", "-c:a", "mp2")
    path = one.with_name("twice.ts")
    path.write_bytes(one.read_bytes() * 2)
    samples, notes = hear(path)
    assert len(samples) == pytest.approx(96000, abs=2000)
    loud = np.flatnonzero(np.abs(samples) > 0.2) / 16000
    assert loud[loud > 3][0] == pytest.approx(5.0, abs=0.05)
    assert any("jumps" in note for note in notes)


def surround(make: Make, center: str, layout: str = "5.1") -> Path:
    """A film whose centre is ``center`` and whose other channels hum."""
    others = "|".join(["0.3*sin(2*PI*200*t)"] * 2)
    text = f"aevalsrc='{others}|{center}|0|0|0':c={layout}:s=48000:d=3"
    return make("s.mkv", "-f", "lavfi", "-i", text, "-c:a", "flac")


def test_the_centre_is_taken_where_it_speaks(make: Make) -> None:
    path = surround(make, "if(gte(t,1)*lt(t,1.2),0.5*cos(2*PI*1000*(t-1)),0)")
    media = probe(path)
    assert dialogue_channel(media) == "center"
    samples, _ = hear(media)
    assert np.abs(samples[:15900]).max() < 0.001
    assert onset(samples) == pytest.approx(1.0, abs=0.001)
    mixed, _ = hear(media, AudioOptions(channel="mix"))
    assert np.abs(mixed[:15900]).max() > 0.05


def test_a_silent_centre_gives_the_mix(make: Make) -> None:
    media = probe(surround(make, "0"))
    assert dialogue_channel(media) == "mix"
    assert np.abs(hear(media)[0]).max() > 0.05
    assert np.abs(hear(media, AudioOptions(channel="center"))[0]).max() == 0


def test_a_centre_asked_of_stereo_is_refused(make: Make) -> None:
    media = probe(make("st.flac", *tone(), "-ac", "2", "-c:a", "flac"))
    assert dialogue_channel(media) == "mix"
    with pytest.raises(MediaError, match="no centre channel"):
        audio_blocks(media, AudioOptions(channel="center"))


def test_a_channel_is_chosen_by_its_number(make: Make) -> None:
    tones = "|".join(f"0.4*sin(2*PI*{100 * (n + 1)}*t)" for n in range(3))
    media = probe(make("three.wav", "-f", "lavfi", "-i", f"aevalsrc='{tones}':c=3.0:s=48000:d=1"))
    for number in range(3):
        samples, _ = hear(media, AudioOptions(channel=number))
        loudest = np.abs(np.fft.rfft(samples[:16000])).argmax()
        assert loudest == 100 * (number + 1)
    with pytest.raises(MediaError, match="has no channel 3") as caught:
        audio_blocks(media, AudioOptions(channel=3))
    assert "0 to 2" in str(caught.value)


@pytest.mark.parametrize("name", ["w.wav", "w.mkv"])
@pytest.mark.parametrize("count", [1, 2, 3, 6, 8, 12, 16])
def test_any_number_of_channels(make: Make, name: str, count: int) -> None:
    text = "aevalsrc='" + "|".join(["0.4*sin(2*PI*300*t)"] * count) + "':s=48000:d=1"
    path = make(name, "-f", "lavfi", "-i", text, "-c:a", "pcm_s16le", "-strict", "-2")
    media = probe(path)
    assert media.audio[0].channels == count
    for channel in ("auto", "mix"):
        samples, _ = hear(media, AudioOptions(channel=channel))
        assert np.abs(samples).max() == pytest.approx(0.4, abs=0.01)


def test_a_layout_that_changes_on_the_way(make: Make) -> None:
    one = make("two.ts", *PICTURE, *tone(2.0), "-c:v", "mpeg2video", "-c:a", "ac3", "-ac", "2")
    six = make("six.ts", *PICTURE, *tone(2.0), "-c:v", "mpeg2video", "-c:a", "ac3", "-ac", "6")
    path = one.with_name("both.ts")
    path.write_bytes(one.read_bytes() + six.read_bytes())
    samples, _ = hear(path, AudioOptions(channel="mix"))
    loud = np.flatnonzero(np.abs(samples) > 0.04) / 16000
    assert loud[0] == pytest.approx(2.0, abs=0.01)
    assert loud[loud > 3][0] == pytest.approx(5.0, abs=0.05)


def test_a_full_mix_does_not_clip(make: Make) -> None:
    text = "aevalsrc='" + "|".join(["0.99*sin(2*PI*300*t)"] * 8) + "':c=7.1:s=48000:d=1"
    media = probe(make("full.flac", "-f", "lavfi", "-i", text, "-c:a", "flac"))
    samples, _ = hear(media, AudioOptions(channel="mix"))
    assert 0.9 < np.abs(samples).max() < 1.0


def test_streams_are_chosen_by_number_language_and_default(make: Make) -> None:
    path = make(
        "two.mkv",
        *tone(0.5),
        *tone(1.5),
        *("-map", "0", "-map", "1", "-c:a", "flac"),
        *("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=kor"),
        *("-metadata:s:a:1", "title=Original", "-disposition:a:1", "default"),
        *("-disposition:a:0", "0"),
    )
    media = probe(path)
    assert [(s.index, s.language, s.title, s.default) for s in media.audio] == [
        (0, "en", None, False),
        (1, "ko", "Original", True),
    ]
    assert require_audio(media).index == 1
    assert require_audio(media, AudioOptions(language="en-GB")).index == 0
    assert require_audio(media, AudioOptions(language="kor")).index == 1
    assert require_audio(media, AudioOptions(language="fr")).index == 1
    assert onset(hear(media, AudioOptions(stream=0))[0]) == pytest.approx(0.5, abs=0.001)
    assert onset(hear(media)[0]) == pytest.approx(1.5, abs=0.001)
    for number in (2, -1):
        with pytest.raises(MediaError, match="no audio stream") as caught:
            audio_blocks(media, AudioOptions(stream=number))
        assert "0 (en flac mono), 1 (ko flac mono Original)" in caught.value.remedy


def test_samples_that_are_no_numbers_become_silence(tmp_path: Path) -> None:
    values = np.full(16000, 0.25, "<f4")
    values[4000:4100] = np.nan
    values[8000:8100] = np.inf
    values[9000:9100] = 7.5
    data = values.tobytes()
    head = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt "
    head += struct.pack("<IHHIIHH4sI", 16, 3, 1, 16000, 64000, 4, 32, b"data", len(data))
    path = tmp_path / "nan.wav"
    path.write_bytes(head + data)
    samples, _ = hear(path)
    assert np.isfinite(samples).all()
    assert not samples[4000:4100].any()
    assert samples[9050] == 1.0
    assert samples[2000] == pytest.approx(0.25)
