"""``subkit history``: who changed what, when and with what."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError, NotFoundError
from subkit.store import ProjectFile
from subkit.store.entry_view import view_entry
from subkit.translation.staleness import stale
from subkit_cli import console
from subkit_cli.arguments import add_project
from subkit_cli.cue_places import cue_named
from subkit_cli.exits import DONE
from subkit_cli.history_words import change_lines

if TYPE_CHECKING:
    import argparse

    from subkit.model import Project

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit history``."""
    add_project(parser)
    parser.add_argument("--cue", metavar="CUE", help="only this cue")
    parser.add_argument("--track", metavar="LANG", help="only this track")
    parser.add_argument(
        "--limit", type=int, default=200, metavar="N", help="newest entries to show (default: 200)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the entries, oldest first.

    Raises:
        InputError: the project has no such track or cue.
    """
    with ProjectFile.open(arguments.project, writable=False) as store:
        project = store.load()
        track = project.track(arguments.track).id if arguments.track else None
        limit = max(1, arguments.limit)
        cue = _cue_id(project, track, arguments.cue)
        entries, more = store.latest(cue=cue, track=track, limit=limit)
    if cue and not entries:
        raise InputError(f"The ledger knows no cue {cue!r}.", cue=cue)
    views = [view_entry(entry) for entry in reversed(entries)]
    wanted = [project.track(track)] if track else list(project.tracks)
    outdated = [
        {"track": t.id, "cue": shown.id, "reason": reason}
        for t in wanted
        for shown, reason in stale(project, t)
        if cue in (None, shown.id)
    ]
    if arguments.json:
        console.print_json({"entries": views, "more": more, "stale": outdated})
        return DONE
    if more:
        console.print_line("… older entries are left out; --limit shows more")
    for view in views:
        for line in _lines(view, project):
            console.print_line(line)
    for item in outdated:
        console.print_line(f"{item['track']}/{item['cue']} is stale: {item['reason']}")
    return DONE


def _cue_id(project: Project, track: str | None, name: str | None) -> str | None:
    """The id of a cue; one that is gone is named as it was, for the ledger still knows it."""
    for found in project.tracks if name is not None else ():
        if track in (None, found.id):
            with suppress(NotFoundError):
                return cue_named(found, name or "", project.media).id
    return name


def _lines(view: dict[str, Any], project: Project) -> list[str]:
    place = view["target"].removeprefix("cue:").removeprefix("track:")
    title = f"{view['sequence']} {view['time']} {view['actor']} ({view['tool']})"
    changes = change_lines(view, project)
    return [f"{title}: {view['action']} {place}", *(f"    {line}" for line in changes)]
