"""Terminals, pipes and file names as they are in the world: none may end in a traceback."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from subkit.demo import scene_file
from subkit.pipeline.stages import transcription
from subkit_cli import console
from subkit_cli.run_report import print_cues

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.pipeline import Outcome

DEMO = ("--model", "demo", "--translator", "demo")
ASCII = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}


def call(*words: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """``subkit WORDS…`` in a process of its own."""
    environment = {**os.environ, **options.pop("env", {})}
    command = [sys.executable, "-m", "subkit_cli", *map(str, words)]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run(command, env=environment, encoding="utf-8", check=False, **options)


def test_json_on_a_terminal_without_unicode(demo: Outcome) -> None:
    done = call("dump", demo.path, env=ASCII)
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert json.loads(done.stdout) == json.loads(call("dump", demo.path).stdout)


def test_tables_on_a_terminal_without_unicode() -> None:
    code = (
        "from subkit_cli import console\nconsole.open_streams()\n"
        "table = console.Table('ko')\ntable.add('안녕')\nconsole.print_table(table)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **ASCII}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert rb"\uc548" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [("doctor",), ("styles", "list"), ("doctor", "--json")])
def test_output_onto_a_full_disk(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = call(*words, stdout=full)
    assert done.returncode == 3, done.stderr
    if "--json" not in words:
        assert done.stderr.startswith("subkit: Standard output cannot be written")
        assert done.stderr.count("\n") == 1


def test_a_reader_that_goes_away(demo: Outcome) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = call("dump", demo.path, stdout=write)
    finally:
        os.close(write)
    assert done.returncode == 1
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="closing by the shell of POSIX")
def test_closed_output() -> None:
    command = f'"{sys.executable}" -m subkit_cli.main models path demo >&- 2>&-'
    assert subprocess.run(["/bin/sh", "-c", command], check=False).returncode == 0


def test_interrupted_is_json_too(
    subkit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(transcription, "transcribe", interrupt)
    answer = subkit("run", scene_file(), "-o", tmp_path, "--json", *DEMO)
    assert answer.code == 130
    assert answer.json()["error"]["kind"] == "KeyboardInterrupt"


def test_names_after_two_hyphens_are_taken_as_they_are(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    shutil.copy(scene_file(), tmp_path / "--my_film.mp4")
    answer = subkit("run", "--dry-run", "--json", *DEMO, "--", "--my_film.mp4")
    assert answer.json()["results"][0]["media"] == str(tmp_path / "--my_film.mp4")
    answer = subkit("run", *DEMO, "--", "--json")
    assert answer.code == 3
    assert answer.out == "", "a file named --json asks for no JSON"


def test_flags_are_not_abbreviated(subkit: Callable[..., Any]) -> None:
    answer = subkit("run", scene_file(), "--mod", "demo", "--dry-run")
    assert answer.code == 2
    assert "--mod" in answer.err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names themselves")
def test_a_name_that_is_not_utf_8(subkit: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.mp4")
    shutil.copy(scene_file(), path)
    answer = subkit("run", path, *DEMO)
    assert answer.code == 3
    assert "not UTF-8" in answer.err
    assert "Rename" in answer.err
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_name_that_leaves_no_room_for_an_ending(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / ("x" * 251 + ".mp4")
    shutil.copy(scene_file(), path)
    answer = subkit("run", path, "--to", "ko", *DEMO)
    assert answer.code == 3
    assert "too long" in answer.err
    assert "Traceback" not in answer.err


def test_values_of_the_wrong_kind_and_empty_variables(
    subkit: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "settings.toml"
    words = ("run", scene_file(), *DEMO, "--dry-run", "--config", config)
    for value in ("true", "1.5", "[]", "0", "100000"):
        config.write_text(f"beam_size = {value}\n")
        answer = subkit(*words)
        assert answer.code == 2, value
        assert "beam_size in" in answer.err
    config.write_text("")
    monkeypatch.setenv("SUBKIT_BEAM_SIZE", "")
    assert subkit(*words).code == 0


@pytest.mark.parametrize("terminal", [False, True])
def test_a_warning_is_given_once(
    terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    said: set[str] = set()
    for title in ("one", "two"):
        with console.progress(argparse.Namespace(quiet=False), said) as progress:
            progress.warn("mind the gap")
            progress.warn(title)
    text = capsys.readouterr().err
    assert [text.count(f"! {word}") for word in ("mind the gap", "one", "two")] == [1, 1, 1]


@pytest.mark.parametrize("columns", [60, 100])
def test_timecodes_stay_whole_however_narrow_the_terminal(
    columns: int,
    demo: Outcome,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("subkit_cli.console.width", lambda: columns)
    print_cues(demo.project)
    lines = capsys.readouterr().out.splitlines()
    assert {cell_len(line) for line in lines} == {columns}
    times = re.findall(r"\b\d\d:\d\d:\d\d:\d\d\b", "\n".join(lines))
    assert len(times) == 2 * len(demo.project.tracks[0].cues)


def test_a_run_leaves_nothing_in_the_home_folder(
    speech: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some libraries keep identifiers there, and call home; a film before its release is secret."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    done = call("run", speech, "-o", tmp_path, "--to", "ko", "--offline", *DEMO)
    assert done.returncode == 0, done.stderr
    assert list(home.rglob("*")) == []
