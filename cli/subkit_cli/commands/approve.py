"""``subkit approve``: a person's word for cues, a range or a track."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit import edit
from subkit.compliance import review_level
from subkit.compliance.signoff import ROLES, Gate, missing_approvals, read_gate
from subkit.errors import InputError, NotFoundError
from subkit.store import ProjectFile
from subkit_cli import console
from subkit_cli.arguments import add_project
from subkit_cli.cue_places import cue_named
from subkit_cli.exits import DONE
from subkit_cli.people import user_name
from subkit_cli.run_settings import STYLE_KEYS, options_from, settings_from
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse

    from subkit.model import Media, Track

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit approve``."""
    add_project(parser)
    parser.add_argument("--track", required=True, metavar="LANG", help="track to approve")
    parser.add_argument(
        "--cue", action="append", metavar="CUE", help="only this cue; can be repeated"
    )
    parser.add_argument("--range", metavar="A..B", help="only the cues from A to B")
    parser.add_argument("--by", default="", metavar="NAME", help="your name (default: your login)")
    parser.add_argument(
        "--role", choices=ROLES, default="reviewer", help="your role (default: reviewer)"
    )
    parser.add_argument("--revoke", action="store_true", help="withdraw the approval")
    parser.add_argument("--gate", type=Path, metavar="FILE", help="requirements to report on, TOML")
    add_settings(parser, STYLE_KEYS)


def run(arguments: argparse.Namespace) -> int:
    """Sign, and say what is still missing.

    Raises:
        InputError: no such track or cue.
    """
    style = options_from(settings_from(arguments)).style
    gate = read_gate(arguments.gate) if arguments.gate else Gate()
    with ProjectFile.open(arguments.project) as store:
        hand = edit.Hand(actor=arguments.by or user_name(), time=store.now())
        head, project = store.head(), store.load()
        track = project.track(arguments.track)
        cues = _chosen(track, arguments, project.media)
        if arguments.revoke:
            signed = edit.unapprove(project, track.id, role=arguments.role, cues=cues)
        else:
            signed = edit.approve(project, track.id, arguments.role, hand, cues=cues)
        action = "unapprove" if arguments.revoke else "approve"
        store.commit(signed, actor=hand.actor, action=action, expected=head, time=hand.time)
    track = signed.track(track.id)
    missing = missing_approvals(signed, track, gate, style)
    if arguments.json:
        console.print_json(
            {
                "track": track.id,
                "cues": len(track.cues) if cues is None else len(cues),
                "actor": hand.actor,
                "role": arguments.role,
                "level": review_level(track),
                "missing": [
                    {"gate": lack.gate, "message": lack.message, "cues": list(lack.cues)}
                    for lack in missing
                ],
            }
        )
        return DONE
    if arguments.quiet:
        return DONE
    done = len(track.cues) if cues is None else len(cues)
    what = "approval taken back" if arguments.revoke else "approved"
    console.print_line(f"{track.id}: {done} cues {what} by {hand.actor} ({arguments.role})")
    for lack in missing:
        console.print_line(f"  {lack.gate}: {len(lack.cues)} cues. {lack.message}")
    return DONE


def _chosen(track: Track, arguments: argparse.Namespace, media: Media) -> list[str] | None:
    """The cues named; ``None`` for the whole track."""
    if arguments.cue and arguments.range:
        raise InputError("Name cues or a range, not both.")
    if arguments.cue:
        return list(dict.fromkeys(cue_named(track, name, media).id for name in arguments.cue))
    if not arguments.range:
        return None
    first, dots, last = arguments.range.partition("..")
    if not dots:
        first, _, last = arguments.range.partition("-")
    ids = [cue.id for cue in track.cues]
    try:
        start, end = (ids.index(cue_named(track, name, media).id) for name in (first, last))
    except NotFoundError:
        start, end = 1, 0
    if start > end:
        raise InputError(
            f"{arguments.range!r} is not a range of cues of track {track.id!r}.",
            remedy=f"Write two cues with two dots between: {ids[0]}..{ids[-1]}." if ids else "",
        )
    return ids[start : end + 1]
