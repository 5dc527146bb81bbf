"""``subkit burn`` as a user meets it; what it draws is looked for in the picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from subkit.media import probe, run_ffmpeg
from subkit.media.burning import drawn_fonts

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tests.cli.conftest import Answer

    Subkit = Callable[..., Answer]

SRT = """\
1
00:00:00,400 --> 00:00:01,000
HELLO THERE

2
00:00:01,200 --> 00:00:01,600
{\\an8}<font color="#ffff00">YELLOW</font>
"""
GREY = "color=c=gray:size=641x360:rate=25:duration=2"


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Some font with Latin letters; a machine without any cannot draw text."""
    place = tmp_path_factory.mktemp("fonts")
    trial = (
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\n"
        "Style: Default,Arial,30\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,HELO\n"
    )
    if drawn_fonts(trial.encode(), place).missing:
        pytest.skip("needs a font")


def film(path: Path, *more: str) -> Path:
    """Two grey seconds with sound, the picture of an odd width."""
    sound = ("-f", "lavfi", "-i", "sine=sample_rate=48000:duration=2")
    coded = ("-c:v", "mpeg4", "-q:v", "2", "-c:a", "aac", *more)
    run_ffmpeg(["-f", "lavfi", "-i", GREY, *sound, *coded, path], timeout=60)
    return path


def pictures(path: Path) -> list[tuple[float, NDArray[np.uint8]]]:
    """Times from the first picture, and pictures as rows of RGB."""
    import av

    with av.open(str(path)) as container:
        frames = [(f.time, f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]
    return [(round(time - frames[0][0], 3), picture) for time, picture in frames]


def lit(picture: NDArray[np.uint8]) -> tuple[bool, bool]:
    """Whether there is bright text in the upper and in the lower half."""
    bright = picture.max(axis=2) > 180
    half = picture.shape[0] // 2
    return bool(bright[:half].any()), bool(bright[half:].any())


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("ending", ["mkv", "ts"])
def test_text_is_in_the_picture_at_its_time_place_and_colour(
    subkit: Subkit, tmp_path: Path, ending: str
) -> None:
    """A transport stream begins at 1.4 s on its own clock."""
    place = tmp_path / "a 'b', [c]: d;"
    place.mkdir()
    source = film(place / f"film's [1]: %d.{ending}")
    (place / "it's [1]: ,.en.srt").write_text(SRT, encoding="utf-8")
    out = place / "o'ut [1]: ,.mp4"
    done = subkit("burn", source, place / "it's [1]: ,.en.srt", "-o", out)
    assert done.code == 0, done.err
    assert "Arial is drawn with" in done.err
    shown = pictures(out)
    assert len(shown) == 50
    for time, picture in shown:
        expected = (1.2 <= time < 1.6, 0.4 <= time < 1.0)
        assert lit(picture) == expected, time
    yellow = shown[35][1].reshape(-1, 3)
    assert ((yellow[:, 0] > 180) & (yellow[:, 1] > 180) & (yellow[:, 2] < 100)).any()
    assert probe(out).width == 642
    assert probe(out).audio[0].codec == "aac"


@pytest.mark.usefixtures("fonts")
def test_ass_is_drawn_as_it_stands_and_timecode_is_kept(subkit: Subkit, tmp_path: Path) -> None:
    source = film(tmp_path / "film.mov", "-timecode", "01:00:00:00")
    (tmp_path / "a.ass").write_text(
        "[Script Info]\nScriptType: v4.00+\nPlayResX: 160\nPlayResY: 90\n\n[V4+ Styles]\n"
        "Format: Name, Fontname, Fontsize, PrimaryColour, Alignment\n"
        "Style: Default,Arial,30,&H00FFFFFF,8\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:00.40,0:00:01.00,Default,,0,0,0,,TOP\n",
        encoding="utf-8",
    )
    done = subkit("burn", source, "a.ass", "-o", "out.mp4", "--json", "--language", "en")
    assert done.code == 0, done.err
    assert list(done.json()["fonts"]) == ["Arial"]
    shown = pictures(tmp_path / "out.mp4")
    assert [lit(shown[n][1]) for n in (5, 15, 30)] == [(False, False), (True, False), (False,) * 2]
    assert probe(tmp_path / "out.mp4").programme_start == 3600
    again = subkit("burn", source, "a.ass", "-o", "out.mp4")
    assert again.code == 3
    assert "already exists" in again.err


def test_a_letter_without_a_font_is_said_before_the_first_picture(
    subkit: Subkit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system without any font, whatever this one has."""
    (tmp_path / "fonts.conf").write_text("<fontconfig><dir>/nowhere</dir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    source = film(tmp_path / "film.mkv")
    (tmp_path / "a.ko.srt").write_text("1\n00:00:00,400 --> 00:00:01,000\n안녕 A\n")
    done = subkit("burn", source, "a.ko.srt", "-o", "out.mp4")
    assert done.code == 3
    assert "There is no font on this machine; nothing was written." in done.err
    assert not (tmp_path / "out.mp4").exists()
    assert [p.name for p in tmp_path.iterdir() if ".part" in p.name] == []


def test_what_cannot_be_done_is_said_before_work_starts(
    subkit: Subkit, tmp_path: Path, speech: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = film(tmp_path / "film.mkv")
    (tmp_path / "a.srt").write_text(SRT, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for words, code, sentence in [
        ((source, "a.srt", "-o", "a.mkv"), 2, "does not end in .mp4"),
        ((source, "a.srt", "-o", "a.mp4", "--crf", "99"), 2, "no quality"),
        ((source, "a.srt", "-o", "a.mp4", "--font", "A,B"), 2, "no name of a font"),
        ((source, "a.srt", "-o", "a.mp4", "--fontsdir", "empty"), 3, "holds no font"),
        ((source, "a.srt", "-o", "a.mp4", "--fontsdir", "gone"), 3, "cannot be read"),
        ((speech, "a.srt", "-o", "a.mp4"), 3, "no picture"),
    ]:
        done = subkit("burn", *words)
        assert (done.code, sentence in done.err) == (code, True), done.err
    poor = tmp_path / "bin"
    poor.mkdir()
    (poor / "ffmpeg").write_text("#!/bin/sh\necho ffmpeg version 1\n")
    (poor / "ffmpeg").chmod(0o755)
    monkeypatch.setenv("PATH", str(poor), prepend=":")
    lacking = subkit("burn", source, "a.srt", "-o", "a.mp4")
    assert (lacking.code, "lacks libx264" in lacking.err) == (3, True), lacking.err
    assert not (tmp_path / "a.mp4").exists()
