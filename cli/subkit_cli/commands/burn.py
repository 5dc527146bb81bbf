"""``subkit burn``: a film with its subtitles in the picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.formats.losses import loss_facts
from subkit.pipeline.burning_in import BurnOptions, burn_film
from subkit.pipeline.film_muxing import AddedText
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.loss_report import tell_losses
from subkit_cli.run_settings import settings_from
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit burn``."""
    parser.description = (
        "A film with its subtitles drawn into the picture, as MP4. Every letter is looked for in "
        "the fonts before the first picture."
    )
    parser.add_argument("media", type=Path, metavar="MEDIA", help="media file")
    parser.add_argument("subtitle", type=Path, metavar="SUBTITLE", help="subtitle file, any format")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", required=True, help="film.mp4 to write"
    )
    parser.add_argument("--language", metavar="LANG", help="language of the text, or which of it")
    parser.add_argument(
        "--font", default="", metavar="NAME", help="font of all text (default: of the file, Arial)"
    )
    parser.add_argument(
        "--fontsdir", type=Path, metavar="DIR", help="folder with fonts to use before the system's"
    )
    parser.add_argument(
        "--crf",
        type=int,
        default=18,
        metavar="N",
        help="quality of H.264, 0 (lossless) to 51 (default: 18)",
    )
    add_settings(parser, ("overwrite", "strict"))


def run(arguments: argparse.Namespace) -> int:
    """Draw the subtitles into the picture.

    Raises:
        LossError: not all of the text can be drawn, and ``--strict``.
        MediaError: no picture, no encoder, or no font for a letter.
        StoreError: the file is there already.
    """
    settings = settings_from(arguments)
    options = BurnOptions(
        font=arguments.font,
        fonts=arguments.fontsdir,
        crf=arguments.crf,
        overwrite=settings.get("overwrite", False),
        strict=settings.get("strict", False),
    )
    text = AddedText(path=arguments.subtitle, language=arguments.language)
    with console.progress(arguments) as progress:
        done = burn_film(arguments.media, text, arguments.output, progress, options)
    if arguments.json:
        console.print_json(
            {
                "file": str(done.path),
                "fonts": {name: list(drawn) for name, drawn in done.fonts.items()},
                "losses": [loss_facts(loss) for loss in done.losses],
                "notes": list(done.notes),
            }
        )
        return DONE
    for note in () if arguments.quiet else done.notes:
        console.warn(note)
    if done.losses:
        tell_losses({arguments.subtitle: done.losses})
    for name, drawn in () if arguments.quiet else done.fonts.items():
        console.warn(f"{name} is drawn with {', '.join(drawn)}.")
    console.print_line(str(done.path))
    return DONE
