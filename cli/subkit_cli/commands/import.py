"""``subkit import``: what came back from people who work elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.compliance.signoff import ROLES
from subkit.exchange import import_file
from subkit.store import ProjectFile
from subkit_cli.arguments import add_project
from subkit_cli.import_report import tell_import

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit import``."""
    add_project(parser)
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="XLSX, DOCX, CSV, XLIFF 2 or TMX that came back, an exported subtitle file that was"
        " edited elsewhere, or Frame.io's comments as CSV",
    )
    parser.add_argument("--by", required=True, metavar="NAME", help="reviewer who made the changes")
    parser.add_argument("--track", metavar="LANG", help="track, if the file does not name it")
    parser.add_argument(
        "--translation-of",
        metavar="LANG",
        help="the subtitle file is a translation of this track: it becomes a track of its own",
    )
    parser.add_argument(
        "--approve-as", choices=ROLES, help="also approve in this role what the file marks as final"
    )
    parser.add_argument(
        "--encoding",
        metavar="NAME",
        help="of a CSV or subtitle file (default: judged by its bytes)",
    )
    parser.add_argument(
        "--delete-absent",
        action="store_true",
        help="delete cues that an edited subtitle file does not have",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print the changes without making them"
    )


def run(arguments: argparse.Namespace) -> int:
    """Take the file; exit 7 if some of it was refused."""
    with ProjectFile.open(arguments.project, writable=not arguments.dry_run) as store:
        done = import_file(
            store,
            arguments.file,
            by=arguments.by,
            track=arguments.track,
            role=arguments.approve_as,
            delete_absent=arguments.delete_absent,
            dry_run=arguments.dry_run,
            encoding=arguments.encoding,
            translation_of=arguments.translation_of,
        )
    return tell_import(done, arguments)
