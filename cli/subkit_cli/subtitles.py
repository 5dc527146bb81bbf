"""Subtitle files where a project may be: the flags that say more of them; how they are opened."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import PlanError, TimecodeError
from subkit.media import find_shots, probe
from subkit.model import FrameRate
from subkit.pipeline import open_subtitle as open_subtitle_project
from subkit.pipeline import read_subtitle, shots_listed_for, subtitle_project
from subkit_cli import console
from subkit_cli.arguments import project_path
from subkit_cli.run_settings import frame_rate_from

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Iterable

    from subkit.model import Project, Track
    from subkit.styles import Styles

__all__ = [
    "SOURCE_FLAGS",
    "add_source_flags",
    "add_subtitle_arguments",
    "grid_from",
    "is_project",
    "open_subtitle",
    "own_tracks",
    "project_of_subtitle",
    "said_of",
    "warn_of_styles",
    "with_shots",
]

_FLAGS: dict[str, dict[str, Any]] = {
    "language": {
        "metavar": "LANG",
        "help": "language of a subtitle file (default: as it is named)",
    },
    "source": {
        "type": Path,
        "metavar": "FILE",
        "help": "subtitle file that it was translated from",
    },
    "media": {
        "type": Path,
        "metavar": "FILE",
        "help": "film of a subtitle file: frames, end, sound and picture",
    },
    "encoding": {
        "metavar": "NAME",
        "help": "encoding of text files that are not UTF-8, such as cp949 (default: judged from"
        " their bytes)",
    },
    "fps": {"metavar": "RATE", "help": "frame rate of a subtitle file, 24000/1001"},
    "start-timecode": {
        "metavar": "TIMECODE",
        "help": "timecode of the first frame, taken off the times of a subtitle file",
    },
    "drop-frame": {
        "action": "store_true",
        "help": "timecodes of a subtitle file drop frame numbers (29.97 and 59.94)",
    },
}
SOURCE_FLAGS = ("language", "encoding", "media", "fps", "start-timecode", "drop-frame")
"""What may be said of a subtitle file that a project is made from."""


def add_subtitle_arguments(
    parser: argparse.ArgumentParser, flags: Iterable[str] = tuple(_FLAGS)
) -> None:
    """Declare the file, and what may be said of one that is no project."""
    parser.add_argument(
        "file", type=project_path, metavar="PROJECT|SUBTITLE", help="project or subtitle file"
    )
    add_source_flags(parser, flags)


def add_source_flags(parser: argparse.ArgumentParser, flags: Iterable[str]) -> None:
    """Declare what may be said of a subtitle file."""
    for flag in flags:
        parser.add_argument(f"--{flag}", **_FLAGS[flag])


def said_of(arguments: argparse.Namespace, flags: Iterable[str]) -> dict[str, Any]:
    """What the flags say of a subtitle file, as ``subtitle_project`` takes it.

    Raises:
        PlanError: the frame rate is none.
    """
    said = {flag: getattr(arguments, flag) for flag in ("language", "encoding") if flag in flags}
    return {**said, "frame_rate": grid_from(arguments), "start": arguments.start_timecode}


def is_project(arguments: argparse.Namespace, *, fits_both: Collection[str] = ()) -> bool:
    """Whether the file is a project, by its name.

    Args:
        arguments: Of the command.
        fits_both: Flags of subtitle files that mean something for a project too.

    Raises:
        PlanError: a flag for subtitle files beside a project, or the other way round.
    """
    path: Path = arguments.file
    project = path.suffix.lower() == ".subkit"
    for flag in (f for f in _FLAGS if f not in fits_both) if project else ("track",):
        if getattr(arguments, flag.replace("-", "_"), None):
            kind = "a subtitle file" if project else "a project"
            raise PlanError(f"--{flag} is for {kind}, which {str(path)!r} is not.")
    return project


def open_subtitle(arguments: argparse.Namespace) -> Project:
    """The subtitle file as a project, behind the file it was translated from; repairs are told.

    Raises:
        InputError: a file cannot be read.
        MediaError: the media cannot be read.
        PlanError: no such language, frame rate or format.
    """
    project, repairs = subtitle_project(
        arguments.file,
        language=arguments.language,
        media=probe(arguments.media, warn=console.warn) if arguments.media else None,
        frame_rate=grid_from(arguments),
        source=arguments.source,
        encoding=arguments.encoding,
        start=arguments.start_timecode,
    )
    for repair in () if arguments.quiet else repairs:
        console.warn(repair)
    return project


def grid_from(arguments: argparse.Namespace) -> FrameRate | None:
    """The frame rate that ``--fps`` and ``--drop-frame`` say; ``None`` where neither does.

    Raises:
        PlanError: it is none, or one whose timecodes drop no numbers.
    """
    rate = frame_rate_from(arguments.fps)
    if not arguments.drop_frame:
        return rate
    try:
        return FrameRate(Fraction(30000, 1001) if rate is None else rate.rate, drop_frame=True)
    except TimecodeError as error:
        raise PlanError(error.message, remedy="Leave --drop-frame out.") from error


def own_tracks(project: Project, arguments: argparse.Namespace) -> list[Track]:
    """The tracks of a subtitle file itself, without the one that it was translated from."""
    return list(project.tracks[1:] if arguments.source else project.tracks)


def project_of_subtitle(arguments: argparse.Namespace) -> Path:
    """The project file of a subtitle file, made if it is not there.

    Raises:
        InputError: a file cannot be read, or holds no cue.
        MediaError: the media cannot be read.
        PlanError: the language is not known, or there is no such frame rate or format.
        StoreError: what is there was made from something else.
    """
    with console.progress(arguments) as progress:
        source = read_subtitle(
            arguments.file,
            language=arguments.language,
            media=arguments.media,
            frame_rate=grid_from(arguments),
            encoding=arguments.encoding,
            start=arguments.start_timecode,
            progress=progress,
        )
    with open_subtitle_project(source.path, source.project):
        return source.path


def with_shots(project: Project, shots: str | Path | None, encoding: str | None = None) -> Project:
    """The project with the shot changes asked for: of a list, or looked for in its media.

    Raises:
        FormatError: the list cannot be read.
        InputError: the list is missing.
        MediaError: the media cannot be read.
    """
    if isinstance(shots, Path):
        return replace(project, shots=shots_listed_for(shots, project.media, encoding))
    if shots == "auto" and project.shots is None and project.media.path:
        found = find_shots(project.media, warn=console.warn)
        return replace(project, shots=tuple(change.time for change in found))
    return project


def warn_of_styles(tracks: Iterable[Track], style: Styles) -> None:
    """Say which tracks were made for a style that is not known here."""
    if style.profile is not None:
        return
    for name in dict.fromkeys(t.profile for t in tracks if not style.knows(t.profile)):
        console.warn(
            f"The style {name!r} that it was made for is not known here: held to subkit's own. "
            "Give the file of the style with --styles, or another style with --profile."
        )
