"""``subkit fix``: put right what has one right answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import PlanError
from subkit.model import to_plain
from subkit.pipeline import commit_fixes, written_track
from subkit.plugins import writer_for
from subkit.quality.fixes import fix_project
from subkit.quality.report import clock
from subkit.store import ProjectFile, load, publish
from subkit_cli import console
from subkit_cli.arguments import add_tracks
from subkit_cli.exits import DONE
from subkit_cli.loss_report import tell_losses
from subkit_cli.people import user_name
from subkit_cli.run_report import counted
from subkit_cli.run_settings import STYLE_KEYS, options_from, settings_from
from subkit_cli.settings import add_settings
from subkit_cli.subtitles import (
    add_subtitle_arguments,
    is_project,
    open_subtitle,
    own_tracks,
    warn_of_styles,
    with_shots,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from subkit.model import Cue, Media
    from subkit.quality.fixes import Fix, TrackFixes
    from subkit.styles import Styles

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit fix``."""
    add_subtitle_arguments(parser)
    add_tracks(parser, "track of a project")
    parser.add_argument(
        "--dry-run", action="store_true", help="show the changes without writing them"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="write the fixed subtitle file here"
    )
    parser.add_argument("--by", metavar="NAME", help="your name in the ledger")
    add_settings(parser, (*STYLE_KEYS, "shots", "overwrite"))


def run(arguments: argparse.Namespace) -> int:
    """Fix, show, write."""
    settings = settings_from(arguments)
    style = options_from(settings).style
    shots, overwrite = settings.get("shots"), settings.get("overwrite", False)
    if is_project(arguments, fits_both=("language",)):
        if shots is not None:
            console.warn("Shots given for a project are left aside: it has its own shot changes.")
        media, done = _fix_file(arguments, style)
    else:
        media, done = _fix_subtitle(arguments, style, shots, overwrite=overwrite)
    if arguments.json:
        console.print_json({"written": not arguments.dry_run, "fixes": _json(done)})
    elif arguments.dry_run or not arguments.quiet:
        for line in _lines(done, media):
            console.print_line(line)
        count = sum(len(one.fixes) for one in done)
        word = "would be fixed" if arguments.dry_run else "fixed"
        if not arguments.quiet:
            console.print_line(f"{counted(count, 'cue')} {word}.")
    elif arguments.output:
        console.print_line(str(arguments.output))
    return DONE


def _fix_file(arguments: argparse.Namespace, style: Styles) -> tuple[Media, list[TrackFixes]]:
    if arguments.output or arguments.language:
        raise PlanError(
            "--output and --language are for subtitle files; a project is fixed where it is.",
            remedy="Leave them out; the ledger keeps what was before.",
        )
    if arguments.dry_run:
        project = load(arguments.file)
        warn_of_styles(project.tracks, style)
        return project.media, fix_project(project, style, tracks=arguments.track)[1]
    with ProjectFile.open(arguments.file) as store:
        project = store.load()
        warn_of_styles(project.tracks, style)
        _, done = fix_project(project, style, tracks=arguments.track)
        commit_fixes(store, project, done, actor=arguments.by or user_name())
    return project.media, done


def _fix_subtitle(
    arguments: argparse.Namespace, style: Styles, shots: str | Path | None, *, overwrite: bool
) -> tuple[Media, list[TrackFixes]]:
    if not (arguments.output or arguments.dry_run):
        raise PlanError(
            f"{str(arguments.file)!r} would be overwritten.",
            remedy="Name the fixed file with -o OUT, or look at the changes with --dry-run.",
        )
    output_format = arguments.output.suffix.lstrip(".") if arguments.output else ""
    if arguments.output:
        writer_for(output_format)  # an unknown one is told before the work
    project = with_shots(open_subtitle(arguments), shots, arguments.encoding)
    tracks = [track.id for track in own_tracks(project, arguments)]
    fixed, done = fix_project(project, style, tracks=tracks)
    if output_format and not arguments.dry_run:
        _require_one(arguments, tracks)
        made = written_track(fixed, fixed.track(tracks[0]), output_format, disclosed=False)
        publish(arguments.output, made.data, overwrite=overwrite)
        tell_losses({arguments.output: made.losses} if made.losses else {})
    return fixed.media, done


def _require_one(arguments: argparse.Namespace, tracks: Sequence[str]) -> None:
    if len(tracks) > 1:
        raise PlanError(
            f"{str(arguments.file)!r} holds {len(tracks)} languages, and {str(arguments.output)!r} "
            "would hold one.",
            remedy="Make a file of each first: subkit convert.",
        )


def _lines(done: Sequence[TrackFixes], media: Media) -> Iterator[str]:
    """A diff that a person reads: the rules, then what went and what came."""
    for one in done:
        for fix in one.fixes:
            yield f"{one.track} {fix.before.id}: {', '.join(fix.rules)}"
            yield from (f"  {line}" for line in _changes(fix, media))


def _changes(fix: Fix, media: Media) -> Iterator[str]:
    if fix.before.span != fix.after.span:
        yield f"- {_times(fix.before, media)}"
        yield f"+ {_times(fix.after, media)}"
    if fix.before.lines != fix.after.lines:
        yield from (f"- {line!r}" for line in fix.before.lines)
        yield from (f"+ {line!r}" for line in fix.after.lines)


def _times(cue: Cue, media: Media) -> str:
    return f"{clock(cue.span.start, media)} - {clock(cue.span.end, media)}"


def _json(done: Sequence[TrackFixes]) -> list[dict[str, Any]]:
    return [
        {
            "track": one.track,
            "cue": fix.before.id,
            "rules": list(fix.rules),
            "before": _state(fix.before),
            "after": _state(fix.after),
        }
        for one in done
        for fix in one.fixes
    ]


def _state(cue: Cue) -> dict[str, Any]:
    return {
        "start": to_plain(cue.span.start),
        "end": to_plain(cue.span.end),
        "lines": list(cue.lines),
    }
