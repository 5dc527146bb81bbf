"""The commands around a review, as a script sees them: arguments in, JSON and exit codes out."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from subkit.store import load
from subkit_cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.pipeline import Outcome


@pytest.fixture
def project(demo: Outcome, tmp_path: Path) -> Path:
    path = tmp_path / "scene.subkit"
    shutil.copyfile(demo.path, path)
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> dict[str, Any]:
    assert main([*map(str, words), "--json"]) == code, capsys.readouterr()
    return dict(json.loads(capsys.readouterr().out))


def say(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> str:
    assert main([*map(str, words)]) == code
    return capsys.readouterr().out


def test_an_edit_its_history_and_what_it_makes_stale(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "Emma,\\nthey follow us."
    told = run(capsys, "edit", project, "c0001", "--text", text, "--by", "Kim")
    assert told["cue"]["lines"] == ["Emma,", "they follow us."]
    assert {item["track"] for item in told["stale"]} == {"ko", "es"}
    found = run(capsys, "history", project, "--cue", "c0001", "--track", "en")
    last = found["entries"][-1]
    assert (last["actor"], last["action"]) == ("Kim", "edit")
    assert {"field": "lines", "before": "Emma, somebody is following us.",
            "after": "Emma,\nthey follow us."} in last["changes"]  # fmt: skip
    text = say(capsys, "history", project, "--cue", "c0001")
    assert "text: Emma, somebody is following us. → Emma, ⏎ they follow us." in text
    assert "ko/c0001 is stale" in text
    cue = load(project).track("en").cue("c0001")
    assert cue.alternatives[0].text == "Emma, somebody is following us."


def test_edits_by_time_comment_speaker_and_lock(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    times = ("--in", "00:00:08:12", "--out", "10.5")
    rest = ("--speaker", "s1", "--comment", "Who?", "--lock", "--by", "Kim")
    told = run(capsys, "edit", project, "c0002", *times, *rest)
    cue = told["cue"]
    assert (cue["locked"], cue["speaker"], cue["comments"][0]["text"]) == (True, "s1", "Who?")
    assert cue["start"] == "17017/2000"
    error = run(capsys, "edit", project, "c0002", "--text", "x", code=3)
    assert "locked" in error["error"]["message"]
    run(capsys, "edit", project, "c0002", "--text", "x", "--unlock")
    run(capsys, "edit", project, "c0099", "--text", "x", code=3)
    run(capsys, "edit", project, "c0001", code=2)
    run(capsys, "edit", project, "c0001", "--in", "soon", code=3)
    run(capsys, "edit", project, "c0001", "--in", "30", "--out", "20", code=3)


def test_signing_and_the_gate_before_an_export(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    export = ("export", project, "--track", "ko", "--require", "approved", "-o", out)
    ids = [cue.id for cue in load(project).track("ko").cues]
    refused = run(capsys, *export, code=6)
    assert f"{len(ids)} cues" in refused["error"]["message"]
    assert refused["error"]["missing"][0]["cues"] == ids
    assert list(out.iterdir()) == []
    told = run(capsys, "approve", project, "--track", "ko", "--by", "Kim", "--role", "reviewer")
    assert (told["cues"], told["missing"], told["level"]) == (len(ids), [], "none")
    assert run(capsys, *export)["files"][0].endswith("scene.ko.srt")
    gate = tmp_path / "gate.toml"
    gate.write_text('roles = ["reviewer", "producer"]\n')
    refused = run(capsys, *export, "-y", "--gate", gate, code=6)
    assert {lack["gate"] for lack in refused["error"]["missing"]} == {"roles"}
    run(
        capsys,
        "approve",
        project,
        "--track",
        "ko",
        "--role",
        "producer",
        "--range",
        f"{ids[0]}..{ids[-1]}",
    )
    run(capsys, *export, "-y", "--gate", gate)
    run(capsys, "edit", project, "c0003", "--track", "ko", "--text", "아니.")
    refused = run(capsys, *export, "-y", code=6)
    assert refused["error"]["missing"] == [
        {
            "track": "ko",
            "gate": "approval",
            "message": "1 cue is not approved by a person in the words and times of now.",
            "cues": ["c0003"],
        }
    ]
    run(capsys, "approve", project, "--track", "ko", "--cue", "c0003")
    run(capsys, *export, "-y")
    run(capsys, "approve", project, "--track", "ko", "--revoke")
    run(capsys, *export, "-y", code=6)
    run(capsys, "approve", project, "--track", "ko", "--range", "c0009..c0002", code=3)
    run(capsys, "approve", project, "--track", "fr", code=3)


def test_versions_compared_word_by_word(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = run(capsys, "verify", project)["entries"]
    run(capsys, "edit", project, "c0001", "--text", "Emma, <b>nobody</b> is following us.")
    found = run(capsys, "diff", f"{project}@{before}", project)
    (change,) = found["tracks"]["en"]
    assert change["words"] == [
        ["Emma,", "Emma,"], ["somebody", "<b>nobody</b>"], ["is following us.", "is following us."]
    ]  # fmt: skip
    assert found["changes"] == 1
    text = say(capsys, "diff", f"{project}@{before}", project)
    assert "[-somebody-] {+<b>nobody</b>+}" in text
    page = tmp_path / "diff.html"
    say(capsys, "diff", f"{project}@{before}", project, "--format", "html", "-o", page)
    html = page.read_text(encoding="utf-8")
    assert "<del>somebody</del><ins>&lt;b&gt;nobody&lt;/b&gt;</ins>" in html
    assert "<script" not in html
    assert "http://" not in html
    assert "https://" not in html
    run(capsys, "diff", project, project, "--format", "html", "-o", page, code=3)
    run(capsys, "diff", f"{project}@99999", project, code=3)


def test_two_subtitle_files_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "a.en.srt", tmp_path / "b.en.srt"
    old.write_text("1\n00:00:01,000 --> 00:00:02,000\nOne two.\n\n"
                   "2\n00:00:03,000 --> 00:00:04,000\nThree.\n\n"
                   "3\n00:00:05,000 --> 00:00:06,000\nFour.\n")  # fmt: skip
    new.write_text("1\n00:00:00,500 --> 00:00:00,900\nZero.\n\n"
                   "2\n00:00:01,000 --> 00:00:02,000\nOne too.\n\n"
                   "3\n00:00:05,000 --> 00:00:06,000\nFour.\n")  # fmt: skip
    found = run(capsys, "diff", old, new)
    kinds = [(change["fields"], change["cue"]) for change in found["tracks"]["en"]]
    assert kinds == [(["added"], "1"), (["text"], "2"), (["removed"], "2")]
    run(capsys, "diff", old, tmp_path / "none.srt", code=3)


def test_verify_names_the_bad_entry(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = run(capsys, "verify", project)
    assert told["whole"] is True
    run(capsys, "edit", project, "c0001", "--text", "x")
    run(capsys, "verify", project, "--head", told["head"])
    run(capsys, "verify", project, "--head", "sha256:0", code=2)
    run(capsys, "verify", project, "--head", f"sha256:{'0' * 64}", code=5)
    with sqlite3.connect(project) as raw:
        raw.execute("UPDATE document SET data = replace(data, 'Hugo', 'Hubo')")
    raw.close()
    bad = run(capsys, "verify", project, code=5)
    assert bad["whole"] is False
    assert bad["bad"]["target"].startswith("cue:")
    assert isinstance(bad["bad"]["sequence"], int)
    assert "is not what ledger entry" in say(capsys, "verify", project, code=5)


def test_speech_accounting(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = run(capsys, "account", project, "--all")
    assert {stretch["state"] for stretch in told["stretches"]} >= {"cue"}
    assert "s of voice are accounted for" in say(capsys, "account", project)


def test_a_review_says_who_holds_the_project(project: Path) -> None:
    command = [sys.executable, "-m", "subkit_cli", "review", str(project), "--json"]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with first as one:
        try:
            assert one.stdout is not None
            told = json.loads("".join(one.stdout.readline() for _ in range(4)))
            assert told["url"].startswith("http://127.0.0.1:")
            two = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            assert two.returncode == 3
            error = json.loads(two.stdout)["error"]
            assert error["kind"] == "LockedError"
            assert f"process {one.pid} (subkit review at http://127.0.0.1:" in error["message"]
            one.send_signal(2)
            _, complaints = one.communicate(timeout=30)
            assert one.returncode == 0
            assert "Traceback" not in complaints
        finally:
            one.kill()


@pytest.mark.parametrize("extension", ["xlf", "xliff", "tmx"])
def test_pairs_are_written_of_the_translated_tracks_alone(
    demo: Outcome, tmp_path: Path, extension: str
) -> None:
    folder = tmp_path / "pairs"
    folder.mkdir()
    assert main(["export", str(demo.path), "-f", extension, "-o", str(folder)]) == 0
    written = {path.name for path in folder.iterdir() if path.suffix == f".{extension}"}
    assert written == {f"scene.ko.{extension}", f"scene.es.{extension}"}
