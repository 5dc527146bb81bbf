"""``subkit mux`` as a user meets it; what it writes is read back from the packets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from subkit.media import probe
from subkit.media.text_streams import find_text
from tests.builders.films import make_film

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

    Subkit = Callable[..., Answer]

SRT = (
    "1\n00:00:00,500 --> 00:00:01,500\n<i>안녕</i> {curly}\n\n2\n00:00:01,600 --> 00:00:02,000\nB\n"
)
VTT = "WEBVTT\n\nSTYLE\n::cue {color: red}\n\nid-1\n00:00:00.500 --> 00:00:01.500 line:10%\nHi\n"
OVERLAP = "1\n00:00:00,500 --> 00:00:01,500\n<b>A</b>\n\n2\n00:00:01,000 --> 00:00:02,000\nB\n"
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


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds whose first frame is 10:00:00:00."""
    place = tmp_path_factory.mktemp("film")
    return make_film(place / "film.mp4", "-timecode", "10:00:00:00")


@pytest.fixture(autouse=True)
def texts(tmp_path: Path) -> None:
    for name, text in {
        "film.ko-KR.forced.srt": SRT,
        "film.en.sdh.vtt": VTT,
        "film.ja.ass": ASS,
        "film.fr.srt": OVERLAP,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")


def test_matroska_gives_back_what_went_in(subkit: Subkit, film: Path, tmp_path: Path) -> None:
    font = tmp_path / "Plain Sans.ttf"
    font.write_bytes(b"\0\1\0\0")
    names = ("film.ko-KR.forced.srt", "film.en.sdh.vtt", "film.ja.ass")
    done = subkit("mux", film, *names, "-o", "all.mkv", "--default", "ja", "--attach", font)
    assert done.code == 0, done.err
    assert "film.en.sdh.vtt: lossy: 1 block of the source file" in done.err
    streams = find_text(tmp_path / "all.mkv").streams
    assert [(s.codec, s.language, s.title) for s in streams] == [
        ("srt", "ko", "Korean (KR)"),
        ("webvtt", "en", ""),
        ("ass", "ja", ""),
    ]
    assert [(s.default, s.forced, s.sdh) for s in streams] == [
        (False, True, False),
        (False, False, True),
        (True, False, False),
    ]
    assert subkit("extract", "all.mkv", "-o", "out", "-q").code == 0
    out = tmp_path / "out"
    assert (out / "all.Korean (KR).ko.forced.srt").read_text(encoding="utf-8") == SRT
    assert (out / "all.ja.ass").read_text(encoding="utf-8") == ASS
    vtt = (out / "all.en.sdh.vtt").read_text(encoding="utf-8")
    assert vtt == VTT.replace("STYLE\n::cue {color: red}\n\n", "")
    assert (out / "all.fonts" / "Plain Sans.ttf").read_bytes() == b"\0\1\0\0"
    assert sorted(path.name for path in tmp_path.iterdir() if ".part" in path.name) == []


def test_mp4_loses_no_overlap_and_keeps_the_timecode(
    subkit: Subkit, film: Path, tmp_path: Path
) -> None:
    done = subkit("mux", film, "film.fr.srt", "-o", "fr.mp4", "--title", "Français", "--json")
    assert done.code == 0, done.err
    (lost,) = done.json()["losses"].values()
    assert [(loss["feature"], loss["cues"]) for loss in lost] == [("overlap", ["1", "2"])]
    assert probe(tmp_path / "fr.mp4").programme_start == 36000
    (stream,) = find_text(tmp_path / "fr.mp4").streams
    assert (stream.codec, stream.language, stream.title) == ("mov_text", "fr", "Français")
    assert subkit("extract", "fr.mp4", "-q").code == 0
    assert (tmp_path / "fr.Français.fr.srt").read_text(encoding="utf-8") == (
        "1\n00:00:00,500 --> 00:00:01,000\n<b>A</b>\n\n"
        "2\n00:00:01,000 --> 00:00:01,500\n<b>A</b>\nB\n\n"
        "3\n00:00:01,500 --> 00:00:02,000\nB\n"
    )
    strict = subkit("mux", film, "film.fr.srt", "-o", "no.mp4", "--strict")
    assert strict.code == 5
    assert not (tmp_path / "no.mp4").exists()


def test_times_count_from_the_first_picture(subkit: Subkit, tmp_path: Path) -> None:
    """A transport stream begins at 1.4 s on its clock, its sound somewhat before."""
    make_film(tmp_path / "film.ts")
    assert subkit("mux", "film.ts", "film.ko-KR.forced.srt", "-o", "b.mkv").code == 0
    assert subkit("extract", "b.mkv", "-q").code == 0
    assert (tmp_path / "b.Korean (KR).ko.forced.srt").read_text(encoding="utf-8") == SRT


def test_picture_and_sound_are_the_same_packets(subkit: Subkit, film: Path, tmp_path: Path) -> None:
    import av

    assert subkit("mux", film, "film.fr.srt", "-o", "b.mp4").code == 0
    packets = []
    for path in (film, tmp_path / "b.mp4"):
        with av.open(str(path)) as container:
            streams = [*container.streams.video, *container.streams.audio]
            packets.append([(p.pts, bytes(p)) for p in container.demux(streams) if p.size])
    assert packets[0] == packets[1]
    assert len(packets[0]) > 50


def test_tracks_that_cannot_stay_are_named(subkit: Subkit, film: Path) -> None:
    assert subkit("mux", film, "film.fr.srt", "-o", "one.mp4").code == 0
    done = subkit("mux", "one.mp4", "film.ko-KR.forced.srt", "-o", "two.mkv")
    assert done.code == 0
    assert "its subtitle track 2 (MP4 timed text) is left out: MKV" in done.err
    both = subkit("mux", "one.mp4", "film.ko-KR.forced.srt", "-o", "two.mp4")
    assert both.code == 0
    assert [s.language for s in find_text(Path("two.mp4")).streams] == ["fr", "ko"]


def test_what_cannot_be_done_is_said_before_anything_is_written(
    subkit: Subkit, film: Path, tmp_path: Path
) -> None:
    (tmp_path / "there.mkv").write_bytes(b"mine")
    for words, code, sentence in [
        (("film.fr.srt", "-o", "there.mkv"), 3, "already exists"),
        (("film.fr.srt", "-o", film, "-y"), 2, "is the film itself"),
        (("film.fr.srt", "-o", "a.avi"), 2, "End it in .mkv or .mp4"),
        (("film.fr.srt", "-o", "a.mkv", "--default", "de"), 2, "They are: fr"),
        (("film.fr.srt", "-o", "a.mkv", "--title", "a", "--title", "b"), 2, "given 2 times"),
        (("gone.srt", "-o", "a.mkv"), 3, "gone.srt"),
    ]:
        done = subkit("mux", film, *words)
        assert (done.code, sentence in done.err) == (code, True), done.err
    assert (tmp_path / "there.mkv").read_bytes() == b"mine"
    assert not (tmp_path / "a.mkv").exists()


def test_a_codec_that_mp4_does_not_hold_is_told(subkit: Subkit, tmp_path: Path) -> None:
    make_film(tmp_path / "raw.mkv", "-c:v", "huffyuv")
    done = subkit("mux", "raw.mkv", "film.fr.srt", "-o", "raw.mp4")
    assert done.code == 3
    assert "MKV takes nearly everything" in done.err
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith((".part", ".mp4"))] == []


def test_odd_names_work(subkit: Subkit, film: Path, tmp_path: Path) -> None:
    place = tmp_path / "a 'b', [c]: d;"
    place.mkdir()
    odd = place / "film's [x]: %d.ko.srt"
    odd.write_text(SRT, encoding="utf-8")
    done = subkit("mux", film, odd, "-o", place / "o'ut [1]: %d.mkv")
    assert done.code == 0, done.err
    assert find_text(place / "o'ut [1]: %d.mkv").streams[0].language == "ko"
