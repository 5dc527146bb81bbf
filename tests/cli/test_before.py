"""Command lines and settings of before are understood as they were."""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess
import sys
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest

from subkit_cli.arguments import add_common
from subkit_cli.run_settings import options_from, settings_from

DATA = Path(__file__).parents[1] / "data"
BEFORE = DATA / "before"
LINES = (BEFORE / "commands.txt").read_text(encoding="utf-8").splitlines()


def parsed(command: str, words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(allow_abbrev=False, exit_on_error=False)
    add_common(parser)
    import_module(f"subkit_cli.commands.{command}").add_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize("line", LINES)
def test_a_command_line_of_before_is_one_still(line: str) -> None:
    program, command, *words = shlex.split(line)
    assert program == "subkit"
    given = vars(parsed(command, words))
    flags = {word[2:].replace("-", "_") for word in words if word.startswith("--")}
    assert all(given[name] is not None for name in flags & set(given))


def test_a_settings_file_of_before_says_what_it_said() -> None:
    settings = settings_from(parsed("run", ["film.mkv", "--config", str(BEFORE / "subkit.toml")]))
    options = options_from(settings)
    assert options.to == ("ko", "es")
    assert (options.model, options.translator) == ("base", "m2m100-418m")
    assert (settings["profile"], settings["mode"], settings["threads"]) == ("netflix", "exact", 2)
    assert (settings["beam_size"], settings["batch_size"]) == (5, 8)
    assert settings["vad_min_silence"] == Fraction(1)
    assert settings["second_opinion"] is False
    assert [str(path) for path in (settings["output_dir"],)] == ["out"]


def test_an_upgrade_is_told_in_one_plain_sentence(tmp_path: Path) -> None:
    old = DATA / "projects" / "v1-2026-11-21.subkit"
    project = Path(shutil.copy(old, tmp_path / "film.subkit"))
    told = subprocess.run(
        [sys.executable, "-m", "subkit_cli", "undo", project, "--by", "Nobody"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    ).stderr
    copy = "film.subkit.v1.bak"
    assert told.startswith(f"subkit: film.subkit was upgraded; as it was it is kept as {copy}\n")
    assert (tmp_path / copy).read_bytes() == old.read_bytes()
