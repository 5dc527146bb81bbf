"""``subkit export``: subtitle files from a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.alignment import bilingual_track
from subkit.store import load
from subkit_cli.arguments import add_project, add_tracks
from subkit_cli.track_export import add_export_arguments, require_asked, write_tracks

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
    add_export_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the tracks.

    Raises:
        ApprovalError: approval was required and is missing.
        LossError: a format cannot hold all of a track, and ``--strict``.
        PlanError: the disclosure is left out by nobody.
    """
    project = load(arguments.project)
    tracks = [project.track(name) for name in arguments.track or ()] or list(project.tracks)
    if arguments.above is None:
        require_asked(arguments, project, tracks)
        return write_tracks(arguments, project, tracks)
    above = project.track(arguments.above)
    tracks = [track for track in tracks if track.id != above.id]
    require_asked(arguments, project, [above, *tracks])
    return write_tracks(arguments, project, [bilingual_track(above, track) for track in tracks])
