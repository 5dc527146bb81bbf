"""``subkit fix``: what it shows, writes and keeps."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from subkit.store import ProjectFile, load
from subkit_cli.main import main

if TYPE_CHECKING:
    from subkit.pipeline import Outcome

FAULTY = """1
00:00:01,000 --> 00:00:03,000
Come  here , please...

2
00:00:03,000 --> 00:00:05,000
I told you that the captain would be waiting near the harbour.
"""


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "film.en.srt"
    path.write_text(FAULTY, encoding="utf-8")
    return path


def test_a_dry_run_shows_a_diff_and_writes_nothing(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fix", str(faulty), "--dry-run", "--profile", "netflix"]) == 0
    out = capsys.readouterr().out
    assert "- 'Come  here , please...'" in out
    assert "+ 'Come here, please…'" in out
    assert "would be fixed" in out
    assert list(faulty.parent.iterdir()) == [faulty]


def test_a_subtitle_file_is_fixed_into_another(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fix", str(faulty)]) == 2  # never written over
    out = faulty.with_name("fixed.en.srt")
    assert main(["fix", str(faulty), "--profile", "netflix", "-o", str(out), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {"double-space", "mark-space", "ellipsis"} <= set(document["fixes"][0]["rules"])
    text = out.read_text(encoding="utf-8")
    assert "Come here, please…" in text
    assert "00:00:02,9" in text  # two frames before the next
    assert "captain\nwould be waiting near the harbour." in text
    assert faulty.read_text(encoding="utf-8") == FAULTY
    assert main(["fix", str(faulty), "-o", str(out)]) == 3


def test_a_project_keeps_each_fix_in_its_ledger(
    demo: Outcome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scene.subkit"
    shutil.copyfile(demo.path, path)
    with ProjectFile.open(path) as store:
        project = store.load()
        track = project.track("ko")
        wrong = replace(track.cues[0], lines=(track.cues[0].lines[0] + "  또", "  네."))
        cues = (wrong, *track.cues[1:])
        store.commit(project.with_track(replace(track, cues=cues)), actor="Ana", action="edit")
    assert main(["fix", str(path), "--track", "ko", "--by", "Ben"]) == 0
    assert "double-space" in capsys.readouterr().out
    assert load(path).track("ko").cues[0].text.replace("\n", " ").endswith(" 또 네.")
    with ProjectFile.open(path, writable=False) as store:
        entries = [entry for entry in store.ledger(track="ko") if entry.tool == "subkit fix"]
        assert store.verify() is None
    assert entries
    assert entries[0].actor == "Ben"
    assert "double-space" in entries[0].action
    assert main(["fix", str(path), "--track", "ko"]) == 0
    assert "0 cues fixed" in capsys.readouterr().out


def test_a_subtitle_file_is_fixed_on_the_frames_and_shots_it_is_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, cuts = tmp_path / "film.en.srt", tmp_path / "cuts.txt"
    path.write_text("1\n00:00:01,010 --> 00:00:02,950\nCome here.\n", encoding="utf-8")
    cuts.write_text("3\n", encoding="utf-8")
    out = tmp_path / "fixed.en.srt"
    words = ("--fps", "25", "--shots", str(cuts), "--profile", "netflix", "-o", str(out))
    assert main(["fix", str(path), *words]) == 0, capsys.readouterr().err
    assert "00:00:01,000 --> 00:00:02,920" in out.read_text(encoding="utf-8")


def test_a_project_has_its_own_shot_changes(
    demo: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fix", str(demo.path), "--dry-run", "--shots", "auto"]) == 0
    assert "has its own shot changes" in capsys.readouterr().err
