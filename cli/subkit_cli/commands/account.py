"""``subkit account``: every stretch of voice, and the cue or the reason for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.errors import InputError
from subkit.model import to_plain
from subkit.quality.accounting import account
from subkit.store import load
from subkit_cli import console
from subkit_cli.arguments import add_project
from subkit_cli.exits import DONE, GATE

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit account``."""
    add_project(parser)
    parser.add_argument(
        "--all", action="store_true", help="also list what cues show and what was skipped"
    )
    parser.add_argument(
        "--fail-on",
        choices=("open",),
        help="exit with 5 if a stretch has neither a cue nor a reason",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the stretches that no cue shows.

    Raises:
        InputError: nobody listened for voice yet.
    """
    project = load(arguments.project)
    if project.transcript is None:
        raise InputError(
            f"{str(arguments.project)!r} has no transcript yet.",
            remedy=f"Listen: subkit transcribe MEDIA -o {arguments.project}.",
        )
    found = account(project)
    shown = [s for s in found.stretches if arguments.all or s.state != "cue"]
    if arguments.all:
        shown = sorted([*shown, *found.skipped], key=lambda stretch: stretch.span.start)
    if arguments.json:
        console.print_json(
            {
                "voice_seconds": to_plain(found.seconds()),
                "accounted_seconds": to_plain(found.seconds("cue", "reason")),
                "skipped_seconds": {
                    reason: to_plain(seconds) for reason, seconds in found.skipped_seconds().items()
                },
                "stretches": [{**to_plain(stretch), "state": stretch.state} for stretch in shown],
            }
        )
    else:
        rate, start = project.media.frame_grid, project.media.programme_start
        for stretch in shown:
            times = "–".join(
                rate.timecode(t, start) for t in (stretch.span.start, stretch.span.end)
            )
            told = ", ".join(stretch.cues) or stretch.reason or "nothing shows it"
            who = f" ({stretch.actor})" if stretch.actor else ""
            console.print_line(f"{times} {stretch.state}: {told}{who}")
        done, voice = (float(found.seconds(*s)) for s in (("cue", "reason"), ()))
        if not arguments.quiet:
            console.print_line(f"{done:.1f} of {voice:.1f} s of voice are accounted for")
            for reason, seconds in found.skipped_seconds().items():
                console.print_line(f"{float(seconds):.1f} s skipped: {reason}")
    fails = arguments.fail_on == "open" and any(s.state == "open" for s in found.stretches)
    return GATE if fails else DONE
