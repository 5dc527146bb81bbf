"""What all commands have in common: values that are refused, quiet, folders, disclosures."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from subkit.demo import scene_file
from subkit.store import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from subkit.pipeline import Outcome

DEMO = ("--model", "demo", "--translator", "demo")


@pytest.fixture
def project(demo: Outcome, tmp_path: Path) -> Path:
    """A copy of the demo's project file in a folder of its own."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(demo.path, folder / "scene.subkit")
    return folder / "scene.subkit"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--alternatives", "0"), "--alternatives: it takes a whole number from 1 to 1024."),
        (("--threads", "1.5"), "--threads: it takes a whole number from 0 to 1024."),
        (("--fit", "foo"), "--fit: it takes reading, spoken or none."),
        (("--fit", "readin"), "(did you mean 'reading'?)"),
    ],
)
def test_a_refused_value_is_told_what_is_taken(
    subkit: Callable[..., Any], words: tuple[str, ...], said: str
) -> None:
    answer = subkit("translate", "film.subkit", "--to", "ko", *words)
    assert (answer.code, said in answer.err) == (2, True), answer.err


def test_refused_values_of_settings_files_and_variables(
    subkit: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "subkit.toml"
    settings.write_text("beam_size = 2.5\n")
    answer = subkit("run", "film.mp4", "--config", settings)
    assert (answer.code, "it takes a whole number from 1" in answer.err) == (2, True)
    settings.write_text("output_dir = 5\n")
    assert "5 is not a value for output_dir" in subkit("run", "film.mp4", "--config", settings).err
    monkeypatch.setenv("SUBKIT_DIVERSE", "maybe")
    assert "SUBKIT_DIVERSE: it takes yes or no." in subkit("run", "film.mp4").err


def test_folders_for_results_are_made_and_go_again_with_a_failure(
    subkit: Callable[..., Any], project: Path, tmp_path: Path
) -> None:
    out = tmp_path / "a" / "b"
    assert subkit("export", project, "-o", out, "-q").code == 0
    assert (out / "scene.ko.srt").is_file()
    gone = tmp_path / "c" / "d"
    assert subkit("export", project, "-o", gone, "-f", "tmx", "--track", "en").code == 2
    silence = tmp_path / "silence.mp4"
    silence.write_bytes(b"no film")
    assert subkit("run", silence, "-o", gone, *DEMO).code == 3
    assert subkit("run", scene_file(), "-o", gone, *DEMO, "--dry-run").code == 0
    assert not (tmp_path / "c").exists()


def test_a_folder_goes_again_when_the_work_fails_after_it_was_made(
    subkit: Callable[..., Any], media: Callable[..., Path], tmp_path: Path
) -> None:
    mute = media("mute.wav", "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "3")
    answer = subkit("run", mute, "-o", tmp_path / "out" / "x", *DEMO)
    assert (answer.code, "No speech" in answer.err) == (3, True)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("place", ["file", "file/below", "link/below"])
def test_a_file_in_the_place_of_a_folder_is_told(
    subkit: Callable[..., Any], project: Path, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for words in (("export", project), ("run", scene_file(), *DEMO)):
        answer = subkit(*words, "-o", tmp_path / place)
        assert (answer.code, "cannot be a folder for results" in answer.err) == (3, True)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_subtitle_file_given_to_run_is_told_where_it_goes(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "film.en.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    answer = subkit("run", "film.en.srt", "--to", "ko", *DEMO)
    assert (answer.code, "subkit translate film.en.srt" in answer.err) == (3, True)


def test_quiet(subkit: Callable[..., Any], project: Path, tmp_path: Path) -> None:
    (tmp_path / "film.en.srt").write_text("00:00:01,000 --> 00:00:01,100\nHello there.\n")
    silent = (
        ("qc", project),
        ("qc", "film.en.srt"),
        ("edit", project, "c0001", "--text", "Hello."),
        ("approve", project, "--track", "ko", "--by", "Kim"),
        ("fix", project),
    )
    for words in silent:
        answer = subkit(*words, "-q")
        assert (answer.code, answer.out, answer.err) == (0, "", ""), words
    assert subkit("qc", "film.en.srt", "--fail-on", "warning", "-q").code == 5
    assert "min-duration" in subkit("qc", "film.en.srt", "--format", "csv", "-q").out
    assert subkit("qc", "film.en.srt", "--json", "-q").json()["findings"]
    assert subkit("qc", "film.en.srt", "-q", "-o", "qc.txt").out == "qc.txt\n"
    assert subkit("fix", "film.en.srt", "-q", "-o", "fixed.srt").out == "fixed.srt\n"
    names = subkit("models", "list", "-q").out.split()
    assert "large-v3" in names
    assert subkit("styles", "list", "-q").out.split()[0] == "subkit"
    loud = subkit("doctor")
    quiet = subkit("doctor", "-q")
    assert quiet.code == loud.code
    assert quiet.out == "".join(f"{x}\n" for x in loud.out.splitlines() if x.startswith("fault"))


def test_work_that_is_not_there_makes_no_progress_line(
    subkit: Callable[..., Any], project: Path
) -> None:
    words = ("translate", project, "--to", "ko,es", "--translator", "demo")
    subkit(*words)
    assert "translate en-" not in subkit(*words).err


def test_a_run_keeps_the_style_that_the_project_was_made_for(
    subkit: Callable[..., Any], speech: Path, tmp_path: Path
) -> None:
    words = ("run", speech, "-o", tmp_path, *DEMO, "--to", "ko")
    assert subkit(*words, "--profile", "netflix", "-q").code == 0
    made = load(tmp_path / "speech.subkit")
    assert {track.profile for track in made.tracks} == {"netflix"}
    assert subkit(*words, "--dry-run", "--json").json()["results"][0]["profile"] == "netflix"
    assert subkit(*words, "-q").code == 0
    assert load(tmp_path / "speech.subkit") == made
    assert subkit(*words, "--profile", "subkit", "-q", "-y").code == 0
    assert {t.profile for t in load(tmp_path / "speech.subkit").tracks} == {"subkit"}


def test_files_without_their_disclosure_are_noted(
    subkit: Callable[..., Any], tmp_path: Path, project: Path
) -> None:
    film = tmp_path / "film.en.srt"
    film.write_text("1\n00:00:01,000 --> 00:00:03,000\nPlease help me, Hugo.\n")
    run = ("run", scene_file(), "-o", project.parent, *DEMO, "--to", "ko,es", "-y")
    for words, made in (
        (("translate", film, "--to", "ko", "--translator", "demo"), tmp_path / "film.subkit"),
        (run, project),
    ):
        nobody = subkit(*words, "--no-disclosure")
        assert (nobody.code, "--by" in nobody.err) == (2, True)
        bad = subkit(*words, "--no-disclosure", "--by", "a\nb")
        assert (bad.code, "ledger" in bad.err) == (3, True)
        assert subkit(*words, "--no-disclosure", "--by", "Kim", "-q").code == 0
        assert not list(made.parent.glob("*disclosure*"))
        entries = json.loads(subkit("history", made, "--json").out)["entries"]
        noted = [e["actor"] for e in entries if e["action"] == "export without disclosure"]
        assert noted
        assert set(noted) == {"Kim"}
    settings = tmp_path / "subkit.toml"
    settings.write_text('no_disclosure = true\nby = "Kim"\n')
    assert subkit("export", project, "-f", "vtt", "--config", settings).code == 0
    assert not list(project.parent.glob("*disclosure*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tranlate", "x"), "There is no command 'tranlate'. Did you mean translate?"),
        (("version",), "There is no command 'version'. See subkit --help."),
        (("run", "x.mp4", "--modle", "y"), "subkit run does not take --modle y. Did you mean"),
        (("models", "list", "--jsn"), "subkit models does not take --jsn. Did you mean --json?"),
        (("--bogus",), "subkit does not take --bogus. See subkit --help."),
        (("run",), "The following arguments are required: MEDIA. See subkit run --help."),
    ],
)
def test_commands_and_flags_that_are_not_there(
    subkit: Callable[..., Any], words: tuple[str, ...], said: str
) -> None:
    answer = subkit(*words)
    assert (answer.code, said in answer.err) == (2, True), answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "film.subkit"), "is a project, not a film"),
        (("transcribe", "film.en.srt"), "is a text, not a media file"),
        (("translate", "notes", "--to", "ko"), "is not a subtitle file that subkit reads"),
        (("qc", "film.docx"), "is not a subtitle file that subkit reads"),
    ],
)
def test_files_of_another_kind_are_told_before_a_model_is_looked_for(
    subkit: Callable[..., Any], project: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    shutil.copy(project, tmp_path / "film.subkit")
    (tmp_path / "film.en.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    (tmp_path / "notes").write_text("Call the actor.\n")
    answer = subkit(*words)
    assert (answer.code in {2, 3}, said in answer.err) == (True, True), answer.err
