"""``subkit edit``: one cue, by hand, or one text over a track."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit import edit
from subkit.edit.media_times import media_time
from subkit.errors import InputError, PlanError
from subkit.model import Span, to_plain
from subkit.store import ProjectFile
from subkit.translation.staleness import stale
from subkit_cli import console
from subkit_cli.arguments import add_project
from subkit_cli.cue_places import CUE_HELP, cue_named
from subkit_cli.exits import DONE
from subkit_cli.people import user_name
from subkit_cli.replacements import add_replace_arguments, replace_in_track

if TYPE_CHECKING:
    import argparse

    from subkit.model import Project

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit edit``."""
    add_project(parser)
    parser.add_argument("cue", nargs="?", metavar="CUE", help=CUE_HELP)
    parser.add_argument("--track", metavar="LANG", help="track of the cue (default: the first)")
    parser.add_argument(
        "--text", action="append", metavar="TEXT", help=r"new text; a line break is \n"
    )
    parser.add_argument(
        "--in", dest="start", metavar="TIME", help="in-time: seconds, clock or timecode"
    )
    parser.add_argument("--out", dest="end", metavar="TIME", help="out-time: seconds or timecode")
    parser.add_argument("--comment", metavar="TEXT", help="add a comment")
    parser.add_argument("--speaker", metavar="ID", help="id of the speaker")
    parser.add_argument("--lock", action="store_const", const=True, help="lock the cue")
    parser.add_argument(
        "--unlock", dest="lock", action="store_const", const=False, help="unlock the cue"
    )
    add_replace_arguments(parser)
    parser.add_argument("--by", default="", metavar="NAME", help="your name (default: your login)")


def run(arguments: argparse.Namespace) -> int:
    """Edit, and say which translations are stale now.

    Raises:
        PlanError: nothing to do was named.
        InputError: no such cue, it is locked, or the new value is not one.
    """
    if arguments.find is not None or arguments.replace is not None:
        return replace_in_track(arguments)
    if arguments.cue is None:
        raise PlanError("No cue was named.", remedy="Name a cue, or give --find and --replace.")
    if arguments.dry_run:
        raise PlanError("--dry-run goes with --find and --replace.")
    with ProjectFile.open(arguments.project) as store:
        hand = edit.Hand(actor=arguments.by or user_name(), time=store.now())
        head, project = store.head(), store.load()
        track = project.track(arguments.track).id if arguments.track else _first(project)
        arguments.cue = cue_named(project.track(track), arguments.cue, project.media).id
        edited = _edited(project, track, arguments, hand)
        entries = store.commit(
            edited, actor=hand.actor, action="edit", expected=head, time=hand.time
        )
    outdated = [
        {"track": other.id, "cue": cue.id, "reason": reason}
        for other in edited.tracks
        if other.source == track
        for cue, reason in stale(edited, other)
        if arguments.cue in cue.sources
    ]
    cue = edited.track(track).cue(arguments.cue)
    if arguments.json:
        facts = {"track": track, "cue": to_plain(cue), "entries": len(entries), "stale": outdated}
        console.print_json(facts)
        return DONE
    if arguments.quiet:
        return DONE
    rate, start = edited.media.frame_grid, edited.media.programme_start
    times = "–".join(rate.timecode(time, start) for time in (cue.span.start, cue.span.end))
    console.print_line(f"{track}/{cue.id} {times} {cue.text!r}" if entries else "nothing changed")
    for item in outdated:
        console.warn(f"{item['track']}/{item['cue']} is stale now: {item['reason']}")
    return DONE


def _first(project: Project) -> str:
    if not project.tracks:
        raise InputError(f"Project {project.title!r} has no track yet.")
    return project.tracks[0].id


def _edited(
    project: Project, track: str, arguments: argparse.Namespace, hand: edit.Hand
) -> Project:
    given = ("text", "start", "end", "comment", "speaker", "lock")
    if all(getattr(arguments, name) is None for name in given):
        raise PlanError("Nothing to change.", remedy="Give --text, --in, --out, --comment…")
    cue, old = arguments.cue, project.track(track).cue(arguments.cue).span
    if arguments.lock is False:
        project = edit.lock(project, track, cue, locked=False)
    if arguments.text is not None:
        lines = [line for text in arguments.text for line in text.replace("\\n", "\n").split("\n")]
        if not any(line.strip() for line in lines):
            raise InputError(
                f"Cue {cue} would be left without text.",
                remedy="Give a text. To delete the cue: subkit review.",
            )
        project = edit.retext(project, track, cue, lines, hand)
    if arguments.start is not None or arguments.end is not None:
        start, end = (
            old_time if text is None else media_time(text, project.media)
            for text, old_time in ((arguments.start, old.start), (arguments.end, old.end))
        )
        if not start < end:
            raise InputError("The out-time comes after the in-time.")
        project = edit.retime(project, track, cue, Span(start, end), hand)
    if arguments.speaker is not None:
        project = edit.set_speaker(project, track, cue, arguments.speaker or None, hand)
    if arguments.comment is not None:
        project = edit.comment(project, track, cue, arguments.comment, hand)
    if arguments.lock:
        project = edit.lock(project, track, cue)
    return project
