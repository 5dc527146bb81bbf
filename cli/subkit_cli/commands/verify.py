"""``subkit verify``: whether a project is what its ledger says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.store import ProjectFile
from subkit_cli import console
from subkit_cli.exits import DONE, GATE

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit verify``."""
    parser.add_argument("project", type=Path, metavar="PROJECT", help="project file")
    parser.add_argument(
        "--head",
        metavar="HASH",
        help="a head that was printed before: the ledger must still contain it",
    )


def run(arguments: argparse.Namespace) -> int:
    """Check every entry and every row; exit 5 on the first that is bad."""
    with ProjectFile.open(arguments.project, writable=False) as store:
        fault = store.verify()
        head, entries, known = "", 0, arguments.head is None
        for entry in store.ledger() if fault is None else ():
            head, entries = entry.hash, entry.sequence
            known = known or entry.hash == arguments.head
    message = fault.message if fault is not None else ""
    if fault is None and not known:
        message = f"The ledger does not contain {arguments.head}: entries were cut from its end."
    if arguments.json:
        facts = {"sequence": fault.sequence, "target": fault.target} if fault is not None else {}
        document = {"whole": not message, "entries": entries, "head": head or None}
        bad = {"bad": {"message": message, **facts}} if message else {}
        console.print_json({**document, **bad})
    elif message:
        console.print_line(message)
    elif arguments.quiet:
        console.print_line(head)
    else:
        console.print_line(f"{arguments.project} is whole: {entries} entries, head {head}")
    return GATE if message else DONE
