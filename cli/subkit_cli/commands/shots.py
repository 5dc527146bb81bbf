"""``subkit shots``: the shot changes of a media file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import MediaError, PlanError, StoreError
from subkit.media import ShotOptions, find_shots, probe
from subkit.model import FrameRate
from subkit.store import publish
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.run_settings import settings_from
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse

    from subkit.media import ShotChange
    from subkit.model import Media

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit shots``."""
    parser.add_argument("media", type=Path, metavar="MEDIA", help="media file")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write the list to a file for --shots"
    )
    parser.add_argument(
        "--threshold",
        default="10",
        metavar="PERCENT",
        help="minimum difference of pictures at a cut; lower finds more (default: 10)",
    )
    add_settings(parser, ("overwrite",))


def run(arguments: argparse.Namespace) -> int:
    """Look for shot changes and list them.

    Raises:
        MediaError: the media has no pictures.
        StoreError: the list is there already; told before the long work.
    """
    settings = settings_from(arguments)
    overwrite = settings.get("overwrite", False)
    if arguments.output is not None and os.path.lexists(arguments.output) and not overwrite:
        raise StoreError(
            f"{str(arguments.output)!r} already exists.",
            remedy="Choose another name, or allow overwriting (-y).",
        )
    options = ShotOptions(threshold=_percent(arguments.threshold))
    with console.progress(arguments) as progress:
        media = probe(arguments.media.absolute(), warn=progress.warn)
        if media.frame_rate is None:
            raise MediaError(
                f"{str(arguments.media)!r} has no pictures, so it has no shot changes.",
                remedy="Name the film.",
            )
        progress.begin("shots", float(media.duration), "s")
        found = list(
            find_shots(
                media,
                options,
                tell=lambda time: progress.advance("shots", time),
                warn=progress.warn,
            )
        )
        progress.end("shots")
    lines = [_line(change, media, media.frame_rate) for change in found]
    if arguments.output is not None:
        text = "".join(f"{line}\n" for line in lines)
        publish(arguments.output, text.encode(), overwrite=overwrite)
    if arguments.json:
        console.print_json(_document(found, media, media.frame_rate))
    elif arguments.output is not None:
        more = "" if arguments.quiet else f": {len(found)} shot changes"
        console.print_line(f"{arguments.output}{more}")
    else:
        for line in lines:
            console.print_line(line)
    return DONE


def _percent(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise PlanError(f"{text!r} is not a percentage.", remedy="Give a number to 100.") from error


def _line(change: ShotChange, media: Media, rate: FrameRate) -> str:
    """A line that a person reads, and ``--shots FILE`` too."""
    code = rate.timecode(change.time, media.programme_start)
    return f"{change.time!s:<20} # {code}  {change.score:5.1f}  {change.kind}"


def _document(found: list[ShotChange], media: Media, rate: FrameRate) -> dict[str, object]:
    return {
        "media": media.path,
        "frame_rate": str(rate.rate),
        "programme_start": str(media.programme_start),
        "shots": [
            {
                "time": str(change.time),
                "timecode": rate.timecode(change.time, media.programme_start),
                "frame": rate.frame(change.time),
                "score": round(change.score, 3),
                "kind": change.kind,
            }
            for change in found
        ],
    }
