"""The way of a text to its film: transcript, alignment, track."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.errors import CueLockedError
from subkit.model import ReviewState
from subkit.pipeline.aligned_tracks import (
    moved_cues,
    spoken_words,
    spotted_track,
    with_script_speakers,
)
from subkit.pipeline.stages.speaker_labelling import label_cues
from subkit.pipeline.text_aligning import AlignmentJob, align_known_text
from subkit.pipeline.title_runs import transcribe_project

if TYPE_CHECKING:
    from subkit.alignment import AlignedText
    from subkit.model import Cue, Project, Track, Word
    from subkit.pipeline.given_texts import KnownText
    from subkit.store import ProjectFile

__all__ = ["ALIGNED_TOOL", "AlignedTrack", "AlignmentJob", "align_project"]

ALIGNED_TOOL = "subkit align"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedTrack:
    """A text that was aligned, as a track.

    Attributes:
        project: With the track, and with the characters of a script on the transcript.
        track: The track.
        found: Each word of the text.
        words: What is said, in order of time; a word between found ones has confidence 0.
        missing: Ids of the cues that were not found.
    """

    project: Project
    track: Track
    found: AlignedText
    words: tuple[Word, ...]
    missing: tuple[str, ...] = ()

    def for_files(self) -> Project:
        """Return the project as files are written from it: its words are those of the text."""
        transcript = self.project.transcript
        assert transcript is not None
        words = replace(transcript, language=self.track.language, words=self.words)
        return replace(self.project, transcript=words)


def align_project(store: ProjectFile, text: KnownText, job: AlignmentJob) -> AlignedTrack:
    """Align a text to the film of a project; it is transcribed first where it was not.

    The project file keeps the transcript and the answers of the aligner; the track is not
    committed.

    Args:
        store: The project file.
        text: What is thought to be said.
        job: What it is done with.

    Raises:
        CueLockedError: people worked on the track that would be replaced.
        EvidenceError: the evidence is weak, and not forced.
        EngineError: an engine failed.
        MediaError: the sound cannot be read, or holds no speech.
        PlanError: the model does not know the language, or there is no such style.
    """
    project = store.load()
    if project.transcript is None:
        project = transcribe_project(store, job.options, job.model, job.progress, job.loaded)
    assert project.transcript is not None
    language = project.transcript.language if text.language == "und" else text.language
    own_track = text.track is not None and _is_in(project, text.track)
    ident = text.track.id if own_track and text.track else None
    ident = ident or job.ident or _free_id(project, language)
    _require_replaceable(project, ident, own=own_track)
    found = align_known_text(store, project, text, job)
    words = spoken_words(found, text, language)
    missing: tuple[str, ...] = ()
    if text.track is None:
        track = spotted_track(project, words, language, ident, job.options)
        project = label_cues(with_script_speakers(project, words))
    else:
        track, missing = moved_cues(found, text, project)
        if not own_track:  # what is not said in this film has no place in it
            track = replace(
                track,
                id=ident,
                language=language,
                source=None,
                cues=tuple(cue for cue in track.cues if cue.id not in missing),
            )
    return AlignedTrack(
        project=project.with_track(track), track=track, found=found, words=words, missing=missing
    )


def _is_in(project: Project, track: Track) -> bool:
    return any(known is track or known == track for known in project.tracks)


def _free_id(project: Project, language: str) -> str:
    """The language, or language and ``script`` where a track of the transcript has that."""
    taken = any(track.id == language for track in project.tracks)
    return f"{language}.script" if taken else language


def _require_replaceable(project: Project, ident: str, *, own: bool) -> None:
    """Return if no work of people would be lost: cues that only move keep it."""
    old = next((track for track in project.tracks if track.id == ident), None)
    if own or old is None:
        return
    settled = next((cue for cue in old.cues if _is_worked_on(cue)), None)
    if settled is not None:
        raise CueLockedError(
            f"Track {ident!r} is there, and people worked on it: cue {settled.id!r}.",
            remedy="Give the aligned track another id with --as.",
            cue=settled.id,
        )


def _is_worked_on(cue: Cue) -> bool:
    return cue.locked or cue.review.state is not ReviewState.UNREVIEWED
