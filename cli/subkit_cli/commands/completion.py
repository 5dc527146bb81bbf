"""``subkit completion``: a script with which a shell completes subkit's command lines."""

from __future__ import annotations

import argparse

from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.shell_scripts import SHELLS

__all__ = ["add_arguments", "run"]

EPILOG = """\
bash:  subkit completion bash > ~/.local/share/bash-completion/completions/subkit
zsh:   subkit completion zsh > ~/.zfunc/_subkit   (with fpath+=~/.zfunc before compinit)
fish:  subkit completion fish > ~/.config/fish/completions/subkit.fish

Make it again after subkit was updated.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit completion``."""
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("shell", choices=tuple(SHELLS), help="the shell that will read the script")


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    from subkit_cli.completable import command_places  # imports every command

    script = SHELLS[arguments.shell](command_places())
    if arguments.json:
        console.print_json({"shell": arguments.shell, "script": script})
    else:
        console.print_line(script.rstrip("\n"))
    return DONE
