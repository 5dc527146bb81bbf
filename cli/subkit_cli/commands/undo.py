"""``subkit undo``: take back what a person did last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subkit.errors import NotFoundError
from subkit.store import ProjectFile
from subkit.store.entry_view import split_target
from subkit.store.undoing import UndoStacks, undo_last, undone_action
from subkit_cli import console
from subkit_cli.arguments import add_project
from subkit_cli.exits import DONE
from subkit_cli.people import user_name

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]

_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit undo``."""
    add_project(parser)
    parser.add_argument("--by", default="", metavar="NAME", help="your name (default: your login)")
    parser.add_argument("--redo", action="store_true", help="do again what was undone last")


def run(arguments: argparse.Namespace) -> int:
    """Undo the last edit, import or approval of one person, as one transaction.

    Raises:
        NotFoundError: this person did nothing that can be undone.
        ConflictError: somebody changed the same since.
    """
    actor = arguments.by or user_name()
    with ProjectFile.open(arguments.project) as store:
        try:
            last = UndoStacks.of(store.transactions(), actor).next(again=arguments.redo)
        except NotFoundError as error:
            others = dict.fromkeys(t.actor for t in store.transactions() if t.actor != actor)
            remedy = f"Others who changed it: {', '.join(others)}. Say whose with --by."
            raise NotFoundError(
                f"{error.message.rstrip('.')} by {actor!r}.", remedy=remedy if others else ""
            ) from error
        action = undone_action(store, last)
        entries = undo_last(store, actor, again=arguments.redo)
    places = (split_target(entry.target) for entry in entries)
    cues = ["/".join(place) if any(place) else "speakers" for place in places]
    if arguments.json:
        facts: dict[str, Any] = {"actor": actor, "action": action, "redo": arguments.redo}
        console.print_json({**facts, "cues": cues, "entries": len(entries)})
    elif not arguments.quiet:
        verb = "did again" if arguments.redo else "undid"
        shown = ", ".join(cues[:_SHOWN]) + (
            f" and {len(cues) - _SHOWN} more" * (len(cues) > _SHOWN)
        )
        console.print_line(f"{verb} {action} by {actor}: {shown or 'all was as it was'}")
    return DONE
