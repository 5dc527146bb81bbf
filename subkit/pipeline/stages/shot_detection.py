"""Stage: pictures of a media file, or a list of the user's -> shot changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import InputError, MediaError
from subkit.files.encodings import recode_beside
from subkit.files.regular_files import open_regular
from subkit.files.repairs import Repairs
from subkit.formats import read_shots
from subkit.media import find_shots
from subkit.pipeline.stage import Stage
from subkit.pipeline.stage_cache import shaping, stage_key, through_cache

if TYPE_CHECKING:
    from subkit.interfaces import Progress
    from subkit.model import FrameRate, Media, Project
    from subkit.pipeline.run_options import RunOptions
    from subkit.pipeline.stage import Environment
    from subkit.store import ProjectFile

__all__ = ["DETECT_SHOTS", "listed_shots", "shots_for", "shots_listed_for"]

VERSION = 1
STAGE = "shots"
_MAX_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Times:
    items: tuple[Fraction, ...]


def shots_for(
    store: ProjectFile, project: Project, options: RunOptions, progress: Progress
) -> tuple[Fraction, ...] | None:
    """Return the shot changes of a project; ``None`` if they are not wanted or cannot be found.

    A list of the user's is taken as it is. Else what the project has is kept, and only a project
    without shot changes has its pictures looked at. Pictures that cannot be had are no reason to
    go without cues: that is a warning.

    Raises:
        InputError: the list is missing.
        FormatError: the list cannot be read.
    """
    if options.shots == "none":
        return None
    if isinstance(options.shots, Path):
        return shots_listed_for(options.shots, project.media, options.encoding)
    if project.shots is not None or project.media.frame_rate is None:
        return project.shots
    try:
        return _looked_for(store, project.media, options, progress)
    except (MediaError, InputError) as error:
        progress.warn(f"{error.message} The cues do without shot changes.")
        return None


def shots_listed_for(path: Path, media: Media, encoding: str | None = None) -> tuple[Fraction, ...]:
    """The shot changes of a list, held against the media it is for; see ``listed_shots``."""
    return listed_shots(
        path,
        rate=media.frame_grid,
        programme_start=media.programme_start,
        # Without media the programme is longer than its last cue by nobody knows how much.
        duration=media.duration if media.path else None,
        encoding=encoding,
    )


def listed_shots(
    path: Path,
    *,
    rate: FrameRate,
    programme_start: Fraction = Fraction(0),
    duration: Fraction | None = None,
    encoding: str | None = None,
) -> tuple[Fraction, ...]:
    """The shot changes of a file; see ``subkit.formats.read_shots`` for what it may be.

    Raises:
        InputError: it is missing or too long.
        FormatError: it cannot be read; the line is named.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(
                f"{str(path)!r} is larger than 64 MiB, too large for a list of shot changes."
            )
        with open_regular(path) as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {error.strerror}.",
            remedy="Name an EDL or a list of times, or: --shots auto, --shots none.",
        ) from error
    data = recode_beside(data, encoding, Repairs())
    return read_shots(
        data, name=str(path), rate=rate, programme_start=programme_start, duration=duration
    )


def _looked_for(
    store: ProjectFile, media: Media, options: RunOptions, progress: Progress
) -> tuple[Fraction, ...]:
    def look() -> _Times:
        progress.begin(STAGE, float(media.duration), "s")
        found = find_shots(
            media,
            options.shot_changes,
            tell=lambda time: progress.advance(STAGE, time),
            warn=progress.warn,
        )
        times = tuple(change.time for change in found)
        progress.end(STAGE)
        return _Times(items=times)

    key = stage_key(STAGE, VERSION, media.digest, shaping(options.shot_changes))
    return through_cache(store, key, _Times, look).items


def _detect(project: Project, env: Environment) -> Project:
    return replace(project, shots=shots_for(env.store, project, env.options, env.progress))


DETECT_SHOTS = Stage(name=STAGE, version=VERSION, needs=("media",), makes=("shots",), run=_detect)
