"""``subkit history``: who changed what, when and with what."""

from __future__ import annotations

import json
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

if TYPE_CHECKING:
    import argparse

    from subkit.model import Project

__all__ = ["add_arguments", "run"]

_WIDEST = 160


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
        for line in _lines(view):
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


def _lines(view: dict[str, Any]) -> list[str]:
    place = view["target"].removeprefix("cue:").removeprefix("track:")
    title = f"{view['sequence']} {view['time']} {view['actor']} ({view['tool']})"
    lines = [f"{title}: {view['action']} {place}"]
    for change in view["changes"]:
        read = _marks if change["field"] == "marks" else _shown
        before, after = read(change["before"]), read(change["after"])
        told = f"{before} → {after}" if before and after else after or f"was {before}"
        lines.append(f"    {change['field']}: {told}")
    return lines


def _marks(value: Any) -> str:
    """Marks as a person reads them: ``italic 0-11, color #ff0000ff 12-21``."""
    if not isinstance(value, list):
        return ""
    told = (
        " ".join(
            filter(None, (mark["feature"], mark.get("value"), f"{mark['start']}-{mark['end']}"))
        )
        for mark in value
    )
    return _shown(", ".join(told))


def _shown(value: Any) -> str:
    if value is None or value in ([], {}, ""):
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text.replace("\n", " ⏎ ")
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
