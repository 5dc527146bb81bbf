"""Subtitle files from the wild as the commands read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from subkit_cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

SRT = "1\n00:00:01,000 --> 00:00:03,000\n{}\n"


def dry_run(path: Path, *more: str) -> int:
    return main(["fix", str(path), "--dry-run", *more])


@pytest.mark.parametrize("encoding", ["mac-roman", "cp850"])
def test_an_encoding_that_is_named_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    path = tmp_path / "film.fr.srt"
    path.write_bytes(SRT.format("Déjà  là.").encode(encoding))
    assert dry_run(path, "--encoding", encoding) == 0
    assert "+ 'Déjà là.'" in capsys.readouterr().out


def test_an_encoding_that_there_is_not_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "film.fr.srt"
    path.write_text(SRT.format("Bon."), encoding="utf-8")
    assert dry_run(path, "--encoding", "klingon") == 2
    assert "There is no encoding 'klingon'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("film.en.vtt", SRT.format("One  two."), "read as SRT"),
        ("film.en.txt", SRT.format("One  two."), "read as SRT"),
        ("film.en.srt", "WEBVTT\n\n00:01.000 --> 00:03.000\nOne  two.\n", "read as VTT"),
    ],
)
def test_what_stands_in_a_file_goes_before_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, told: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert dry_run(path) == 0
    streams: Any = capsys.readouterr()
    assert "+ 'One two.'" in streams.out
    assert told in streams.err


def test_words_and_sheets_take_an_encoding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = tmp_path / "words.json"
    document = {"language": "fr", "words": [{"text": "Déjà.", "start": 1, "end": 2}]}
    words.write_bytes(json.dumps(document, ensure_ascii=False).encode("mac-roman"))
    out = tmp_path / "film.fr.srt"
    assert main(["spot", str(words), "-o", str(out), "--encoding", "mac-roman"]) == 0
    assert "Déjà." in out.read_text(encoding="utf-8")
    capsys.readouterr()
