"""``subkit sync``: cues moved to where their speech is in another film."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import InputError, PlanError
from subkit.model.clock import clock_time
from subkit.pipeline import read_reference, resync_project, sync_tracks, written_track
from subkit.pipeline.resyncing import TOOL
from subkit.plugins import writer_for
from subkit.store import ProjectFile, load, publish
from subkit_cli import console
from subkit_cli.arguments import add_tracks
from subkit_cli.exits import DONE
from subkit_cli.loss_report import tell_losses
from subkit_cli.people import user_name
from subkit_cli.run_report import counted
from subkit_cli.run_settings import settings_from
from subkit_cli.settings import add_settings
from subkit_cli.subtitles import add_subtitle_arguments, is_project, open_subtitle

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from subkit.alignment import Resync
    from subkit.model import Project, Track
    from subkit.pipeline import SyncReference

__all__ = ["add_arguments", "run"]

_FLAGS = ("language", "encoding", "fps", "start-timecode", "drop-frame")
_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit sync``."""
    add_subtitle_arguments(parser, _FLAGS)
    parser.set_defaults(media=None, source=None)
    parser.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="MEDIA|SUBTITLE",
        help="film, or subtitle in any language that fits it, or project",
    )
    add_tracks(parser, "track of a project, the first of which is looked for")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="write the moved subtitle file here"
    )
    parser.add_argument("--force", action="store_true", help="move although the evidence is weak")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what was found without writing it"
    )
    parser.add_argument("--by", metavar="NAME", help="your name in the ledger")
    add_settings(parser, ("overwrite",))


def run(arguments: argparse.Namespace) -> int:
    """Find, move, write.

    Raises:
        EvidenceError: the evidence is weak, and not forced.
        InputError: a file cannot be read.
        PlanError: no place for the result, or flags that do not go together.
    """
    overwrite = settings_from(arguments).get("overwrite", False)
    if is_project(arguments):
        reference, found = _sync_project(arguments)
    else:
        reference, found = _sync_subtitle(arguments, overwrite=overwrite)
    written = str(arguments.output) if arguments.output and not arguments.dry_run else None
    if arguments.json:
        facts = {"to": str(arguments.to), "basis": reference.basis, **found.to_dict()}
        console.print_json({**facts, "written": written})
        return DONE
    if not arguments.quiet:
        for line in _lines(found, reference):
            console.print_line(line)
    if written:
        console.print_line(written)
    return DONE


def _sync_project(arguments: argparse.Namespace) -> tuple[SyncReference, Resync]:
    if arguments.output:
        raise PlanError(
            "--output is for subtitle files; a project is moved where it is.",
            remedy="Leave it out; subkit undo brings back what was before.",
        )
    if arguments.dry_run:
        reference, found, _ = _synced(load(arguments.file), arguments)
        return reference, found
    with ProjectFile.open(arguments.file) as store:
        head, before = store.head(), store.load()
        reference, found, moved = _synced(before, arguments)
        actor = arguments.by or user_name()
        store.commit(moved, actor=actor, action="sync", tool=TOOL, expected=head)
    return reference, found


def _sync_subtitle(
    arguments: argparse.Namespace, *, overwrite: bool
) -> tuple[SyncReference, Resync]:
    if not (arguments.output or arguments.dry_run):
        raise PlanError(
            f"{str(arguments.file)!r} is not written over.",
            remedy="Name the moved file with -o OUT, or look at what is found with --dry-run.",
        )
    output_format = arguments.output.suffix.lstrip(".") if arguments.output else ""
    if arguments.output:
        writer_for(output_format)  # an unknown one is told before the work
    project = open_subtitle(arguments)
    if arguments.output and len(project.tracks) > 1:
        raise PlanError(
            f"{str(arguments.file)!r} holds {len(project.tracks)} languages, and "
            f"{str(arguments.output)!r} would hold one.",
            remedy="Name the one to move with --language, or sync a file of each.",
        )
    reference, found, moved = _synced(project, arguments)
    if arguments.output and not arguments.dry_run:
        made = written_track(moved, moved.tracks[0], output_format, disclosed=False)
        publish(arguments.output, made.data, overwrite=overwrite)
        tell_losses({arguments.output: made.losses} if made.losses else {})
    return reference, found


def _synced(
    project: Project, arguments: argparse.Namespace
) -> tuple[SyncReference, Resync, Project]:
    tracks = _tracks(project, arguments)
    with console.progress(arguments) as progress:
        reference = read_reference(arguments.to, project=project, progress=progress)
        found = sync_tracks(tracks, reference, force=arguments.force)
    for reason in found.reasons:
        console.warn(f"Forced: {reason}")
    moved = resync_project(project, tracks, found, grid=project.media.frame_rate)
    return reference, found, moved


def _tracks(project: Project, arguments: argparse.Namespace) -> list[Track]:
    tracks = [project.track(name) for name in arguments.track or ()] or list(project.tracks)
    if not tracks:
        raise InputError(f"{str(arguments.file)!r} has no track to sync.")
    return tracks


def _lines(found: Resync, reference: SyncReference) -> Iterator[str]:
    """What was found, as an editor reads it."""
    rate = f"frame rate {found.ratio}" if found.ratio.rates else "same frame rate"
    yield (
        f"{rate}, {counted(len(found.sections), 'section')}, {found.found} of {found.asked} cues "
        f"found by {reference.basis}, confidence {found.confidence:.2f}"
    )
    for section in found.sections:
        yield (
            f"  from {clock_time(section.begin)}  {float(section.offset):+.3f} s  "
            f"{counted(section.cues, 'cue')}"
        )
    if found.missing:
        more = f" and {len(found.missing) - _SHOWN} more" * (len(found.missing) > _SHOWN)
        yield f"not found in {reference.path.name}: {', '.join(found.missing[:_SHOWN])}{more}"
