"""``subkit transcribe``: media to words, kept in a project file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.compliance import DEMO_WARNING
from subkit.media import probe
from subkit.pipeline import chosen_recognizer, open_project, transcribe_project, with_plugins
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.run_settings import MODEL_KEYS, RECOGNITION_KEYS, options_from, settings_from
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit transcribe``."""
    parser.add_argument("media", type=Path, metavar="MEDIA", help="media file")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="PROJECT", help="project file (default: NAME.subkit)"
    )
    add_settings(parser, (*RECOGNITION_KEYS, *MODEL_KEYS))


def run(arguments: argparse.Namespace) -> int:
    """Transcribe one media file."""
    options = with_plugins(options_from(settings_from(arguments)))
    path = (arguments.output or arguments.media.with_suffix(".subkit")).absolute()
    with console.progress(arguments) as progress:
        media = probe(arguments.media.absolute(), warn=progress.warn)  # before a model is fetched
        chosen = chosen_recognizer(options, progress)
        model = chosen.model
        if model.demo:
            progress.warn(DEMO_WARNING)
        with open_project(path, media) as store:
            project = transcribe_project(store, options, model, progress)
    transcript = project.transcript
    assert transcript is not None
    facts = {
        "project": str(path),
        "recognizer": model.name,
        "note": chosen.note or None,
        "language": transcript.language,
        "words": len(transcript.words),
        "windows": len(transcript.windows),
        "demo": model.demo,
    }
    if arguments.json:
        console.print_json(facts)
    elif arguments.quiet:
        console.print_line(str(path))
    else:
        console.print_line(f"{path}: {facts['words']} words in {transcript.language}")
    return DONE
