"""A subtitle file on its own -> a project, so that it can be checked like any other."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import InputError, PlanError
from subkit.formats import reader_for
from subkit.language import parse_language
from subkit.model import Media, Project, Purpose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import FrameRate, Track

__all__ = ["subtitle_project"]

_MAX_BYTES = 64 * 1024 * 1024
_PURPOSES = {"sdh": Purpose.SDH, "cc": Purpose.SDH, "hi": Purpose.SDH, "forced": Purpose.FORCED}


def subtitle_project(
    path: Path,
    *,
    language: str | None = None,
    media: Media | None = None,
    frame_rate: FrameRate | None = None,
    source: Path | None = None,
) -> tuple[Project, list[str]]:
    """A subtitle file as a project of one track, or of two with the file it was translated from.

    Args:
        path: The file, in any format that is read.
        language: Of its text; ``None`` takes what stands in the name (``film.ko.sdh.srt``), where
            ``sdh``, ``cc``, ``hi`` and ``forced`` say what it is for.
        media: What it belongs to, as it was probed; ``None`` does without.
        frame_rate: The frame grid, where there is no media.
        source: The subtitle file it was translated from.

    Returns:
        The project, and a sentence for each thing that the readers repaired.

    Raises:
        InputError: a file cannot be read (``FormatError`` where it is not of its format).
        PlanError: no such language, or no format of that name is read.
    """
    track, repairs = _track(path, language)
    tracks: Sequence[Track] = (track,)
    if source is not None:
        original, more = _track(source, None)
        original = replace(original, id=f"source.{original.id}")
        tracks = (original, replace(track, source=original.id))
        repairs = [*more, *repairs]
    if media is None:
        last = max((cue.span.end for track in tracks for cue in track.cues), default=Fraction(0))
        media = Media(path="", digest="", duration=last, frame_rate=frame_rate)
    return Project(title=path.stem, media=media, tracks=tuple(tracks)), repairs


def _track(path: Path, language: str | None) -> tuple[Track, list[str]]:
    reader = reader_for(path.suffix.lstrip("."))
    tag, purpose = _named(path)
    if language is not None:
        tag = parse_language(language).tag
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{str(path)!r} is longer than 64 MiB: no subtitle file.")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}.") from error
    track, repairs = reader.read(data, name=path.name, language=tag)
    if track.language == "und":
        repairs = [*repairs, "The language is not known; name it with --language."]
    ident = track.language if purpose is Purpose.SUBTITLE else f"{track.language}.{purpose.value}"
    return replace(track, id=ident, purpose=purpose), [f"{path}: {repair}" for repair in repairs]


def _named(path: Path) -> tuple[str, Purpose]:
    """Language and purpose as the name of a file tells them: ``film.ko.sdh.srt``."""
    parts = path.name.split(".")[1:-1]
    purpose = Purpose.SUBTITLE
    for part in reversed(parts[-2:]):
        if part.lower() in _PURPOSES:
            purpose = _PURPOSES[part.lower()]
            continue
        try:
            return parse_language(part).tag, purpose
        except PlanError:
            break
    return "und", purpose
