"""``subkit dub conform``: lines to be dubbed carried to a new cut, and what to look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.model import to_plain
from subkit.pipeline import commit_conformed, conform_dubbing, dubbed_track
from subkit.store import ProjectFile, load
from subkit_cli import console
from subkit_cli.commands.conform import asked_recut, tell_forced
from subkit_cli.exits import DONE
from subkit_cli.people import user_name
from subkit_cli.run_report import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from subkit.model import Project
    from subkit.pipeline import DubRecut

__all__ = ["add_cut_arguments", "conform"]


def add_cut_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what says where the new cut is."""
    parser.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="EDL|OTIO|MEDIA",
        help="the new cut: its edit list, its timeline or its film",
    )
    parser.add_argument(
        "--from",
        dest="old",
        type=Path,
        metavar="EDL|OTIO|MEDIA",
        help="the old cut, of the same kind (default: the film of the project)",
    )
    parser.add_argument(
        "--edit-fps", metavar="RATE", help="frame rate of the edit (default: of the film)"
    )
    parser.add_argument(
        "--film", type=Path, metavar="FILE", help="film of the new cut, where --to is its edit"
    )
    parser.add_argument(
        "--edit-start",
        metavar="TIMECODE",
        help="timecode of the first frame in an EDL (default: the full hour of its first event)",
    )
    parser.add_argument("--force", action="store_true", help="carry although the evidence is weak")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would become of the lines"
    )


def conform(arguments: argparse.Namespace) -> int:
    """Carry the lines, and tell what moved that was locked or recorded.

    Raises:
        EvidenceError: the evidence is weak, and not forced.
        InputError: a file cannot be read, or there are no lines to be dubbed.
    """
    if arguments.dry_run:
        found = _carried(load(arguments.project), arguments)
    else:
        with ProjectFile.open(arguments.project) as store:
            head, before = store.head(), store.load()
            found = _carried(before, arguments)
            actor = arguments.by or user_name()
            commit_conformed(store, before, found.done, by=actor, expected=head)
    if arguments.json:
        console.print_json(_facts(found))
    elif not arguments.quiet:
        for line in _lines(found):
            console.print_line(line)
    return DONE


def _carried(project: Project, arguments: argparse.Namespace) -> DubRecut:
    dubbed_track(project, "")
    recut = asked_recut(project, arguments)
    found = conform_dubbing(project, recut, force=arguments.force)
    tell_forced(recut)
    return found


def _facts(found: DubRecut) -> dict[str, Any]:
    flags = [{**to_plain(flag), "message": flag.message} for flag in found.flags]
    return {**found.done.to_dict(), "flags": flags}


def _lines(found: DubRecut) -> Iterator[str]:
    done = found.done
    yield (
        f"{done.cuts.share:.0%} of the new cut is from the old one; "
        f"{counted(done.moved, 'cue')} carried"
    )
    yield from done.cuts.notes
    for flag in found.flags:
        yield f"  {flag.track} {flag.message}"
    flagged = {(flag.track, flag.what) for flag in found.flags if not flag.is_loop}
    for row in done.rows:
        if (row.track, row.cue) not in flagged:
            yield f"  {row.track} {row.message}"
    if done.fresh:
        yield f"new in this cut, without lines: {counted(len(done.fresh), 'passage')}"
