"""``subkit dub export`` and ``import``: files of the dubbing stage, out and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.exchange.dub_files import DUB_FILES, import_dub_file
from subkit.pipeline import dubbed_track
from subkit.store import ProjectFile, load
from subkit_cli.import_report import tell_import
from subkit_cli.people import user_name
from subkit_cli.track_export import add_export_arguments, require_asked, write_tracks

if TYPE_CHECKING:
    import argparse

__all__ = ["add_exchange_arguments", "export_lines", "import_lines"]


_SHORT = {"xlsx": "dub-xlsx", "csv": "dub-csv", "docx": "dub-docx", "edl": "dub-edl"}
"""Names that stand for sheets and markers elsewhere, and here for lists of the stage."""


def add_exchange_arguments(
    export: argparse.ArgumentParser, taking: argparse.ArgumentParser
) -> None:
    """Declare the arguments of both."""
    add_export_arguments(export)
    export.add_argument(
        "--layout",
        default="",
        metavar="ID|FILE",
        help="how docx is printed: default, ko or a TOML file (default: that of the language)",
    )
    taking.add_argument(
        "file", type=Path, metavar="FILE", help="a file of the dubbing stage that came back"
    )
    readable = [name for name, known in DUB_FILES.items() if known.reader]
    taking.add_argument(
        "--format",
        choices=readable,
        metavar="NAME",
        help=f"of the file: {', '.join(readable)} (default: judged by the file)",
    )
    taking.add_argument("--by", default="", metavar="NAME", help="who made the changes")
    taking.add_argument(
        "--dry-run", action="store_true", help="print the changes without making them"
    )


def export_lines(arguments: argparse.Namespace) -> int:
    """Write a dubbing track.

    Raises:
        ApprovalError: approval was required and is missing.
        LossError: a format cannot hold all of the track, and ``--strict``.
        PlanError: no such format or layout, or the disclosure is left out by nobody.
    """
    project = load(arguments.project)
    tracks = [dubbed_track(project, arguments.track)]
    require_asked(arguments, project, tracks)
    return write_tracks(
        arguments,
        project,
        tracks,
        formats=("dapt",),
        names=_SHORT,
        layout=arguments.layout,
    )


def import_lines(arguments: argparse.Namespace) -> int:
    """Take a file; exit 7 if some of it was refused.

    Raises:
        InputError: the file cannot be read, or is not of this film.
    """
    with ProjectFile.open(arguments.project, writable=not arguments.dry_run) as store:
        done = import_dub_file(
            store,
            arguments.file,
            by=arguments.by or user_name(),
            track=arguments.track,
            format=arguments.format or "",
            dry_run=arguments.dry_run,
        )
    return tell_import(done, arguments)
