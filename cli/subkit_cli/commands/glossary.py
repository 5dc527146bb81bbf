"""``subkit glossary``: check a glossary, or learn one from what was translated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.formats import inspect_glossary
from subkit.model import Severity
from subkit.store import load
from subkit.terminology import Fault, check_terms
from subkit_cli import console
from subkit_cli.arguments import add_actions
from subkit_cli.exits import DONE, GATE

if TYPE_CHECKING:
    import argparse

__all__ = ["ACTIONS", "add_arguments", "run"]

ACTIONS = {
    "check": "what is wrong with a glossary, before it is used",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions of ``subkit glossary``."""
    for name, action in add_actions(parser, ACTIONS):
        if name == "check":
            action.add_argument(
                "file", type=Path, metavar="FILE|PROJECT", help="CSV, TBX or a project file"
            )


def run(arguments: argparse.Namespace) -> int:
    """Check or learn."""
    return _check(arguments)


def _check(arguments: argparse.Namespace) -> int:
    path: Path = arguments.file
    repairs: tuple[str, ...] = ()
    if path.suffix.lower() == ".subkit":
        terms = load(path).glossary
        faults = check_terms(terms)
    else:
        file = inspect_glossary(path)
        terms, faults, repairs = file.terms, list(file.faults), file.repairs
    errors = sum(fault.severity is Severity.ERROR for fault in faults)
    if arguments.json:
        console.print_json(
            {
                "file": str(path),
                "terms": len(terms),
                "errors": errors,
                "warnings": len(faults) - errors,
                "faults": [_plain(fault) for fault in faults],
                "repairs": list(repairs),
            }
        )
    else:
        for repair in repairs:
            console.warn(f"{path}: {repair}")
        for fault in faults:
            where = f"{fault.place}: " if fault.place else ""
            console.print_line(f"{where}{fault.severity.value}: {fault.message} ({fault.kind})")
        if not arguments.quiet:
            console.print_line(f"{len(terms)} terms, {len(faults)} faults")
    return GATE if errors else DONE


def _plain(fault: Fault) -> dict[str, str]:
    return {
        "kind": fault.kind,
        "severity": fault.severity.value,
        "place": fault.place,
        "message": fault.message,
    }
