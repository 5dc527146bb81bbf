"""Arguments that every command has, also below actions such as ``subkit models list``."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["add_actions", "add_common", "add_project", "add_tracks", "project_path"]


def add_common(parser: argparse.ArgumentParser, *, below: bool = False) -> None:
    """Declare the arguments that every command has.

    Args:
        parser: Of a command, or of an action below it.
        below: Of an action: what is not given there leaves what was given before it.
    """
    keep = argparse.SUPPRESS
    group = parser.add_argument_group("everywhere")
    group.add_argument(
        "--json",
        action="store_true",
        default=keep if below else False,
        help="write one JSON document to standard output",
    )
    group.add_argument(
        "-q",
        "--quiet",
        action="store_true",
        default=keep if below else False,
        help="print only the results",
    )
    group.add_argument(
        "-v", "--verbose", action="count", default=keep if below else 0, help="print more details"
    )
    group.add_argument(
        "--config",
        type=Path,
        default=keep if below else None,
        metavar="FILE",
        help="configuration file, TOML",
    )


def add_actions(
    parser: argparse.ArgumentParser, actions: Mapping[str, str]
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """A parser for each action of a command, from its name and one line of help."""
    below = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, summary in actions.items():
        action = below.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
        yield name, action
        add_common(action, below=True)  # behind its own, in --help too


def add_tracks(parser: argparse.ArgumentParser, what: str) -> None:
    """Declare the tracks of a project that a command is about."""
    parser.add_argument(
        "--track", action="append", metavar="LANG", help=f"{what}, again for more (default: all)"
    )


def add_project(parser: argparse.ArgumentParser) -> None:
    """Declare the project file."""
    parser.add_argument("project", type=project_path, metavar="PROJECT", help="project file")


def project_path(text: str) -> Path:
    """The path; ``film`` means ``film.subkit`` where there is no ``film``."""
    path, longer = Path(text), Path(f"{text}.subkit")
    # Of os.path, for which a name too long for any file is one that is not there.
    return longer if not os.path.lexists(path) and os.path.lexists(longer) else path
