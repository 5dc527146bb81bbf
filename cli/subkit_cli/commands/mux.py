"""``subkit mux``: a film and subtitle files in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import PlanError
from subkit.pipeline.film_muxing import AddedText, MuxOptions, mux_film
from subkit.pipeline.hls_folders import hls_folder
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.loss_report import losses_json, tell_losses
from subkit_cli.run_settings import settings_from
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit mux``."""
    parser.description = (
        "A film and subtitle files in one file. Picture and sound are copied, never encoded anew. "
        "Language and purpose come from the names of the files (film.ko.forced.srt)."
    )
    parser.add_argument("media", type=Path, metavar="MEDIA", help="media file")
    parser.add_argument(
        "subtitles", type=Path, nargs="+", metavar="SUBTITLE", help="subtitle files, of any format"
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("-o", "--output", type=Path, metavar="FILE", help="film.mkv or film.mp4")
    where.add_argument(
        "--hls", type=Path, metavar="DIR", help="folder to make for HTTP Live Streaming"
    )
    parser.add_argument(
        "--language",
        action="append",
        metavar="LANG",
        help="language of a subtitle file, once for each in their order (default: of its name)",
    )
    parser.add_argument(
        "--title",
        action="append",
        metavar="TEXT",
        help="name of a track for viewers, once for each file in their order",
    )
    parser.add_argument(
        "--default", default="", metavar="LANG", help="track to show unless the viewer chooses"
    )
    parser.add_argument(
        "-f",
        "--format",
        default="",
        choices=("", "srt", "vtt", "ass"),
        metavar="srt|vtt|ass",
        help="format of the tracks in MKV (default: that of each file, otherwise srt)",
    )
    parser.add_argument(
        "--attach",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="font to put inside MKV, again for more",
    )
    add_settings(parser, ("overwrite", "strict"))


def run(arguments: argparse.Namespace) -> int:
    """Put the film together.

    Raises:
        LossError: the container cannot hold all of a track, and ``--strict``.
        MediaError: ffmpeg cannot put the film into this container.
        PlanError: languages or titles for other files than there are.
        StoreError: the file is there already.
    """
    settings = settings_from(arguments)
    texts = [
        AddedText(path=path, language=language, title=title or "")
        for path, language, title in zip(
            arguments.subtitles,
            _each(arguments.language, arguments.subtitles, "--language"),
            _each(arguments.title, arguments.subtitles, "--title"),
            strict=True,
        )
    ]
    options = MuxOptions(
        default=arguments.default,
        output_format=arguments.format,
        fonts=tuple(arguments.attach),
        overwrite=settings.get("overwrite", False),
        strict=settings.get("strict", False),
    )
    with console.progress(arguments) as progress:
        if arguments.hls is None:
            done = mux_film(arguments.media, texts, arguments.output, progress, options)
        else:
            strict = settings.get("strict", False)
            done = hls_folder(arguments.media, texts, arguments.hls, progress, strict=strict)
    if arguments.json:
        notes = list(done.notes)
        facts = {"file": str(done.path), "losses": losses_json(done.losses), "notes": notes}
        console.print_json(facts)
        return DONE
    for note in () if arguments.quiet else done.notes:
        console.warn(note)
    tell_losses(done.losses)
    console.print_line(str(done.path))
    return DONE


def _each(given: list[str] | None, files: list[Path], flag: str) -> list[str | None]:
    """A value for each file; none given are none."""
    if given is None:
        return [None] * len(files)
    if len(given) != len(files):
        raise PlanError(
            f"{flag} is given {len(given)} times for {len(files)} subtitle files.",
            remedy="Give it once for each, in their order, or not at all.",
        )
    return list(given)
