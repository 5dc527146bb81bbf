"""``subkit conform``: finished tracks carried to another cut of their film."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import InputError, PlanError, TimecodeError
from subkit.model.clock import clock_time
from subkit.pipeline import (
    commit_conformed,
    conform_to,
    read_recut,
    written_track,
)
from subkit.plugins import writer_for
from subkit.store import ProjectFile, copy_project, load, publish
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.loss_report import tell_losses
from subkit_cli.people import user_name
from subkit_cli.run_report import counted
from subkit_cli.run_settings import frame_rate_from, settings_from
from subkit_cli.settings import add_settings
from subkit_cli.subtitles import add_subtitle_arguments, is_project, open_subtitle

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from fractions import Fraction

    from subkit.alignment import ConformResult
    from subkit.model import FrameRate, Project
    from subkit.pipeline import Recut

__all__ = ["add_arguments", "asked_recut", "run", "tell_forced"]

_FLAGS = ("language", "encoding", "media", "fps", "start-timecode", "drop-frame")
_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit conform``."""
    add_subtitle_arguments(parser, _FLAGS)
    parser.set_defaults(source=None, track=None)
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
        "--film", type=Path, metavar="FILE", help="film of the new cut, where --to is its edit"
    )
    parser.add_argument(
        "--edit-fps", metavar="RATE", help="frame rate of the edit (default: of the film)"
    )
    parser.add_argument(
        "--edit-start",
        metavar="TIMECODE",
        help="timecode of the first frame in an EDL (default: the full hour of its first event)",
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="leave the file, and write this one"
    )
    parser.add_argument("--force", action="store_true", help="carry although the evidence is weak")
    parser.add_argument("--dry-run", action="store_true", help="show what would become of the cues")
    parser.add_argument("--by", metavar="NAME", help="your name in the ledger")
    add_settings(parser, ("overwrite",))


def run(arguments: argparse.Namespace) -> int:
    """Find where the old cut went, carry the cues, and tell what a person should look at.

    Raises:
        EvidenceError: the evidence is weak, and not forced.
        InputError: a file cannot be read.
        PlanError: no place for the result, or flags that do not go together.
        StoreError: the output exists, or cannot be written.
    """
    if is_project(arguments):
        recut, done = _project(arguments)
    else:
        recut, done = _subtitle(arguments)
    written = None if arguments.dry_run else arguments.output or arguments.file
    if arguments.json:
        facts = {"to": str(arguments.to), "basis": recut.basis, **done.to_dict()}
        console.print_json({**facts, "written": written and str(written)})
        return DONE
    if not arguments.quiet:
        for line in _lines(recut, done):
            console.print_line(line)
    if written:
        console.print_line(str(written))
    return DONE


def _project(arguments: argparse.Namespace) -> tuple[Recut, ConformResult]:
    if arguments.dry_run:
        return _conformed(load(arguments.file), arguments)
    if arguments.output:
        if arguments.output.suffix.lower() != ".subkit":
            raise PlanError(
                f"{str(arguments.output)!r} is not the name of a project.",
                remedy="Name a .subkit file with -o, and export subtitles from that.",
            )
        copy_project(arguments.file, arguments.output)
    try:
        with ProjectFile.open(arguments.output or arguments.file) as store:
            head, before = store.head(), store.load()
            recut, done = _conformed(before, arguments)
            actor = arguments.by or user_name()
            commit_conformed(store, before, done, by=actor, expected=head)
    except BaseException:
        if arguments.output:
            arguments.output.unlink(missing_ok=True)
        raise
    return recut, done


def _subtitle(arguments: argparse.Namespace) -> tuple[Recut, ConformResult]:
    if not (arguments.output or arguments.dry_run):
        raise PlanError(
            f"{str(arguments.file)!r} is not written over.",
            remedy="Name the conformed file with -o OUT, or look at it with --dry-run.",
        )
    output_format = arguments.output.suffix.lstrip(".") if arguments.output else ""
    if arguments.output:
        writer_for(output_format)  # an unknown one is told before the work
    project = open_subtitle(arguments)
    if arguments.output and len(project.tracks) > 1:
        raise PlanError(
            f"{str(arguments.file)!r} holds {len(project.tracks)} languages, and "
            f"{str(arguments.output)!r} would hold one.",
            remedy="Name the one to carry with --language, or conform a file of each.",
        )
    recut, done = _conformed(project, arguments)
    if arguments.output and not arguments.dry_run:
        track = done.project.tracks[0]
        made = written_track(done.project, track, output_format, disclosed=False)
        overwrite = settings_from(arguments).get("overwrite", False)
        publish(arguments.output, made.data, overwrite=overwrite)
        tell_losses({arguments.output: made.losses} if made.losses else {})
    return recut, done


def _conformed(project: Project, arguments: argparse.Namespace) -> tuple[Recut, ConformResult]:
    if not project.tracks:
        raise InputError(f"{str(arguments.file)!r} has no track to carry.")
    recut = asked_recut(project, arguments)
    done = conform_to(project, recut, force=arguments.force)
    tell_forced(recut)
    return recut, done


def asked_recut(project: Project, arguments: argparse.Namespace) -> Recut:
    """Return the new cut of a project's film that the arguments name."""
    rate = frame_rate_from(arguments.edit_fps)
    with console.progress(arguments) as progress:
        return read_recut(
            project,
            arguments.to,
            old=arguments.old,
            film=arguments.film,
            rate=rate,
            start=_start_from(arguments.edit_start, rate or project.media.frame_grid),
            progress=progress,
        )


def tell_forced(recut: Recut) -> None:
    """Warn of why a cut would have been refused if nobody had forced it."""
    for reason in recut.cuts.reasons:
        console.warn(f"Forced: {reason}")


def _start_from(text: str | None, rate: FrameRate) -> Fraction | None:
    """Return the timecode of ``--edit-start`` as seconds; ``None`` where it was not given.

    Raises:
        PlanError: it is no timecode.
    """
    if text is None:
        return None
    try:
        return rate.parse_timecode(text)
    except TimecodeError as error:
        raise PlanError(f"--edit-start: {error.message}", remedy=error.remedy) from error


def _lines(recut: Recut, done: ConformResult) -> Iterator[str]:
    """What became of the cues, as an editor reads it."""
    cuts = recut.cuts
    yield (
        f"by {recut.basis}: {cuts.share:.0%} of the new cut is from the old one, in "
        f"{counted(len(cuts.passages), 'passage')}"
    )
    yield from cuts.notes
    looked = f", {counted(len(done.rows), 'cue')} to look at" if done.rows else ""
    yield f"{counted(done.moved, 'cue')} carried, {counted(done.kept, 'approval')} kept{looked}"
    for row in done.rows[:_SHOWN]:
        yield f"  {row.track} {row.message}"
    if len(done.rows) > _SHOWN:
        yield f"  … {len(done.rows) - _SHOWN} more: --json has all"
    if done.fresh:
        spans = ", ".join(
            f"{clock_time(span.start)} to {clock_time(span.end)}" for span in done.fresh[:_SHOWN]
        )
        yield f"new in this cut, without cues: {spans}"
