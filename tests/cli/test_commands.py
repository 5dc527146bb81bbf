"""What each command does and prints, on the real scene."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from subkit.decode import Calibration, calibration
from subkit.demo import scene_file
from subkit.model import Project, from_plain
from subkit.pipeline.stages import transcription
from subkit_cli.command_table import COMMAND_GROUPS, COMMANDS
from subkit_cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.pipeline import Outcome


@pytest.fixture
def project(demo: Outcome, tmp_path: Path) -> Path:
    """A copy of the demo's project file."""
    return _copied(demo.path, tmp_path / "scene.subkit")


def _copied(source: Path, target: Path) -> Path:
    shutil.copy(source, target)
    return target


def test_demo_shows_cues_findings_files_and_speed(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    answer = subkit("demo", "-o", tmp_path / "out")
    assert answer.code == 0, answer.err
    for language in ("en", "ko", "es"):
        text = (tmp_path / "out" / f"scene.{language}.srt").read_text(encoding="utf-8")
        second = text.split("\n\n")[1].split("\n")[2]  # the first cue is the demo mark
        assert second[:12] in answer.out
    assert re.search(r"\d+ findings?", answer.out)
    assert "× real time" in answer.out
    assert "only this small domain" in answer.out
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    *_, look, film = answer.out.splitlines()
    assert film in readme.splitlines(), "demo and README name the same next command"
    assert look.split(":")[1].split() == ["subkit", "review", "out/scene.subkit"]
    assert "invent" in answer.err or "nobody said" in answer.err


def test_help_lists_every_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "subkit_cli.main", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(COMMANDS) <= set(re.findall(r"^  (\w+)", done.stdout, re.MULTILINE))
    tasks = [f"{task}:" for task in COMMAND_GROUPS]
    assert [line for line in done.stdout.splitlines() if line in tasks] == tasks


def test_help_loads_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys\nfrom subkit_cli.main import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n    print(sorted(name for name in sys.modules if 'subkit.' in name))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "['subkit.errors', 'subkit.processes']"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert f"subkit {command}" in capsys.readouterr().out


def test_dump_prints_the_document(subkit: Callable[..., Any], project: Path) -> None:
    document = from_plain(Project, subkit("dump", project).json())
    assert [track.id for track in document.tracks] == ["en", "ko", "es"]


def test_stages_one_by_one_make_what_run_makes(
    demo: Outcome, subkit: Callable[..., Any], tmp_path: Path
) -> None:
    made = tmp_path / "scene.subkit"
    assert subkit("transcribe", scene_file(), "-o", made, "--model", "demo", "-q").code == 0
    assert subkit("spot", made, "-q").out == f"{made}\n"
    words = ("translate", made, "--to", "ko,es", "--translator", "demo", "--json")
    assert subkit(*words).json()["demo"] is True
    answer = subkit("export", made, "-f", "srt,vtt", "--track", "ko", "--track", "es")
    assert answer.code == 0
    for name in ("scene.ko.srt", "scene.es.srt"):
        theirs = (demo.path.parent / name).read_bytes()
        assert (tmp_path / name).read_bytes() == theirs


def test_export_never_replaces_silently(
    subkit: Callable[..., Any], project: Path, tmp_path: Path
) -> None:
    (tmp_path / "scene.ko.srt").write_text("mine")
    answer = subkit("export", project)
    assert answer.code == 3
    assert "scene.ko.srt" in answer.err
    assert not (tmp_path / "scene.en.srt").exists()
    assert subkit("export", project, "-y").code == 0
    assert (tmp_path / "scene.ko.srt").read_text(encoding="utf-8") != "mine"


def test_export_refuses_what_nobody_approved(
    subkit: Callable[..., Any], project: Path, tmp_path: Path
) -> None:
    answer = subkit("export", project, "--track", "ko", "--require", "approved")
    assert answer.code == 6
    assert "ko/c0001" in answer.err
    assert not (tmp_path / "scene.ko.srt").exists()


def test_qc_reports_and_fails_on_demand(
    subkit: Callable[..., Any], project: Path, tmp_path: Path
) -> None:
    report = subkit("qc", project, "--format", "json", "--profile", "netflix").json()
    keys = {"rule", "severity", "cue", "start", "end", "measured", "limit", "message"}
    assert all(keys <= set(finding) for finding in report["findings"])
    assert "summary" in report
    (tmp_path / "film.en.srt").write_text(
        "1\n00:00:01,000 --> 00:00:01,100\nAn endless line that nobody can read in time, no one\n"
    )
    answer = subkit("qc", "film.en.srt", "--fail-on", "error")
    assert answer.code == 5
    assert re.search(r"[1-9]\d* findings?", answer.out)
    assert subkit("qc", "film.en.srt").code == 0


def test_spotting_alone(subkit: Callable[..., Any], tmp_path: Path) -> None:
    words = [
        {"text": word, "start": i * 0.4, "end": i * 0.4 + 0.35, "confidence": 0.9}
        for i, word in enumerate(
            ["Where", "did", "you", "hide", "the", "map,", "Anna?", "I", "gave", "it", "to", "Tom."]
        )
    ]
    (tmp_path / "words.json").write_text(json.dumps({"language": "en", "words": words}))
    answer = subkit("spot", "words.json", "-o", "out.srt", "--fps", "24000/1001")
    assert answer.code == 0, answer.err
    text = (tmp_path / "out.srt").read_text(encoding="utf-8")
    assert "Where did you hide the map, Anna?" in text.replace("\n", " ")


def test_dry_run_touches_nothing(subkit: Callable[..., Any], tmp_path: Path) -> None:
    words = ("--model", "demo", "--translator", "demo", "--to", "ko", "--dry-run", "--json")
    (plan,) = subkit("run", scene_file(), "-o", tmp_path, *words).json()["results"]
    assert plan["recognizer"] == "demo"
    assert plan["demo"] is True
    assert not list(tmp_path.iterdir())


def test_underscores_in_flags_and_settings_by_rank(
    subkit: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('profile = "bbc"\nmodel = "demo"\n')
    words = ("run", scene_file(), "--config", config, "--dry-run", "--json")
    assert subkit(*words, f"--output_dir={tmp_path}").json()["results"][0]["profile"] == "bbc"
    monkeypatch.setenv("SUBKIT_PROFILE", "ted")
    assert subkit(*words).json()["results"][0]["profile"] == "ted"
    answer = subkit(*words, "--profile", "netflix")
    assert answer.json()["results"][0]["profile"] == "netflix"


def test_a_model_is_calibrated_and_what_was_tried_is_shown(
    subkit: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [Calibration(threads=1, replicas=1, batch_size=size) for size in (1, 2)]
    monkeypatch.setattr(calibration, "candidates", lambda *_: few)
    told = subkit("models", "calibrate", "demo", "--beam-size", "1", "--json").json()
    assert told["best"] in told["tried"]
    assert told["best"]["speed"] == max(trial["speed"] for trial in told["tried"]) > 0
    assert told["mode"] == "fast"
    (kept,) = (tmp_path / "models" / "calibration").glob("calibration-*.json")
    assert json.loads(kept.read_text()) == told["best"]


def test_models_and_doctor_and_styles(subkit: Callable[..., Any]) -> None:
    models = {model["name"]: model for model in subkit("models", "list", "--json").json()["models"]}
    assert models["large-v3"]["license"] == "MIT"
    assert any(m["kind"] == "translator" and not m["commercial"] for m in models.values())
    assert subkit("models", "path", "demo").out.strip().endswith("recognizer")
    assert subkit("models", "verify", "demo").code == 0
    report = subkit("doctor", "--json").json()
    assert {"python", "packages", "ffmpeg", "proxies", "devices", "models", "faults"} <= set(report)
    styles = subkit("styles", "list", "--json", "--language", "ko").json()["profiles"]
    netflix = next(profile for profile in styles if profile["id"] == "netflix")
    assert (netflix["max_cpl"], netflix["counting"]) == (16, "half-width")


def test_interrupted_says_how_to_go_on(
    subkit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, speech: Path, tmp_path: Path
) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(transcription, "transcribe", interrupt)
    answer = subkit("run", speech, "-o", tmp_path, "--model", "demo")
    assert answer.code == 130
    assert "run the same command to go on" in answer.err
    assert (tmp_path / "speech.subkit").exists()


def test_a_folder_stands_for_the_films_in_it(subkit: Callable[..., Any], tmp_path: Path) -> None:
    season = tmp_path / "season"
    season.mkdir()
    for name in ("b.MP4", "a.mp4"):
        shutil.copy(scene_file(), season / name)
    (season / "a.en.srt").write_text("")
    (season / "extras.mkv").mkdir()
    answer = subkit("run", season, "--model", "demo", "--dry-run", "--json")
    media = [result["media"] for result in answer.json()["results"]]
    assert media == [str(season / "a.mp4"), str(season / "b.MP4")]
    answer = subkit("run", season / "extras.mkv", "--model", "demo")
    assert (answer.code, "holds no media file" in answer.err) == (3, True)
