"""What can be known before the work is told before it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from subkit_cli.main import main

RUN = ("--model", "demo", "--offline", "--language", "en")


@pytest.fixture
def film(tmp_path: Path, speech: Path) -> Path:
    return Path(shutil.copy(speech, tmp_path / "film.wav"))


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["run", *map(str, arguments)]) != 0
    streams = capsys.readouterr()
    assert "transcribe" not in streams.err  # nothing was heard
    return streams.err


def test_a_file_in_the_way_of_the_source_track(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = film.with_name("film.en.srt")
    there.write_text("1\n00:00:01,000 --> 00:00:02,000\nMade by a person.\n", encoding="utf-8")
    assert "'film.en.srt' already exists" in refused(capsys, film, *RUN).replace(
        f"{film.parent}/", ""
    )
    assert sorted(path.name for path in film.parent.iterdir()) == ["film.en.srt", "film.wav"]


def test_two_titles_of_one_name(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = film.parent / "other"
    other.mkdir()
    twin = shutil.copy(film, other / "film.wav")
    out = film.parent / "out"
    assert "would both write 'film.subkit'" in refused(capsys, film, twin, *RUN, "-o", out)
    assert not out.exists()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--profile", "klingon"), "klingon"),
        (("--to", "ko", "--translator", "nowhere-at-all"), "nowhere-at-all"),
        (("--audio-stream", "7"), "audio stream 7"),
    ],
)
def test_a_wish_that_cannot_be_met(
    film: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], told: str
) -> None:
    assert told in refused(capsys, film, *RUN, *more)
