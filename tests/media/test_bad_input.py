"""Whatever is given instead of a film: one clear sentence, never an error of libav's."""

from __future__ import annotations

import os
import tempfile
import wave
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subkit.errors import InputError, MediaError, SubkitError
from subkit.media import audio_blocks, probe, require_audio
from tests.media.conftest import PICTURE, Make, hear, onset, tone
from tests.rights import without_overrides


def film(make: Make, name: str = "film.mkv") -> Path:
    return make(name, *PICTURE, *tone(2.0), "-c:v", "mpeg4", "-c:a", "aac")


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no file .*/none\.mp4"):
        probe(tmp_path / "none.mp4")


def test_an_address_is_no_file() -> None:
    with pytest.raises(InputError) as caught:
        probe(Path("https://example.com/film.mp4"))
    assert "download" in caught.value.remedy


@pytest.mark.parametrize("rate", [1, 100, 3999])
def test_fewer_samples_than_speech_needs(tmp_path: Path, rate: int) -> None:
    path = tmp_path / "slow.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"\1\2" * 60_000)
    media = probe(path)
    with pytest.raises(MediaError, match=f"has {rate} samples a second"):
        next(audio_blocks(media))


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        probe(tmp_path)


def test_empty(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    with pytest.raises(InputError, match="is empty"):
        probe(path)


def test_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(InputError, match="not a regular file"):
        probe(path)


def test_a_name_with_a_null() -> None:
    with pytest.raises(InputError, match="could not be opened"):
        probe(Path("a\0b"))


def test_link_in_a_circle(tmp_path: Path) -> None:
    path = tmp_path / "loop"
    path.symlink_to(path)
    with pytest.raises(InputError, match="could not be opened"):
        probe(path)


def test_unreadable() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "secret.mp4"
        path.write_bytes(b"x")
        path.chmod(0)
        with without_overrides(), pytest.raises(InputError, match="may not be read"):
            probe(path)


def test_text_named_mp4(tmp_path: Path) -> None:
    path = tmp_path / "text.mp4"
    path.write_text("Das ist kein Film.\n" * 300 + "ä")
    with pytest.raises(MediaError, match="is a text"):
        probe(path)


@pytest.mark.parametrize("name", ["noise.mp4", "noise.mkv", "noise.mp3", "noise.ts", "noise"])
def test_noise(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(np.random.default_rng(7).bytes(300_000))
    with pytest.raises(MediaError):
        probe(path)


def test_mp4_without_its_index(make: Make, tmp_path: Path) -> None:
    whole = film(make, "film.mp4").read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: whole.index(b"moov") - 8])
    with pytest.raises(MediaError, match="without its index"):
        probe(path)


def test_mp4_without_its_end(make: Make, tmp_path: Path) -> None:
    whole = make(
        "fast.mp4",
        *("-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=40", *tone(length=40)),
        *("-c:v", "mpeg4", "-c:a", "aac", "-movflags", "faststart"),
    ).read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) // 2])
    samples, notes = hear(path)
    assert onset(samples) == pytest.approx(1.0, abs=0.001)
    assert 10 < len(samples) / 16000 < 25
    assert any("before the end of the file as it states it" in note for note in notes)


@pytest.mark.parametrize("name", ["long.mkv", "long.flac"])
def test_cut_in_the_middle(make: Make, tmp_path: Path, name: str) -> None:
    whole = make(name, *tone(length=40), "-c:a", "flac").read_bytes()
    path = tmp_path / f"cut{Path(name).suffix}"
    path.write_bytes(whole[: len(whole) // 2])
    samples, notes = hear(path)
    assert 1 < len(samples) / 16000 < 39
    assert any("may be cut short" in note for note in notes)


def test_damage_in_the_middle_is_silence_and_the_rest_keeps_its_time(
    make: Make, tmp_path: Path
) -> None:
    data = bytearray(film(make, "film.ts").read_bytes())
    middle = len(data) // 4
    data[middle : middle + 4000] = np.random.default_rng(3).bytes(4000)
    path = tmp_path / "damaged.ts"
    path.write_bytes(data)
    samples, _ = hear(path)
    loud = np.flatnonzero(np.abs(samples) > 0.2) / 16000
    assert loud[loud > 1.9][0] == pytest.approx(2.0, abs=0.003)


def test_no_audio(make: Make) -> None:
    media = probe(make("silent.mp4", *PICTURE, "-c:v", "mpeg4"))
    with pytest.raises(MediaError, match="has no audio"):
        require_audio(media)
    with pytest.raises(MediaError, match="has no audio"):
        audio_blocks(media)


def test_zero_duration(make: Make) -> None:
    wave = make("zero.wav", *tone(), "-t", "0", "-c:a", "pcm_s16le")
    with pytest.raises(MediaError, match="duration of zero"):
        probe(wave)
    video = make("zero.mkv", *PICTURE, "-frames:v", "0", "-c:v", "mpeg4")
    with pytest.raises(MediaError, match="ends before there is anything"):
        probe(video)


def test_subtitles_are_no_media(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nHello\n")
    with pytest.raises(MediaError, match="is a text"):
        probe(path)


PLAYLISTS = {
    "a.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{film}\n#EXT-X-ENDLIST\n",
    "a.mp4": "ffconcat version 1.0\nfile '{film}'\n",
    "a.mpd": "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011' type='static'>"
    "<Period><AdaptationSet><Representation id='1'><BaseURL>{film}</BaseURL>"
    "</Representation></AdaptationSet></Period></MPD>",
    "a.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
    "m=audio 5004 RTP/AVP 96\n",
    "a.imf": "<?xml version='1.0'?><CompositionPlaylist/>",
}


@pytest.mark.parametrize("name", PLAYLISTS)
def test_playlists_are_not_followed(make: Make, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(PLAYLISTS[name].replace("{film}", str(film(make, "film.ts"))))
    with pytest.raises(MediaError, match="playlist that points to other files"):
        probe(path)


def test_an_image_pattern_is_a_name(make: Make, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (tmp_path / f"f{number:03d}.png").write_bytes(
            make("i.png", *PICTURE, "-frames:v", "1").read_bytes()
        )
    with pytest.raises(InputError, match="There is no file"):
        probe(tmp_path / "f%03d.png")


@pytest.mark.parametrize(
    "name",
    [
        "-i.mkv",
        "-y",
        "a:b.mkv",
        "http:x.mkv",
        "concat:a|b.mkv",
        "%03d.mkv",
        "a b'\".mkv",
        "한 편.mkv",
    ],
)
def test_odd_names_are_only_names(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).write_bytes(film(make).read_bytes())
    monkeypatch.chdir(tmp_path)
    media = probe(Path(name))
    assert media.path == str(tmp_path / name)
    assert onset(hear(media)[0]) == pytest.approx(2.0, abs=0.001)


def test_a_file_that_vanished(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "gone.mkv"
    path.write_bytes(film(make).read_bytes())
    media = probe(path)
    path.unlink()
    with pytest.raises(InputError, match="There is no file"):
        audio_blocks(media)


@pytest.mark.parametrize("name", ["fuzz.mkv", "fuzz.mp4", "fuzz.ts"])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=40)), max_size=12))
def test_damage_anywhere_raises_only_our_errors(
    make: Make, tmp_path: Path, name: str, places: list[tuple[float, bytes]]
) -> None:
    data = bytearray(film(make, name).read_bytes())
    for share, new in places:
        place = int(share * (len(data) - len(new)))
        data[place : place + len(new)] = new
    path = tmp_path / name
    path.write_bytes(data)
    with suppress(SubkitError):
        samples, _ = hear(path)
        assert np.isfinite(samples).all()
