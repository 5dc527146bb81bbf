"""``subkit convert``: subtitle files to other formats, without a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import BatchError, LossError, PlanError, SubkitError
from subkit.pipeline import (
    ConvertedFile,
    Output,
    convert_subtitle,
    converted_names,
    file_suffixes,
)
from subkit_cli import console
from subkit_cli.exits import DONE, GATE, PARTLY, kind_of
from subkit_cli.loss_report import losses_json, tell_losses
from subkit_cli.run_settings import settings_from
from subkit_cli.settings import add_settings
from subkit_cli.subtitles import add_source_flags, said_of

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]

_FLAGS = ("language", "encoding", "fps", "start-timecode", "drop-frame")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit convert``."""
    parser.description = (
        "Subtitle files to other formats, film.stl to film.vtt, beside themselves or in a folder. "
        "What a format cannot hold is said. A file with several languages becomes one for each."
    )
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="SUBTITLE", help="subtitle files, of any format"
    )
    add_source_flags(parser, _FLAGS)
    parser.add_argument(
        "--profile",
        dest="variant",
        default="",
        metavar="NAME",
        help="variant of the format to write, as in docs/formats.md",
    )
    parser.add_argument(
        "--reel", type=int, default=1, metavar="N", help="number of the reel, for cinemas"
    )
    add_settings(parser, ("output_format", "output_dir", "overwrite", "strict"))


def run(arguments: argparse.Namespace) -> int:
    """Convert every file in turn; a broken one never stops the rest.

    Raises:
        SubkitError: the only file failed.
        BatchError: some of several failed; each fault is named.
        PlanError: no format was named, or two files would have one name.
    """
    settings = settings_from(arguments)
    formats = settings.get("output_format", ())
    if not formats:
        raise PlanError("No format to convert to.", remedy="Name one: -f vtt.")
    if arguments.reel < 1:
        raise PlanError(f"{arguments.reel} is not a reel.", remedy="Reels are numbered from 1.")
    said = said_of(arguments, _FLAGS)
    outputs = {
        path: Output(
            folder=settings.get("output_dir", path.parent),
            stem=path.stem,
            formats=formats,
            overwrite=settings.get("overwrite", False),
            strict=settings.get("strict", False),
            variant=arguments.variant,
            reel=arguments.reel,
        )
        for path in arguments.files
    }
    _require_distinct(outputs)
    failures: dict[str, SubkitError] = {}
    results: list[dict[str, Any]] = []
    for path, output in outputs.items():
        try:
            done = convert_subtitle(path, output, **said)
        except SubkitError as error:  # noqa: PERF203 - each file costs far more
            if len(outputs) == 1:
                raise
            failures[str(path)] = error
            results.append({"source": str(path), "error": _fault(error)})
        else:
            results.append(_facts(done))
            if not arguments.json:
                _tell(done, quiet=arguments.quiet)
    if arguments.json:
        console.print_json({"results": results})
    return _finish(failures, len(outputs), told=arguments.json)


def _require_distinct(outputs: dict[Path, Output]) -> None:
    known: dict[Path, Path] = {}
    for source, output in outputs.items():
        for suffix in file_suffixes(output.formats).values():
            (made,) = converted_names(source, output.folder, suffix, [""])
            other = known.setdefault(made.absolute(), source)
            if other != source:
                raise PlanError(
                    f"{str(other)!r} and {str(source)!r} would both become {str(made)!r}.",
                    remedy="Convert them one by one, into folders of their own (-o).",
                )


def _tell(done: ConvertedFile, *, quiet: bool) -> None:
    for repair in () if quiet else done.repairs:
        console.warn(repair)
    tell_losses(done.losses)
    for path in done.files:
        console.print_line(str(path))


def _facts(done: ConvertedFile) -> dict[str, Any]:
    return {
        "source": str(done.source),
        "format": done.format,
        "tracks": {track.id: len(track.cues) for track in done.project.tracks},
        "files": [str(path) for path in done.files],
        "losses": losses_json(done.losses),
        "repairs": list(done.repairs),
    }


def _fault(error: SubkitError) -> dict[str, str]:
    return {"kind": kind_of(error), "message": error.message, "remedy": error.remedy}


def _finish(failures: dict[str, SubkitError], count: int, *, told: bool) -> int:
    if not failures:
        return DONE
    for path, error in failures.items():
        console.warn(f"{path}: {error}")
    if all(isinstance(error, LossError) for error in failures.values()):
        return GATE
    if not told:
        raise BatchError(f"{len(failures)} of {count} files failed.", failures=failures)
    return PARTLY
