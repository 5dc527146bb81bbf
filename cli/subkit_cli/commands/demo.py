"""``subkit demo``: the main job on the embedded clip with the embedded models."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.demo import scene_file
from subkit.pipeline import RunOptions, plan_run, run_plan
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.run_report import (
    finding_lines,
    from_here,
    outcome_json,
    print_cues,
    speed_words,
)

if TYPE_CHECKING:
    import argparse

    from subkit.pipeline import Outcome

__all__ = ["add_arguments", "run"]

NEXT = """\
These demo models know only this small domain: invented film dialogue in synthetic voices.
Look at it:     subkit review {project}
For your film:  subkit run film.mkv --to ko,es"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit demo``."""
    parser.add_argument(
        "-o",
        "--output-dir",
        type=Path,
        default=Path("subkit-demo"),
        metavar="DIR",
        help="output folder (default: subkit-demo)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the demo and show what came out.

    Raises:
        StoreError: the folder cannot be made or written.
    """
    folder: Path = arguments.output_dir
    options = RunOptions(to=("ko", "es"), model="demo", translator="demo", offline=True)
    with console.progress(arguments) as progress:
        plan = plan_run(scene_file(), options, folder=folder, formats=("srt", "vtt"))
        known = plan.project.exists()
        outcome = run_plan(plan, progress=progress)
    if arguments.json:
        console.print_json(outcome_json(outcome))
    elif arguments.quiet:
        for path in (outcome.path, *outcome.files):
            console.print_line(str(path))
    else:
        _show(outcome, known=known)
    return DONE


def _show(outcome: Outcome, *, known: bool) -> None:
    print_cues(outcome.project)
    for line in finding_lines(outcome.findings):
        console.print_line(line)
    for path in (outcome.path, *outcome.files):
        console.print_line(f"wrote {from_here(path)}")
    seconds = float(outcome.project.media.duration)
    again = f" (remove {from_here(outcome.path)} to compute anew)" if known else ""
    console.print_line(
        f"{seconds:.1f} s of film in {outcome.seconds:.1f} s{speed_words(outcome)}{again}"
    )
    console.print_line()
    console.print_line(NEXT.format(project=from_here(outcome.path)))
    sys.stdout.flush()
