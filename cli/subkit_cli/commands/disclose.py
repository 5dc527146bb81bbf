"""``subkit disclose``: which parts of a project machines made, and who reviewed them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from subkit.compliance import disclose
from subkit.compliance.disclosure import sidecar
from subkit.store import ProjectFile, mark_of
from subkit_cli import console
from subkit_cli.arguments import add_project, add_tracks
from subkit_cli.exits import DONE

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit disclose``."""
    add_project(parser)
    add_tracks(parser, "track to disclose")


def run(arguments: argparse.Namespace) -> int:
    """Print the disclosures, as they stand beside exports."""
    with ProjectFile.open(arguments.project, writable=False) as store:
        project, ledger = store.load(), mark_of(store)
    tracks = [project.track(name) for name in arguments.track or ()] or list(project.tracks)
    known = [disclose(project, track) for track in tracks]
    if arguments.json:
        console.print_json({"disclosures": [json.loads(sidecar(each, ledger)) for each in known]})
    else:
        for each in known:
            console.print_line(f"{each.track}:")
            for line in each.statement.split("\n"):
                console.print_line(f"  {line}")
    return DONE
