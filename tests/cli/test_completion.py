"""Completion in real shells: what is offered where, as a person presses TAB."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from subkit_cli.command_table import COMMANDS
from subkit_cli.completable import command_places
from subkit_cli.main import main
from subkit_cli.shell_scripts import SHELLS

if TYPE_CHECKING:
    from pathlib import Path

needs_zsh = pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
needs_fish = pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")

OFFERED = [
    ("subkit r", {"run", "review"}),
    ("subkit models f", {"fetch"}),
    ("subkit run --prof", {"--profile"}),
    ("subkit run --mode ", {"auto", "exact", "fast"}),
    ("subkit run --profile netflix-c", {"netflix-children"}),
    ("subkit glossary learn --tr", {"--track"}),
    ("subkit run film.mkv --offl", {"--offline"}),
    ("subkit completion b", {"bash"}),
]
IN_LISTS = [("subkit run -f srt,vt", {"srt,vtt"}), ("subkit run --mode=fa", {"fast"})]


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the script of each shell."""
    folder = tmp_path_factory.mktemp("completion")
    places = command_places()
    for shell, make in SHELLS.items():
        (folder / shell).write_text(make(places), encoding="utf-8")
    return folder


def _lines(command: list[str]) -> set[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    return set(done.stdout.splitlines())


def _bash(scripts: Path, line: str) -> set[str]:
    """What ``complete`` would offer: the words are parted as readline parts them."""
    words = [part for word in line.split(" ") for part in _parted(word)]
    code = (
        f"source {shlex.quote(str(scripts / 'bash'))}\n"
        f"COMP_WORDS=({' '.join(map(shlex.quote, words))})\n"
        f"COMP_CWORD={len(words) - 1}\n_subkit\n"
        "(( ${#COMPREPLY[@]} )) && printf '%s\\n' \"${COMPREPLY[@]}\" || true"
    )
    return _lines(["bash", "--norc", "-c", code])


def _parted(word: str) -> list[str]:
    flag, equals, value = word.partition("=")
    return [flag, equals, value] if equals else [word]


@needs_bash
@pytest.mark.parametrize(("line", "offered"), OFFERED + IN_LISTS)
def test_bash(line: str, offered: set[str], scripts: Path) -> None:
    assert _bash(scripts, line) == offered


@needs_bash
def test_bash_offers_every_command_and_leaves_files_to_readline(scripts: Path) -> None:
    assert _bash(scripts, "subkit ") == set(COMMANDS)
    assert _bash(scripts, "subkit run ") == set()
    assert _bash(scripts, "subkit run --glossary ") == set()
    assert "complete -o default" in (scripts / "bash").read_text(encoding="utf-8")


@needs_fish
@pytest.mark.parametrize(("line", "offered"), OFFERED)
def test_fish(line: str, offered: set[str], scripts: Path) -> None:
    code = f"source {scripts / 'fish'}; complete -C {shlex.quote(line)}"
    found = _lines(["fish", "--no-config", "-c", code])
    assert {row.split("\t")[0] for row in found} == offered


_ZSH = r"""
compdef() { }; compset() { [[ $1 == -P ]] && PREFIX=${PREFIX##${~@[-1]}} }
_files() { print FILES }
_describe() { local name=${@[-1]}; print -l -- ${(M)${(@)${(P)name}%%:*}:#${PREFIX}*} }
compadd() { local name=${@[-1]}; print -l -- ${(M)${(P)name}:#${PREFIX}*} }
source "$SCRIPT"
words=("${(@s: :)LINE}") CURRENT=$#words PREFIX=${words[-1]}
_subkit
"""
"""zsh's completion widgets run nowhere but in its line editor: these stand for them."""


def _zsh(scripts: Path, line: str) -> set[str]:
    code = f"SCRIPT={shlex.quote(str(scripts / 'zsh'))} LINE={shlex.quote(line)}\n{_ZSH}"
    return _lines(["zsh", "-f", "-c", code]) - {""}


@needs_zsh
@pytest.mark.parametrize(("line", "offered"), OFFERED)
def test_zsh(line: str, offered: set[str], scripts: Path) -> None:
    assert _zsh(scripts, line) == offered


@needs_zsh
def test_zsh_offers_values_after_a_comma_and_an_equals_sign(scripts: Path) -> None:
    assert _zsh(scripts, "subkit run -f srt,vt") == {"vtt"}
    assert _zsh(scripts, "subkit run --mode=fa") == {"fast"}
    assert _zsh(scripts, "subkit run --glossary ") == {"FILES"}


def test_the_command_prints_the_script(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0
    assert "complete -o default -F _subkit subkit" in capsys.readouterr().out
    assert main(["completion", "tcsh"]) == 2
