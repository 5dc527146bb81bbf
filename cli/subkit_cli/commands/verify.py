"""``subkit verify``: whether a project is what its ledger says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.compliance.signatures import (
    SIGNATURE,
    Signature,
    is_signature,
    read_signature,
    still_signed,
)
from subkit.compliance.witnesses import read_mark
from subkit.errors import PlanError
from subkit.model import to_plain
from subkit.store import LedgerMark, ProjectFile, mark_of
from subkit.store.ledger_marks import departure
from subkit_cli import console
from subkit_cli.arguments import add_project
from subkit_cli.exits import DONE, GATE

if TYPE_CHECKING:
    import argparse

    from subkit.model import Project

__all__ = ["add_arguments", "run"]

_HEAD = re.compile(r"sha256:[0-9a-f]{64}")
_MAX_BYTES = 1 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit verify``."""
    add_project(parser)
    parser.add_argument(
        "--head",
        metavar="HASH",
        help="a head printed earlier, which the ledger must still contain",
    )
    parser.add_argument(
        "--against",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a disclosure, export or copy that went out: the ledger must go on from there",
    )


def run(arguments: argparse.Namespace) -> int:
    """Check every entry and every row; exit 5 on the first that is bad.

    Raises:
        InputError: a file says nothing of a ledger, or cannot be read.
    """
    marks = [(str(path), read_mark(path)) for path in arguments.against]
    signed = [found for path in arguments.against if (found := _signature(path)) is not None]
    if arguments.head is not None:
        if not _HEAD.fullmatch(arguments.head):
            raise PlanError(
                f"{arguments.head!r:.80} is no head of a ledger.",
                remedy="Give what subkit verify printed: sha256: and 64 digits.",
            )
        marks.append(("that head", LedgerMark(head=arguments.head)))
    with ProjectFile.open(arguments.project, writable=False) as store:
        fault = store.verify()
        now = mark_of(store) if fault is None else None
        told = ((name, departure(store, mark)) for name, mark in marks if now is not None)
        against, message = next((pair for pair in told if pair[1]), (None, ""))
        project = store.load() if signed and not message and fault is None else None
    facts_of = [_told(one, project) for one in signed]
    message = message if fault is None else fault.message
    if arguments.json:
        facts = {"sequence": fault.sequence, "target": fault.target} if fault is not None else {}
        bad = {"bad": {"message": message, "against": against, **facts}} if message else {}
        known = to_plain(now) if now is not None else {"entries": 0, "first": None, "head": None}
        console.print_json({"whole": not message, **known, **bad, "signatures": facts_of})
    elif message:
        console.print_line(f"Against {against}: {message}" if against else message)
    elif now is not None:
        told_whole = f"{arguments.project} is whole: {now.entries} entries, head {now.head}"
        console.print_line(now.head if arguments.quiet else told_whole)
        for one in facts_of if not arguments.quiet else ():
            for part in one["approvals"]:
                what = f"{part['track']}: {part['cues']} cues as {part['role']}"
                since = "" if part["stands"] else "; changed since, or approved anew"
                console.print_line(f"signed by {one['signer']} with {one['key']}: {what}{since}")
    return GATE if message else DONE


def _signature(path: Path) -> Signature | None:
    """The signature in a file, known to be right; ``None`` where it is none."""
    with path.open("rb") as file:  # it was read before, so it can be
        data = file.read(_MAX_BYTES)
    if not (path.name.endswith(SIGNATURE) or is_signature(data)):
        return None
    return read_signature(data, str(path))


def _told(signature: Signature, project: Project | None) -> dict[str, Any]:
    """What a signature says, and which of it still stands, for people and programs."""
    plain: dict[str, Any] = to_plain(signature)
    stands = still_signed(project, signature) if project is not None else ()
    for part, approvals in zip(plain["approvals"], signature.approvals, strict=True):
        part["stands"] = approvals in stands
    return {name: plain[name] for name in ("signer", "key", "time", "approvals")}
