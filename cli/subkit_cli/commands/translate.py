"""``subkit translate``: cues to the same cues in other languages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from subkit.compliance import DEMO_WARNING
from subkit.errors import PlanError
from subkit.pipeline import (
    Output,
    plan_translation,
    read_subtitle,
    translate_project,
    translate_subtitle,
)
from subkit.quality import reading_shares
from subkit.store import ProjectFile
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.loss_report import losses_json, tell_losses
from subkit_cli.run_report import counted, reading_json, reading_words
from subkit_cli.run_settings import (
    DEVICE_KEYS,
    DISCLOSURE_KEYS,
    MODEL_KEYS,
    STYLE_KEYS,
    TRANSLATION_KEYS,
    options_from,
    settings_from,
    undisclosed_by,
)
from subkit_cli.settings import add_settings
from subkit_cli.subtitles import SOURCE_FLAGS, add_subtitle_arguments, grid_from, is_project

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from subkit.model import Project
    from subkit.pipeline import RunOptions
    from subkit.quality import ReadingShare

__all__ = ["add_arguments", "run"]

_FILE_KEYS = ("output_dir", "output_format", "overwrite", "strict", *DISCLOSURE_KEYS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit translate``."""
    parser.description = (
        "Cues to the same cues in other languages. A project gets a track for each language, to be "
        "written with subkit export. A subtitle file such as film.en.srt gets the project "
        "film.subkit, to be reviewed, and a file for each language, film.ko.srt."
    )
    add_subtitle_arguments(parser, SOURCE_FLAGS)
    add_settings(parser, (*TRANSLATION_KEYS, *DEVICE_KEYS, *STYLE_KEYS, *MODEL_KEYS))
    add_settings(parser, _FILE_KEYS)


def run(arguments: argparse.Namespace) -> int:
    """Translate the source track of a project, or a subtitle file.

    Raises:
        PlanError: no language was named, or one twice.
    """
    settings = settings_from(arguments)
    options = options_from(settings)
    options = replace(options, encoding=arguments.encoding or options.encoding)
    if not options.to:
        raise PlanError("No language to translate into.", remedy="Name some: --to ko,es.")
    if is_project(arguments, fits_both=("encoding",)):
        _refuse_files(arguments)
        return _translate_project(arguments, options)
    return _translate_subtitle(arguments, options, settings)


def _translate_project(arguments: argparse.Namespace, options: RunOptions) -> int:
    with console.progress(arguments) as progress, ProjectFile.open(arguments.file) as store:
        options, model = plan_translation(options, progress=progress)
        assert model is not None
        if model.demo:
            progress.warn(DEMO_WARNING)
        project = translate_project(store, options, model, progress)
    shares = reading_shares(project, options.style)
    facts = {"project": str(arguments.file), "tracks": _counts(project), "demo": model.demo}
    _tell(arguments, facts, shares, [arguments.file] if arguments.quiet else [])
    return DONE


def _translate_subtitle(
    arguments: argparse.Namespace, options: RunOptions, settings: Mapping[str, Any]
) -> int:
    with console.progress(arguments) as progress:
        source = read_subtitle(
            arguments.file,
            language=arguments.language,
            encoding=arguments.encoding,
            media=arguments.media,
            frame_rate=grid_from(arguments),
            start=arguments.start_timecode,
            folder=settings.get("output_dir"),
            progress=progress,
        )
        output = Output(
            folder=source.path.parent,
            stem=source.stem,
            formats=settings.get("output_format") or (source.format,),
            overwrite=settings.get("overwrite", False),
            undisclosed_by=undisclosed_by(settings),
            strict=settings.get("strict", False),
        )
        done = translate_subtitle(source, options, output, progress=progress)
    shares = reading_shares(done.project, options.style)
    facts = {
        "project": str(done.path),
        "tracks": _counts(done.project),
        "demo": done.demo,
        "files": [str(path) for path in done.files],
        "repairs": list(done.repairs),
        "losses": losses_json(done.losses),
    }
    if not arguments.json:
        tell_losses(done.losses)
    _tell(arguments, facts, shares, [done.path, *done.files])
    return DONE


def _refuse_files(arguments: argparse.Namespace) -> None:
    for key in _FILE_KEYS:
        if getattr(arguments, f"setting_{key}") is not None:
            raise PlanError(
                f"--{key.replace('_', '-')} is for a subtitle file, which "
                f"{str(arguments.file)!r} is not.",
                remedy="Write the files of a project with subkit export.",
            )


def _counts(project: Project) -> dict[str, int]:
    return {track.id: len(track.cues) for track in project.tracks}


def _tell(
    arguments: argparse.Namespace,
    facts: dict[str, Any],
    shares: Mapping[str, ReadingShare],
    made: Iterable[Path],
) -> None:
    if arguments.json:
        console.print_json({**facts, "reading": reading_json(shares)})
        return
    if not arguments.quiet:
        for track, cues in facts["tracks"].items():
            told = reading_words(shares.get(track))
            console.print_line(f"{track}: {counted(cues, 'cue')}{told}")
    for path in made:
        console.print_line(str(path))
