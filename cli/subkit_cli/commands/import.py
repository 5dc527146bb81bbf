"""``subkit import``: what came back from people who work elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.compliance.signoff import ROLES
from subkit.exchange import Import, import_file
from subkit.store import ProjectFile
from subkit_cli import console
from subkit_cli.arguments import add_project
from subkit_cli.exits import DONE, PARTLY

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
    if arguments.json:
        console.print_json(_facts(done, dry_run=arguments.dry_run))
    else:
        _tell(done, quiet=arguments.quiet)
    return PARTLY if done.refused else DONE


def _facts(done: Import, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "edited": list(done.edited),
        "retimed": list(done.retimed),
        "added": list(done.added),
        "deleted": list(done.deleted),
        "commented": list(done.commented),
        "approved": list(done.approved),
        "refused": [
            {
                "place": refusal.place,
                "track": refusal.track,
                "cue": refusal.cue,
                "reason": refusal.reason,
                "text": refusal.text,
            }
            for refusal in done.refused
        ],
        "absent": list(done.absent),
        "repairs": list(done.repairs),
    }


def _tell(done: Import, *, quiet: bool) -> None:
    for refusal in done.refused:
        wish = f": {refusal.text!r}" if refusal.text else ""
        console.warn(f"{refusal.place}, {refusal.cue or 'no cue'}: {refusal.reason}{wish}")
    if quiet:
        return
    for repair in done.repairs:
        console.warn(repair)
    for what, cues in (("added", done.added), ("deleted", done.deleted)):
        for cue in cues:
            console.print_line(f"{cue} {what}")
    console.print_line(
        f"{len(done.edited)} edited, {_other(done)}{len(done.commented)} with comments, "
        f"{len(done.approved)} approved, {len(done.refused)} refused, "
        f"{len(done.absent)} not in the file"
    )


def _other(done: Import) -> str:
    """What only a subtitle file does to cues, counted."""
    counts = {"retimed": done.retimed, "added": done.added, "deleted": done.deleted}
    return "".join(f"{len(cues)} {what}, " for what, cues in counts.items() if cues)
