"""``subkit export``: subtitle files from a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.alignment import bilingual_track
from subkit.compliance.signoff import Gate, read_gate, require_gate
from subkit.pipeline import Output, export_tracks, note_undisclosed
from subkit.store import ProjectFile, load
from subkit_cli import console
from subkit_cli.arguments import add_project, add_tracks
from subkit_cli.exits import DONE
from subkit_cli.loss_report import losses_json, tell_losses
from subkit_cli.run_settings import (
    DISCLOSURE_KEYS,
    STYLE_KEYS,
    options_from,
    settings_from,
    undisclosed_by,
)
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit export``."""
    add_project(parser)
    add_tracks(parser, "track to write")
    parser.add_argument(
        "--above",
        metavar="LANG",
        help="bilingual: the lines of this track above those of the track written",
    )
    parser.add_argument(
        "--require",
        choices=("approved",),
        help="exit with 6 unless people have approved everything",
    )
    parser.add_argument(
        "--gate", type=Path, metavar="FILE", help="requirements of --require approved, TOML"
    )
    add_settings(
        parser,
        ("output_format", "output_dir", "overwrite", "strict", *DISCLOSURE_KEYS, *STYLE_KEYS),
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the tracks.

    Raises:
        ApprovalError: approval was required and is missing.
        LossError: a format cannot hold all of a track, and ``--strict``.
        PlanError: the disclosure is left out by nobody.
    """
    settings = settings_from(arguments)
    undisclosed = undisclosed_by(settings)
    project = load(arguments.project)
    tracks = [project.track(name) for name in arguments.track or ()] or list(project.tracks)
    above = None if arguments.above is None else project.track(arguments.above)
    if above is not None:
        tracks = [track for track in tracks if track.id != above.id]
    if arguments.require or arguments.gate:
        gate = read_gate(arguments.gate) if arguments.gate else Gate()
        both = tracks if above is None else [above, *tracks]
        require_gate(project, both, gate, options_from(settings).style)
    if above is not None:
        tracks = [bilingual_track(above, track) for track in tracks]
    if undisclosed is not None:  # noted before there is any file without it
        with ProjectFile.open(arguments.project) as store:
            note_undisclosed(store, tracks, by=undisclosed)
    output = Output(
        folder=settings.get("output_dir", arguments.project.parent),
        stem=arguments.project.stem,
        formats=settings.get("output_format", ("srt",)),
        overwrite=settings.get("overwrite", False),
        undisclosed_by=undisclosed,
        strict=settings.get("strict", False),
    )
    done = export_tracks(project, output, tracks=tracks)
    if arguments.json:
        files = [str(path) for path in done.files]
        console.print_json({"files": files, "losses": losses_json(done.losses)})
    else:
        tell_losses(done.losses)
        for path in done.files:
            console.print_line(str(path))
    return DONE
