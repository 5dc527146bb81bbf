"""What taking a file that came back did to a project, for the screen and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subkit_cli import console
from subkit_cli.exits import DONE, PARTLY

if TYPE_CHECKING:
    import argparse

    from subkit.exchange import Import

__all__ = ["tell_import"]


def tell_import(done: Import, arguments: argparse.Namespace) -> int:
    """Print what was taken; return the exit status, 7 if some of the file was refused."""
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
