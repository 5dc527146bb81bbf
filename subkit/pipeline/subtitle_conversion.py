"""A subtitle file -> the same in other formats; no project is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError, PlanError
from subkit.interfaces.file_contents import WriteRequest
from subkit.pipeline.subtitle_files import format_name, read_name, subtitle_project
from subkit.pipeline.track_files import file_suffixes, require_format
from subkit.pipeline.track_writing import require_no_loss, written_track
from subkit.store import made_folder, publish_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from subkit.interfaces.file_contents import Loss
    from subkit.model import Project
    from subkit.pipeline.track_files import Output

__all__ = ["ConvertedFile", "convert_subtitle", "converted_names"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedFile:
    """What was made of a subtitle file.

    Attributes:
        source: The file.
        format: Name of its format.
        project: What it holds.
        files: The files written.
        losses: What each could not hold; files that lost nothing are not in it.
        repairs: What the reader mended or left out, a sentence each.
    """

    source: Path
    format: str
    project: Project
    files: tuple[Path, ...]
    losses: Mapping[Path, tuple[Loss, ...]] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()


def convert_subtitle(source: Path, output: Output, **said: Any) -> ConvertedFile:
    """Write a subtitle file in other formats: every file is made before the first is written.

    ``film.srt`` becomes ``film.vtt``. Of a file with several languages each becomes one:
    ``film.en.vtt`` and ``film.ko.vtt``.

    Args:
        source: The file.
        output: Where to, and in which formats; its stem is not used.
        said: What is known of the file, as ``subtitle_project`` takes it.

    Raises:
        InputError: it cannot be read, or holds no cue (``FormatError`` where it is not of its
            format).
        LossError: a format cannot hold all of it, and ``output.strict``.
        PlanError: no such format, language or encoding; or a file would replace its source.
        StoreError: a file is in the way, or cannot be written.
    """
    for name in output.formats:
        require_format(name)
    project, repairs = subtitle_project(source, **said)
    if not any(track.cues for track in project.tracks):
        raise InputError(
            f"{str(source)!r} holds no cue.", remedy="Check that it is the right file."
        )
    asked = WriteRequest(profile=output.variant, reel=output.reel, strict=output.strict)
    files: dict[Path, bytes] = {}
    losses: dict[Path, tuple[Loss, ...]] = {}
    for name, suffix in file_suffixes(output.formats).items():
        paths = converted_names(source, output.folder, suffix, [t.id for t in project.tracks])
        for track, path in zip(project.tracks, paths, strict=True):
            _require_other(path, source, files)
            made = written_track(project, track, name, disclosed=False, asked=asked)
            files[path] = made.data
            if made.losses:
                losses[path] = made.losses
    if output.strict:
        require_no_loss(losses)
    with made_folder(output.folder):
        publish_all(files, overwrite=output.overwrite)
    return ConvertedFile(
        source=source,
        format=format_name(source),
        project=project,
        files=tuple(files),
        losses=losses,
        repairs=tuple(repairs),
    )


def converted_names(source: Path, folder: Path, suffix: str, tracks: Sequence[str]) -> list[Path]:
    """Return the files that the tracks of a subtitle file become, with a suffix."""
    if len(tracks) == 1:
        return [folder / f"{source.stem}.{suffix}"]
    stem = read_name(source).stem
    return [folder / f"{stem}.{track}.{suffix}" for track in tracks]


def _require_other(path: Path, source: Path, files: Mapping[Path, bytes]) -> None:
    if path in files:
        raise PlanError(
            f"Two of the files would be {str(path)!r}.",
            remedy="Convert them one by one.",
        )
    if path.absolute() == source.absolute():
        raise PlanError(
            f"{str(source)!r} would be written over itself.", remedy="Name another folder with -o."
        )
