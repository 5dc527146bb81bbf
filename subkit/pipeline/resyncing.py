"""Tracks moved to where their speech is in a film, or in another subtitle."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.alignment import Reference, find_resync
from subkit.decode import SileroVoiceDetector, WindowOptions, ahead, voice_spans
from subkit.edit import without_approvals
from subkit.errors import CueLockedError, EvidenceError, InputError, PlanError
from subkit.interfaces import Silent
from subkit.media import audio_blocks, probe
from subkit.model import Span
from subkit.pipeline.project_files import read_version
from subkit.pipeline.subtitle_files import reader_of, subtitle_project

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from subkit.alignment import Resync
    from subkit.interfaces import Progress
    from subkit.model import Cue, FrameRate, Media, Project, Track, Transcript

__all__ = ["SyncReference", "read_reference", "resync_project", "sync_tracks"]

STAGE = "voice"
TOOL = "subkit sync"

_LAG = Fraction(35, 1000)
"""Seconds by which the voice detector hears an onset late: benchmarks/alignment.py measures it."""

_SILENT = Silent()


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReference:
    """What tracks are moved to.

    Attributes:
        path: The file.
        heard: What the tracks are held against.
        basis: ``"voice"``, ``"words"`` or ``"cues"``.
        frame_rate: Of the film; ``None`` where none is known.
    """

    path: Path
    heard: Reference
    basis: str
    frame_rate: FrameRate | None = None


def read_reference(
    path: Path, *, project: Project | None = None, progress: Progress = _SILENT
) -> SyncReference:
    """Return what a file says of when somebody speaks.

    Args:
        path: A media file, a subtitle file in any language, or a project.
        project: That is to be moved: its transcript is used where it is of this very file.
        progress: Hears how it goes.

    Raises:
        InputError: the file cannot be read.
        MediaError: the media cannot be read, or has no sound.
        EngineError: the voice detector failed.
        StoreError: no project, or damaged.
    """
    if path.suffix.lower() == ".subkit":
        return _of_project(path, progress)
    reader = None
    with suppress(PlanError):
        reader = reader_of(path)
    if reader is not None:
        other, repairs = subtitle_project(path)
        for repair in repairs:
            progress.warn(repair)
        return _of_cues(path, other.tracks[0], other.media)
    media = probe(path, warn=progress.warn)
    if project is not None and project.transcript is not None and _is_same(project.media, path):
        return _of_transcript(path, project.transcript, media)
    return _of_sound(path, media, progress)


def _is_same(media: Media, path: Path) -> bool:
    return bool(media.path) and os.path.realpath(media.path) == os.path.realpath(path)


def _of_project(path: Path, progress: Progress) -> SyncReference:
    """Its words, else the sound of its film, else its first track."""
    project = read_version(os.fspath(path))
    if project.transcript is not None:
        return _of_transcript(path, project.transcript, project.media)
    if project.media.path and Path(project.media.path).exists():
        return _of_sound(path, project.media, progress)
    if not project.tracks:
        raise InputError(
            f"{str(path)!r} has no track, no transcript and no film to sync to.",
            remedy="Name the film itself.",
        )
    return _of_cues(path, project.tracks[0], project.media)


def _of_cues(path: Path, track: Track, media: Media) -> SyncReference:
    spans = tuple(sorted(cue.span for cue in track.cues if cue.text.strip()))
    last = max((span.end for span in spans), default=Fraction(0))
    heard = Reference(spans=spans, duration=last, subtitle=True)
    return SyncReference(path=path, heard=heard, basis="cues", frame_rate=media.frame_rate)


def _of_transcript(path: Path, transcript: Transcript, media: Media) -> SyncReference:
    voice = transcript.voice or tuple(window.span for window in transcript.windows)
    return _heard(path, voice, media, transcript=transcript)


def _of_sound(path: Path, media: Media, progress: Progress) -> SyncReference:
    """Listen for voice; decoding the sound goes on in a thread of its own."""
    progress.begin(STAGE, float(media.duration), "s")
    found: list[Span] = []
    blocks = ahead(audio_blocks(media, warn=progress.warn), 4)
    for span in voice_spans(blocks, SileroVoiceDetector(), WindowOptions().limits()):
        found.append(span)
        progress.advance(STAGE, float(span.end))
    progress.end(STAGE)
    return _heard(path, found, media)


def _heard(
    path: Path,
    voice: Iterable[Span],
    media: Media,
    *,
    transcript: Transcript | None = None,
) -> SyncReference:
    words = () if transcript is None else transcript.words
    spans = tuple(Span(max(span.start - _LAG, Fraction(0)), span.end) for span in voice)
    return SyncReference(
        path=path,
        heard=Reference(spans=spans, duration=media.duration, words=words),
        basis="words" if words else "voice",
        frame_rate=media.frame_rate,
    )


def sync_tracks(
    tracks: Sequence[Track], reference: SyncReference, *, force: bool = False
) -> Resync:
    """Find how tracks move that share their times: by the first of them.

    Args:
        tracks: At least one.
        reference: What to move to.
        force: Take what was found although the evidence is weak.

    Raises:
        EvidenceError: it is weak, and not forced; or there is none at all.
    """
    found = find_resync(tracks[0].cues, reference.heard)
    if found.reasons and not (force and found.sections):
        raise EvidenceError(
            f"Track {tracks[0].id!r} cannot be synced to {str(reference.path)!r}: "
            + " ".join(found.reasons),
            remedy="Check that both are of the same film"
            + ("; force takes the best guess (--force)." if found.sections else "."),
            reasons=found.reasons,
        )
    return found


def resync_project(
    project: Project, tracks: Iterable[Track], resync: Resync, *, grid: FrameRate | None
) -> Project:
    """Return the project with tracks moved; nothing but the times of cues changes.

    Approvals are of other times and fall; a cue that was approved waits to be approved again.

    Args:
        project: The document.
        tracks: Which of its tracks.
        resync: How they move.
        grid: Frames that times are put on; ``None`` leaves them exact.

    Raises:
        CueLockedError: a cue that would move is locked; nothing is moved.
    """
    for track in tracks:
        cues = tuple(_moved(cue, resync, grid) for cue in track.cues)
        in_order = sorted(cues, key=lambda cue: (cue.span.start, cue.span.end))
        project = project.with_track(replace(track, cues=tuple(in_order)))
    return project


def _moved(cue: Cue, resync: Resync, grid: FrameRate | None) -> Cue:
    span = resync.moved(cue.span)
    if grid is not None:
        first = grid.frame(span.start)
        span = Span(grid.time(first), grid.time(max(grid.frame(span.end), first + 1)))
    if span == cue.span:
        return cue
    if cue.locked:
        raise CueLockedError(
            f"Cue {cue.id!r} is locked and would move.",
            remedy="Unlock it first: a track moves as a whole.",
            cue=cue.id,
        )
    return replace(cue, span=span, review=without_approvals(cue.review))
