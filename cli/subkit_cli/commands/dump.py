"""``subkit dump``: a project as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.model import to_plain
from subkit.store import load
from subkit_cli import console
from subkit_cli.arguments import add_project
from subkit_cli.exits import DONE

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit dump``."""
    add_project(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the document."""
    console.print_json(to_plain(load(arguments.project)))
    return DONE
