"""Shot changes on the command line: listing them, and holding cues to a list."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.demo import scene_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

    Subkit = Callable[..., Answer]

SHOTS = json.loads((scene_file().parent / "scene.json").read_text(encoding="utf-8"))["shots"]


def test_a_listing_is_exact_and_can_be_read_back(subkit: Subkit, tmp_path: Path) -> None:
    listed = subkit("shots", scene_file(), "-o", "cuts.txt", "--json")
    assert listed.code == 0
    found = listed.json()
    assert [shot["time"] for shot in found["shots"]] == SHOTS
    assert found["frame_rate"] == "24000/1001"
    first = found["shots"][0]
    assert (first["timecode"], first["frame"], first["kind"]) == ("00:00:07:20", 188, "cut")
    lines = (tmp_path / "cuts.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split()[0] for line in lines] == SHOTS
    again = subkit("shots", scene_file(), "-o", "cuts.txt")
    assert again.code == 3
    assert "already exists" in again.err
    words = {"words": [{"text": "Yes.", "start": 7.9, "end": 8.6}]}
    (tmp_path / "words.json").write_text(json.dumps(words), encoding="utf-8")
    spot = ("spot", "words.json", "--language", "en", "--fps", "24000/1001", "-y", "-o", "x.srt")
    assert subkit(*spot, "--shots", "cuts.txt").code == 0
    assert "00:00:07,841 -->" in (tmp_path / "x.srt").read_text(encoding="utf-8")


def test_a_higher_threshold_finds_less(subkit: Subkit) -> None:
    shots = subkit("shots", scene_file(), "--threshold", "45", "-q")
    assert shots.code == 0
    assert 0 < len(shots.out.splitlines()) < len(SHOTS)


def test_bad_input_is_named(subkit: Subkit, speech: Path, tmp_path: Path) -> None:
    silent = subkit("shots", speech, "--json")
    assert silent.code == 3
    assert "no pictures" in silent.json()["error"]["message"]
    for value in ("0", "many", "nan", "101"):
        assert subkit("shots", scene_file(), "--threshold", value).code == 2
    (tmp_path / "bad.edl").write_text("TITLE: X\n001 AX V C 0 0 00:00:01:99 00:00:02:00\n")
    run = ("run", scene_file(), "--model", "demo", "--shots")
    bad = subkit(*run, "bad.edl")
    assert bad.code == 3
    assert "'bad.edl', line 2" in bad.err or "bad.edl, line 2" in bad.err
    missing = subkit(*run, "gone.edl")
    assert missing.code == 3
    assert "'gone.edl' cannot be read" in missing.err


def test_times_are_fractions_of_the_frame_grid(subkit: Subkit) -> None:
    rate = Fraction(24000, 1001)
    for shot in subkit("shots", scene_file(), "--json").json()["shots"]:
        assert Fraction(shot["time"]) * rate == shot["frame"]
