"""Subtitle tracks of media files: which there are, and their packets."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from subkit.errors import MediaError
from subkit.media import run_ffmpeg
from subkit.media.text_streams import find_text, read_packets
from tests.media.conftest import PICTURE, Make, tone

CONTAINERS = Path(__file__).parents[1] / "data" / "formats" / "containers"

SRT = "1\n00:00:00,500 --> 00:00:01,500\n<i>Hi</i> {curly}\n\n"
VTT = "WEBVTT\n\nid-1\n00:00:00.500 --> 00:00:01.500 line:10%\n<v Emma>Hi</v>\n"


@pytest.fixture
def film(make: Make, tmp_path: Path) -> Path:
    """Two seconds with SubRip and WebVTT in Matroska."""
    picture = make("film.mp4", *PICTURE, *tone(), "-c:v", "libx264", "-bf", "0", "-c:a", "aac")
    (tmp_path / "a.srt").write_text(SRT, encoding="utf-8")
    (tmp_path / "a.vtt").write_text(VTT, encoding="utf-8")
    inputs = ("-i", picture, "-i", tmp_path / "a.srt", "-i", tmp_path / "a.vtt")
    maps = ("-map", "0:v", "-map", "0:a", "-map", "1", "-map", "2", "-c", "copy")
    told = ("-metadata:s:s:0", "language=kor", "-metadata:s:s:0", "title=Main", "-disposition:s:0")
    run_ffmpeg([*inputs, *maps, *told, "forced", tmp_path / "film.mkv"], timeout=60)
    return tmp_path / "film.mkv"


def test_tracks_are_listed_with_language_title_and_flags(film: Path) -> None:
    first, second = find_text(film).streams
    assert (first.index, first.codec, first.called, first.kind) == (2, "srt", "SubRip", "text")
    assert (first.language, first.title, first.forced) == ("ko", "Main", True)
    assert (second.codec, second.language, second.forced) == ("webvtt", None, False)


def test_packets_are_the_bytes_of_the_file_with_ids_and_settings(film: Path) -> None:
    found = find_text(film)
    tracks = read_packets(film, found.streams, found.zero)
    (subrip,) = tracks[2].packets
    assert subrip.data == b"<i>Hi</i> {curly}"
    assert (subrip.start, subrip.end) == (Fraction(1, 2), Fraction(3, 2))
    (vtt,) = tracks[3].packets
    assert (vtt.ident, vtt.settings, vtt.data) == ("id-1", "line:10%", b"<v Emma>Hi</v>")


def test_pictures_are_said_to_be_pictures() -> None:
    streams = find_text(CONTAINERS / "pictures_only.mkv").streams
    assert [s.called for s in streams] == ["VobSub pictures", "PGS pictures"]
    assert {s.kind for s in streams} == {"pictures"}


def test_a_track_that_libav_does_not_know_is_unknown() -> None:
    (stream,) = find_text(CONTAINERS / "usf.mks").streams
    assert (stream.kind, stream.language) == ("unknown", "en")


def test_what_is_no_media_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(SRT, encoding="utf-8")
    with pytest.raises(MediaError, match="is a text"):
        find_text(tmp_path / "a.srt")
