"""Stage: transcript -> cues of the source track."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.model import Track
from subkit.pipeline.stage_cache import shaping, stage_key, through_cache
from subkit.spotting import spot
from subkit.styles import DEFAULT_STYLE

if TYPE_CHECKING:
    from subkit.model import Project
    from subkit.pipeline.run_options import RunOptions
    from subkit.store import ProjectFile

__all__ = ["spot_track"]

VERSION = 2


def spot_track(store: ProjectFile, project: Project, options: RunOptions) -> Track:
    """The source track: the words of the transcript as cues, held to the shot changes known.

    Args:
        store: Where results are kept.
        project: Has a transcript.
        options: Options of the run.

    Raises:
        PlanError: no such profile.
    """
    transcript, media = project.transcript, project.media
    assert transcript is not None
    made = (track.profile for track in project.tracks if track.id == transcript.language)
    profile = options.style.load(transcript.language, made_for=next(made, DEFAULT_STYLE))
    rate = media.frame_grid
    words = replace(transcript, provenance=replace(transcript.provenance, time=""))
    shape = shaping(options.spotting)
    key = stage_key("spot", VERSION, words, profile, rate, media.duration, project.shots, shape)

    def compute() -> Track:
        cues = spot(
            transcript.words,
            profile=profile,
            rate=rate,
            language=transcript.language,
            end=media.duration,
            shots=project.shots,
            voice=transcript.voice,
            options=options.spotting,
        )
        return Track(
            id=transcript.language,
            language=transcript.language,
            profile=profile.id,
            cues=tuple(replace(cue, provenance=transcript.provenance) for cue in cues),
        )

    return through_cache(store, key, Track, compute)
