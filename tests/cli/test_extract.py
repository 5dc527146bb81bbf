"""``subkit extract`` as a user meets it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from subkit.media import run_ffmpeg

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

    Subkit = Callable[..., Answer]

CONTAINERS = Path(__file__).parents[1] / "data" / "formats" / "containers"
SRT = "1\n00:00:00,500 --> 00:00:01,500\n<i>Hi</i> {curly}\n\n2\n00:00:01,600 --> 00:00:02,000\nB\n"
ASS = """\
[Script Info]
; kept
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,30

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,kept too
Dialogue: 0,0:00:01.60,0:00:02.00,Default,,0,0,0,,second {\\i1}it{\\i0}
Dialogue: 1,0:00:00.50,0:00:01.50,Default,Emma,0,0,0,,first\\Nline
"""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A picture with SubRip (Korean, forced), ASS and a font, in Matroska."""
    (tmp_path / "a.srt").write_text(SRT, encoding="utf-8")
    (tmp_path / "a.ass").write_text(ASS, encoding="utf-8")
    inputs = ("-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=2", "-i")
    texts = (tmp_path / "a.srt", "-i", tmp_path / "a.ass", "-map", "0", "-map", "1", "-map", "2")
    told = ("-c:v", "mpeg4", "-c:s", "copy", "-metadata:s:s:0", "language=kor", "-metadata:s:s:0")
    flags = ("title=Main / 1", "-disposition:s:0", "forced")
    run_ffmpeg([*inputs, *texts, *told, *flags, tmp_path / "film.mkv"], timeout=60)
    (tmp_path / "a.srt").unlink()
    (tmp_path / "a.ass").unlink()
    return tmp_path / "film.mkv"


def test_tracks_come_out_as_they_went_in(subkit: Subkit, film: Path, tmp_path: Path) -> None:
    done = subkit("extract", film, "-o", "out", "-q")
    assert done.code == 0
    assert done.out.splitlines() == ["out/film.Main 1.ko.forced.srt", "out/film.und.ass"]
    text = (tmp_path / "out" / "film.Main 1.ko.forced.srt").read_text(encoding="utf-8")
    assert text == SRT
    assert (tmp_path / "out" / "film.und.ass").read_text(encoding="utf-8") == ASS
    again = subkit("extract", film, "-o", "out", "-q")
    assert again.code == 3
    assert "already exists" in again.err
    assert subkit("extract", film, "-o", "out", "-q", "-y").code == 0


def test_one_track_is_chosen_by_number_or_language(subkit: Subkit, film: Path) -> None:
    assert subkit("extract", film, "-o", "a", "-q", "--stream", "1").out.count("\n") == 1
    assert "ko.forced" in subkit("extract", film, "-o", "b", "-q", "--stream", "ko").out
    gone = subkit("extract", film, "-o", "c", "--stream", "fr")
    assert gone.code == 3
    assert "1 (ko), 2 (no language)" in gone.err


def test_another_format_names_what_it_cannot_hold(
    subkit: Subkit, film: Path, tmp_path: Path
) -> None:
    done = subkit("extract", film, "-f", "txt", "--stream", "ko", "-o", "out", "--json")
    listed = done.json()["streams"]
    assert [loss["feature"] for loss in listed[0]["losses"]] == ["italic"]
    assert (tmp_path / "out" / "film.Main 1.ko.forced.txt").read_text() == "Hi {curly}\nB\n"
    strict = subkit("extract", film, "-f", "txt", "--stream", "ko", "-o", "no", "--strict")
    assert strict.code == 5
    assert not (tmp_path / "no").exists()


def test_pictures_are_said_to_be_pictures(subkit: Subkit) -> None:
    done = subkit("extract", CONTAINERS / "pictures_only.mkv", "-o", "out")
    assert done.code == 3
    assert "1 (VobSub pictures), 2 (PGS pictures)" in done.err
    assert "text recognition" in done.err
    assert subkit("extract", CONTAINERS / "pictures_only.mkv", "--stream", "2").code == 3


def test_a_list_writes_nothing(subkit: Subkit, film: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    listed = subkit("extract", film, "--list")
    assert listed.out.splitlines() == ["  1  ko  SubRip  Main / 1  forced", "  2  und  ASS"]
    facts = subkit("extract", film, "--list", "--json").json()["streams"]
    assert [(f["stream"], f["codec"], f["language"]) for f in facts] == [
        (1, "srt", "ko"),
        (2, "ass", None),
    ]
    assert sorted(tmp_path.iterdir()) == before


def test_a_film_without_text_is_said_to_have_none(subkit: Subkit) -> None:
    from subkit.demo import scene_file

    done = subkit("extract", scene_file(), "-o", "out")
    assert done.code == 3
    assert "no subtitle track" in done.err


def test_files_of_others_come_out(subkit: Subkit, tmp_path: Path) -> None:
    assert subkit("extract", CONTAINERS / "srt.mkv", "-o", ".", "-q").code == 0
    assert (tmp_path / "srt.und.srt").read_text() == (
        "1\n00:00:01,000 --> 00:00:03,000\nLine 1\n\n2\n00:00:03,024 --> 00:00:05,024\nLine 2\n"
    )
