"""``subkit edit --find A --replace B``: over a whole track, with a preview."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from subkit import edit
from subkit.edit.replacing import plan_replacements, replace_all
from subkit.errors import InputError, PlanError
from subkit.store import ProjectFile
from subkit_cli import console
from subkit_cli.exits import DONE, PARTLY
from subkit_cli.people import user_name
from subkit_cli.run_report import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from subkit.edit.replacing import Replacement

__all__ = ["add_replace_arguments", "replace_in_track"]

_SECONDS = 10
"""A pattern such as ``(a+)+$`` may search for years; it gets this long for a whole track."""

_WORKER = """\
import json, re, sys
asked = json.load(sys.stdin)
pattern = re.compile(asked["find"], re.IGNORECASE if asked["ignore_case"] else 0)
json.dump([pattern.subn(asked["replace"], line) for line in asked["lines"]], sys.stdout)
"""
"""Runs in a process of its own, since a search of :mod:`re` cannot be stopped from within."""


def add_replace_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of finding and replacing."""
    group = parser.add_argument_group("find and replace, over the whole track")
    group.add_argument("--find", metavar="TEXT", help="text to find, within a line")
    group.add_argument("--replace", metavar="TEXT", help="what to write instead")
    group.add_argument("--ignore-case", action="store_true", help="find it in any case")
    group.add_argument(
        "--regex",
        action="store_true",
        help=r"TEXT is a regular expression of Python; \1 in the other is its first group",
    )
    group.add_argument("--dry-run", action="store_true", help="show the changes, write nothing")


def replace_in_track(arguments: argparse.Namespace) -> int:
    """Replace a text in a track as one transaction; exit 7 if a cue was left as it is.

    Raises:
        PlanError: nothing to find or to write, or no regular expression.
        InputError: no such track.
    """
    if not arguments.find or arguments.replace is None:
        raise PlanError("--find and --replace belong together, and --find needs a text.")
    if arguments.cue is not None:
        raise PlanError("--find looks at a whole track.", remedy="Leave the cue out.")
    with ProjectFile.open(arguments.project, writable=not arguments.dry_run) as store:
        head, project = store.head(), store.load()
        if not project.tracks:
            raise InputError(f"Project {project.title!r} has no track yet.")
        track = project.track(arguments.track) if arguments.track else project.tracks[0]
        plans = plan_replacements(track, _replacer(arguments))
        made = [plan for plan in plans if not plan.refused]
        if made and not arguments.dry_run:
            hand = edit.Hand(actor=arguments.by or user_name(), time=store.now())
            edited = replace_all(project, track.id, made, hand)
            store.commit(edited, actor=hand.actor, action="replace", expected=head, time=hand.time)
    refused = [plan for plan in plans if plan.refused]
    _tell(track.id, made, refused, arguments)
    return PARTLY if refused else DONE


def _tell(
    track: str,
    made: Sequence[Replacement],
    refused: Sequence[Replacement],
    arguments: argparse.Namespace,
) -> None:
    if arguments.json:
        facts = {"track": track, "dry_run": arguments.dry_run}
        counts = {"cues": len(made), "replaced": sum(plan.count for plan in made)}
        changes = [_plain(plan) for plan in (*made, *refused)]
        console.print_json({**facts, **counts, "changes": changes})
        return
    for plan in refused:
        console.warn(f"{track}/{plan.cue} is left as it is: {plan.refused}.")
    if arguments.quiet:
        return
    for plan in made:
        console.print_line(f"{track} {plan.cue}")
        console.print_line(f"  - {' ⏎ '.join(plan.before)}")
        console.print_line(f"  + {' ⏎ '.join(plan.after)}")
    done = "would be replaced" if arguments.dry_run else "replaced"
    places = counted(sum(plan.count for plan in made), "place")
    told = f"{places} in {counted(len(made), 'cue')} {done}." if made else "Nothing was replaced."
    console.print_line(told)


def _plain(plan: Replacement) -> dict[str, Any]:
    return {
        "cue": plan.cue,
        "before": list(plan.before),
        "after": list(plan.after),
        "count": plan.count,
        "refused": plan.refused or None,
    }


def _replacer(
    arguments: argparse.Namespace,
) -> Callable[[Sequence[str]], Sequence[tuple[str, int]]]:
    if arguments.regex:
        _check_pattern(arguments.find, arguments.replace)
        return lambda lines: _by_pattern(lines, arguments)
    flags = re.IGNORECASE if arguments.ignore_case else 0
    plain = re.compile(re.escape(arguments.find), flags)
    return lambda lines: [plain.subn(lambda _: arguments.replace, line) for line in lines]


def _check_pattern(find: str, replace: str) -> None:
    try:
        re.compile(find).sub(replace, "")
    except (re.error, RecursionError, OverflowError, IndexError) as error:
        raise PlanError(
            f"{find!r:.80} to {replace!r:.80} is not a regular expression: {error}.",
            remedy="Leave --regex out to find the text as it stands.",
        ) from error


def _by_pattern(lines: Sequence[str], arguments: argparse.Namespace) -> list[tuple[str, int]]:
    asked = {
        "find": arguments.find,
        "replace": arguments.replace,
        "ignore_case": arguments.ignore_case,
        "lines": list(lines),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _WORKER],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise PlanError(
            f"{arguments.find!r:.80} searched for {_SECONDS} s without an end.",
            remedy="Write it without one repetition inside another, such as (a+)+.",
        ) from error
    except subprocess.CalledProcessError as error:  # a group that only some matches have
        raise PlanError(
            f"{arguments.find!r:.80} could not be replaced: {error.stderr.strip()[-200:]}"
        ) from error
    return [(line, count) for line, count in json.loads(done.stdout)]
