"""Finding ffmpeg, asking it, and keeping it within bounds."""

from __future__ import annotations

import sys
from pathlib import Path

import ffmpeg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from subkit.errors import InputError, MediaError, StoreError
from subkit.media import ffmpeg_command, ffmpeg_facts, find_ffmpeg, probe, run_ffmpeg
from tests.media.conftest import PICTURE, Make, tone


def script(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{text}\n")
    path.chmod(0o755)
    return path


def test_the_one_on_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = script(tmp_path, "ffmpeg", "pass")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_ffmpeg() == path


def test_without_one_on_path_the_carried_one_is_found_and_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    facts = ffmpeg_facts(find_ffmpeg())
    assert facts.source == "imageio-ffmpeg"
    assert {"aac", "libopus"} <= facts.encoders
    assert facts.version
    out = tmp_path / "a.flac"
    run_ffmpeg([*tone(), "-c:a", "flac", out], timeout=60)
    assert probe(out).duration == 3


def test_no_ffmpeg_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(MediaError, match="no ffmpeg on this machine") as caught:
        find_ffmpeg()
    assert "pip install imageio-ffmpeg" in caught.value.remedy


def test_the_one_given(tmp_path: Path) -> None:
    path = script(tmp_path, "mine", "pass")
    assert find_ffmpeg(path) == path
    with pytest.raises(MediaError, match="is not a program"):
        find_ffmpeg(tmp_path / "none")
    with pytest.raises(MediaError, match="does not answer as ffmpeg"):
        ffmpeg_facts(path)


def test_facts() -> None:
    facts = ffmpeg_facts()
    assert facts.path == find_ffmpeg()
    assert {"aac", "pcm_s16le"} <= facts.encoders
    assert "=" not in facts.encoders


def test_output_comes_back() -> None:
    raw = run_ffmpeg([*tone(length=0.5), "-f", "s16le", "pipe:1"], timeout=60)
    assert len(raw) == 48000


def test_failure_says_why(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"ffmpeg failed with code \d+: .*nosuchcodec"):
        run_ffmpeg([*tone(), "-c:a", "nosuchcodec", tmp_path / "a.wav"], timeout=60)


def test_an_existing_output_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"mine")
    with pytest.raises(StoreError, match="already exists"):
        run_ffmpeg([*tone(), path], timeout=60)
    assert path.read_bytes() == b"mine"
    run_ffmpeg(["-y", *tone(), path], timeout=60)
    assert path.read_bytes()[:4] == b"RIFF"


def test_too_long_is_ended(tmp_path: Path) -> None:
    endless = script(tmp_path, "endless", "import threading; threading.Event().wait()")
    with pytest.raises(MediaError, match=r"ended after 0.3 s"):
        run_ffmpeg([], timeout=0.3, ffmpeg=endless)


def test_too_much_is_ended(tmp_path: Path) -> None:
    text = "import sys\nwhile True: sys.stdout.write('x' * 65536); sys.stderr.write('y' * 65536)"
    with pytest.raises(MediaError, match="wrote more than 1000000 bytes"):
        run_ffmpeg([], timeout=60, ffmpeg=script(tmp_path, "loud", text), max_output=1_000_000)


@pytest.mark.parametrize("name", ["-i.mkv", "http:x.mkv", "a:b.mkv", "-y.mkv"])
def test_odd_names_are_only_names(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(make("f.mkv", *PICTURE, "-c:v", "mpeg4").read_bytes())
    run_ffmpeg(["-i", Path(name), "-c", "copy", Path(f"{name}.mp4")], timeout=60)
    assert probe(Path(f"{name}.mp4")).width == 64


@pytest.mark.parametrize("name", ["-i.mkv", "http:x.mkv", "a'b,c:d;[e]=\\f %d.mkv", "-f lavfi.mkv"])
def test_odd_names_are_only_names_in_a_graph(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(make("f.mkv", *PICTURE, "-c:v", "mpeg4").read_bytes())
    small = ffmpeg.input(Path(name), ss=1)["V:0"].filter("scale", w=32, h="min(24,ih)")
    graph = small.output(filename=Path(f"{name}.mp4"))
    run_ffmpeg(graph.get_args(), timeout=60)
    made = probe(Path(f"{name}.mp4"))
    assert (made.width, made.height) == (32, 24)
    with pytest.raises(StoreError, match="already exists"):
        ffmpeg_command(graph.get_args())
    assert ffmpeg_command(graph.overwrite_output().get_args())[-1] == "-y"


def test_inputs_of_a_graph_are_paths_to_media(make: Make, tmp_path: Path) -> None:
    film = make("f.ts", *PICTURE, "-c:v", "mpeg2video")
    for address in ("https://example.com/a.mp4", str(film), "concat:a|b"):
        graph = ffmpeg.input(address, ss=1).output(filename=tmp_path / "o.mkv")
        with pytest.raises(ValueError, match="must be a Path"):
            ffmpeg_command(graph.get_args())
    command = ffmpeg_command(ffmpeg.input(film).output(filename=tmp_path / "o.mkv").get_args())
    at = command.index("-i")
    assert command[at - 4 : at - 1 : 2] == ["-protocol_whitelist", "-format_whitelist"]
    assert command[at - 3] == "file"


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["C", "Z"]), min_size=1))
@example("it's a: b, c;[d]=\\e")
@example("0:eval=frame,movie=/etc/passwd[x];[x]")
@settings(max_examples=10)
def test_a_filter_takes_a_value_for_what_it_is(value: str) -> None:
    noted = ffmpeg.input("color=size=2x2:duration=0.04", f="lavfi").filter(
        "metadata", "add", key="told", value=value
    )
    graph = noted.filter("metadata", "print", file="-").output("-", f="null")
    printed = run_ffmpeg(graph.get_args(), timeout=60).decode()
    assert printed.splitlines()[-1] == f"told={value}"


def test_inputs_are_paths_to_media(make: Make, tmp_path: Path) -> None:
    film = make("f.ts", *PICTURE, "-c:v", "mpeg2video")
    for arg in ("https://example.com/a.mp4", str(film), "concat:a|b"):
        with pytest.raises(ValueError, match="must be a Path"):
            run_ffmpeg(["-i", arg, tmp_path / "o.mkv"], timeout=60)
    with pytest.raises(InputError, match="There is no file"):
        run_ffmpeg(["-i", tmp_path / "none.mkv", tmp_path / "o.mkv"], timeout=60)
    lists = tmp_path / "list.txt"
    lists.write_text(f"ffconcat version 1.0\nfile '{film}'\n")
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{film}\n#EXT-X-ENDLIST\n")
    for path in (lists, playlist):
        with pytest.raises(MediaError, match="ffmpeg failed"):
            run_ffmpeg(["-i", path, "-c", "copy", tmp_path / "o.mkv"], timeout=60)
    assert not (tmp_path / "o.mkv").exists()
