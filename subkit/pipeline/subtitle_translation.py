"""The job that begins with subtitles: subtitle file -> project file and translated files."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.compliance.provenance import DEMO_WARNING
from subkit.errors import InputError, PlanError
from subkit.interfaces import Silent
from subkit.language import parse_language
from subkit.media import probe
from subkit.pipeline.plan import plan_translation, require_free
from subkit.pipeline.project_files import open_subtitle
from subkit.pipeline.stages.project_translation import translate_project
from subkit.pipeline.subtitle_files import format_name, read_name, subtitle_project
from subkit.pipeline.track_files import export_from, file_suffix, require_format
from subkit.store import require_writable
from subkit.store.ledger import require_names
from subkit.translation import translated_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from subkit.interfaces import Progress
    from subkit.interfaces.file_contents import Loss
    from subkit.model import FrameRate, Project
    from subkit.pipeline.loaded_engines import LoadedTranslator
    from subkit.pipeline.run_options import RunOptions
    from subkit.pipeline.track_files import Output

__all__ = ["SubtitleSource", "Translation", "read_subtitle", "translate_subtitle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleSource:
    """A subtitle file to go on from.

    Attributes:
        file: The subtitle file.
        project: Its cues as the source track of a project.
        path: The project file that will be made or gone on with.
        stem: Of the files that come of it.
        format: Name of its format.
        repairs: A sentence for each thing that the reader repaired.
    """

    file: Path
    project: Project
    path: Path
    stem: str
    format: str
    repairs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What the translation of a subtitle file made.

    Attributes:
        project: The document.
        path: The project file.
        files: The subtitle files.
        demo: An embedded demo model made it.
        repairs: What the reader of the subtitle file repaired.
        losses: What each file could not hold; files that lost nothing are not in it.
    """

    project: Project
    path: Path
    files: tuple[Path, ...]
    demo: bool
    repairs: tuple[str, ...]
    losses: Mapping[Path, tuple[Loss, ...]]


def read_subtitle(
    path: Path,
    *,
    language: str | None = None,
    media: Path | None = None,
    frame_rate: FrameRate | None = None,
    folder: Path | None = None,
    encoding: str | None = None,
    start: str | None = None,
    progress: Progress | None = None,
) -> SubtitleSource:
    """Read a subtitle file that a project shall be made from.

    Args:
        path: The file.
        language: Of its text; ``None`` takes what its name tells (``film.en.srt``).
        media: The film it belongs to: frames, end, and sound and picture for the review.
        frame_rate: The frame grid, where there is no film.
        folder: Where the project lies; ``None`` is the folder of the file.
        encoding: Of the file's text; ``None`` judges it from its bytes.
        start: Timecode of the programme's first frame; ``None`` takes what the file says.
        progress: Hears warnings.

    Raises:
        InputError: it cannot be read, or holds no cue (``FormatError`` where it is not of its
            format).
        MediaError: the film cannot be read.
        PlanError: its language or encoding is not known, or no format of that name is read.
        StoreError: the folder cannot be written.
    """
    progress = progress or Silent()
    found = format_name(path)
    name = read_name(path, language)
    folder = path.absolute().parent if folder is None else folder.absolute()
    require_writable(folder)
    project, repairs = subtitle_project(
        path,
        language=language,
        media=None if media is None else probe(media.absolute(), warn=progress.warn),
        frame_rate=frame_rate,
        encoding=encoding,
        start=start,
    )
    if project.tracks[0].language == "und":
        raise _unknown_language(path, f"{name.stem}.en.{file_suffix(found)}")
    if not any(track.cues for track in project.tracks):
        raise InputError(f"{str(path)!r} holds no cue.", remedy="Check that it is the right file.")
    for repair in repairs:
        progress.warn(repair)
    return SubtitleSource(
        file=path,
        project=project,
        path=folder / f"{name.stem}.subkit",
        stem=name.stem,
        format=found,
        repairs=tuple(repairs),
    )


def _unknown_language(path: Path, better: str) -> PlanError:
    return PlanError(
        f"The language of {str(path)!r} is not known.",
        remedy=f"Name it with --language, or in the file's name: {better}.",
    )


def translate_subtitle(
    source: SubtitleSource,
    options: RunOptions,
    output: Output,
    *,
    progress: Progress | None = None,
    loaded: LoadedTranslator | None = None,
) -> Translation:
    """Translate a subtitle file: same cues, same times.

    A project file is made, and a file for each language. A project that was made from the same
    text is gone on with: what people decided in it stays.

    Args:
        source: The subtitle file, as :func:`read_subtitle` gave it.
        options: Of the run; ``to`` are the languages.
        output: Where the files go.
        progress: Hears how it goes.
        loaded: The translator of several titles; ``None`` loads its own.

    Raises:
        SubkitError: see :mod:`subkit.errors`; nothing half-written is left.
    """
    _check(source, options, output)
    return _translate(source, options, output, progress or Silent(), loaded)


def _check(source: SubtitleSource, options: RunOptions, output: Output) -> None:
    """Return if the files asked for make sense and nothing is in their way."""
    output.require_names()
    if output.undisclosed_by is not None:
        require_names(by=output.undisclosed_by)
    for extension in output.formats:
        require_format(extension)
    track = source.project.tracks[0]
    targets = [parse_language(tag).tag for tag in options.to]
    if track.language in targets:
        raise PlanError(
            f"{str(source.file)!r} is in {track.language} already.",
            remedy="Name other languages with --to.",
        )
    if not output.overwrite and not os.path.lexists(source.path):
        made = (replace(track, language=target) for target in targets)
        require_free(output.path(one, extension) for one in made for extension in output.formats)


def _translate(
    source: SubtitleSource,
    options: RunOptions,
    output: Output,
    progress: Progress,
    loaded: LoadedTranslator | None,
) -> Translation:
    track = source.project.tracks[0]
    with open_subtitle(source.path, source.project) as store:
        options, model = plan_translation(options, spoken=track.language, progress=progress)
        if model is None:
            raise PlanError("No language to translate into.", remedy="Name some: --to ko,es.")
        if model.demo:
            progress.warn(DEMO_WARNING)
        project = translate_project(store, options, model, progress, loaded)
        made = [project.track(translated_id(track, target)) for target in options.to]
        written = export_from(store, output, tracks=made)
    return Translation(
        project=project,
        path=source.path,
        files=written.files,
        losses=written.losses,
        demo=model.demo,
        repairs=source.repairs,
    )
