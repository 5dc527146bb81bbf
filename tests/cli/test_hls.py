"""``subkit mux --hls``: what a player finds in the folder."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.formats.hls_segments import segment_lengths
from subkit.media.text_streams import find_text
from tests.builders.films import make_film

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

    Subkit = Callable[..., Answer]

SRT = (
    "1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n00:00:05,000 --> 00:00:07,000\nB\n\n"
    "3\n00:00:07,000 --> 00:00:08,000\n<i>C</i>\n"
)


def test_every_segment_holds_the_cues_of_its_time_on_the_clock_of_the_film(
    subkit: Subkit, tmp_path: Path
) -> None:
    make_film(tmp_path / "film.mp4", "-g", "150", "-sc_threshold", "0", seconds=8)
    (tmp_path / "film.ko.forced.srt").write_text(SRT, encoding="utf-8")
    done = subkit("mux", "film.mp4", "film.ko.forced.srt", "--hls", "stream")
    assert done.code == 0, done.err
    folder = tmp_path / "stream"
    assert segment_lengths((folder / "text0.m3u8").read_text()) == [6, 2]
    texts = [(folder / f"text0-0000{n}.vtt").read_text() for n in (0, 1)]
    assert [re.findall(r"^(?:<i>)?([ABC])", text, re.MULTILINE) for text in texts] == [
        ["A", "B"],
        ["B", "C"],
    ]
    assert all("00:00:05.000 --> 00:00:07.000" in text for text in texts)
    zero = find_text(folder / "film00000.ts").zero
    assert zero > 1
    for text in texts:
        stamp = re.match(r"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:(\d+),LOCAL:00:00:00.000\n\n", text)
        assert stamp is not None
        assert Fraction(int(stamp[1]), 90000) == zero
    main = (folder / "main.m3u8").read_text()
    assert 'NAME="Korean",LANGUAGE="ko",AUTOSELECT=YES,DEFAULT=NO,FORCED=YES' in main
    assert [path.name for path in tmp_path.iterdir() if ".part" in path.name] == []
    again = subkit("mux", "film.mp4", "film.ko.forced.srt", "--hls", "stream")
    assert (again.code, "already exists" in again.err) == (3, True)
