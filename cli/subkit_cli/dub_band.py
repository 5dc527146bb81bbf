"""``subkit dub band``: the rhythmo band of a dubbing track."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import PlanError
from subkit.model import exact_number
from subkit.pipeline import BandOptions, dubbed_track, write_band
from subkit.store import ProjectFile, load, mark_of
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.run_settings import settings_from
from subkit_cli.settings import add_settings
from subkit_cli.track_export import add_gate_arguments, require_asked

if TYPE_CHECKING:
    import argparse

__all__ = ["add_band_arguments", "band"]


def add_band_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the band goes, and how it looks."""
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="band.ass, or band.mp4 for the film with the band in its picture",
    )
    parser.add_argument(
        "--seconds",
        default="8",
        metavar="N",
        help="how long a word takes from edge to edge (default: 8)",
    )
    parser.add_argument("--font", default="Arial", metavar="NAME", help="font (default: Arial)")
    parser.add_argument(
        "--fontsdir", type=Path, metavar="DIR", help="folder with fonts to use before the system's"
    )
    add_gate_arguments(parser)
    add_settings(parser, ("overwrite",))


def band(arguments: argparse.Namespace) -> int:
    """Write the band.

    Raises:
        ApprovalError: approval was required and is missing.
        MediaError: ffmpeg cannot draw or encode, or no font has a letter.
        PlanError: another extension, or a speed that nobody can read.
    """
    try:
        seconds = exact_number(arguments.seconds)
    except ValueError as error:
        raise PlanError(f"--seconds takes a number, not {arguments.seconds!r:.40}.") from error
    project = load(arguments.project)
    track = dubbed_track(project, arguments.track)
    require_asked(arguments, project, [track])
    with ProjectFile.open(arguments.project, writable=False) as store:
        ledger = mark_of(store)
    options = BandOptions(
        ledger=ledger,
        seconds=seconds,
        font=arguments.font,
        fonts=arguments.fontsdir,
        overwrite=settings_from(arguments).get("overwrite", False),
    )
    with console.progress(arguments) as progress:
        files = write_band(project, track, arguments.output, progress, options)
    if arguments.json:
        console.print_json({"files": [str(path) for path in files]})
    else:
        for path in files:
            console.print_line(str(path))
    return DONE
