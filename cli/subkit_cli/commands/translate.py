"""``subkit translate``: cues to the same cues in other languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import PlanError
from subkit.language import parse_language
from subkit.pipeline import (
    DEMO_WARNING,
    read_terminology,
    translate_project,
    translator_model,
)
from subkit.pipeline.memory import load_memory
from subkit.store import ProjectFile
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.planning import (
    DEVICE_KEYS,
    MODEL_KEYS,
    STYLE_KEYS,
    TRANSLATION_KEYS,
    options_from,
    settings_from,
)
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit translate``."""
    parser.add_argument("project", type=Path, metavar="PROJECT", help="project file")
    add_settings(parser, (*TRANSLATION_KEYS, *DEVICE_KEYS, *STYLE_KEYS, *MODEL_KEYS))


def run(arguments: argparse.Namespace) -> int:
    """Translate the source track of a project.

    Raises:
        PlanError: no language was named, or one twice.
    """
    options = options_from(settings_from(arguments))
    if not options.to:
        raise PlanError("No language to translate into.", remedy="Name some: --to ko,es.")
    options = replace(options, to=_targets(options.to))
    # What is wrong with files is told before a model is fetched.
    read_terminology(options)
    for target in options.to:
        options.style.load(target)
        load_memory(options.memories, target)
    with console.progress(arguments) as progress, ProjectFile.open(arguments.project) as store:
        model = translator_model(options, progress)
        if model.demo:
            progress.warn(DEMO_WARNING)
        project = translate_project(store, options, model, progress)
    tracks = {track.id: len(track.cues) for track in project.tracks}
    if arguments.json:
        facts = {"project": str(arguments.project), "tracks": tracks, "demo": model.demo}
        console.print_json(facts)
    elif arguments.quiet:
        console.print_line(str(arguments.project))
    else:
        for track, cues in tracks.items():
            console.print_line(f"{track}: {cues} cues")
    return DONE


def _targets(named: tuple[str, ...]) -> tuple[str, ...]:
    tags = tuple(parse_language(tag).tag for tag in named)
    if len(set(tags)) < len(tags):
        raise PlanError(
            f"A language is named twice in {', '.join(named)}.", remedy="Name each once."
        )
    return tags
