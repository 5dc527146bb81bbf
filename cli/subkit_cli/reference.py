"""The reference of the command line, made from the commands themselves.

``python -m subkit_cli.reference > docs/cli.md`` writes it; a test fails when it is not up to date.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from subkit_cli.arguments import add_common
from subkit_cli.command_table import COMMANDS

__all__ = ["command_reference"]

_COMMON = ("json", "quiet", "verbose", "config")

_HEAD = """\
# Command line reference

Made from the commands themselves: `python -m subkit_cli.reference > docs/cli.md`.

`_` and `-` are equal in flags. Progress and prose go to standard error, results to standard output.
A setting is taken from its flag, else from `SUBKIT_NAME` in the environment, else from `name` in
the TOML file of `--config` (or `SUBKIT_CONFIG`), else from the library's default.

`-q` leaves out progress and prose. What is left is what was made: the paths of the files, one a
line. A list is bare names (`models list`, `styles list`). A check says by its exit code what it
found: `qc` prints nothing unless a report is asked for (`--format`, `-o`, `--json`), and `doctor`,
`models verify` and `glossary check` print only what is wrong. A change (`edit`, `approve`, `fix`)
prints nothing.
"""


def command_reference() -> str:
    """All commands with their arguments, as Markdown."""
    common = argparse.ArgumentParser(add_help=False)
    add_common(common)
    parts = [_HEAD, "## Everywhere\n", _arguments(common)]
    for name, summary in COMMANDS.items():
        parser = argparse.ArgumentParser(add_help=False)
        import_module(f"subkit_cli.commands.{name}").add_arguments(parser)
        told = parser.description or f"{summary[0].upper()}{summary[1:]}."
        parts += [f"## subkit {name}\n", f"{told}\n"]
        parts.append(_arguments(parser, f"subkit {name}"))
    return "\n".join(part for part in parts if part)


def _arguments(parser: argparse.ArgumentParser, command: str = "") -> str:
    skipped = {"help", *(_COMMON if command else ())}
    rows = []
    nested = []
    for action in parser._actions:  # noqa: SLF001 - argparse offers no other way to its arguments
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            nested += [
                f"### {command} {name}\n\n{child.description}\n\n"
                + _arguments(child, f"{command} {name}")
                for name, child in action.choices.items()
            ]
        elif action.dest not in skipped:
            rows.append(_row(action))
    table = "| argument | meaning |\n|---|---|\n" + "\n".join(rows) + "\n" if rows else ""
    return "\n".join([table, *nested]) if nested else table


def _row(action: argparse.Action) -> str:
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    value = metavar or ("\\|".join(map(str, action.choices)) if action.choices else "")
    value = value.replace("|", "\\|") if metavar else value
    flags = sorted(action.option_strings, key=len)
    names = ", ".join(f"`{flag}`" for flag in flags)
    shown = f"{names} {value}".strip() if flags else value
    return f"| {shown} | {action.help or ''} |"


if __name__ == "__main__":
    sys.stdout.write(command_reference())
