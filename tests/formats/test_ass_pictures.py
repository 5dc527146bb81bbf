"""Scripts as libass draws them: what was read and written again looks the same."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import imageio_ffmpeg
import pytest

from subkit.formats.ass import AssReader, AssWriter
from subkit.model import Feature, Placement
from tests.styled import FORMATS, MEDIA, cue, marked, track

if TYPE_CHECKING:
    from pathlib import Path

SIGN = (
    "Style: Sign,Arial,30,&H0000FFFF,&H000000FF,&H00FF0000,&H00000000,-1,0,0,0,100,100,0,0,1,2,0,8,"
    "10,10,10,1\n"
)
HEAD = (FORMATS / "ass" / "ttml_example.ass").read_text("utf-8").partition("Dialogue:")[0]
STYLED = HEAD.replace("\n[Events]", f"{SIGN}\n[Events]")
LINES = (
    "{\\an7\\pos(20,30)}One {\\i1}two{\\i0} {\\b1}three",
    "{\\c&H0000FF&}red{\\c&H00FF00&}green{\\c} {\\3c&HFF00FF&\\bord4}edge{\\r} plain",
    "{\\fs40}large{\\fs} {\\fscx150}wide{\\fscx100}\\Nsecond \\h line{\\blur3}",
    "{\\k20}ka{\\k30}ra{\\kf50}o{\\k10}{\\k40}ke {\\rSign}sign",
    "{\\p1}m 0 0 l 100 0 100 50 0 50{\\p0}{\\fad(300,300)\\frz20}turned",
    "{\\fad(300,300)\\an8\\an2}first {\\fad(900,0)}second",
    "{\\move(10,10,200,200)\\t(0,900,\\fs60)}moving {\\u1}under{\\u0}{\\s1}struck",
)


def pictures(script: bytes, folder: Path, name: str) -> list[str]:
    """Return a digest of each of a few pictures of a script on grey."""
    (folder / f"{name}.ass").write_bytes(script)
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi",
        "-i", "color=gray:s=384x288:r=2:d=8", "-vf", f"ass={name}.ass", "-f", "framemd5", "-",
    ]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, cwd=folder, timeout=60)
    lines = done.stdout.decode().splitlines()
    return [line.rpartition(",")[2].strip() for line in lines if not line.startswith("#")]


def again(script: bytes) -> bytes:
    found, repairs = AssReader().read(script, name="a.ass", language="en")
    assert repairs == []
    return AssWriter().write(found, MEDIA)


@pytest.mark.parametrize("line", LINES)
def test_overrides_look_the_same_again(line: str, tmp_path: Path) -> None:
    script = f"{STYLED}Dialogue: 1,0:00:00.50,0:00:04.00,Default,Kim,20,10,15,,{line}\n".encode()
    before = pictures(script, tmp_path, "before")
    assert len(set(before)) > 1
    assert pictures(again(script), tmp_path, "after") == before


def test_a_song_looks_the_same_again(tmp_path: Path) -> None:
    script = (FORMATS / "ass" / "karaoke.ass").read_bytes()
    before = pictures(script, tmp_path, "before")
    assert len(set(before)) > 4
    assert pictures(again(script), tmp_path, "after") == before


def test_marks_of_other_formats_are_drawn(tmp_path: Path) -> None:
    plain = AssWriter().write(track(cue("Hello you")), MEDIA)
    seen = {tuple(pictures(plain, tmp_path, "plain"))}
    for feature, value, how in (
        (Feature.ITALIC, "", ""), (Feature.BOLD, "", ""), (Feature.UNDERLINE, "", ""),
        (Feature.COLOR, "#ff0000ff", ""), (Feature.SIZE, "200", ""), (Feature.STRIKE, "", ""),
    ):  # fmt: skip
        made = track(cue("Hello you", marks=(marked(0, 5, feature, value, how),)))
        seen.add(tuple(pictures(AssWriter().write(made, MEDIA), tmp_path, "marked")))
    top = track(cue("Hello you", placement=Placement(vertical="top")))
    seen.add(tuple(pictures(AssWriter().write(top, MEDIA), tmp_path, "top")))
    assert len(seen) == 8
